"""Bad input on the partner API: one clear answer in Prakerja's envelope, and nothing changed."""

import orjson
import pytest

from prakerja_sim.mocks.prakerja.server import FACE
from tests.mocks.worlds import API, BARISTA, World, told

FORMAT = (400, "ERR40081", "Format body tidak valid.")
PARAMETER = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
TOO_LARGE = (413, "ERR41380", "Request Entity Too Large")
COMPRESSED = (415, "ERR41580", "Unsupported Media Type")

SIGNED = [e.path for e in FACE.endpoints if e.path.startswith((API, "/simulated")) and e.body and not e.raw]
CARD = "9900123412341234"
GOOD = {
    "/payment/send-otp": {
        "prakerja_id": CARD,
        "user_platform_id": "user-1",
        "course_code": BARISTA,
        "schedule_code": "0123456789abcdef",
        "amount": 600_000,
    },
    "/payment/authorize": {"otp": "123456", "invoice_url": "https://dp.example/1", "invoice_code": "INV-1"},
    "/payment/status": {"invoice_code": "INV-1"},
    "/payment/void": {"invoice_code": "INV-1", "transaction_code": "0123456789ABCDEF"},
    "/payment/quota-schedule": {"course_code": BARISTA, "schedule_code": "0123456789abcdef"},
    "/payment/redeem-code/status": {"redeem_code": "GHOPNYXUVMT0", "sequence": 1},
    "/payment/redeem-code/commit": {"redeem_code": "GHOPNYXUVMT0", "sequence": 1},
    "/payment/redeem-code/reset": {"redeem_code": "PRAT-XXXXXX", "sequence": 1},
    "/simulated/completions": {"invoice_code": "INV-1", "name": "Ani", "score": 80},
}
GOOD = {(API + path if path.startswith("/payment") else path): body for path, body in GOOD.items()}
NUMBERS = {"amount", "sequence", "score"}
MAY_LACK = {"sequence"}

NOT_A_BODY = [
    b"",
    b" ",
    b"{",
    b'{"a":1',
    b"{'a':1}",
    b'{"a":1}}',
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":-Infinity}',
    b'{"a":01}',
    b'{"a":+1}',
    b'{"a":0x10}',
    b'{"a":"\\ud800"}',
    b'{"\\udfff":1}',
    b'{"a":"\xff"}',
    b'{"a":"\x01"}',
    b'{"a":"\\x41"}',
    b'{"redeem_code":"A","redeem_code":"B"}',
    b'{"redeem_code":"A","redeem_code":"A"}',
    b'{"redeem_code":"A","redeem\\u005fcode":"B"}',
    b'{"more":[{"a":1},{"a":1,"b":"x:y","a":2}]}',
    b'\xef\xbb\xbf{"a":1}',
    '{"a":1}'.encode("utf-16"),
    b"null",
    b"true",
    b"[]",
    b"[{}]",
    b'"text"',
    b"1000",
    b"redeem_code=GHOPNYXUVMT0",
    b"<xml/>",
    b"[" * 20_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
]
WRONG_TEXTS = [None, True, 1, 1.5, [], ["x"], {}, {"x": 1}, "", "x" * 256]
WRONG_NUMBERS = [
    None, True, False, 1000.5, "1000", "", [], [1000], {}, 2**53 + 1, 2**63, 2**64, -(2**63), 1e300,
]  # fmt: skip


@pytest.fixture(scope="module")
def standing():
    """One world for all of it: nothing here may change anything."""
    world = World()
    world.enrol()
    yield world
    assert world.is_sound(), world.parties.bugs


def refused(world, path, raw, expected):
    """Send signed bytes; they are refused so, change nothing and tell nothing secret."""
    before = world.digest()
    signer = world.signer(path)
    answer = signer.send(path, raw, token="SECRETTOKEN")
    assert told(answer) == expected, raw[:80]
    assert list(answer.json()) == ["code", "message", "success"]
    assert world.digest() == before
    for secret in (signer.key, signer.code, CARD, "SECRETTOKEN", "Traceback"):
        assert secret.encode() not in answer.body


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("raw", NOT_A_BODY, ids=lambda raw: repr(raw[:20]))
def test_what_is_not_a_json_object_is_a_bad_format(standing, path, raw):
    refused(standing, path, raw, FORMAT)


ONCE_EACH = [
    b'{"invoice_code":"INV-1","more":{"invoice_code":"INV-1"}}',
    b'{"invoice_code":"INV-1","more":[{"a":1},{"a":1}]}',
    b'{"invoice_code":"INV-1","a:b":":","c":"\\u003a"}',
    b'{ "invoice_code" : "INV-1" , "invoice_Code" : "" }',
]


@pytest.mark.parametrize("raw", ONCE_EACH)
def test_a_field_that_comes_once_in_each_object_is_no_repetition(standing, raw):
    assert told(standing.dp.send(f"{API}/payment/status", raw))[1] == "ERRPLT40099"


@pytest.mark.parametrize("name", ["body", "body of the invoice", "headers", "headers_are_missing"])
def test_a_field_s_name_does_not_choose_what_is_said(standing, name):
    raw = orjson.dumps({"invoice_code": "INV-1", name: {"deep": 2**60}})
    refused(standing, f"{API}/payment/status", raw, PARAMETER)


def test_the_good_bodies_get_past_the_form(standing):
    for path, body in GOOD.items():
        assert standing.signer(path).send(path, orjson.dumps(body)).json()["code"] not in (
            FORMAT[1],
            PARAMETER[1],
        ), path


FIELDS = [(path, name) for path, body in GOOD.items() for name in body]


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_a_field_of_a_wrong_type_is_a_bad_parameter(standing, path, name):
    blank = PARAMETER
    for wrong in WRONG_NUMBERS if name in NUMBERS else WRONG_TEXTS:
        if name in ("redeem_code", "prakerja_id", "course_code", "schedule_code") and isinstance(wrong, str):
            continue  # what is empty or long there has a table of its own
        if name == "invoice_code" and type(wrong) is int:
            continue  # accepted: see test_prakerja_strictness
        raw = _dumped({**GOOD[path], name: wrong})
        refused(standing, path, raw, blank)


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_a_missing_field_is_a_bad_parameter(standing, path, name):
    body = {other: value for other, value in GOOD[path].items() if other != name}
    if name in MAY_LACK:
        assert standing.signer(path).send(path, orjson.dumps(body)).json()["code"].startswith("ERRTRX")
    elif path.endswith("quota-schedule"):
        empty = (400, "ERRPLT40036", "Kode pelatihan dan kode jadwal wajib diisi.")
        refused(standing, path, orjson.dumps(body), empty)
    else:
        refused(standing, path, orjson.dumps(body), PARAMETER)


@pytest.mark.parametrize("path", [path for path in GOOD if not path.endswith("quota-schedule")])
def test_an_empty_object_is_a_bad_parameter(standing, path):
    refused(standing, path, b"{}", PARAMETER)


EDGES = [
    ("/payment/send-otp", "prakerja_id", "", PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD[:-1], PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD + "0", PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD[:-1] + "x", PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD[:-1] + "\u00b2", PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD + "\n", PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", "\uff19" * 16, PARAMETER[1]),
    ("/payment/send-otp", "prakerja_id", CARD, "ERRPLT40080"),
    ("/payment/send-otp", "course_code", "", PARAMETER[1]),
    ("/payment/send-otp", "schedule_code", "", PARAMETER[1]),
    ("/payment/send-otp", "schedule_code", "x" * 255, "ERRPLT40080"),
    ("/payment/send-otp", "schedule_code", "x" * 256, PARAMETER[1]),
    ("/payment/send-otp", "schedule_code", "\u0000", PARAMETER[1]),
    ("/payment/quota-schedule", "course_code", "", "ERRPLT40036"),
    ("/payment/quota-schedule", "schedule_code", "", "ERRPLT40036"),
    ("/payment/redeem-code/status", "redeem_code", "", "ERRTRX40020"),
    ("/payment/redeem-code/status", "redeem_code", " ", "ERRTRX40021"),
    ("/payment/redeem-code/status", "redeem_code", "  ", "ERRTRX40020"),
    ("/payment/redeem-code/status", "redeem_code", "X" * 64, "ERRTRX40020"),
    ("/payment/redeem-code/status", "redeem_code", "X" * 65, PARAMETER[1]),
    ("/payment/redeem-code/reset", "redeem_code", "", "ERRTRX40082"),
    ("/payment/redeem-code/reset", "redeem_code", "prat-xxxxxx", "ERRTRX40082"),
    ("/payment/redeem-code/status", "sequence", 0, PARAMETER[1]),
    ("/payment/redeem-code/status", "sequence", 1, "ERRTRX40020"),
    ("/payment/redeem-code/status", "sequence", 999, "ERRTRX40020"),
    ("/payment/redeem-code/status", "sequence", 1000, PARAMETER[1]),
]


@pytest.mark.parametrize(("endpoint", "name", "value", "code"), EDGES)
def test_each_edge_of_a_field_has_two_sides(standing, endpoint, name, value, code):
    before = standing.digest()
    raw = orjson.dumps({**GOOD[API + endpoint], name: value})
    assert told(standing.signer(API + endpoint).send(API + endpoint, raw))[:2] == (400, code)
    assert standing.digest() == before


@pytest.mark.parametrize(("score", "code"), [(-1, "ERR40082"), (0, None), (100, None), (101, "ERR40082")])
def test_a_score_is_from_0_to_100(standing, score, code):
    answer = standing.dp.report(invoice_code="INV-1", name="Ani", score=score)
    assert answer.json()["code"] == (code or "ERRPLT40099")


@pytest.mark.parametrize(("depth", "expected"), [(31, None), (32, PARAMETER), (900, PARAMETER)])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"x":', b"}")])
def test_what_is_nested_too_deeply_is_refused(standing, depth, expected, opening, closing):
    nested = opening * depth + b"1" + closing * depth
    raw = b'{"invoice_code":"INV-1","more":' + nested + b"}"
    path = f"{API}/payment/status"
    if expected is None:
        assert told(standing.signer(path).send(path, raw))[1] == "ERRPLT40099"
    else:
        refused(standing, path, raw, expected)


@pytest.mark.parametrize("path", GOOD)
def test_a_body_of_64_kilobytes_is_read_and_one_byte_more_is_not(standing, path):
    largest = orjson.dumps(GOOD[path]).ljust(64 * 1024)
    assert standing.signer(path).send(path, largest).status == 400
    assert standing.signer(path).send(path, largest).json()["code"] not in (FORMAT[1], TOO_LARGE[1])
    refused(standing, path, largest + b" ", TOO_LARGE)


def test_a_body_is_refused_for_its_size_before_anybody_asks_who_sent_it(standing):
    answer = standing.dp.send(f"{API}/payment/status", b" " * (64 * 1024 + 1), signature="0" * 40)
    assert told(answer) == TOO_LARGE


def test_a_compressed_body_is_refused_before_anybody_asks_who_sent_it(standing):
    answer = standing.dp.send(f"{API}/payment/status", b"{}", signature="0" * 40, Content_Encoding="gzip")
    assert told(answer) == COMPRESSED


@pytest.mark.parametrize("length", ["-1", "x", "", "1e3", "99999999999999999999"])
def test_a_garbled_content_length_is_no_crash(standing, length):
    before = standing.digest()
    answer = standing.dp.send(f"{API}/payment/status", b"{}", Content_Length=length)
    assert answer.status in (400, 401, 413)
    assert standing.digest() == before


UNKNOWN_PATHS = ["/", API, f"{API}/payment", f"{API}/payment/send-otp/x", f"{API}/oauth/nowhere", "/%00"]


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_is_not_found(standing, path):
    answer = standing.send("POST", f"/prakerja{path}", b"{}")
    assert told(answer) == (404, "ERR40480", "Not Found")


@pytest.mark.parametrize("path", SIGNED)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_told_with_the_right_one(standing, path, method):
    answer = standing.send(method, f"/prakerja{path}")
    assert told(answer) == (405, "ERR40580", "Method Not Allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_trailing_slash_is_the_same_endpoint(standing):
    path = f"{API}/payment/status/"
    raw = b'{"invoice_code":"INV-1"}'
    answer = standing.dp.wire.send("POST", path, standing.dp.headers(path, raw), raw)
    assert told(answer)[1] == "ERRPLT40099"


def test_the_content_type_does_not_matter(standing):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None):
        answer = standing.dp.send(
            f"{API}/payment/status", b'{"invoice_code":"INV-1"}', **{"Content-Type": kind}
        )
        assert told(answer)[1] == "ERRPLT40099", kind


def _dumped(body):
    """JSON of whole numbers that orjson itself would refuse to write."""
    big = {name: value for name, value in body.items() if isinstance(value, int) and abs(value) >= 2**64}
    raw = orjson.dumps({name: f"@{name}" if name in big else value for name, value in body.items()})
    for name, value in big.items():
        raw = raw.replace(f'"@{name}"'.encode(), str(value).encode())
    return raw
