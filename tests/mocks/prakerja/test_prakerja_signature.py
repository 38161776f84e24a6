"""Who signed, and when: what of a signed request is accepted, and what a forger learns."""

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.signature import compacted
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.worlds import API, BARISTA, START, WALL, Partner, World, sign, told, unnumbered

STALE = (400, "ERR40004", "[ERR40005] sign expired")
UNKNOWN_CODE = (400, "ERRTRX40020", "Transaksi tidak ditemukan")
PATH = f"{API}/payment/redeem-code/status"
BODY = b'{"redeem_code":"GHOPNYXUVMT0","sequence":1}'
SIGNED = [e for e in FACE.endpoints if e.path.startswith((API, "/simulated")) and e.method == "POST"]

WALL_STAMP, SANDBOX_STAMP = unix_seconds(WALL), unix_seconds(START)
WINDOW = [(-301, False), (-300, True), (0, True), (300, True), (301, False)]
AGES = [
    (clock, base + off, inside and clock in accepted)
    for clock in ("either", "wall", "sandbox")
    for base, accepted in ((WALL_STAMP, ("either", "wall")), (SANDBOX_STAMP, ("either", "sandbox")))
    for off, inside in WINDOW
] + [("off", stamp, True) for stamp in (0, 1, WALL_STAMP, SANDBOX_STAMP, 999_999_999_999)]


@pytest.fixture(scope="module")
def worlds():
    return {clock: World(Settings(signature_clock=clock)) for clock in ("either", "wall", "sandbox", "off")}


@pytest.mark.parametrize(("clock", "stamp", "accepted"), AGES)
def test_a_timestamp_is_good_within_five_minutes_of_the_clock_that_counts(worlds, clock, stamp, accepted):
    answer = worlds[clock].lp.send(PATH, BODY, stamp=stamp)
    assert told(answer) == (UNKNOWN_CODE if accepted else STALE)


@pytest.mark.parametrize(
    ("window", "off", "accepted"), [(0, 0, True), (0, 1, False), (7, 7, True), (7, 8, False)]
)
def test_the_window_is_a_setting(window, off, accepted):
    world = World(Settings(signature_clock="wall", signature_window=window))
    for stamp in (WALL_STAMP - off, WALL_STAMP + off):
        assert told(world.lp.send(PATH, BODY, stamp=stamp)) == (UNKNOWN_CODE if accepted else STALE)


def test_the_sandboxs_clock_counts_as_it_is_moved(world):
    before = unix_seconds(world.sandbox.now())
    world.sandbox.advance(world.sandbox.now().replace(hour=10))
    assert told(world.lp.send(PATH, BODY, stamp=before)) == STALE
    assert told(world.lp.send(PATH, BODY)) == UNKNOWN_CODE


@pytest.mark.parametrize("endpoint", SIGNED, ids=lambda e: e.path)
def test_every_signed_endpoint_refuses_a_stale_timestamp(world, endpoint):
    assert told(world.signer(endpoint.path).send(endpoint.path, b"{}", stamp=0)) == STALE


@pytest.mark.parametrize("endpoint", SIGNED, ids=lambda e: e.path)
def test_every_signed_endpoint_refuses_who_cannot_sign(world, endpoint):
    before = world.digest()
    refused = (401, "ERR40180", "Unauthorized")
    assert told(world.signer(endpoint.path).send(endpoint.path, b"{}", signature="0" * 40)) == refused
    assert world.digest() == before


def test_a_stranger_and_a_wrong_signature_are_answered_with_the_same_bytes(world):
    stranger = world.dp.send(PATH, BODY, client_code="nobody")
    forged = world.dp.send(PATH, BODY, signature="0" * 40)
    old = world.dp.send(PATH, BODY, signature="0" * 40, stamp=0)
    assert stranger.status == 401
    for one in (forged, old):
        assert (one.status, one.body) == (stranger.status, stranger.body)
        assert unnumbered(one) == unnumbered(stranger)
    assert stranger.body == b'{"code":"ERR40180","message":"Unauthorized","success":false}'


@pytest.mark.parametrize(
    "forged",
    [
        "x",
        "0" * 39,
        "0" * 41,
        "g" * 40,
        "é" * 40,
        "0" * 4000,
        "\uff21\uff22".encode().decode("latin-1"),
        "%00" * 3,
        "=" * 8,
    ],
)
def test_a_garbled_signature_is_a_wrong_one(world, forged):
    assert told(world.dp.send(PATH, BODY, signature=forged))[0] == 401


def test_a_signature_may_be_written_in_capitals(world):
    stamp = unix_seconds(START)
    capitals = sign(world.lp.code, world.lp.key, stamp, PATH, BODY).upper()
    assert told(world.lp.send(PATH, BODY, signature=capitals)) == UNKNOWN_CODE


TAMPERED = [
    ("another path", {"path": f"{API}/payment/redeem-code/reset"}),
    ("another time", {"stamp": SANDBOX_STAMP + 1}),
    ("another body", {"raw": b'{"redeem_code":"GHOPNYXUVMT1","sequence":1}'}),
    ("another key", {"key": "another"}),
    ("another client", {"code": "another"}),
]


@pytest.mark.parametrize(("what", "changed"), TAMPERED)
def test_each_part_of_the_request_is_covered_by_the_signature(world, what, changed):
    parts = {"code": world.lp.code, "key": world.lp.key, "stamp": SANDBOX_STAMP, "path": PATH, "raw": BODY}
    assert told(world.lp.send(PATH, BODY, signature=sign(**parts))) == UNKNOWN_CODE
    assert told(world.lp.send(PATH, BODY, signature=sign(**(parts | changed))))[0] == 401, what


MISSING = "Header client_code, timestamp, dan signature wajib diisi."
HEADERS = [(name, value) for name in ("client_code", "timestamp", "signature") for value in (None, "")]
NO_SECONDS = [
    ("timestamp", "yesterday"),
    ("timestamp", "-1"),
    ("timestamp", "+1635904800"),
    ("timestamp", "1635904800.0"),
    ("timestamp", "1e9"),
    ("timestamp", " 1635904800x"),
    ("timestamp", "9" * 21),
    ("timestamp", "\u00b2"),
    ("timestamp", "1635904800\n"),
]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [(*one, MISSING) for one in HEADERS]
    + [(*one, "Header timestamp harus berupa detik Unix.") for one in NO_SECONDS],
)
def test_a_header_that_is_missing_or_garbled_is_told(world, name, value, says):
    before = world.digest()
    answer = world.dp.send(PATH, BODY, **{name: value})
    assert told(answer) == (400, "ERR40080", says)
    assert world.digest() == before


@pytest.mark.parametrize("zeros", [3, 6, 9, 10], ids=["ms", "us", "ns", "longest"])
def test_a_timestamp_in_another_unit_is_too_far_from_now(world, zeros):
    assert told(world.lp.send(PATH, BODY, stamp=SANDBOX_STAMP * 10**zeros)) == STALE


def test_a_credential_names_its_sandbox_where_the_address_does_not(world):
    theirs = world.sandboxes.lease("theirs", 7, START)
    credential = world.sandboxes.add_client(theirs, "their-code", "their-key", "lp-kopi")
    partner = Partner(world, "lp-kopi")
    partner.code, partner.key = credential.client_code, credential.sign_key
    test_code = world.test_code()
    assert told(partner.post("/payment/redeem-code/status", redeem_code=test_code)) == UNKNOWN_CODE
    assert world.lp.post("/payment/redeem-code/status", redeem_code=test_code).status == 200


@pytest.mark.parametrize(("named", "status"), [("default", 200), ("theirs", 401)])
def test_a_credential_of_another_sandbox_is_refused_where_the_address_names_one(world, named, status):
    world.sandboxes.lease("theirs", 7, START)
    test_code = world.test_code()
    partner = Partner(world, "lp-kopi", f"/s/{named}/prakerja")
    assert partner.post("/payment/redeem-code/status", redeem_code=test_code).status == status


def test_what_a_client_signed_compactly_may_arrive_with_spaces(world):
    card = world.enrol().card
    body = {"prakerja_id": card, "user_platform_id": 'kata "dua" \\ C:\\x y', "course_code": BARISTA}
    body |= {"schedule_code": world.schedule(BARISTA), "amount": 600_000}
    compact = orjson.dumps(body)
    spaced = orjson.dumps(body, option=orjson.OPT_INDENT_2)
    assert spaced != compact
    path = f"{API}/payment/send-otp"
    signature = sign(world.dp.code, world.dp.key, SANDBOX_STAMP, path, compact)
    assert world.dp.send(path, spaced, signature=signature).status == 200


@pytest.mark.parametrize("slot", ["", "Payment TOKEN", "TOKEN"])
@pytest.mark.parametrize("raw", [b'{"otp":"1","invoice_url":"u","invoice_code":"i"}', b'{"otp": "1"}'])
def test_the_authorization_header_may_be_signed_in_any_of_three_ways(world, slot, raw):
    path = f"{API}/payment/authorize"
    signed = compacted(raw)
    signature = sign(world.dp.code, world.dp.key, SANDBOX_STAMP, path, signed, slot)
    answer = world.dp.send(path, raw, token="TOKEN", signature=signature)
    assert answer.json()["code"] in ("ERRPLT40097", "ERR40082")


def test_the_authorization_header_may_not_be_another_than_was_signed(world):
    path = f"{API}/payment/authorize"
    signature = sign(world.dp.code, world.dp.key, SANDBOX_STAMP, path, b"{}", "Payment OTHER")
    assert told(world.dp.send(path, b"{}", token="TOKEN", signature=signature))[0] == 401


COMPACTED = [
    (b"", b""),
    (b"{}", b"{}"),
    (b" { } ", b"{}"),
    (b'{"a": 1}', b'{"a":1}'),
    (b'{\r\n\t"a" :\t[ 1 , 2 ]\n}', b'{"a":[1,2]}'),
    (b'{"a b": "c  d"}', b'{"a b":"c  d"}'),
    (b'{"a": " "}', b'{"a":" "}'),
    (rb'{"a": "say \"no\" twice"}', rb'{"a":"say \"no\" twice"}'),
    (rb'{"a": "end \\" , "b": " x"}', rb'{"a":"end \\","b":" x"}'),
    (rb'{"a": "\\\" y" }', rb'{"a":"\\\" y"}'),
    (rb'{"a": "https:\/\/lp.example\/f"}', rb'{"a":"https:\/\/lp.example\/f"}'),
    (rb'{"a": "\u0041 \n"}', rb'{"a":"\u0041 \n"}'),
    ('{"a": "kopi é 😀"}'.encode(), '{"a":"kopi é 😀"}'.encode()),
    (b'{"b": 1, "a": 2}', b'{"b":1,"a":2}'),
    (b'{"open: 1 }', b'{"open:1}'),
    (b'{"a": 1.50e+3, "b": null }', b'{"a":1.50e+3,"b":null}'),
]


@pytest.mark.parametrize(("body", "compact"), COMPACTED)
def test_compacting_takes_white_space_outside_of_strings_and_nothing_else(body, compact):
    assert compacted(body) == compact
    assert compacted(compact) == compact


def test_compacting_a_long_hostile_body_is_quick(world):
    hostile = b'"' + b"\\" * 65_534
    assert compacted(hostile) == hostile
    assert told(world.dp.send(PATH, b'" ' * 32_000, signature="0" * 40))[0] == 401


def test_the_official_vector_is_accepted_by_the_face(world):
    settings = Settings(signature_clock="off")
    published = world.sandboxes.lease("vectors", 1, START, settings)
    world.sandboxes.add_client(published, "myclient_code", "my_sign_key", "lp-kopi")
    headers = {
        "client_code": "myclient_code",
        "timestamp": "1516239022",
        "signature": "943c20a8e36b6243f576404b00fffdc86411ce1f",
    }
    wire = InProcess(world.parties.application)
    path = f"{API}/payment/redeem-code/commit"
    assert told(wire.send("POST", path, headers, b'{"redeem_code":"code"}')) == UNKNOWN_CODE
