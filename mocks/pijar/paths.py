"""Pijar's paths: what each does and takes, how it answers, what it leads to (marketplaces 3)."""

from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Provenance
from prakerja_sim.mocks.pijar import envelope, fields, steps
from prakerja_sim.mocks.pijar.envelope import judged, paged, success_of
from prakerja_sim.mocks.shop import account, catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.routes import get, post

INFERRED, SEEN, SIMULATED = Provenance.INFERRED, Provenance.SEEN, Provenance.SIMULATED
V1 = "/api/v1"
AUTH, CLASSES, ORDERS, TICKETS = f"{V1}/auth", f"{V1}/classes", f"{V1}/orders", f"{V1}/tickets"
CLASS, ORDER = f"{CLASSES}/<class_id>", f"{ORDERS}/<order_id>"
REVIEWS, PAY, METHODS = f"{CLASS}/reviews", f"{ORDER}/prakerja", f"{V1}/payment-methods"
CARD = {"code": "KARTU_PRAKERJA", "name": "Kartu Prakerja", "group": "Program Pemerintah", "enabled": True}
BANK = {"code": "VA", "name": "Virtual Account", "group": "Transfer Bank", "enabled": False}
VERIFY = "Pendaftaran berhasil. Verifikasi nomor HP Anda."
SENT = "OTP dikirim ke nomor HP yang terdaftar di Prakerja."

GUESTS = (
    post(
        f"{AUTH}/register",
        account.register,
        success_of(envelope.logged_in, VERIFY, 201),
        fields.Register,
        provenance=SEEN,
    ),
    post(
        f"{AUTH}/login",
        account.login,
        success_of(envelope.logged_in, "Selamat datang kembali."),
        fields.Login,
    ),
    post(
        f"{AUTH}/password/forgot",
        account.forgot,
        success_of(lambda one: {"email": one.email}, "Kode dikirim ke e-mail Anda."),
        shop.Forgotten,
    ),
    post(
        f"{AUTH}/password/reset",
        account.reset,
        success_of(envelope.logged_in, "Kata sandi diperbarui."),
        fields.Reset,
    ),
    post(
        f"{AUTH}/phone/otp", account.phone_otp, success_of(envelope.code_sent, "OTP dikirim."), fields.OfPhone
    ),
    post(
        f"{AUTH}/phone/verify",
        account.phone_verify,
        success_of(envelope.logged_in, "Nomor HP terverifikasi."),
        fields.CodeOfPhone,
    ),
    get(CLASSES, catalogue.search, paged(envelope.listed), fields.Search),
    get(f"{V1}/categories", catalogue.categories, success_of(list), shop.Query),
    get(
        f"{V1}/institutions",
        catalogue.institutions,
        success_of(lambda codes: [{"code": code, "name": code} for code in codes]),
        shop.Category,
    ),
    get(CLASS, catalogue.detail, success_of(envelope.page_of_class)),
    get(REVIEWS, catalogue.reviews, paged(envelope.review), shop.Paged),
)
BUYERS = (
    get(f"{AUTH}/me", account.me, success_of(envelope.user)),
    post(
        ORDERS,
        ordering.order,
        success_of(envelope.order, "Pesanan dibuat. Silakan lanjutkan pembayaran.", 201),
        shop.NewOrder,
    ),
    post(
        f"{V1}/promos/check",
        ordering.promo,
        success_of(envelope.discount, "Kode promo dapat digunakan."),
        shop.Promo,
    ),
    get(METHODS, ordering.methods, success_of(lambda _: [CARD, BANK]), fields.OrderQuery),
    post(
        PAY,
        steps.card,
        success_of(lambda one: {"orderId": one.id, "total": one.total.amount}, "Tekan Kirim OTP."),
        shop.Card,
    ),
    post(f"{PAY}/otp", steps.otp, success_of(envelope.sent, SENT), fields.AnyCard),
    post(f"{PAY}/verify", ordering.pay, envelope.verified, shop.Otp),
    get(ORDERS, ordering.history, paged(envelope.order), shop.Paged),
    get(ORDER, ordering.one_order, success_of(envelope.order)),
    post(
        f"{ORDER}/resend-email",
        ordering.resend_mail,
        success_of(lambda one: {"email": one.email}, "E-mail telah dikirim.", 202),
    ),
    post(f"{ORDER}/start", steps.start, success_of(steps.opened, "Selamat belajar!"), provenance=SEEN),
    post(
        REVIEWS,
        steps.review,
        success_of(
            lambda one: {"orderId": one.order, "rating": one.stars}, "Terima kasih atas ulasan Anda.", 201
        ),
        fields.Review,
    ),
    post(
        TICKETS,
        support.complain,
        lambda one: envelope.success(envelope.ticket(one), one.answer or "Keluhan diterima.", 201),
        shop.Complaint,
    ),
    get(TICKETS, support.tickets, paged(envelope.ticket), shop.AboutPaged),
    post(
        f"{TICKETS}/<ticket_no>/reopen",
        support.reopen,
        success_of(envelope.ticket, "Keluhan diterima."),
        shop.Again,
    ),
)
PARTNER = f"{V1}/partner"
INSTITUTIONS = (
    post(f"{PARTNER}/vouchers/check", partner_api.check, judged(), shop.Voucher),
    post(f"{PARTNER}/vouchers/redeem", partner_api.redeem, judged("Voucher digunakan."), shop.Voucher),
    post(
        f"{PARTNER}/completions",
        partner_api.report,
        judged("Laporan diteruskan ke Prakerja."),
        shop.CompletionOf,
        provenance=SIMULATED,
    ),
)

LISTED = {"class_id": "$response.body#/data/0/id"}
ORDERED, CHOSEN = {"order_id": "$response.body#/data/orderId"}, {"classId": "$response.body#/data/id"}
BY_ID = {"orderId": ORDERED["order_id"]}
LINKS = {
    ("GET", CLASSES): (
        Link("look at the first", ("GET", CLASS), parameters=LISTED),
        Link("read its reviews", ("GET", REVIEWS), parameters=LISTED),
    ),
    ("GET", CLASS): (Link("order it", ("POST", ORDERS), CHOSEN),),
    ("POST", ORDERS): (
        Link("see how to pay", ("GET", METHODS), parameters=BY_ID),
        Link("enter the card", ("POST", PAY), parameters=ORDERED),
        Link("have the OTP sent", ("POST", f"{PAY}/otp"), parameters=ORDERED),
        Link("enter the OTP", ("POST", f"{PAY}/verify"), parameters=ORDERED),
        Link("look at the order", ("GET", ORDER), parameters=ORDERED),
        Link("complain about it", ("POST", TICKETS), BY_ID),
    ),
}
