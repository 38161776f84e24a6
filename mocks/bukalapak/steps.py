"""What only Bukalapak does: the OTP in a header, terms and invoices, the card that is checked before.

What needs an OTP is asked for twice: the first time the code is sent, the second time the same request
carries it in `Bukalapak-OTP-Key`.  The check of the card looks at the number and at whether this account
has paid with another one.
"""

from collections.abc import Callable
from typing import Any

from prakerja_sim.mocks.bukalapak import fields, tokens
from prakerja_sim.mocks.bukalapak.codes import KINDS, place
from prakerja_sim.mocks.bukalapak.fields import otp_key, page, queried
from prakerja_sim.mocks.bukalapak.words import OTP_NEEDED, done, refusal
from prakerja_sim.mocks.http.face import Call, Malformed, Reply
from prakerja_sim.mocks.http.problems import about
from prakerja_sim.mocks.shop import catalogue, checkout, ordering, support
from prakerja_sim.mocks.shop.account import account_of
from prakerja_sim.mocks.shop.catalogue import Offer, course_of
from prakerja_sim.mocks.shop.ordering import Purchase, Sent
from prakerja_sim.mocks.shop.site import Page, Site
from prakerja_sim.simulator.marketplace import accounts, orders, paying, refunds
from prakerja_sim.simulator.marketplace.records import ChosenName, Order, Review, Shopper
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.records import Course, Ticket
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SORTS = {
    "": (lambda course: course.code, False),
    "title": (lambda course: course.title, False),
    "price": (lambda course: course.price.amount, False),
    "-price": (lambda course: course.price.amount, True),
}


# The account


@refuses(Reason.ACCOUNT_TAKEN)
def register(_: Site, call: Call, body: fields.NewUser) -> Shopper:
    """Open an account, with its phone not yet confirmed."""
    digest = tokens.digest_of(body.phone, body.password)
    about = {"name": body.name, "phone": body.phone, "email": body.email, "password": digest}
    chosen = {"username": body.username} if body.username else {}
    opened: Shopper = call.do(open_account, **about, **chosen)
    return opened


def me(_: Site, call: Call) -> Shopper:
    """Who is logged in."""
    return account_of(call)


@refuses(accounts.verify_phone)
def activate(site: Site, call: Call, body: fields.TfaStatus) -> Reply:
    """Confirm the account's phone with the OTP that is sent there."""
    account = account_of(call)

    def confirm(code: str) -> None:
        call.do(accounts.verify_phone, shopper=account.key, code=code)

    return _with_otp(site, call, account, confirm, {"state": body.state})


@refuses(accounts.find_account, accounts.change_password)
def reset_password(site: Site, call: Call, body: fields.NewPassword) -> Reply:
    """Put another password in a forgotten one's place, with an OTP; logins with the old one end."""
    account: Shopper = call.ask(accounts.find_account, marketplace=site.code, login=body.phone)
    digest = tokens.digest_of(body.phone, body.password)

    def change(code: str) -> None:
        call.do(accounts.change_password, shopper=account.key, code=code, password=digest)

    masked = f"{account.phone[:4]}****{account.phone[-3:]}"
    return _with_otp(site, call, account, change, {"phone": masked})


@command("bukalapak.open_account")
@refuses(Reason.ACCOUNT_TAKEN)
def open_account(
    world: Unit, *, name: str, phone: str, email: str, password: str, username: str = ""
) -> Shopper:
    """Open an account for a phone, an e-mail and, if one is chosen, a user name that have none."""
    about = {"name": name, "phone": phone, "email": email, "password": password}
    for login in ("phone", "email"):
        if world.find(Shopper, marketplace=tokens.CODE, limit=1, **{login: about[login]}):
            raise Rejected(Reason.ACCOUNT_TAKEN, unsaid={login: about[login]})
    name_key = accounts.name_key(tokens.CODE, username)
    if username and world.get(ChosenName, name_key) is not None:
        raise Rejected(Reason.ACCOUNT_TAKEN, username=username)

    opened = accounts.sign_up(world, marketplace=tokens.CODE, **about)
    if username:
        opened = opened.but(username=username)
        world.put(opened)
        world.put(ChosenName(name_key, opened.key))
    return opened


# Looking around


def products(_: Site, call: Call) -> Page[Course]:
    """The shop's own search, in which courses stand among its products."""
    return page(call, catalogue.matching(call, queried(call, "keywords")))


@refuses(catalogue.matching)
def courses(site: Site, call: Call) -> Page[Offer]:
    """Courses by words, category, provider and type."""
    criteria = [queried(call, name) for name in ("keywords", "category_id", "provider_id")]
    kind, sort = queried(call, "type"), queried(call, "sort")
    if kind not in ("", *KINDS.values()):
        raise Malformed(fields.one_of("type", KINDS.values()))
    if sort not in SORTS:
        raise Malformed(fields.one_of("sort", filter(None, SORTS)))
    by, backwards = SORTS[sort]
    rows = [one for one in catalogue.matching(call, *criteria) if kind in ("", KINDS[one.kind])]
    part = page(call, sorted(rows, key=by, reverse=backwards))
    return part.of(lambda course: catalogue.offer(site, call, course, rated=True))


@refuses(catalogue.giving)
def providers(_: Site, call: Call) -> list[str]:
    """The institutions, all or those with a course of a category."""
    return catalogue.giving(call, queried(call, "category_id"))


@refuses(Reason.COURSE_UNKNOWN)
def reviews(site: Site, call: Call) -> Page[Review]:
    """What buyers wrote about a course."""
    return page(call, catalogue.reviews(site, call).rows)


# Ordering


@refuses(
    Reason.TERMS_NOT_ACCEPTED,
    Reason.PHONE_UNVERIFIED,
    Reason.COURSE_UNKNOWN,
    Reason.SCHEDULE_UNKNOWN,
    Reason.QUOTA_EXHAUSTED,
    Reason.PROMO_UNKNOWN,
)
def order_course(site: Site, call: Call, body: fields.NewTransaction) -> Purchase:
    """Press "YA" on the terms: order the course."""
    if not body.tnc_accepted:
        raise Rejected(Reason.TERMS_NOT_ACCEPTED, tnc_accepted=body.tnc_accepted)
    arguments = {"course": body.course_id, "schedule": body.schedule_id, "promo": body.voucher_code}
    return ordering.purchase(site, call, call.do(place, shopper=call.sender, **arguments))


@refuses(Reason.PROMO_UNKNOWN, Reason.COURSE_UNKNOWN, Reason.ORDER_UNKNOWN)
def validate_voucher(site: Site, call: Call, body: fields.Promo) -> Rupiah:
    """Try a promo code; nothing is kept of it until the course is ordered."""
    transaction = body.transactions[0]
    if transaction.id is not None:
        course: str = ordering.order_of(site, call, transaction.id).course
    elif transaction.course_id is not None:
        course = course_of(site, call, transaction.course_id).code
    else:
        raise Malformed(about("transactions.0", "needs id or course_id", "butuh id atau course_id"))
    discount: Rupiah = call.ask(orders.discount_of, course=course, promo=body.voucher_code)
    return discount


@refuses(orders.order_of, Reason.ORDER_CLOSED)
def create_invoice(site: Site, call: Call, body: fields.NewInvoice) -> Purchase:
    """Make the bill of a transaction; asked again for an unpaid one, it is the same bill."""
    order = ordering.order_of(site, call, body.transactions[0].id)
    return ordering.purchase(site, call, ordering.payable(order))


def invoices(site: Site, call: Call) -> Page[Purchase]:
    """All bills, the newest first."""
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    return page(call, mine).of(lambda one: looked_at(site, call, one))


@refuses(Reason.ORDER_UNKNOWN)
def invoice(site: Site, call: Call) -> Purchase:
    """Open "Detail Tagihan": a bill with its coupon, once it is paid."""
    return looked_at(site, call, ordering.own(site, call))


def looked_at(site: Site, call: Call, order: Order) -> Purchase:
    """An order; a pending one is settled first."""
    return ordering.purchase(site, call, ordering.settled(site, call, order))


# Paying


@refuses(orders.order_of, Reason.ORDER_CLOSED, Reason.CARD_MALFORMED, Reason.ACCOUNT_BOUND)
def check_card(site: Site, call: Call, body: Any) -> str:
    """Check the card number: its form, and that this account has not paid with another."""
    _check(call, ordering.own(site, call), body.card_number)
    return f"{'*' * 12}{body.card_number[-4:]}"


@refuses(orders.order_of, checkout.enter_card, checkout.enter_otp)
def pay(site: Site, call: Call, body: Any) -> Sent | Purchase:
    """Press "Bayar", and with the OTP in the headers "Verifikasi"; asked again once paid, it is paid."""
    order, otp = ordering.own(site, call), otp_key(call)
    if not otp:
        return _send_otp(site, call, order, body.card_number)
    if order.card != body.card_number:
        raise Rejected(Reason.TOKEN_UNKNOWN, card=body.card_number, otp_sent_for_card=order.card)
    return ordering.paid(site, call, order, otp)


@refuses(orders.order_of, Reason.TOKEN_UNKNOWN, checkout.enter_card)
def resend_otp(site: Site, call: Call) -> Sent:
    """Ask for another OTP, which replaces the older one."""
    order = ordering.own(site, call)
    if order.card is None:
        raise Rejected(Reason.TOKEN_UNKNOWN, order=order.id, card=None)
    return _send_otp(site, call, order, order.card)


# Afterwards


@refuses(orders.order_of, checkout.write_review)
def review(site: Site, call: Call, body: Any) -> Review:
    """Write a review, once the coupon was used."""
    words = {"stars": body.rating, "text": body.comment, "title": body.title}
    return support.write_review(call, ordering.own(site, call), **words)


@refuses(orders.order_of, refunds.judge, checkout.void)
def ask_refund(site: Site, call: Call, body: fields.RefundRequest) -> Ticket:
    """Ask for the money back; it goes to the card in full as long as the coupon is unused."""
    why = f"{body.reason}: {body.description}"
    order = ordering.own(site, call)
    return support.take_complaint(site, call, order, complaints.REFUND, why, reason=body.reason)


@refuses(orders.order_of)
def list_complaints(site: Site, call: Call) -> Page[Ticket]:
    """The complaints that were made, the newest first; one transaction's, if it is named."""
    return page(call, support.tickets_of(site, call, queried(call, "transaction_id")))


def _with_otp(
    site: Site, call: Call, account: Shopper, act: Callable[[str], Any], answer: dict[str, str]
) -> Reply:
    """Send a code, or do what the code that came allows."""
    code = otp_key(call)
    if not code:
        by = "mail" if call.headers.get("Bukalapak-OTP-Method") == "email" else "sms"
        call.do(accounts.send_code, shopper=account.key, sender=site.title, by=by)
        return refusal(OTP_NEEDED)
    act(code)
    return done(answer)


def _send_otp(site: Site, call: Call, order: Order, card: str) -> Sent:
    order = ordering.settled(site, call, order)
    _check(call, order, card)
    return ordering.send_otp(site, call, order, card)


def _check(call: Call, order: Order, card: str) -> None:
    paying.check_card_form(card)
    ordering.payable(order)
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    for one in mine:
        if one.paid_at and one.card != card:
            raise Rejected(Reason.ACCOUNT_BOUND, card=card, paid_before_with_card=one.card)
