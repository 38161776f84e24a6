"""Karier.mu's paths: what each does and takes, how it answers, what it leads to (marketplaces 5)."""

from typing import Any

from prakerja_sim.mocks.http.bodies import validated
from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Call, Provenance, Unauthorized
from prakerja_sim.mocks.kariermu import envelope, fields
from prakerja_sim.mocks.kariermu.codes import NAMES
from prakerja_sim.mocks.kariermu.envelope import listed, shown
from prakerja_sim.mocks.shop import account, catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.routes import Route
from prakerja_sim.mocks.shop.site import Page, Site, page_of
from prakerja_sim.simulator.marketplace.records import OrderStatus

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
AUTH, PAY, ONE = "/v2/auth", "/payment/prakerja", "/transaction/<order_id>"
MINE, ENROLLED = (
    f"/{what}/<user_id>/<page>/<limit>" for what in ("transaction", "program_activity/enrolled")
)
METHODS = [{"group": "Program Pemerintah", "name": "Kartu Prakerja", "code": "prakerja"}]
RECEIVED = shown(envelope.complaint, "Keluhan diterima")


def transactions(site: Site, call: Call) -> Page[Purchase]:
    """The user's transactions in pages, the newest first; a pending one is settled by the look."""
    return ordering.history(site, call, _page(call))


def enrolled(site: Site, call: Call) -> Page[Purchase]:
    """The programs that the user bought and that were not taken back."""
    wanted = _page(call)
    bought = [one for one in ordering.mine(site, call) if one.status is OrderStatus.ISSUED]
    return page_of(call, bought, wanted).of(lambda one: ordering.purchase(site, call, one))


def _page(call: Call) -> Any:
    """The page that the path names, of the user's own."""
    if call.path["user_id"] != call.sender.partition("/")[2]:
        raise Unauthorized("somebody else's transactions")
    return validated({name: call.path[name] for name in ("page", "limit")}, shop.spelt(shop.Paged, NAMES))


def _sent(sent: ordering.Sent) -> Any:
    return {"order_id": sent.order.id, "otp_length": sent.digits, "expires_in": sent.seconds}


def _groups(groups: dict[str, list[str]]) -> Any:
    return [{"category": name, "institutions": groups[name]} for name in groups]


GUESTS = (
    Route("POST", f"{AUTH}/register", SIMULATED, account.register, envelope.logged_in, fields.Register),
    Route("POST", f"{AUTH}/login", SEEN, account.login, envelope.logged_in, shop.Login),
    Route(
        "POST",
        f"{AUTH}/password/forgot",
        SIMULATED,
        account.forgot,
        shown(lambda one: {"email": one.email}),
        shop.Forgotten,
    ),
    Route("POST", f"{AUTH}/password/reset", SIMULATED, account.reset, envelope.logged_in, shop.Reset),
    Route("GET", "/program/prakerja", INFERRED, catalogue.search, listed(envelope.program), fields.Search),
    Route("GET", "/program/prakerja/filter", INFERRED, catalogue.groups, shown(_groups)),
    Route("GET", "/program/detail/<slug>", INFERRED, catalogue.detail, shown(envelope.program_page)),
    Route(
        "GET",
        "/program/review/<slug>",
        INFERRED,
        catalogue.reviews,
        listed(lambda one: {"rating": one.stars, "review": one.text}),
    ),
)
BUYERS = (
    Route("POST", f"{AUTH}/me-v2", SEEN, account.me, shown(envelope.profile)),
    Route("POST", f"{AUTH}/otp", INFERRED, account.send_code, shown(lambda one: {"phone": one.phone})),
    Route("POST", f"{AUTH}/otp/verify", INFERRED, account.verify, shown(envelope.profile), shop.Code),
    Route("POST", f"{PAY}/order", INFERRED, ordering.order, shown(envelope.transaction), shop.NewOrder),
    Route(
        "POST",
        f"{PAY}/promo",
        INFERRED,
        ordering.promo,
        shown(lambda one: {"promo_code": one.promo, "discount": one.amount.amount}),
        shop.Promo,
    ),
    Route("POST", f"{PAY}/methods", INFERRED, ordering.methods, shown(lambda _: METHODS), shop.Which),
    Route("POST", f"{PAY}/card", INFERRED, ordering.card, shown(_sent), fields.Card),
    Route("POST", f"{PAY}/otp/resend", INFERRED, ordering.resend, shown(_sent), shop.Which),
    Route("POST", f"{PAY}/otp", INFERRED, ordering.pay, envelope.payment, fields.Otp),
    Route("GET", ENROLLED, SEEN, enrolled, listed(envelope.enrolled)),
    Route("GET", MINE, INFERRED, transactions, listed(envelope.transaction)),
    Route("GET", ONE, INFERRED, ordering.one_order, shown(envelope.transaction)),
    Route(
        "POST",
        f"{ONE}/email",
        INFERRED,
        ordering.resend_mail,
        shown(lambda one: {"order_id": one.order.id}, "Email dikirim"),
    ),
    Route(
        "POST",
        f"{ONE}/review",
        INFERRED,
        support.review,
        shown(lambda one: {"order_id": one.order, "rating": one.stars}, "Terima kasih atas ulasan Anda"),
        shop.Review,
    ),
    Route("POST", "/complaint", INFERRED, support.complain, RECEIVED, shop.Complaint),
    Route("POST", "/complaint/<complaint_id>/reopen", INFERRED, support.reopen, RECEIVED, shop.Again),
    Route("GET", "/complaint", INFERRED, support.tickets, listed(envelope.complaint), shop.About),
)
INSTITUTIONS = (
    Route("POST", "/partner/voucher/check", SIMULATED, partner_api.check, envelope.judged, shop.Voucher),
    Route("POST", "/partner/voucher/redeem", SIMULATED, partner_api.redeem, envelope.judged, shop.Voucher),
    Route("POST", "/partner/completion", SIMULATED, partner_api.report, envelope.judged, shop.CompletionOf),
)

DETAIL, ORDER = ("GET", "/program/detail/<slug>"), ("POST", f"{PAY}/order")
LISTED = {"slug": "$response.body#/data/0/slug"}
ORDERED = {"order_id": "$response.body#/data/order_id"}
LINKS = {
    ("GET", "/program/prakerja"): (
        Link("look at the first", DETAIL, parameters=LISTED),
        Link("read its reviews", ("GET", "/program/review/<slug>"), parameters=LISTED),
    ),
    DETAIL: (Link("order it", ORDER, {"slug": "$response.body#/data/slug"}),),
    ORDER: (
        Link("see how to pay", ("POST", f"{PAY}/methods"), ORDERED),
        Link("enter the card", ("POST", f"{PAY}/card"), ORDERED),
        Link("enter the OTP", ("POST", f"{PAY}/otp"), ORDERED),
        Link("look at the order", ("GET", ONE), parameters=ORDERED),
        Link("complain about it", ("POST", "/complaint"), ORDERED),
    ),
}
