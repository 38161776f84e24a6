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
from prakerja_sim.mocks.shop.routes import Route, as_it_is

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
ACCOUNT, USERS = "/account/api/v1", "/account/api/v1/users"
SKILLHUB, CARE = "/api/skillhub", "/api/care/v1/tickets"
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
    Route("GET", "/account/auth", SEEN, sso.authorise, as_it_is, sso.Authorise),
    Route("POST", "/account/auth/login", SEEN, sso.web_login, as_it_is, sso.WebLogin),
    Route("POST", f"{ACCOUNT}/tokens", SEEN, sso.tokens, as_it_is, sso.Grant),
    Route("POST", USERS, SIMULATED, account.register, data(envelope.user, 201), shop.Register),
    Route(
        "POST",
        f"{ACCOUNT}/password/forgot",
        SIMULATED,
        account.forgot,
        data(lambda one: {"email": one.email}),
        shop.Forgotten,
    ),
    Route("POST", f"{ACCOUNT}/password/reset", SIMULATED, account.reset, data(envelope.user), shop.Reset),
    Route("GET", TRAININGS, SEEN, catalogue.search, paginated(envelope.row), fields.Search),
    Route(
        "GET",
        f"{CATALOGUE}/vocationals",
        INFERRED,
        catalogue.categories,
        data(lambda names: [{"code": name, "name": name} for name in names]),
    ),
    Route(
        "GET",
        f"{CATALOGUE}/institutions",
        INFERRED,
        catalogue.institutions,
        data(lambda codes: [envelope.institution(code) for code in codes]),
        shop.Category,
    ),
    Route("GET", TRAINING, INFERRED, catalogue.detail, data(envelope.training)),
    Route(
        "GET", f"{TRAINING}/reviews", INFERRED, catalogue.reviews, paginated(envelope.review), fields.Paged
    ),
)
BUYERS = (
    Route("GET", f"{USERS}/me", SEEN, account.me, data(envelope.user)),
    Route(
        "POST",
        f"{USERS}/me/phone/otp",
        INFERRED,
        account.send_code,
        data(lambda one: {"phone": one.phone, "expires_in": CODE_SECONDS}),
    ),
    Route("POST", f"{USERS}/me/phone/verify", INFERRED, account.verify, data(envelope.user), shop.Code),
    Route("POST", ORDERS, INFERRED, ordering.order, data(envelope.order, 201), shop.NewOrder),
    Route("GET", ORDERS, INFERRED, ordering.history, paginated(envelope.order), fields.Paged),
    Route("GET", ORDER, INFERRED, ordering.one_order, data(envelope.order)),
    Route("GET", METHODS, INFERRED, ordering.methods, data(lambda _: [CARD, FREE])),
    Route("POST", PAY, INFERRED, ordering.card, data(envelope.sent), shop.Card),
    Route("POST", f"{PAY}/otp", INFERRED, ordering.resend, data(envelope.sent)),
    Route("POST", f"{PAY}/confirm", INFERRED, ordering.pay, envelope.paid, shop.Otp),
    Route(
        "POST",
        f"{ORDER}/voucher-email",
        INFERRED,
        ordering.resend_mail,
        data(lambda one: {"order_id": one.order.id, "status": "terkirim"}, 202),
    ),
    Route(
        "POST",
        REVIEWS,
        INFERRED,
        support.review,
        data(lambda one: {"order_id": one.order, "rating": one.stars}, 201),
        fields.Review,
    ),
    Route("POST", CARE, INFERRED, support.complain, data(envelope.ticket, 201), shop.Complaint),
    Route("GET", CARE, INFERRED, support.tickets, paginated(envelope.ticket), fields.About),
    Route("POST", f"{CARE}/<ticket_id>/reopen", INFERRED, support.reopen, data(envelope.ticket), shop.Again),
    Route("GET", CERTIFICATES, SEEN, grades.certificates, data(list)),
)
INSTITUTIONS = (
    Route("GET", f"{PARTNER}/vouchers/<code>", INFERRED, partner_api.check, judged()),
    Route("POST", f"{PARTNER}/vouchers/<code>/redeem", INFERRED, partner_api.redeem, judged()),
    Route("POST", f"{PARTNER}/completions", SIMULATED, grades.completion, judged(201), fields.Finished),
    Route("POST", f"{PARTNER}/marks", SIMULATED, grades.grade, judged(201), fields.Grade),
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
        Link("complain about it", ("POST", CARE), ORDERED),
        Link("see all complaints about it", ("GET", CARE), parameters=ORDERED),
    ),
}
