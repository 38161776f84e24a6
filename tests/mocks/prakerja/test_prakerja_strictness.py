"""What is accepted beyond Prakerja's documentation, and refused with `strict_documentation`."""

import orjson
import pytest

from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.strictness import ACCEPTED
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.prakerja.test_sso_wire import granted, profile
from tests.mocks.worlds import API, BARISTA, START, World, sign, told

PATH = f"{API}/payment/redeem-code/status"
BODY = b'{"redeem_code":"GHOPNYXUVMT0","sequence":1}'
STAMP = unix_seconds(START)
TAKEN = (400, "ERRTRX40020", "Transaksi tidak ditemukan")
STRANGER = (401, "ERR40180", "Unauthorized")
PARAMETER = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
NOT_JSON = (400, "ERR40080", "Header Content-Type harus application/json.")
NOT_FOUND = (404, "ERR40480", "Not Found")


@pytest.fixture(params=[False, True], ids=["lenient", "strict"])
def world(request):
    made = World(Settings(strict_documentation=request.param))
    made.strict = request.param
    made.ani = made.enrol()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def status(world, path=PATH, raw=BODY, **how):
    return told(world.lp.send(path, raw, stamp=STAMP, **how))


def test_an_upper_case_signature(world):
    signature = sign(world.lp.code, world.lp.key, STAMP, PATH, BODY).upper()
    assert status(world, signature=signature) == (STRANGER if world.strict else TAKEN)


@pytest.mark.parametrize("slot", ["Payment T0KEN", "T0KEN"])
def test_authorization_as_a_part_of_the_raw_string(world, slot):
    signature = sign(world.lp.code, world.lp.key, STAMP, PATH, BODY, slot)
    answer = world.lp.send(PATH, BODY, stamp=STAMP, signature=signature, Authorization="Payment T0KEN")
    assert told(answer) == (STRANGER if world.strict else TAKEN)
    if world.strict:
        number = answer.headers["X-Sim-Request-Id"]
        diagnosis = world.send("GET", f"/__admin/requests/{number}/signature").json()
        [difference] = diagnosis["differences"]
        assert (difference["part"], len(diagnosis["accepts"])) == ("authorization", 1)


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_than_jsons(world, kind):
    assert status(world, **{"Content-Type": kind}) == (NOT_JSON if world.strict else TAKEN)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_jsons_content_type_is_good_in_any_case(world, kind):
    assert status(world, **{"Content-Type": kind}) == TAKEN


def test_a_doubled_slash(world):
    headers = world.lp.headers(PATH, BODY, stamp=STAMP)
    answer = world.lp.wire.send("POST", f"/{PATH}", headers, BODY)
    assert told(answer) == (NOT_FOUND if world.strict else TAKEN)


def test_a_slash_at_the_end(world):
    path = f"{PATH}/"
    answer = world.lp.wire.send("POST", path, world.lp.headers(path, BODY, stamp=STAMP), BODY)
    assert told(answer) == (NOT_FOUND if world.strict else TAKEN)


def test_a_field_that_is_not_documented(world):
    raw = BODY.replace(b"{", b'{"more":1,')
    assert status(world, raw=raw) == (PARAMETER if world.strict else TAKEN)


def bought(world, invoice, scheme="Payment "):
    """The answer to authorize, signed as documented."""
    about = {"prakerja_id": world.ani.card, "user_platform_id": "1", "course_code": BARISTA}
    about |= {"schedule_code": world.schedule(BARISTA), "amount": 600_000}
    token = world.dp.post("/payment/send-otp", **about).json()["data"]["payment_token"]
    raw = orjson.dumps({"otp": world.otp(world.ani), "invoice_url": "https://dp.example", **invoice})
    path = f"{API}/payment/authorize"
    signature = sign(world.dp.code, world.dp.key, STAMP, path, raw)
    return world.dp.send(path, raw, stamp=STAMP, signature=signature, Authorization=scheme + token)


def test_the_bare_payment_token(world):
    answer = bought(world, {"invoice_code": "INV-1"}, scheme="")
    expected = (400, "ERRPLT40097", "Payment token tidak valid.")
    assert told(answer) == expected if world.strict else answer.status == 200


def test_an_invoice_code_as_a_whole_number_is_its_decimal_text(world):
    paid = bought(world, {"invoice_code": 4711}).json()["data"]
    assert paid["invoice_code"] == "4711"  # typed integer in this table, so strictly too
    assert world.dp.post("/payment/status", invoice_code="4711").status == 200
    of = {"invoice_code": 4711}
    looked = world.dp.post("/payment/status", **of)
    voided = world.dp.post("/payment/void", **of, transaction_code=paid["transaction_code"])
    if world.strict:
        assert (told(looked), told(voided)) == (PARAMETER, PARAMETER)
    else:
        assert looked.json()["data"]["invoice_code"] == "4711"
        assert voided.status == 200


@pytest.mark.parametrize("number", [-1, 1.5, True, None, 2**53 + 1])
def test_no_other_number_is_an_invoice_code(world, number):
    raw = orjson.dumps({"otp": "1", "invoice_url": "x", "invoice_code": number})
    assert told(world.dp.send(f"{API}/payment/authorize", raw)) == PARAMETER


def test_bearer_before_an_access_token(world):
    access = granted(world)["access_token"]
    assert profile(world, access).status == 200
    answer = profile(world, f"Bearer {access}")
    assert answer.status == (400 if world.strict else 200)
    assert not world.strict or answer.json()["code"] == "ERROAUTH4031"


def test_what_is_documented_is_accepted_strictly_too(world):
    for endpoint in FACE.endpoints:
        examples = FACE.described.examples.get((endpoint.method, endpoint.path), ())
        for example in examples:
            partner = world.dp if example.party == "tokopedia" else world.lp
            code = partner.send(endpoint.path, orjson.dumps(dict(example.body))).json().get("code")
            assert code not in ("ERR40180", "ERR40080", "ERR40082"), (endpoint.path, example)


def test_each_leniency_says_what_a_strict_sandbox_answers():
    assert len(ACCEPTED) == 9
    assert all(one.refused.split()[0] in ("400", "401", "404") for one in ACCEPTED)
