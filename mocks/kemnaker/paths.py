"""Kemnaker's paths: what each does and takes, how it answers, what it leads to (marketplaces 4).

The two real hosts are mounted as `/account` and `/api`.
"""

from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Provenance
from prakerja_sim.mocks.kemnaker import envelope, fields, grades, sso
from prakerja_sim.mocks.kemnaker.envelope import data, judged, paginated
from prakerja_sim.mocks.shop import account, catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.account import CODE_SECONDS
from prakerja_sim.mocks.shop.routes import as_it_is, get, post

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
ACCOUNT, USERS = "/account/api/v1", "/account/api/v1/users"
SKILLHUB, SUPPORT = "/api/skillhub", "/api/care/v1/tickets"
CATALOGUE, PARTNER, REVIEWS = (
    f"{SKILLHUB}/{what}" for what in ("catalogue/v1", "partner/v1", "review/v1/reviews")
)
TRAININGS = f"{CATALOGUE}/trainings"
TRAINING, ORDERS = f"{TRAININGS}/<training_id>", f"{SKILLHUB}/order/v1/orders"
ORDER = f"{ORDERS}/<order_id>"
PAY, METHODS, CERTIFICATES = f"{ORDER}/payments/prakerja", f"{ORDER}/payment-methods", f"{ORDER}/certificates"
CARD = {"code": "kartu_prakerja", "name": "Kartu Prakerja", "group": "Program Pemerintah", "active": True}
FREE = {"code": "gratis", "name": "Gratis", "group": "Program Pemerintah", "active": False}

GUESTS = (
    get("/account/auth", sso.authorise, as_it_is, sso.Authorise, provenance=SEEN),
    post("/account/auth", sso.allow, as_it_is, provenance=SEEN),
    get("/account/auth/login", sso.login_page, as_it_is, provenance=SEEN),
    post("/account/auth/login", sso.web_login, as_it_is, sso.WebLogin, provenance=SEEN),
    post(f"{ACCOUNT}/tokens", sso.tokens, as_it_is, sso.Grant, provenance=SEEN),
    post(USERS, account.register, data(envelope.user, 201), shop.Register, provenance=SIMULATED),
    post(
        f"{ACCOUNT}/password/forgot",
        account.forgot,
        data(lambda one: {"email": one.email}),
        shop.Forgotten,
        provenance=SIMULATED,
    ),
    post(f"{ACCOUNT}/password/reset", account.reset, data(envelope.user), shop.Reset, provenance=SIMULATED),
    get(TRAININGS, catalogue.search, paginated(envelope.row), fields.Search, provenance=SEEN),
    get(
        f"{CATALOGUE}/vocationals",
        catalogue.categories,
        data(lambda names: [{"code": name, "name": name} for name in names]),
        shop.Query,
    ),
    get(
        f"{CATALOGUE}/institutions",
        catalogue.institutions,
        data(lambda codes: [envelope.institution(code) for code in codes]),
        shop.Category,
    ),
    get(TRAINING, catalogue.detail, data(envelope.training)),
    get(f"{TRAINING}/reviews", catalogue.reviews, paginated(envelope.review), fields.Paged),
)
BUYERS = (
    get(f"{USERS}/me", sso.me, data(dict), provenance=SEEN),
    post(
        f"{USERS}/me/phone/otp",
        account.send_code,
        data(lambda one: {"phone": one.phone, "expires_in": CODE_SECONDS}),
    ),
    post(f"{USERS}/me/phone/verify", account.verify, data(envelope.user), shop.Code),
    post(ORDERS, ordering.order, data(envelope.order, 201), shop.NewOrder),
    get(ORDERS, ordering.history, paginated(envelope.order), fields.Paged),
    get(ORDER, ordering.one_order, data(envelope.order)),
    get(METHODS, ordering.methods, data(lambda _: [CARD, FREE])),
    post(PAY, ordering.card, data(envelope.sent), shop.Card),
    post(f"{PAY}/otp", ordering.resend, data(envelope.sent)),
    post(f"{PAY}/confirm", ordering.pay, envelope.paid, shop.Otp),
    post(
        f"{ORDER}/voucher-email",
        ordering.resend_mail,
        data(lambda one: {"order_id": one.order.id, "status": "terkirim"}, 202),
    ),
    post(
        REVIEWS,
        support.review,
        data(lambda one: {"order_id": one.order, "rating": one.stars}, 201),
        fields.Review,
    ),
    post(SUPPORT, support.complain, data(envelope.ticket, 201), shop.Complaint),
    get(SUPPORT, support.tickets, paginated(envelope.ticket), fields.About),
    post(f"{SUPPORT}/<ticket_id>/reopen", support.reopen, data(envelope.ticket), shop.Again),
    get(CERTIFICATES, grades.certificates, data(list), provenance=SEEN),
)
INSTITUTIONS = (
    get(f"{PARTNER}/vouchers/<code>", partner_api.check, judged()),
    post(f"{PARTNER}/vouchers/<code>/redeem", partner_api.redeem, judged()),
    post(f"{PARTNER}/completions", grades.completion, judged(201), fields.Finished, provenance=SIMULATED),
    post(f"{PARTNER}/marks", grades.grade, judged(201), fields.Grade, provenance=SIMULATED),
)

LISTED = {"training_id": "$response.body#/data/0/id"}
ORDERED, CHOSEN = {"order_id": "$response.body#/data/id"}, {"training_id": "$response.body#/data/id"}
LINKS = {
    ("GET", TRAININGS): (
        Link("look at the first", ("GET", TRAINING), parameters=LISTED),
        Link("read its reviews", ("GET", f"{TRAINING}/reviews"), parameters=LISTED),
    ),
    ("GET", TRAINING): (Link("order it", ("POST", ORDERS), CHOSEN),),
    ("POST", ORDERS): (
        Link("see how to pay", ("GET", METHODS), parameters=ORDERED),
        Link("enter the card", ("POST", PAY), parameters=ORDERED),
        Link("enter the OTP", ("POST", f"{PAY}/confirm"), parameters=ORDERED),
        Link("look at the order", ("GET", ORDER), parameters=ORDERED),
        Link("see its certificates", ("GET", CERTIFICATES), parameters=ORDERED),
        Link("complain about it", ("POST", SUPPORT), ORDERED),
        Link("see all complaints about it", ("GET", SUPPORT), parameters=ORDERED),
    ),
}
