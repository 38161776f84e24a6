"""Pijar's paths: what each does and takes, how it answers, what it leads to (marketplaces 3)."""

from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Provenance
from prakerja_sim.mocks.pijar import envelope, fields, steps
from prakerja_sim.mocks.pijar.envelope import judged, paged, said
from prakerja_sim.mocks.shop import account, catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.routes import Route

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
    Route(
        "POST",
        f"{AUTH}/register",
        SEEN,
        account.register,
        said(envelope.logged_in, VERIFY, 201),
        fields.Register,
    ),
    Route(
        "POST",
        f"{AUTH}/login",
        INFERRED,
        account.login,
        said(envelope.logged_in, "Selamat datang kembali."),
        fields.Login,
    ),
    Route(
        "POST",
        f"{AUTH}/password/forgot",
        INFERRED,
        account.forgot,
        said(lambda one: {"email": one.email}, "Kode dikirim ke e-mail Anda."),
        shop.Forgotten,
    ),
    Route(
        "POST",
        f"{AUTH}/password/reset",
        INFERRED,
        account.reset,
        said(envelope.logged_in, "Kata sandi diperbarui."),
        fields.Reset,
    ),
    Route(
        "POST",
        f"{AUTH}/phone/otp",
        INFERRED,
        account.phone_otp,
        said(envelope.code_sent, "OTP dikirim."),
        fields.OfPhone,
    ),
    Route(
        "POST",
        f"{AUTH}/phone/verify",
        INFERRED,
        account.phone_verify,
        said(envelope.logged_in, "Nomor HP terverifikasi."),
        fields.CodeOfPhone,
    ),
    Route("GET", CLASSES, INFERRED, catalogue.search, paged(envelope.listed), fields.Search),
    Route("GET", f"{V1}/categories", INFERRED, catalogue.categories, said(list)),
    Route(
        "GET",
        f"{V1}/institutions",
        INFERRED,
        catalogue.institutions,
        said(lambda codes: [{"code": code, "name": code} for code in codes]),
        shop.Category,
    ),
    Route("GET", CLASS, INFERRED, catalogue.detail, said(envelope.page_of_class)),
    Route("GET", REVIEWS, INFERRED, catalogue.reviews, paged(envelope.review), shop.Paged),
)
BUYERS = (
    Route("GET", f"{AUTH}/me", INFERRED, account.me, said(envelope.user)),
    Route(
        "POST",
        ORDERS,
        INFERRED,
        ordering.order,
        said(envelope.order, "Pesanan dibuat. Silakan lanjutkan pembayaran.", 201),
        shop.NewOrder,
    ),
    Route(
        "POST",
        f"{V1}/promos/check",
        INFERRED,
        ordering.promo,
        said(envelope.discount, "Kode promo dapat digunakan."),
        shop.Promo,
    ),
    Route("GET", METHODS, INFERRED, ordering.methods, said(lambda _: [CARD, BANK]), fields.OrderQuery),
    Route(
        "POST",
        PAY,
        INFERRED,
        steps.card,
        said(lambda one: {"orderId": one.id, "total": one.total.amount}, "Tekan Kirim OTP."),
        shop.Card,
    ),
    Route("POST", f"{PAY}/otp", INFERRED, steps.otp, said(envelope.sent, SENT), fields.AnyCard),
    Route("POST", f"{PAY}/verify", INFERRED, ordering.pay, envelope.verified, shop.Otp),
    Route("GET", ORDERS, INFERRED, ordering.history, paged(envelope.order), shop.Paged),
    Route("GET", ORDER, INFERRED, ordering.one_order, said(envelope.order)),
    Route(
        "POST",
        f"{ORDER}/resend-email",
        INFERRED,
        ordering.resend_mail,
        said(lambda one: {"email": one.email}, "E-mail telah dikirim.", 202),
    ),
    Route("POST", f"{ORDER}/start", SEEN, steps.start, said(steps.opened, "Selamat belajar!")),
    Route(
        "POST",
        REVIEWS,
        INFERRED,
        steps.review,
        said(lambda one: {"orderId": one.order, "rating": one.stars}, "Terima kasih atas ulasan Anda.", 201),
        fields.Review,
    ),
    Route(
        "POST",
        TICKETS,
        INFERRED,
        support.complain,
        lambda one: envelope.success(envelope.ticket(one), one.answer or "Keluhan diterima.", 201),
        shop.Complaint,
    ),
    Route("GET", TICKETS, INFERRED, support.tickets, paged(envelope.ticket), shop.AboutPaged),
    Route(
        "POST",
        f"{TICKETS}/<ticket_no>/reopen",
        INFERRED,
        support.reopen,
        said(envelope.ticket, "Keluhan diterima."),
        shop.Again,
    ),
)
PARTNER = f"{V1}/partner"
INSTITUTIONS = (
    Route("POST", f"{PARTNER}/vouchers/check", INFERRED, partner_api.check, judged(), shop.Voucher),
    Route(
        "POST",
        f"{PARTNER}/vouchers/redeem",
        INFERRED,
        partner_api.redeem,
        judged("Voucher digunakan."),
        shop.Voucher,
    ),
    Route(
        "POST",
        f"{PARTNER}/completions",
        SIMULATED,
        partner_api.report,
        judged("Laporan diteruskan ke Prakerja."),
        shop.CompletionOf,
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
