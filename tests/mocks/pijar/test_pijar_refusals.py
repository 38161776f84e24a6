"""Bad input at each of Pijar's endpoints: its own envelope, code and language, and nothing changes."""

import hashlib
import hmac

import pytest

from prakerja_sim.mocks.pijar.codes import SITE
from prakerja_sim.mocks.pijar.server import FACE
from prakerja_sim.mocks.shop.catalogue import course_id
from tests.mocks.bad_input import COURSE, INSTITUTION, OTHER, Bad, Shop, check_refused, uncovered

AUTH, CLASSES, ORDERS = "/api/v1/auth", "/api/v1/classes", "/api/v1/orders"
PARTNER = "/api/v1/partner"
LONG = "x" * 65
FORM = {
    "email": "x@example.com",
    "phone": "81200000001",
    "fullname": "X",
    "password": "12345678",
    "consent": True,
}
TABLE = [
    # The account.
    Bad("no consent", "", "POST", f"{AUTH}/register", 422, "consent", FORM | {"consent": False}),
    Bad("short password", "", "POST", f"{AUTH}/register", 422, "Minimum 8 karakter",
        FORM | {"password": "1234567"}),
    Bad("phone too short", "", "POST", f"{AUTH}/register", 422, "phone", FORM | {"phone": "08120000"}),
    Bad("phone as number", "", "POST", f"{AUTH}/register", 422, "phone", FORM | {"phone": 81200000001}),
    Bad("e-mail used", "", "POST", f"{AUTH}/register", 409, "ERR_EMAIL_USED", FORM | {"email": "{email}"}),
    Bad("wrong password", "", "POST", f"{AUTH}/login", 401, "ERR_LOGIN", {"email": "{email}",
        "password": "salah"}),
    Bad("unknown e-mail", "", "POST", f"{AUTH}/login", 401, "ERR_LOGIN", {"email": "a@b",
        "password": "salah"}),
    Bad("unknown", "", "POST", f"{AUTH}/password/forgot", 404, "ERR_ACCOUNT_NOT_FOUND", {"email": "a@b"}),
    Bad("no code", "", "POST", f"{AUTH}/password/reset", 400, "ERR_OTP_EXPIRED",
        {"email": "{email}", "password": "12345678", "otp": "000000"}),
    Bad("unknown phone", "", "POST", f"{AUTH}/phone/otp", 404, "ERR_PHONE_UNKNOWN", {"phone": "81200000001"}),
    Bad("unknown phone", "", "POST", f"{AUTH}/phone/verify", 404, "ERR_PHONE_UNKNOWN",
        {"phone": "81200000001", "otp": "1"}),
    Bad("no login", "", "GET", f"{AUTH}/me", 401, "ERR_UNAUTHORIZED"),
    # The catalogue.
    Bad("page 0", "", "GET", f"{CLASSES}?page=0", 422, "page"),
    Bad("page as word", "", "GET", f"{CLASSES}?page=satu", 422, "page"),
    Bad("size 101", "", "GET", f"{CLASSES}?size=101", 422, "size"),
    Bad("too long", "", "GET", f"/api/v1/institutions?category={LONG}", 422, "category"),
    Bad("unknown", "", "GET", f"{CLASSES}/{COURSE}", 404, "ERR_CLASS_NOT_FOUND"),
    Bad("unknown", "", "GET", f"{CLASSES}/x/reviews", 404, "ERR_CLASS_NOT_FOUND"),
    Bad("other class", "ani", "POST", f"{CLASSES}/{{other_class}}/reviews", 404, "ERR_ORDER_NOT_FOUND",
        {"orderId": "{paid}", "rating": 5, "comment": "Bagus"}),
    Bad("too early", "ani", "POST", f"{CLASSES}/{{class}}/reviews", 409, "ERR_REVIEW_EARLY",
        {"orderId": "{paid}", "rating": 5, "comment": "Bagus"}),
    Bad("other's order", "budi", "POST", f"{CLASSES}/{{class}}/reviews", 404, "ERR_ORDER_NOT_FOUND",
        {"orderId": "{paid}", "rating": 5, "comment": "Bagus"}),
    Bad("six stars", "ani", "POST", f"{CLASSES}/{{class}}/reviews", 422, "rating",
        {"orderId": "{paid}", "rating": 6, "comment": "Bagus"}),
    # Ordering.
    Bad("no login", "", "POST", ORDERS, 401, "ERR_UNAUTHORIZED", {"classId": "{class}"}),
    Bad("no phone", "new", "POST", ORDERS, 403, "ERR_PHONE_UNVERIFIED", {"classId": "{class}"}),
    Bad("unknown class", "ani", "POST", ORDERS, 404, "ERR_CLASS_NOT_FOUND", {"classId": COURSE}),
    Bad("other schedule", "ani", "POST", ORDERS, 400, "ERR_SCHEDULE", {"classId": "{class}",
        "scheduleId": "x"}),
    Bad("unknown promo", "ani", "POST", ORDERS, 422, "ERR_PROMO", {"classId": "{class}",
        "promoCode": "GRATIS"}),
    Bad("number", "ani", "POST", ORDERS, 422, "classId", {"classId": 1}),
    Bad("unknown promo", "ani", "POST", "/api/v1/promos/check", 422, "ERR_PROMO",
        {"classId": "{class}", "promoCode": "GRATIS"}),
    Bad("no order", "ani", "GET", "/api/v1/payment-methods", 422, "orderId"),
    Bad("paid", "ani", "GET", "/api/v1/payment-methods?orderId={paid}", 409, "ERR_ORDER_STATUS"),
    Bad("other's", "budi", "GET", "/api/v1/payment-methods?orderId={open}", 404, "ERR_ORDER_NOT_FOUND"),
    # Paying.
    Bad("15 digits", "ani", "POST", f"{ORDERS}/{{open}}/prakerja", 422, "16 digit", {"cardNumber": "1" * 15}),
    Bad("17 digits", "ani", "POST", f"{ORDERS}/{{open}}/prakerja", 422, "16 digit", {"cardNumber": "1" * 17}),
    Bad("letters", "ani", "POST", f"{ORDERS}/{{open}}/prakerja", 422, "16 digit", {"cardNumber": "x" * 16}),
    Bad("number", "ani", "POST", f"{ORDERS}/{{open}}/prakerja", 422, "cardNumber", {"cardNumber": 1}),
    Bad("paid", "ani", "POST", f"{ORDERS}/{{paid}}/prakerja", 409, "ERR_ORDER_STATUS",
        {"cardNumber": "{card}"}),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{open}}/prakerja", 404, "ERR_ORDER_NOT_FOUND",
        {"cardNumber": "{card}"}),
    Bad("no card yet", "ani", "POST", f"{ORDERS}/{{open}}/prakerja/otp", 422, "ERR_CARD_FORMAT", {}),
    Bad("unknown card", "ani", "POST", f"{ORDERS}/{{open}}/prakerja/otp", 400, "ERR_CARD_NOT_FOUND",
        {"cardNumber": "1234567890123456"}),
    Bad("unfinished", "ani", "POST", f"{ORDERS}/{{open}}/prakerja/otp", 400, "ERR_PREVIOUS_CLASS",
        {"cardNumber": "{card}"}),
    Bad("paid", "ani", "POST", f"{ORDERS}/{{paid}}/prakerja/otp", 409, "ERR_ORDER_STATUS",
        {"cardNumber": "{card}"}),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{open}}/prakerja/otp", 404, "ERR_ORDER_NOT_FOUND", {}),
    Bad("no card yet", "ani", "POST", f"{ORDERS}/{{open}}/prakerja/verify", 409, "ERR_ORDER_STATUS",
        {"otp": "{otp}"}),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{open}}/prakerja/verify", 404, "ERR_ORDER_NOT_FOUND",
        {"otp": "1"}),
    Bad("number", "ani", "POST", f"{ORDERS}/{{open}}/prakerja/verify", 422, "otp", {"otp": 123456}),
    # Afterwards.
    Bad("no login", "", "GET", ORDERS, 401, "ERR_UNAUTHORIZED"),
    Bad("page 0", "ani", "GET", f"{ORDERS}?page=0", 422, "page"),
    Bad("unknown", "ani", "GET", f"{ORDERS}/x", 404, "ERR_ORDER_NOT_FOUND"),
    Bad("other's", "budi", "GET", f"{ORDERS}/{{paid}}", 404, "ERR_ORDER_NOT_FOUND"),
    Bad("unpaid", "ani", "POST", f"{ORDERS}/{{open}}/resend-email", 409, "ERR_ORDER_STATUS"),
    Bad("too soon", "ani", "POST", f"{ORDERS}/{{paid}}/resend-email", 429, "ERR_MAIL_WAIT"),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{paid}}/resend-email", 404, "ERR_ORDER_NOT_FOUND"),
    Bad("with voucher", "ani", "POST", f"{ORDERS}/{{paid}}/start", 409, "ERR_NOT_SELF_HOSTED"),
    Bad("other's", "budi", "POST", f"{ORDERS}/{{paid}}/start", 404, "ERR_ORDER_NOT_FOUND"),
    Bad("unpaid", "ani", "POST", "/api/v1/tickets", 409, "ERR_ORDER_STATUS",
        {"orderId": "{open}", "category": "refund", "description": "Salah beli"}),
    Bad("other's", "budi", "POST", "/api/v1/tickets", 404, "ERR_ORDER_NOT_FOUND",
        {"orderId": "{paid}", "category": "refund", "description": "Salah beli"}),
    Bad("unknown category", "ani", "POST", "/api/v1/tickets", 422, "category",
        {"orderId": "{paid}", "category": "uang", "description": "Salah beli"}),
    Bad("no login", "", "GET", "/api/v1/tickets", 401, "ERR_UNAUTHORIZED"),
    Bad("open", "ani", "POST", "/api/v1/tickets/{ticket}/reopen", 409, "ERR_TICKET_OPEN",
        {"description": "Lagi"}),
    Bad("other's", "budi", "POST", "/api/v1/tickets/{ticket}/reopen", 404, "ERR_TICKET_NOT_FOUND",
        {"description": "Lagi"}),
    # The partner's side.
    Bad("no signature", "", "POST", f"{PARTNER}/vouchers/check", 401, "ERR_UNAUTHORIZED",
        {"voucherCode": "{voucher}"}),
    Bad("unknown", INSTITUTION, "POST", f"{PARTNER}/vouchers/check", 404, "ERR_VOUCHER_NOT_FOUND",
        {"voucherCode": "PJR000000000"}),
    Bad("other's", OTHER, "POST", f"{PARTNER}/vouchers/check", 403, "ERR_VOUCHER_PARTNER",
        {"voucherCode": "{voucher}"}),
    Bad("other's", OTHER, "POST", f"{PARTNER}/vouchers/redeem", 403, "ERR_VOUCHER_PARTNER",
        {"voucherCode": "{voucher}"}),
    Bad("number", INSTITUTION, "POST", f"{PARTNER}/vouchers/redeem", 422, "voucherCode", {"voucherCode": 1}),
    Bad("other's", OTHER, "POST", f"{PARTNER}/completions", 403, "ERR_VOUCHER_PARTNER",
        {"voucherCode": "{voucher}", "name": "Ani", "score": 80}),
    Bad("101", INSTITUTION, "POST", f"{PARTNER}/completions", 422, "score",
        {"voucherCode": "{voucher}", "name": "Ani", "score": 101}),
    # Whatever it is.
    Bad("no JSON", "ani", "POST", ORDERS, 422, "ERR_VALIDATION", raw=b"{"),
    Bad("a list", "ani", "POST", ORDERS, 422, "ERR_VALIDATION", raw=b"[]"),
    Bad("too large", "ani", "POST", ORDERS, 413, "ERR_HTTP_413", raw=b" " * 65_537),
    Bad("no such path", "ani", "GET", "/api/v1/tidak-ada", 404, "ERR_HTTP_404"),
    Bad("other method", "ani", "DELETE", ORDERS, 405, "ERR_HTTP_405"),
]  # fmt: skip


def ids(market):
    return {"class": course_id(SITE, market, COURSE), "other_class": course_id(SITE, market, "roti-101")}


def signed(market, institution, raw):
    key = market.sandboxes.credential_of(market.sandbox, institution).sign_key
    signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-Partner": institution, "X-Signature": signature}


def is_envelope(told):
    return list(told) == ["success", "message", "code", "data"] and told["success"] is False


@pytest.fixture(scope="module")
def shop():
    return Shop("pijar", ids)


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: f"{bad.method} {bad.path}: {bad.what}")
def test_bad_input_is_refused_and_changes_nothing(shop, bad):
    check_refused(shop, bad, signed, is_envelope)


def test_the_table_knows_every_endpoint():
    assert uncovered(FACE, TABLE, [("GET", "/api/v1/categories")]) == []
