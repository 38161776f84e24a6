"""Bad input at each of Kemnaker's endpoints: Laravel's envelope, its own words, and nothing changes."""

import pytest

from prakerja_sim.mocks.kemnaker.codes import SITE, secret
from prakerja_sim.mocks.kemnaker.server import FACE
from prakerja_sim.mocks.shop.catalogue import course_id
from tests.mocks.bad_input import COURSE, INSTITUTION, OTHER, Bad, Shop, check_refused, uncovered

USERS, ORDERS = "/account/api/v1/users", "/api/skillhub/order/v1/orders"
CATALOGUE, PARTNER = "/api/skillhub/catalogue/v1", "/api/skillhub/partner/v1"
FORM = {"name": "X", "email": "x@example.com", "phone": "081200000001", "password": "12345678"}
BACK = "https://skillhub.kemnaker.go.id/auth/callback"
GRANT = {"grant_type": "authorization_code", "client_id": "skillhub", "redirect_uri": BACK}
PAY = f"{ORDERS}/{{open}}/payments/prakerja"
PAID = f"{ORDERS}/{{paid}}/payments/prakerja"
NO_LOGIN, NOT_FOUND = "Unauthenticated.", "Pesanan tidak ditemukan."
CLOSED = "Pesanan tidak dapat diproses"
TABLE = [
    # The sign-on.
    Bad("no client", "", "GET", "/account/auth?response_type=code", 422, "client_id"),
    Bad("unknown client", "", "GET", f"/account/auth?response_type=code&client_id=x&redirect_uri={BACK}",
        422, "client_id"),
    Bad("foreign address", "", "GET",
        "/account/auth?response_type=code&client_id=skillhub&redirect_uri=https://example.com/", 422,
        "client_id"),
    Bad("look-alike host", "", "GET",
        "/account/auth?response_type=code&client_id=skillhub&redirect_uri=https://xkemnaker.go.id/", 422,
        "client_id"),
    Bad("implicit grant", "", "GET",
        f"/account/auth?response_type=token&client_id=skillhub&redirect_uri={BACK}", 422,
        "response_type"),
    Bad("no CSRF token", "", "POST", "/account/auth", 419, "CSRF", {}),
    Bad("no CSRF token", "", "POST", "/account/auth/login", 419, "CSRF", {"username": "{email}",
        "password": "x"}),
    Bad("unknown code", "", "POST", "/account/api/v1/tokens", 401, NO_LOGIN,
        GRANT | {"code": "1.1." + "0" * 32}),
    Bad("unknown grant", "", "POST", "/account/api/v1/tokens", 422, "grant_type",
        GRANT | {"grant_type": "password"}),
    Bad("wrong secret", "", "POST", "/account/api/v1/tokens", 401, NO_LOGIN,
        {"grant_type": "client_credentials", "client_id": INSTITUTION, "client_secret": "x"}),
    Bad("unknown client", "", "POST", "/account/api/v1/tokens", 401, NO_LOGIN,
        {"grant_type": "client_credentials", "client_id": "nobody", "client_secret": "x"}),
    # The account.
    Bad("short password", "", "POST", USERS, 422, "password", FORM | {"password": "1234567"}),
    Bad("e-mail used", "", "POST", USERS, 422, "E-mail sudah digunakan.", FORM | {"email": "{email}"}),
    Bad("phone used", "", "POST", USERS, 422, "Nomor telepon sudah digunakan.", FORM | {"phone": "{phone}"}),
    Bad("no login", "", "GET", f"{USERS}/me", 401, NO_LOGIN),
    Bad("no login", "", "POST", f"{USERS}/me/phone/otp", 401, NO_LOGIN),
    Bad("no code sent", "ani", "POST", f"{USERS}/me/phone/verify", 422, "Kode verifikasi",
        {"code": "000000"}),
    Bad("number", "ani", "POST", f"{USERS}/me/phone/verify", 422, "code", {"code": 1}),
    Bad("unknown", "", "POST", "/account/api/v1/password/forgot", 422, "tidak ditemukan", {"email": "a@b"}),
    Bad("no code", "", "POST", "/account/api/v1/password/reset", 422, "kedaluwarsa",
        {"email": "{email}", "code": "000000", "password": "12345678"}),
    # The catalogue.
    Bad("page 0", "", "GET", f"{CATALOGUE}/trainings?page=0", 422, "page"),
    Bad("limit 101", "", "GET", f"{CATALOGUE}/trainings?limit=101", 422, "limit"),
    Bad("unknown payment", "", "GET", f"{CATALOGUE}/trainings?payment=tunai", 422, "payment"),
    Bad("too long", "", "GET", f"{CATALOGUE}/institutions?vocational=" + "x" * 65, 422, "vocational"),
    Bad("unknown", "", "GET", f"{CATALOGUE}/trainings/{COURSE}", 404, "Pelatihan tidak ditemukan."),
    Bad("unknown", "", "GET", f"{CATALOGUE}/trainings/x/reviews", 404, "Pelatihan tidak ditemukan."),
    # Ordering.
    Bad("no login", "", "POST", ORDERS, 401, NO_LOGIN, {"training_id": "{class}"}),
    Bad("no phone", "new", "POST", ORDERS, 403, "belum terverifikasi", {"training_id": "{class}"}),
    Bad("unknown", "ani", "POST", ORDERS, 404, "Pelatihan tidak ditemukan.", {"training_id": COURSE}),
    Bad("other schedule", "ani", "POST", ORDERS, 422, "schedule_id", {"training_id": "{class}",
        "schedule_id": "x"}),
    Bad("promo code", "ani", "POST", ORDERS, 422, "promo_code", {"training_id": "{class}",
        "promo_code": "BELAJAR50"}),
    Bad("missing", "ani", "POST", ORDERS, 422, "training_id", {}),
    Bad("paid", "ani", "GET", f"{ORDERS}/{{paid}}/payment-methods", 409, CLOSED),
    Bad("other's", "budi", "GET", f"{ORDERS}/{{open}}/payment-methods", 404, NOT_FOUND),
    # Paying.
    Bad("15 digits", "ani", "POST", PAY, 422, "16 digit", {"card_number": "1" * 15}),
    Bad("17 digits", "ani", "POST", PAY, 422, "16 digit", {"card_number": "1" * 17}),
    Bad("number", "ani", "POST", PAY, 422, "card_number", {"card_number": 1234567890123456}),
    Bad("unknown card", "ani", "POST", PAY, 422, "tidak ditemukan", {"card_number": "1234567890123456"}),
    Bad("unfinished", "ani", "POST", PAY, 422, "sebelumnya", {"card_number": "{card}"}),
    Bad("paid", "ani", "POST", PAID, 409, CLOSED, {"card_number": "{card}"}),
    Bad("other's", "budi", "POST", PAY, 404, NOT_FOUND, {"card_number": "{card}"}),
    Bad("no card yet", "ani", "POST", f"{PAY}/otp", 409, CLOSED),
    Bad("other's", "budi", "POST", f"{PAY}/otp", 404, NOT_FOUND),
    Bad("no card yet", "ani", "POST", f"{PAY}/confirm", 409, CLOSED, {"otp": "{otp}"}),
    Bad("number", "ani", "POST", f"{PAY}/confirm", 422, "otp", {"otp": 123456}),
    Bad("other's", "budi", "POST", f"{PAY}/confirm", 404, NOT_FOUND, {"otp": "{otp}"}),
    # Afterwards.
    Bad("no login", "", "GET", ORDERS, 401, NO_LOGIN),
    Bad("page 0", "ani", "GET", f"{ORDERS}?page=0", 422, "page"),
    Bad("unknown", "ani", "GET", f"{ORDERS}/x", 404, NOT_FOUND),
    Bad("other's", "budi", "GET", f"{ORDERS}/{{paid}}", 404, NOT_FOUND),
    Bad("unpaid", "ani", "POST", f"{ORDERS}/{{open}}/voucher-email", 409, CLOSED),
    Bad("too soon", "ani", "POST", f"{ORDERS}/{{paid}}/voucher-email", 429, "60 detik"),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{paid}}/voucher-email", 404, NOT_FOUND),
    Bad("other's", "budi", "GET", f"{ORDERS}/{{paid}}/certificates", 404, NOT_FOUND),
    Bad("too early", "ani", "POST", "/api/skillhub/review/v1/reviews", 409, "setelah voucher",
        {"order_id": "{paid}", "rating": 5, "comment": "Bagus"}),
    Bad("no stars", "ani", "POST", "/api/skillhub/review/v1/reviews", 422, "rating",
        {"order_id": "{paid}", "rating": 0, "comment": "Bagus"}),
    Bad("other's", "budi", "POST", "/api/skillhub/review/v1/reviews", 404, NOT_FOUND,
        {"order_id": "{paid}", "rating": 5, "comment": "Bagus"}),
    Bad("not offered", "ani", "POST", "/api/care/v1/tickets", 403, "tidak dapat dibatalkan",
        {"order_id": "{paid}", "topic": "refund", "description": "Salah beli"}),
    Bad("other's", "budi", "POST", "/api/care/v1/tickets", 404, NOT_FOUND,
        {"order_id": "{paid}", "topic": "other", "description": "Salah beli"}),
    Bad("unknown topic", "ani", "POST", "/api/care/v1/tickets", 422, "topic",
        {"order_id": "{paid}", "topic": "uang", "description": "Salah beli"}),
    Bad("no login", "", "GET", "/api/care/v1/tickets", 401, NO_LOGIN),
    Bad("open", "ani", "POST", "/api/care/v1/tickets/{ticket}/reopen", 409, "masih diproses",
        {"description": "Lagi"}),
    Bad("other's", "budi", "POST", "/api/care/v1/tickets/{ticket}/reopen", 404, "tidak ditemukan",
        {"description": "Lagi"}),
    # The partner's side.
    Bad("no token", "", "GET", f"{PARTNER}/vouchers/{{voucher}}", 401, NO_LOGIN),
    Bad("a buyer's token", "ani", "GET", f"{PARTNER}/vouchers/{{voucher}}", 401, NO_LOGIN),
    Bad("unknown", INSTITUTION, "GET", f"{PARTNER}/vouchers/SNK-2021-XXXXXX", 404,
        "Voucher tidak ditemukan."),
    Bad("other's", OTHER, "GET", f"{PARTNER}/vouchers/{{voucher}}", 403, "lembaga pelatihan lain"),
    Bad("other's", OTHER, "POST", f"{PARTNER}/vouchers/{{voucher}}/redeem", 403, "lembaga pelatihan lain"),
    Bad("other's", OTHER, "POST", f"{PARTNER}/completions", 403, "lembaga pelatihan lain",
        {"voucher_code": "{voucher}", "name": "Ani"}),
    Bad("number", INSTITUTION, "POST", f"{PARTNER}/completions", 422, "voucher_code", {"voucher_code": 1,
        "name": "A"}),
    Bad("not finished", INSTITUTION, "POST", f"{PARTNER}/marks", 409, "belum dilaporkan",
        {"voucher_code": "{voucher}", "score": 80}),
    Bad("101", INSTITUTION, "POST", f"{PARTNER}/marks", 422, "score", {"voucher_code": "{voucher}",
        "score": 101}),
    # Whatever it is.
    Bad("no JSON", "ani", "POST", ORDERS, 422, "body", raw=b"{"),
    Bad("a list", "ani", "POST", ORDERS, 422, "body", raw=b"[]"),
    Bad("too large", "ani", "POST", ORDERS, 413, "terlalu besar", raw=b" " * 65_537),
    Bad("no such path", "ani", "GET", "/api/skillhub/tidak-ada", 404, "Halaman tidak ditemukan."),
    Bad("other method", "ani", "DELETE", ORDERS, 405, "Metode tidak diizinkan."),
]  # fmt: skip


def ids(market):
    return {"class": course_id(SITE, market, COURSE)}


def signed(market, institution, raw):
    key = market.sandboxes.credential_of(market.sandbox, institution).sign_key
    return {"Authorization": f"Bearer {secret(market, 'partner', institution, key)}"}


def is_envelope(told):
    if "errors" in told:
        return told["message"] == "The given data was invalid." and all(told["errors"].values())
    return set(told) == {"message", "meta"}


@pytest.fixture(scope="module")
def shop():
    return Shop("kemnaker", ids)


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: f"{bad.method} {bad.path}: {bad.what}")
def test_bad_input_is_refused_and_changes_nothing(shop, bad):
    check_refused(shop, bad, signed, is_envelope)


def test_the_table_knows_every_endpoint():
    assert uncovered(FACE, TABLE, [("GET", f"{CATALOGUE}/vocationals"), ("GET", "/account/auth/login")]) == []
