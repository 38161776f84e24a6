"""Paying an order by card: the units of work between which `mocks.shop.checkout` asks Prakerja.

No unit of work is open while Prakerja is asked.  An order is pending from before the request until its
answer, or Prakerja's status, says what happened; the due event `payment_inquiry` asks for the status of
one whose answer was lost, or cut off by a kill.
"""

from prakerja_sim.simulator.marketplace import vouchers, webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.lifecycle import ATTEMPT, ORDER
from prakerja_sim.simulator.marketplace.records import (
    Attempt,
    AttemptStatus,
    Order,
    OrderStatus,
    Shopper,
    Voucher,
)
from prakerja_sim.simulator.programme.records import Course, Schedule
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import (
    CardNumber,
    PaymentToken,
    TransactionCode,
    is_card_number,
)
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@command("orders.take_card")
@refuses(Reason.ORDER_CLOSED)
def take_card(world: Unit, *, order: str, card: str, token: PaymentToken) -> Order:
    """Prakerja accepted the card and sent the OTP; too late for an order that is being paid meanwhile."""
    record = world.need(Order, order)
    if (record.status, "card") not in ORDER:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status)

    world.subject = subject(record.shopper)
    if record.token is not None and record.token != token:
        _attempted(world, record, "replace")
    status = ORDER[record.status, "card"]
    changed = record.but(status=status, card=CardNumber(card), token=token)
    world.put(changed)
    opened = Attempt(f"{order}/{token}", record.id, token, CardNumber(card), AttemptStatus.OPENED, world.now)
    world.put(opened)
    return changed


@command("orders.ask_payment")
@refuses(Reason.ORDER_CLOSED)
def ask_payment(world: Unit, *, order: str) -> Order:
    """The marketplace is going to ask Prakerja for the money; from now on the result may be unknown."""
    record = world.need(Order, order)
    if (record.status, "ask") not in ORDER:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status)

    world.subject = subject(record.shopper)
    changed = planned(world, record.but(status=ORDER[record.status, "ask"], asks=record.asks + 1))
    _attempted(world, changed, "ask")
    return changed


@command("orders.refuse_payment")
def refuse_payment(world: Unit, *, order: str) -> Order:
    """Prakerja did not take the money.

    If another request is on its way, or its answer was lost, the clock still asks what became of it.
    """
    record = world.need(Order, order)
    if unresolved(world, order=order) is None:
        return record

    world.subject = subject(record.shopper)
    others = max(record.asks - 1, 0)
    return _refused(world, record.but(asks=others) if others else answered(world, record))


@command("orders.not_paid")
def not_paid(world: Unit, *, order: str) -> Order:
    """Prakerja's status says that nothing was paid: the buyer may try again.

    A request may still be on its way, so the clock asks for the status once more in its time.
    """
    record = world.need(Order, order)
    if unresolved(world, order=order) is None:
        return record

    world.subject = subject(record.shopper)
    over = record.asked_at is not None and world.now >= record.asked_at + schedule.PATIENCE
    return _refused(world, answered(world, record) if over else record)


def unresolved(world: Unit, *, order: str) -> Order | None:
    """The order, if Prakerja was asked for its money and may have taken it without a voucher being issued."""
    record = world.need(Order, order)
    open_ = record.status in (OrderStatus.PENDING, OrderStatus.WAITING_OTP)
    return record if open_ and record.asked_at is not None else None


@command("orders.ask_later")
def ask_later(world: Unit, *, order: str) -> None:
    """Prakerja did not say what became of the money, or the supplier has no voucher: ask once more later."""
    record = unresolved(world, order=order)
    if record is not None:
        world.subject = subject(record.shopper)
        planned(world, record)


@command("orders.issue_voucher")
def issue_voucher(world: Unit, *, order: str, transaction: str, form: str, title: str) -> Voucher:
    """Prakerja took the money: issue the voucher, once; the buyer gets it in the history and by e-mail.

    Its code has the marketplace's number format (see `simulator.marketplace.number_formats`).
    """
    record = world.need(Order, order)
    issued = vouchers.voucher_of(world, order=order)
    if issued is not None:
        return issued
    course = world.need(Course, record.course)
    run = world.need(Schedule, record.schedule)
    account = world.need(Shopper, record.shopper)

    world.subject = subject(record.shopper)
    voucher = vouchers.issue(world, order=record, course=course, schedule=run, number_format=form)
    paid = answered(world, record).but(
        status=ORDER[record.status, "pay"],
        transaction=TransactionCode(transaction),
        paid_at=world.now,
        voucher=voucher.code,
    )
    world.put(paid)
    _attempted(world, paid, "pay")
    webhooks_outbox.tell(world, paid, "order.paid", voucher)
    vouchers.mail_voucher(world, order=record.id, address=account.email, title=title, voucher=voucher.code)
    return voucher


@refuses(Reason.CARD_MALFORMED)
def check_card_form(card: str) -> None:
    """Sixteen digits, refused before Prakerja is asked (R01, F01)."""
    if not is_card_number(card):
        raise Rejected(Reason.CARD_MALFORMED, length=len(card), needed=16, digits_only=card.isdigit())


def answered(world: Unit, order: Order) -> Order:
    """The order, once it is known what Prakerja did; it need not be asked any more."""
    schedule.stop_waiting(world, "payment_inquiry", order.id, since=order.asked_at)
    return order.but(asks=0, asked_at=None)


def planned(world: Unit, order: Order) -> Order:
    """The order, about which Prakerja is asked again later, if there is no answer before."""
    asked = answered(world, order).but(asks=order.asks, asked_at=world.now)
    world.put(asked)
    schedule.await_answer(world, "payment_inquiry", order.id)
    return asked


def _refused(world: Unit, order: Order) -> Order:
    if order.status is OrderStatus.PENDING:
        order = order.but(status=ORDER[order.status, "refuse"])
        _attempted(world, order, "refuse")
    world.put(order)
    return order


def _attempted(world: Unit, order: Order, event: str) -> None:
    """Move the order's attempt to pay."""
    attempt = world.need(Attempt, f"{order.id}/{order.token}")
    status = ATTEMPT[attempt.status, event]
    over = status in (AttemptStatus.PAID, AttemptStatus.REPLACED)
    world.put(attempt.but(status=status, closed_at=world.now if over else None))


schedule.job("payment_inquiry", done="Prakerja is asked what became of a payment", resumes=True)
