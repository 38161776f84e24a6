"""Karier.mu's paths: what each does and takes, how it answers, what it leads to (marketplaces 5)."""

from typing import Any

from prakerja_sim.mocks.http.bodies import validated
from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Call, Provenance, Unauthorized
from prakerja_sim.mocks.kariermu import envelope, fields
from prakerja_sim.mocks.kariermu.codes import NAMES, program_number
from prakerja_sim.mocks.kariermu.envelope import Enrolled, listed, success_of
from prakerja_sim.mocks.shop import account, catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.routes import get, post
from prakerja_sim.mocks.shop.site import Page, Site, page_of
from prakerja_sim.simulator.marketplace.records import OrderStatus

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED
AUTH, PAY, ONE = "/v2/auth", "/payment/prakerja", "/transaction/<order_id>"
MINE, ENROLLED = (
    f"/{what}/<user_id>/<page>/<limit>" for what in ("transaction", "program_activity/enrolled")
)
METHODS = [{"group": "Program Pemerintah", "name": "Kartu Prakerja", "code": "prakerja"}]
RECEIVED = success_of(envelope.complaint, "Keluhan diterima")


def transactions(site: Site, call: Call, _: fields.From) -> Page[Purchase]:
    """The user's transactions in pages, the newest first; a pending one is settled by the look."""
    return ordering.history(site, call, _page(call))


def enrolled(site: Site, call: Call, _: fields.From) -> Page[Enrolled]:
    """The programs that the user bought and that were not taken back."""
    request = _page(call)
    bought = [one for one in ordering.mine(site, call) if one.status is OrderStatus.ISSUED]
    shown = page_of(call, bought, request).of(lambda one: ordering.purchase(site, call, one))
    return shown.of(lambda one: Enrolled(one, program_number(call, one.course.code)))


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
    post(f"{AUTH}/register", account.register, envelope.logged_in, shop.Register, provenance=SIMULATED),
    post(f"{AUTH}/login", account.login, envelope.logged_in, shop.Login, provenance=SEEN),
    post(
        f"{AUTH}/password/forgot",
        account.forgot,
        success_of(lambda one: {"email": one.email}),
        shop.Forgotten,
        provenance=SIMULATED,
    ),
    post(f"{AUTH}/password/reset", account.reset, envelope.logged_in, shop.Reset, provenance=SIMULATED),
    get("/program/prakerja", catalogue.search, listed(envelope.program), fields.Search),
    get("/program/prakerja/filter", catalogue.groups, success_of(_groups), fields.From),
    get("/program/detail/<slug>", catalogue.detail, success_of(envelope.program_page)),
    get(
        "/program/review/<slug>",
        catalogue.reviews,
        listed(lambda one: {"rating": one.stars, "review": one.text}),
        fields.From,
    ),
)
BUYERS = (
    post(f"{AUTH}/me-v2", account.me, success_of(envelope.profile), provenance=SEEN),
    post(f"{AUTH}/otp", account.send_code, success_of(lambda one: {"phone": one.phone})),
    post(f"{AUTH}/otp/verify", account.verify, success_of(envelope.profile), shop.Code),
    post(f"{PAY}/order", ordering.order, success_of(envelope.transaction), shop.NewOrder),
    post(
        f"{PAY}/promo",
        ordering.promo,
        success_of(lambda one: {"promo_code": one.promo, "discount": one.amount.amount}),
        shop.Promo,
    ),
    post(f"{PAY}/methods", ordering.methods, success_of(lambda _: METHODS), shop.Which),
    post(f"{PAY}/card", ordering.card, success_of(_sent), fields.Card),
    post(f"{PAY}/otp/resend", ordering.resend, success_of(_sent), shop.Which),
    post(f"{PAY}/otp", ordering.pay, envelope.payment, fields.Otp),
    get(ENROLLED, enrolled, listed(envelope.enrolled), fields.From, provenance=SEEN),
    get(MINE, transactions, listed(envelope.transaction), fields.From),
    get(ONE, ordering.one_order, success_of(envelope.transaction)),
    post(
        f"{ONE}/email",
        ordering.resend_mail,
        success_of(lambda one: {"order_id": one.order.id}, "Email dikirim"),
    ),
    post(
        f"{ONE}/review",
        support.review,
        success_of(lambda one: {"order_id": one.order, "rating": one.stars}, "Terima kasih atas ulasan Anda"),
        shop.Review,
    ),
    post("/complaint", support.complain, RECEIVED, shop.Complaint),
    post("/complaint/<complaint_id>/reopen", support.reopen, RECEIVED, shop.Again),
    get("/complaint", support.tickets, listed(envelope.complaint), fields.About),
)
INSTITUTIONS = (
    post("/partner/voucher/check", partner_api.check, envelope.judged, shop.Voucher, provenance=SIMULATED),
    post("/partner/voucher/redeem", partner_api.redeem, envelope.judged, shop.Voucher, provenance=SIMULATED),
    post("/partner/completion", partner_api.report, envelope.judged, shop.CompletionOf, provenance=SIMULATED),
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
