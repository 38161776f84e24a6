"""Pay an order with a Kartu Prakerja: the marketplace calls Prakerja over HTTP.

Between the units of work the signed API is called.  When its answer is lost nobody knows
whether the card was debited, so the order stays pending and `payment/status` decides; the money
is never requested a second time without that check (F11).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.prakerja_client import MEANS, PrakerjaClient, Refused
from prakerja_sim.simulator.marketplace import orders, paying, refunds, reviews, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Review, Voucher
from prakerja_sim.simulator.programme import completion, payment
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import Refusing, reasons_of, refuses

PAYMENT_UNKNOWN = "ERRPLT40099"
"""Prakerja's code for an invoice that was never paid; any other refusal leaves it open."""
Supply = Callable[[Call, Order, str], str]
"""Gets a paid order's voucher from its supplier by the transaction; raises NoReply if there is none yet."""
ALREADY_VOIDED = "ERRPLT40028"
"""Prakerja's code for a repeated void, whose first answer was lost."""
FINAL = (Reason.VOID_AFTER_REDEEM, Reason.TRANSACTION_UNKNOWN, Reason.PAYMENT_UNKNOWN)
"""Refusals of a void by which Prakerja stays; after any other one the shop asks again."""


@contextmanager
def prakerja_refusals() -> Iterator[None]:
    """Turn what Prakerja refuses, or its silence, into a refusal that the marketplace words itself."""
    try:
        yield
    except Refused as refused:
        raise Rejected(refused.reason, message=refused.message) from None
    except NoReply as silence:
        raise Rejected(Reason.NO_REPLY, lost=str(silence)) from None


def over_the_wire(*operations: Refusing) -> tuple[Reason, ...]:
    """What asking Prakerja for these operations may end in, with `prakerja_refusals`.

    Reasons that share a code come as one; a code that means nothing here is SERVICE_UNAVAILABLE.
    """
    reasons = (reason for reason in reasons_of(*operations) if reason in MEANS.values())
    return (*reasons, Reason.SERVICE_UNAVAILABLE, Reason.NO_REPLY)


@refuses(paying.check_card_form, paying.take_card, *over_the_wire(payment.send_otp))
def enter_card(call: Call, order: Order, card: str) -> Order:
    """Give Prakerja the card; it validates the purchase and texts the OTP.

    Raises Rejected for what the marketplace itself refuses, Refused with Prakerja's own code
    for the rest, NoReply when nothing came back.
    """
    paying.check_card_form(card)
    if order.status not in (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP):
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    token = _prakerja(call, order).send_otp(
        card=card,
        user=order.shopper.partition("/")[2],
        course=order.course,
        schedule=order.schedule,
        amount=order.total.amount,
    )
    changed: Order = call.do(paying.take_card, order=order.id, card=card, token=token)
    return changed


@refuses(paying.ask_payment, *over_the_wire(payment.authorize))
def enter_otp(
    call: Call,
    order: Order,
    otp: str,
    *,
    form: str,
    title: str,
    invoice_url: str,
    supply: Supply | None = None,
) -> Voucher:
    """Pay with the OTP and hand over the voucher, whose code another may supply.

    Pressed twice, the second press finds the voucher.  Raises as `enter_card` does; NoReply too
    while a voucher that is paid for has not been supplied.
    """
    if order.status is OrderStatus.PENDING:
        order = settle(call, order, form=form, title=title, supply=supply)
    if order.status is OrderStatus.ISSUED:
        return _voucher(call, order)
    if order.token is None:
        raise Rejected(Reason.ORDER_CLOSED, status=order.status)
    order = call.do(paying.ask_payment, order=order.id)  # a card may have been entered meanwhile
    assert order.token is not None, f"order {order.id} is being paid without a token"
    try:
        transaction = _prakerja(call, order).authorize(
            token=order.token, otp=otp, invoice_code=order.invoice, invoice_url=invoice_url
        )
    except Refused as refused:
        if refused.is_open:
            raise NoReply(str(refused)) from None
        call.do(paying.refuse_payment, order=order.id)
        raise
    form = supply(call, order, transaction) if supply else form
    issued: Voucher = call.do(
        paying.issue_voucher, order=order.id, transaction=transaction, form=form, title=title
    )
    return issued


def settle(call: Call, order: Order, *, form: str, title: str, supply: Supply | None = None) -> Order:
    """Find out what became of a pending order; still pending if Prakerja, or the supplier, has no answer."""
    if order.status is not OrderStatus.PENDING:
        return order
    find_out(call, order, form=form, title=title, supply=supply)
    settled: Order = call.ask(
        orders.order_of, marketplace=order.marketplace, shopper=order.shopper, order=order.id
    )
    return settled


def find_out(call: Call, order: Order, *, form: str, title: str, supply: Supply | None = None) -> bool:
    """Ask for the status of an order's payment and act on it; False if that did not bring it to an end."""
    try:
        state = _prakerja(call, order).status(invoice_code=order.invoice)
    except NoReply:
        return False
    except Refused as refused:
        if refused.code != PAYMENT_UNKNOWN:
            return False
        call.do(paying.not_paid, order=order.id)
        return True
    transaction = str(state["transaction_code"])
    try:
        form = supply(call, order, transaction) if supply else form
    except NoReply:  # not supplied yet, or given up and paid back
        return False
    call.do(paying.issue_voucher, order=order.id, transaction=transaction, form=form, title=title)
    return True


@refuses(refunds.reserve, refunds.pay_back, *over_the_wire(payment.void))
def void(call: Call, order: Order, asker: str = refunds.THE_SITE) -> Order:
    """Take a paid order back at Prakerja and cancel its voucher (R19); the policy was judged before.

    The voucher is locked first, so nobody can redeem it meanwhile.  It stays locked while nobody knows
    whether Prakerja did it: then the clock, or whoever asks again, goes on here.  A repeated void changes
    nothing at Prakerja, and its refusal says that the first one was done.  Raises as `enter_card` does.
    """
    order = call.do(refunds.reserve, order=order.id, asker=asker)
    assert order.transaction is not None, f"order {order.id} was reserved without a transaction"
    try:
        _prakerja(call, order).void(invoice_code=order.invoice, transaction_code=order.transaction)
    except NoReply:
        call.do(refunds.ask_again, order=order.id)
        raise
    except Refused as refused:
        if refused.is_open:
            call.do(refunds.ask_again, order=order.id)
            raise NoReply(str(refused)) from None
        if refused.code != ALREADY_VOIDED:
            final = refused.reason in FINAL
            call.do(refunds.release, order=order.id, reason=refused.reason.value, final=final)
            raise
    changed: Order = call.do(refunds.pay_back, order=order.id, asker=asker)
    return changed


@refuses(reviews.write, *over_the_wire(completion.take_review))
def write_review(
    call: Call, order: Order, *, stars: int, text: str, title: str = "", anonymous: bool = False
) -> Review:
    """Keep a review ("Tulis Ulasan"); as long as it counts for the incentive, tell Prakerja of it (R33).

    Written again, the first one is passed on once more, should its answer have been lost.
    """
    before: Review | None = call.ask(reviews.of_order, order=order.id)
    wish = {"anonymous": True} if anonymous else {}
    written = {"stars": stars, "text": text, "title": title} | wish
    review: Review = before or call.do(reviews.write, order=order.id, **written)
    if review.asked_at is not None:
        pass_on_review(call, order, review)
    if before is not None:
        raise Rejected(Reason.ALREADY_REVIEWED, order=order.id)
    return review


def pass_on_review(call: Call, order: Order, review: Review) -> None:
    """Tell Prakerja of a review; without an answer the clock does it again.  Raises as `enter_card` does."""
    try:
        _prakerja(call, order).pass_on_review(
            invoice_code=order.invoice, stars=review.stars, review=review.text
        )
    except NoReply:
        call.do(reviews.tell_later, order=order.id)
        raise
    except Refused as refused:
        call.do(reviews.tell_later if refused.is_open else reviews.told, order=order.id)
        raise
    call.do(reviews.told, order=order.id)


@refuses(*over_the_wire(completion.report))
def report_completion(call: Call, order: Order, *, name: str, score: int) -> None:
    """Pass an institution's report on to Prakerja; nothing of a purchase that no card paid."""
    if order.card is None:
        return
    _prakerja(call, order).report_completion(invoice_code=order.invoice, name=name, score=score)


def _voucher(call: Call, order: Order) -> Voucher:
    voucher: Voucher = call.ask(vouchers.voucher_of, order=order.id)
    return voucher


def _prakerja(call: Call, order: Order) -> PrakerjaClient:
    return PrakerjaClient.of(call.parties, call.sandbox, order.marketplace)
