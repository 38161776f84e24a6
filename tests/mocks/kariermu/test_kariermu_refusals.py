"""Bad input at each of Karier.mu's endpoints: its own envelope and words, and nothing changes."""

import hashlib
import hmac

import pytest

from prakerja_sim.mocks.kariermu.server import FACE
from tests.mocks.bad_input import COURSE, INSTITUTION, OTHER, Bad, Shop, check_refused, uncovered

AUTH, PAY = "/v2/auth", "/payment/prakerja"
FORM = {"name": "X", "email": "x@example.com", "phone": "081200000001", "password": "12345678"}
LOGIN, NOT_FOUND, CLOSED = "Silakan masuk", "Transaksi tidak ditemukan", "tidak dapat diproses"
OPEN, PAID = {"order_id": "{open}"}, {"order_id": "{paid}"}
TABLE = [
    # The account.
    Bad("short password", "", "POST", f"{AUTH}/register", 422, "password", FORM | {"password": "1234567"}),
    Bad("e-mail used", "", "POST", f"{AUTH}/register", 409, "Email sudah", FORM | {"email": "{email}"}),
    Bad("phone used", "", "POST", f"{AUTH}/register", 409, "Nomor ponsel sudah", FORM | {"phone": "{phone}"}),
    Bad("wrong", "", "POST", f"{AUTH}/login", 401, "password salah", {"email": "{email}", "password": "x"}),
    Bad("number", "", "POST", f"{AUTH}/login", 422, "email", {"email": 1, "password": "x"}),
    Bad("unknown", "", "POST", f"{AUTH}/password/forgot", 404, "Akun tidak", {"email": "a@b"}),
    Bad("no code", "", "POST", f"{AUTH}/password/reset", 400, "kedaluwarsa",
        {"email": "{email}", "code": "1", "password": "12345678"}),
    Bad("no login", "", "POST", f"{AUTH}/me-v2", 401, LOGIN),
    Bad("no login", "", "POST", f"{AUTH}/otp", 401, LOGIN),
    Bad("no code", "ani", "POST", f"{AUTH}/otp/verify", 400, "kedaluwarsa", {"code": "1"}),
    # Programs.
    Bad("too long", "", "GET", "/program/prakerja?keyword=" + "x" * 65, 422, "keyword"),
    Bad("unknown", "", "GET", "/program/detail/x", 404, "Program tidak ditemukan"),
    Bad("unknown", "", "GET", "/program/review/x", 404, "Program tidak ditemukan"),
    # Ordering and paying.
    Bad("no login", "", "POST", f"{PAY}/order", 401, LOGIN, {"slug": COURSE}),
    Bad("no phone", "new", "POST", f"{PAY}/order", 403, "belum terverifikasi", {"slug": COURSE}),
    Bad("unknown", "ani", "POST", f"{PAY}/order", 404, "Program tidak", {"slug": "x"}),
    Bad("other schedule", "ani", "POST", f"{PAY}/order", 400, "Jadwal", {"slug": COURSE, "schedule_id": "x"}),
    Bad("promo", "ani", "POST", f"{PAY}/order", 400, "Kode promo", {"slug": COURSE, "promo_code": "GRATIS"}),
    Bad("promo", "ani", "POST", f"{PAY}/promo", 400, "Kode promo", {"slug": COURSE, "promo_code": "GRATIS"}),
    Bad("paid", "ani", "POST", f"{PAY}/methods", 409, CLOSED, PAID),
    Bad("other's", "budi", "POST", f"{PAY}/methods", 404, NOT_FOUND, OPEN),
    Bad("15 digits", "ani", "POST", f"{PAY}/card", 400, "(16 digit)", OPEN | {"card_number": "1" * 15}),
    Bad("17 digits", "ani", "POST", f"{PAY}/card", 400, "(16 digit)", OPEN | {"card_number": "1" * 17}),
    Bad("number", "ani", "POST", f"{PAY}/card", 422, "card_number", OPEN | {"card_number": 1}),
    Bad("unknown", "ani", "POST", f"{PAY}/card", 400,
        "tidak ditemukan", OPEN | {"card_number": "1234567890123456"}),
    Bad("unfinished", "ani", "POST", f"{PAY}/card", 400, "sebelumnya", OPEN | {"card_number": "{card}"}),
    Bad("paid", "ani", "POST", f"{PAY}/card", 409, CLOSED, PAID | {"card_number": "{card}"}),
    Bad("other's", "budi", "POST", f"{PAY}/card", 404, NOT_FOUND, OPEN | {"card_number": "{card}"}),
    Bad("no card yet", "ani", "POST", f"{PAY}/otp/resend", 409, CLOSED, OPEN),
    Bad("other's", "budi", "POST", f"{PAY}/otp/resend", 404, NOT_FOUND, OPEN),
    Bad("no card yet", "ani", "POST", f"{PAY}/otp", 409, CLOSED, OPEN | {"otp": "{otp}"}),
    Bad("number", "ani", "POST", f"{PAY}/otp", 422, "otp", OPEN | {"otp": 123456}),
    Bad("other's", "budi", "POST", f"{PAY}/otp", 404, NOT_FOUND, OPEN | {"otp": "1"}),
    # Afterwards.
    Bad("somebody else", "ani", "GET", "/transaction/1/1/10", 401, LOGIN),
    Bad("page 0", "ani", "GET", "/transaction/{user}/0/10", 422, "page"),
    Bad("page as word", "ani", "GET", "/transaction/{user}/satu/10", 422, "page"),
    Bad("limit 101", "ani", "GET", "/transaction/{user}/1/101", 422, "limit"),
    Bad("somebody else", "ani", "GET", "/program_activity/enrolled/1/1/10", 401, LOGIN),
    Bad("unknown", "ani", "GET", "/transaction/x", 404, NOT_FOUND),
    Bad("other's", "budi", "GET", "/transaction/{paid}", 404, NOT_FOUND),
    Bad("unpaid", "ani", "POST", "/transaction/{open}/email", 409, CLOSED),
    Bad("too soon", "ani", "POST", "/transaction/{paid}/email", 429, "60 detik"),
    Bad("other's", "budi", "POST", "/transaction/{paid}/email", 404, NOT_FOUND),
    Bad("too early", "ani", "POST", "/transaction/{paid}/review", 409, "Ulasan", {"rating": 5,
        "review": "x"}),
    Bad("no stars", "ani", "POST", "/transaction/{paid}/review", 422, "rating", {"rating": 0, "review": "x"}),
    Bad("other's", "budi", "POST", "/transaction/{paid}/review", 404, NOT_FOUND, {"rating": 5,
        "review": "x"}),
    Bad("unpaid", "ani", "POST", "/complaint", 409, CLOSED, OPEN | {"topic": "refund", "detail": "x"}),
    Bad("other's", "budi", "POST", "/complaint", 404, NOT_FOUND, PAID | {"topic": "refund", "detail": "x"}),
    Bad("unknown topic", "ani", "POST", "/complaint", 422, "topic", PAID | {"topic": "uang", "detail": "x"}),
    Bad("no login", "", "GET", "/complaint", 401, LOGIN),
    Bad("open", "ani", "POST", "/complaint/{ticket}/reopen", 409, "masih diproses", {"detail": "x"}),
    Bad("other's", "budi", "POST", "/complaint/{ticket}/reopen", 404, "Keluhan tidak", {"detail": "x"}),
    # The partner's side.
    Bad("no signature", "", "POST", "/partner/voucher/check", 401, LOGIN, {"voucher_code": "{voucher}"}),
    Bad("unknown", INSTITUTION, "POST", "/partner/voucher/check", 404, "Voucher tidak",
        {"voucher_code": "x"}),
    Bad("other's", OTHER, "POST", "/partner/voucher/check", 403, "bukan milik",
        {"voucher_code": "{voucher}"}),
    Bad("other's", OTHER, "POST", "/partner/voucher/redeem", 403, "bukan milik",
        {"voucher_code": "{voucher}"}),
    Bad("number", INSTITUTION, "POST", "/partner/voucher/redeem", 422, "voucher_code", {"voucher_code": 1}),
    Bad("other's", OTHER, "POST", "/partner/completion", 403, "bukan milik",
        {"voucher_code": "{voucher}", "name": "Ani", "score": 80}),
    Bad("101", INSTITUTION, "POST", "/partner/completion", 422, "score",
        {"voucher_code": "{voucher}", "name": "Ani", "score": 101}),
    # Whatever it is.
    Bad("no JSON", "ani", "POST", f"{PAY}/order", 422, "Data tidak sesuai", raw=b"{"),
    Bad("too large", "ani", "POST", f"{PAY}/order", 413, "terlalu besar", raw=b" " * 65_537),
    Bad("no such path", "ani", "GET", "/tidak-ada", 404, "Halaman tidak ditemukan"),
    Bad("other method", "ani", "DELETE", f"{PAY}/order", 405, "Metode tidak didukung"),
]  # fmt: skip


def signed(market, institution, raw):
    key = market.sandboxes.credential_of(market.sandbox, institution).sign_key
    return {"Authorization": f"{institution}:{hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()}"}


def is_envelope(told):
    return list(told) == ["status", "data", "message"] and told["status"] >= 400


@pytest.fixture(scope="module")
def shop():
    made = Shop("kariermu", lambda market: {})
    made.known["user"] = made.shoppers["ani"]._user
    return made


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: f"{bad.method} {bad.path}: {bad.what}")
def test_bad_input_is_refused_and_changes_nothing(shop, bad):
    check_refused(shop, bad, signed, is_envelope)


def test_the_table_knows_every_endpoint():
    assert uncovered(FACE, TABLE, [("GET", "/program/prakerja/filter")]) == []


def test_the_token_is_taken_bare_and_with_bearer(market):
    """Trap 20 of the reference: clients of this site leave "Bearer" out."""
    token = market.shopper(market.enrol()).login["Authorization"]
    assert " " not in token
    for given in (token, f"Bearer {token}"):
        assert market.send("POST", f"{AUTH}/me-v2", headers={"Authorization": given}).status == 200
