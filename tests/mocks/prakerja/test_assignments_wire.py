"""TPM and UK on the wire: the documented exchange, and what is refused."""

import orjson
import pytest

from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.worlds import API, BARISTA, World, told

FILE = "https://lp.example/f.pdf"
PARAMETER = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
GOOD = {
    "/tpm/submission": {"scope": "tpm", "sequence": 2, "url_file": FILE},
    "/tpm/submission/status": {"scope": "tpm", "sequence": 2},
    "/tpm/feedback/submission": {"scope": "tpm", "sequence": 2, "notes": "Rapi", "url_file": ""},
}


@pytest.fixture
def world():
    made = World()
    made.code = made.test_code(BARISTA)
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def ask(world, path, partner=None, **changed):
    body = {"redeem_code": world.code} | GOOD[path] | changed
    return (partner or world.lp).post(path, **body)


def statuses(world, **changed):
    data = ask(world, "/tpm/submission/status", **changed).json()["data"]
    return data["assignment"]["status"], data["feedback"]["status"]


def test_the_documented_order_of_calls(world):
    which = {"redeem_code": world.code, "scope": "tpm", "sequence": 2}

    handed_in = ask(world, "/tpm/submission").json()
    assert list(handed_in) == ["success", "message", "data"]
    data = handed_in["data"]
    assert list(data) == ["id", "redeem_code", "scope", "sequence", "status", "url_file"]
    assert isinstance(data.pop("id"), int)
    assert data == {**which, "status": 1, "url_file": FILE}

    told_ = ask(world, "/tpm/submission/status").json()
    assert (told_["success"], told_["message"]) == (True, "OK")
    assert told_["data"] == {"assignment": {**which, "status": 2}, "feedback": {**which, "status": 0}}
    assert list(told_["data"]["assignment"]) == ["redeem_code", "scope", "sequence", "status"]

    marked = ask(world, "/tpm/feedback/submission").json()["data"]
    assert list(marked) == ["id", "redeem_code", "scope", "sequence", "status", "url_file", "notes"]
    assert isinstance(marked.pop("id"), int)
    assert marked == {**which, "status": 1, "url_file": "", "notes": "Rapi"}
    assert statuses(world) == (2, 2)


def test_slashes_that_php_escapes_are_the_same_address(world):
    raw = b'{"redeem_code":"%s","scope":"uk","sequence":999,"url_file":"https:\\/\\/lp.example\\/f.pdf"}'
    answer = world.lp.send(f"{API}/tpm/submission", raw % world.code.encode())
    assert answer.json()["data"]["url_file"] == FILE


def test_handing_in_again_is_allowed(world):
    first = ask(world, "/tpm/submission").json()["data"]
    second = ask(world, "/tpm/submission", url_file="https://lp.example/g.pdf").json()["data"]
    assert first["id"] != second["id"]
    assert second["url_file"] == "https://lp.example/g.pdf"


def test_the_status_moves_on_after_the_delay_and_fails_only_by_a_fault():
    world = World(Settings(tpm_delay=60))
    world.code = world.test_code(BARISTA)
    ask(world, "/tpm/submission")
    assert statuses(world) == (1, 0)
    world.after(60 * SECOND)
    assert statuses(world) == (2, 0)
    fault = orjson.dumps({"fault": "assignment_failed", "where": world.code})
    assert world.send("POST", "/__admin/faults", fault).status == 201
    ask(world, "/tpm/submission")
    world.after(60 * SECOND)
    assert statuses(world) == (3, 0)


@pytest.mark.parametrize("path", GOOD)
def test_the_code_must_exist_and_be_of_the_institution(world, path):
    before = world.digest()
    unknown = (400, "ERRTRX40020", "Transaksi tidak ditemukan")
    assert told(ask(world, path, redeem_code="GHOPNYXUVMT0")) == unknown
    assert told(ask(world, path, redeem_code="")) == unknown
    assert told(ask(world, path, world.lp2))[1] == "ERRTRX40028"
    for code in ("ERRTRX40001", "ERRTRX40021", "ERRTRX40022", "ERRTRX40027", "ERRTRX40101"):
        assert told(ask(world, path, redeem_code=code))[1] == code
    assert world.digest() == before


def test_nothing_is_handed_in_for_a_cancelled_code(world):
    ani = world.enrol()
    bought = world.bought(ani)
    world.code = world.redeem_code(ani)
    world.dp.post("/payment/void", invoice_code="INV-1", transaction_code=bought["transaction_code"])
    assert told(ask(world, "/tpm/submission"))[1] == "ERRTRX40022"


def test_a_feedback_before_the_submission_is_refused(world):
    before = world.digest()
    assert told(ask(world, "/tpm/feedback/submission")) == (400, "ERRTRX40083", "Tugas belum dikumpulkan.")
    assert world.digest() == before


def test_a_feedback_may_lack_its_file(world):
    ask(world, "/tpm/submission")
    body = {"redeem_code": world.code, "scope": "tpm", "sequence": 2, "notes": "Rapi"}
    assert world.lp.post("/tpm/feedback/submission", **body).json()["data"]["url_file"] == ""


@pytest.mark.parametrize(
    ("scope", "sequence", "good"),
    [("tpm", 1, True), ("tpm", 998, True), ("tpm", 999, False), ("uk", 999, True), ("uk", 998, False),
     ("uk", 1, False), ("tpm", 0, False), ("tpm", 1000, False), ("uk", 1000, False)],
)  # fmt: skip
def test_a_tpm_is_numbered_from_1_to_998_and_the_uk_is_999(world, scope, sequence, good):
    answer = ask(world, "/tpm/submission", scope=scope, sequence=sequence)
    assert answer.status == 200 if good else told(answer) == PARAMETER


WRONG = [
    *[("scope", wrong) for wrong in ("", "TPM", "tugas", None, 1, ["tpm"])],
    *[("sequence", wrong) for wrong in (0, -1, 2.5, True, "2", None, 2**53)],
    *[("url_file", wrong) for wrong in (None, 1, [], "x" * 2049)],
    *[("notes", wrong) for wrong in (None, 1, "", "x" * 5001)],
    *[("redeem_code", wrong) for wrong in (None, 1, "X" * 65)],
]


@pytest.mark.parametrize("path", GOOD)
@pytest.mark.parametrize(("name", "wrong"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_field_is_refused_and_changes_nothing(world, path, name, wrong):
    if name in ("scope", "sequence", "redeem_code") or name in GOOD[path]:
        before = world.digest()
        assert told(ask(world, path, **{name: wrong})) == PARAMETER
        assert world.digest() == before


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path in GOOD for name in ("redeem_code", *GOOD[path])]
)
def test_a_missing_field_is_refused_unless_it_may_be_missing(world, path, name):
    ask(world, "/tpm/submission")
    body = {"redeem_code": world.code} | GOOD[path]
    del body[name]
    answer = world.lp.post(path, **body)
    optional = (path, name) == ("/tpm/feedback/submission", "url_file")
    assert answer.status == 200 if optional else told(answer) == PARAMETER


def test_an_empty_file_is_no_submission(world):
    assert told(ask(world, "/tpm/submission", url_file="")) == PARAMETER


@pytest.mark.parametrize("path", GOOD)
def test_a_body_that_is_not_an_object_is_a_bad_format(world, path):
    # The published sample of submission/status has a comma too many.
    for raw in (b'{"redeem_code":"PRAT-UJ0EEQ","scope":"tpm","sequence":2,}', b"[]", b"", b"null"):
        assert told(world.lp.send(API + path, raw)) == (400, "ERR40081", "Format body tidak valid.")


VECTORS = [
    (
        "/oauth/url-generate",
        b'{"redeem_code":"GHOPNYXUVMT0","redirect_uri":"https://lp.example/callback",'
        b'"email":"peserta@example.id","sequence":1}',
        "1c0f79e242baf1d0a73d14dfc0e82264282034f8",
    ),
    (
        "/tpm/submission",
        b'{"redeem_code":"PRAT-UJ0EEQ","scope":"tpm","sequence":2,"url_file":"https://lp.example/f.pdf"}',
        "0276518996e63389c6526a94a790432e7b3a837c",
    ),
    (
        "/tpm/submission",
        b'{"redeem_code":"PRAT-UJ0EEQ","scope":"tpm","sequence":2,"url_file":"https:\\/\\/lp.example\\/f.pdf"}',
        "43870357ed090e3a60cb46e0b8b90138736f2cf3",
    ),
]


@pytest.mark.parametrize(("endpoint", "raw", "signature"), VECTORS)
def test_the_published_vectors_are_accepted(endpoint, raw, signature):
    world = World(Settings(signature_clock="off"))
    world.sandboxes.add_client(world.sandbox, "myclient_code", "my_sign_key", "lp-kopi")
    headers = {"client_code": "myclient_code", "timestamp": "1698289216", "signature": signature}
    answer = world.send("POST", API + endpoint, raw, **headers)
    assert told(answer)[1] == "ERRTRX40020"
    forged = world.send("POST", API + endpoint, raw.replace(b"lp.example", b"lp.exampel"), **headers)
    assert told(forged) == (401, "ERR40180", "Unauthorized")
