"""Bad input at every endpoint: refused in the surface's own envelope and words, and nothing is changed."""

from base64 import b64encode

import orjson
import pytest

from prakerja_sim.mocks.bukalapak.server import FACE
from tests.mocks.bukalapak.conftest import Asker, basic, error
from tests.mocks.market import COURSE, INSTITUTION, Market

BODIED = [e for e in FACE.endpoints if e.body is not None]
FIELDS = (
    "name", "phone", "email", "password", "state", "course_id", "voucher_code", "transactions",
    "payment_type", "card_number", "rate", "content", "reason", "description",
    "transaction_id", "feedback", "score",
)  # fmt: skip
UNREADABLE = {
    "broken": b'{"a": ',
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"halo"',
    "not utf-8": b'{"a": "\xff"}',
}
WRONG = {
    "wrong types": {name: [1] for name in FIELDS},
    "deep": {"name": orjson.Fragment(b"[" * 40 + b"]" * 40)},
    "huge": dict.fromkeys(FIELDS, 2**60),
    "numbers": dict.fromkeys(FIELDS, 1.5),
    "control characters": dict.fromkeys(FIELDS, "\x00"),
    "far too long": dict.fromkeys(FIELDS, "9" * 3000),
    "nulls": dict.fromkeys(FIELDS),
    "nothing": {},
}
PUBLIC = {"token", "authenticate"}


class Known(Asker):
    """Ani with an unpaid order, and Budi with a paid one."""

    def __init__(self, market):
        super().__init__(market)
        self.budi = market.enrol(1)
        self.mine = market.ordered(self.shopper)
        other = market.shopper(self.budi)
        self.theirs = market.bought(other, self.budi)
        self.ticket = other.complain(self.theirs.order, "Kupon hilang", "voucher")
        me = self.legacy("POST", "/authenticate.json", login=(self.ani.phone, self.password(self.ani)))
        self.login = basic(str(me.json()["user_id"]), me.json()["token"])
        key = market.sandboxes.credential_of(market.sandbox, INSTITUTION).sign_key
        self.provider = basic(INSTITUTION, key)

    def as_needed(self, path):
        """Who is let in at a path."""
        if "/_partners/" in path:
            return {"Authorization": self.provider}
        return {"Authorization": self.login} if "/v2/" in path else self.shopper.login

    def ask(self, method, path, raw=b"", headers=None):
        told = {**self.as_needed(path), **(headers or {})}
        return self.market.send(method, path, headers=told, raw=raw)

    def filled(self, path, order=None):
        """A path with ids of things that exist, of this shopper's own where he has any."""
        order = order or self.mine
        return (
            path.replace("<course>", COURSE)
            .replace("<transaction>", order)
            .replace("<invoice>", f"8{order}")
            .replace("<payment>", f"BLP{order}")
            .replace("<ticket>", self.ticket)
            .replace("<coupon>", self.theirs.voucher)
        )


@pytest.fixture(scope="module")
def known():
    market = Market("bukalapak")
    yield Known(market)
    assert market.is_sound(), market.parties.bugs


@pytest.fixture
def unchanged(known):
    before = known.market.sandbox.digest()
    yield
    assert known.market.sandbox.digest() == before


V2_LOGIN = ("user_id", "user_name", "confirmed", "token", "email", "omnikey")


def refused(path, answer, status):
    """Whether it looks as that surface's refusals do."""
    told = orjson.loads(answer.body)
    if "/oauth/" in path:
        assert set(told) == {"error", "error_description"}
    elif "/v2/" in path:
        carried = {"feedback"} if "feedbacks" in path else set()
        if "/v2/transactions/" in path and not carried:
            carried = {"transaction", "transactions"}
        carried |= set(V2_LOGIN) if path.endswith("/authenticate.json") else set()
        assert (set(told), told["status"]) == ({"status", "message"} | carried, "ERROR")
        status = 200 if status in (400, 401, 422) else status
    else:
        error(answer)
    assert answer.status == status, told
    return True


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("endpoint", BODIED, ids=lambda e: f"{e.method} {e.path}")
def test_a_malformed_body_is_refused_and_changes_nothing(known, endpoint):
    path = known.filled(endpoint.path)
    for what, raw in UNREADABLE.items():
        assert refused(path, known.ask(endpoint.method, path, raw), 400), what
    for what, body in WRONG.items():
        tolerated = endpoint.path.endswith("/transactions") and what == "nothing"
        answer = known.ask(endpoint.method, path, orjson.dumps(body))
        assert tolerated or refused(path, answer, 422), what
    assert refused(path, known.ask(endpoint.method, path, b" " * 70_000), 413)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("endpoint", FACE.endpoints, ids=lambda e: f"{e.method} {e.path}")
def test_a_stranger_is_told_nothing_and_changes_nothing(known, endpoint):
    if endpoint.name in PUBLIC:
        return
    path = known.filled(endpoint.path)
    key = known.market.sandboxes.credential_of(known.market.sandbox, "lp-lain").sign_key
    wrong = [
        "", "Bearer", "Bearer " + "0" * 64, "Basic !!!", "Basic " + b64encode(b"\xff:b").decode(), "é",
        "wrong", basic(INSTITUTION, "wrong"), basic("no-such-institution", key), basic("", ""),
        basic("1", "2"),
    ]  # fmt: skip
    for given in wrong:
        answer = known.ask(endpoint.method, path, b"{}", {"Authorization": given})
        assert refused(path, answer, 401), given
    mixed = known.shopper.login if "/_partners/" in path or "/v2/" in path else {"Authorization": known.login}
    assert refused(path, known.ask(endpoint.method, path, b"{}", mixed), 401)


CARD = "9900374286975221"
GOOD_BODIES = {
    "prakerja": {"card_number": CARD},
    "cards": {"card_number": CARD},
    "reviews": {"rate": 5, "content": "Bagus"},
    "refund-requests": {"reason": "salah beli", "description": "Salah beli"},
    "feedbacks.json": {"feedback": {"positive": True, "body": "Bagus"}},
    "replies": {"description": "Masih tidak bisa"},
    "completion": {"name": "Ani", "score": 80},
}
WITH_ID = [e for e in FACE.endpoints if "<" in e.path and "<course>" not in e.path]
NOT_THERE = {"coupon": (40420, 404), "ticket": (40412, 404)}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("endpoint", WITH_ID, ids=lambda e: f"{e.method} {e.path}")
def test_what_is_not_there_or_somebody_elses_does_not_exist(known, endpoint):
    body = orjson.dumps(GOOD_BODIES.get(endpoint.path.rpartition("/")[2], {}))
    name = endpoint.path.partition("<")[2].partition(">")[0]
    code, status = NOT_THERE.get(name, (40410, 404))
    paths = [endpoint.path.replace(f"<{name}>", odd) for odd in ("0", "8", "x", "BLP", "%00", "9" * 30, "é")]
    if name != "coupon":
        paths.append(known.filled(endpoint.path, known.theirs.order))
    for path in paths:
        headers = {"Bukalapak-OTP-Key": "123456"} if path.endswith("/prakerja") else {}
        answer = known.ask(endpoint.method, path, body, headers)
        if "/v2/" in path:
            assert refused(path, answer, 200)
        else:
            assert (error(answer)[1], answer.status) == (code, status), path


def others_coupon(known):
    key = known.market.sandboxes.credential_of(known.market.sandbox, "lp-lain").sign_key
    known.market.list_course("roti-1", 100_000, institution="lp-lain")
    return {"Authorization": basic("lp-lain", key)}


def test_another_providers_coupon_is_neither_shown_nor_burned(known):
    login = others_coupon(known)
    before = known.market.sandbox.digest()
    at = f"/api/_partners/prakerja/coupons/{known.theirs.voucher}"
    raw = orjson.dumps(GOOD_BODIES["completion"])
    for method, what in (("GET", ""), ("POST", "/redeem"), ("POST", "/completion")):
        answer = known.ask(method, at + what, raw, login)
        assert error(answer) == (403, 40320, "Kupon milik penyedia lain")
        assert b"Budi" not in answer.body
        assert "data" not in answer.json()
    assert known.market.sandbox.digest() == before


UNBOUND, UNKNOWN = [{"type": "prakerja"}], [{"id": 1, "type": "prakerja"}]
CASES = [
    ("POST", "/users", {"name": "A", "phone": "12", "email": "a@example.com", "password": "rahasia"}, 42200),
    ("POST", "/users", {"name": "A", "phone": "084012345678", "email": "a", "password": "rahasia"}, 42200),
    ("POST", "/users", {"name": "A", "phone": "084012345678", "email": "a@b.id", "password": "short"}, 42200),
    ("PUT", "/users/tfa-status", {"state": "inactive"}, 42200),
    ("PUT", "/users/passwords", {"phone": "084012345678", "password": "rahasia"}, 40411),
    ("GET", "/prakerja/courses/no-such", None, 40400),
    ("GET", "/prakerja/courses/no-such/reviews", None, 40400),
    ("GET", "/prakerja/courses?limit=101", None, 42200),
    ("GET", "/prakerja/courses?limit=x", None, 42200),
    ("GET", "/prakerja/courses?offset=-1", None, 42200),
    ("GET", "/prakerja/courses?type=nothing", None, 42200),
    ("GET", "/prakerja/courses?sort=rating", None, 42200),
    ("GET", "/prakerja/courses?keywords=%00", None, 42200),
    ("GET", "/products?keywords=" + "x" * 256, None, 42200),
    ("GET", "/invoices?limit=0", None, 42200),
    ("GET", "/complaints?offset=10001", None, 42200),
    ("POST", "/prakerja/transactions", {"course_id": COURSE}, 42210),
    ("POST", "/prakerja/transactions", {"course_id": COURSE, "tnc_accepted": False}, 42210),
    ("POST", "/prakerja/transactions", {"course_id": COURSE, "tnc_accepted": "true"}, 42200),
    ("POST", "/prakerja/transactions", {"course_id": COURSE, "tnc_accepted": 1}, 42200),
    ("POST", "/prakerja/transactions", {"course_id": "no-such", "tnc_accepted": True}, 40400),
    (
        "POST",
        "/prakerja/transactions",
        {"course_id": COURSE, "schedule_id": "no-such", "tnc_accepted": True},
        42213,
    ),
    (
        "POST",
        "/prakerja/transactions",
        {"course_id": COURSE, "tnc_accepted": True, "voucher_code": "GRATIS"},
        42220,
    ),
    ("POST", "/vouchers/validate", {"voucher_code": "BELAJAR50", "transactions": []}, 42200),
    ("POST", "/vouchers/validate", {"voucher_code": "BELAJAR50", "transactions": UNBOUND}, 42200),
    (
        "POST",
        "/vouchers/validate",
        {"voucher_code": "GRATIS", "transactions": [{"type": "prakerja", "course_id": COURSE}]},
        42220,
    ),
    ("POST", "/invoices", {"transactions": UNKNOWN, "payment_type": "deposit"}, 42200),
    ("POST", "/invoices", {"transactions": [{"id": 1, "type": "pulsa"}], "payment_type": "prakerja"}, 42200),
    ("POST", "/invoices", {"transactions": UNKNOWN, "payment_type": "prakerja"}, 40410),
    ("POST", "/invoices", {"transactions": UNKNOWN * 2, "payment_type": "prakerja"}, 42200),
    ("POST", "/payments/BLP{mine}/prakerja", {"card_number": "123"}, 42230),
    ("POST", "/payments/BLP{mine}/prakerja", {"card_number": "9900 3742 8697 5221"}, 42230),
    ("POST", "/payments/BLP{mine}/prakerja/cards", {"card_number": "99003742869752211"}, 42230),
    ("POST", "/payments/BLP{mine}/otp", None, 42241),
    ("POST", "/payments/{mine}/otp", None, 40410),
    ("POST", "/invoices/8{mine}/coupon-emails", None, 42214),
    ("POST", "/invoices/{mine}/coupon-emails", None, 40410),
    ("POST", "/prakerja/transactions/{mine}/reviews", {"rate": 5, "content": "Bagus"}, 42260),
    ("POST", "/prakerja/transactions/{mine}/reviews", {"rate": 0, "content": "Bagus"}, 42200),
    ("POST", "/prakerja/transactions/{mine}/reviews", {"rate": 6, "content": "Bagus"}, 42200),
    ("POST", "/prakerja/transactions/{mine}/reviews", {"rate": True, "content": "Bagus"}, 42200),
    ("POST", "/prakerja/transactions/{mine}/refund-requests", GOOD_BODIES["refund-requests"], 42214),
    ("POST", "/complaints", {"transaction_id": "{theirs}", "reason": "other", "description": "x"}, 40410),
    ("GET", "/no/such/path", None, 40499),
    ("DELETE", "/me", None, 40599),
    ("GET", "/users", None, 40599),
]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path", "body", "code"), CASES)
def test_a_wrong_value_or_state_has_its_code(known, method, path, body, code):
    ids = {"mine": known.mine, "theirs": known.theirs.order}
    told = orjson.dumps(body).decode() if body is not None else ""
    for name, number in ids.items():
        path, told = path.replace(f"{{{name}}}", number), told.replace(f"{{{name}}}", number)
    answer = known.ask(method, f"/api{path}", told.encode())
    assert error(answer)[1] == code
    assert answer.status == int(str(code)[:3])


OTP_HEADERS = [
    {"Bukalapak-OTP-Key": "1" * 65},
    {"Bukalapak-OTP-Key": "12 34"},
    {"Bukalapak-OTP-Key": "é"},
    {"Bukalapak-OTP-Method": "pigeon"},
]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("headers", OTP_HEADERS)
def test_a_header_that_makes_no_sense_is_refused_before_any_code_is_sent(known, headers):
    for method, path, body in (
        ("PUT", "/api/users/tfa-status", {"state": "active"}),
        ("PUT", "/api/users/passwords", {"phone": known.ani.phone, "password": "rahasia-baru"}),
        ("POST", f"/api/payments/BLP{known.mine}/prakerja", {"card_number": known.ani.card}),
    ):
        answer = known.ask(method, path, orjson.dumps(body), headers)
        assert error(answer)[:2] == (422, 42200)


@pytest.mark.usefixtures("unchanged")
def test_an_otp_before_the_card_or_with_another_card_opens_nothing(known):
    path = f"/api/payments/BLP{known.mine}/prakerja"
    raw = orjson.dumps({"card_number": known.ani.card})
    answer = known.ask("POST", path, raw, {"Bukalapak-OTP-Key": "123456"})
    assert error(answer) == (422, 42241, "Sesi pembayaran tidak berlaku. Ulangi pembayaran.")


def test_a_card_number_or_an_otp_is_never_repeated_in_a_refusal(known):
    path = f"/api/payments/BLP{known.mine}/prakerja"
    for number in ("99003742869752219", "9900374286975A21"):
        answer = known.ask("POST", path, orjson.dumps({"card_number": number}))
        assert number.encode() not in answer.body
    raw = orjson.dumps({"card_number": known.ani.card})
    answer = known.ask("POST", path, raw, {"Bukalapak-OTP-Key": "987 654"})
    assert b"987" not in answer.body
