"""Refunds: each marketplace's policy says who may ask and until when; one rule decides (R19, F16).

A refund is always the whole amount, since Prakerja's `void` cannot return a part of it.  Nobody
gets money back for a voucher that was used, so a refund first locks the voucher (`reserve`), then
Prakerja is asked (`mocks.shop.checkout`), then it is settled (`pay_back`) or put back (`release`).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import lifecycle, paying, vouchers, webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Refund, RefundStatus, Shopper
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import messages, schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

THE_SITE = "marketplace"
"""The asker of a refund if neither buyer nor organiser asked: the site itself."""
WAITING = (RefundStatus.REQUESTED, RefundStatus.APPROVED)


class Asker(StrEnum):
    """Who may ask for a refund."""

    BUYER = "buyer"
    ORGANISER = "organiser"
    """The institution, whose class does not take place."""


@dataclass(frozen=True, slots=True)
class Refunds:
    """A marketplace's policy: `refunds` of its `SITE`."""

    askers: frozenset[Asker]
    within: timedelta | None = None
    """How long after paying the buyer may ask, that second included; None is until the voucher is used."""
    refused: bool = False
    """Whether the request is taken and then refused, instead of paid back in full."""


@refuses(
    Reason.ORDER_CLOSED,
    Reason.REFUND_NOT_OFFERED,
    vouchers.check_unused,
    Reason.REFUND_TOO_LATE,
    Reason.REFUND_ASKED,
)
def judge(world: Unit, *, order: str, asker: Asker, policy: Refunds) -> None:
    """Refuse what the policy does not allow; the order of the reasons is their precedence.

    Whoever asks while the void of a refund without a ticket has no answer yet asks for it once more.
    """
    record = world.need(Order, order)
    if record.status is not OrderStatus.ISSUED or record.paid_at is None:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status.value)
    if asker not in policy.askers or (policy.refused and asker is Asker.ORGANISER):
        raise Rejected(Reason.REFUND_NOT_OFFERED, asker=asker, may_ask=", ".join(sorted(policy.askers)))
    _unused(world, record)
    late = policy.within is not None and world.now - record.paid_at > policy.within
    if asker is Asker.BUYER and late:
        raise Rejected(Reason.REFUND_TOO_LATE, paid_at=record.paid_at, within=policy.within, at=world.now)
    _check_not_asked(world, order)


@refuses(Reason.ORDER_CLOSED, Reason.REFUND_ASKED)
def check_request(world: Unit, *, order: str) -> None:
    """A refund may be requested: its order is still paid, and no other ticket asks for the money."""
    record = world.need(Order, order)
    if record.status is not OrderStatus.ISSUED:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status.value)
    _check_not_asked(world, order)


def request(world: Unit, *, order: str, asker: str, ticket: str, granted: bool = True) -> Refund:
    """Note a request; when its ticket is answered the money goes back, or it is refused if not `granted`.

    One that Prakerja is being asked for already gets the ticket and goes on.
    """
    record = world.need(Order, order)
    before = world.get(Refund, order)

    world.subject = subject(record.shopper)
    about = (record.id, record.marketplace, asker, RefundStatus.REQUESTED, world.now, ticket)
    refund = Refund(*about, granted=granted)
    if before is not None and before.status is RefundStatus.SENDING:
        refund = before.but(ticket=ticket)
    world.put(refund)
    return refund


def approved(world: Unit, *, order: str) -> Refund | None:
    """The refund of an order, if it is to be carried out, or Prakerja's answer to it is missing."""
    refund = world.get(Refund, order)
    open_ = (RefundStatus.APPROVED, RefundStatus.SENDING)
    return refund if refund is not None and refund.status in open_ else None


def approved_by(world: Unit, *, ticket: str) -> Refund | None:
    """The refund that a ticket asked for, if it waits to be carried out."""
    refund = approved(world, order=world.need(Ticket, ticket).about)
    return refund if refund is not None and refund.ticket == ticket else None


@command("refunds.reserve")
@refuses(Reason.ORDER_CLOSED, vouchers.check_unused)
def reserve(world: Unit, *, order: str, asker: str = THE_SITE) -> Order:
    """Prakerja is going to be asked for the void: lock the voucher, until the refund is settled or put back.

    Whoever asks meanwhile goes on with the same refund.  What a kill leaves behind is carried on by the
    due event `refund_retry`.
    """
    record = world.need(Order, order)
    if record.status is not OrderStatus.ISSUED or record.transaction is None:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status.value)
    before = world.get(Refund, order)
    if before is not None and before.status is RefundStatus.SENDING:
        return record
    _unused(world, record)

    world.subject = subject(record.shopper)
    if before is None or before.status not in WAITING:
        before = Refund(record.id, record.marketplace, asker, RefundStatus.REQUESTED, world.now)
    _tried(world, before.but(status=lifecycle.REFUND[before.status, Event.RESERVE]))
    return record


@command("refunds.ask_again")
def ask_again(world: Unit, *, order: str) -> None:
    """Prakerja did not answer: the voucher stays locked, and the clock brings the refund back."""
    refund = world.need(Refund, order)
    if refund.status is not RefundStatus.SENDING or refund.tried_at == world.now:
        return

    world.subject = subject(world.need(Order, order).shopper)
    _tried(world, refund)


@command("refunds.release")
def release(world: Unit, *, order: str, reason: str, final: bool) -> Refund:
    """Prakerja refused the void: the voucher is free again.

    Unless the refusal is final, a refund with a ticket is tried again by the clock.
    """
    refund = world.need(Refund, order)
    if refund.status is not RefundStatus.SENDING:
        return refund
    if final or refund.ticket is None:
        return refuse(world, order=order, reason=reason)

    world.subject = subject(world.need(Order, order).shopper)
    return _tried(world, refund.but(status=lifecycle.REFUND[refund.status, Event.RELEASE]))


@command("refunds.pay_back")
@refuses(Reason.ORDER_CLOSED)
def pay_back(world: Unit, *, order: str, asker: str = THE_SITE) -> Order:
    """Prakerja voided the purchase: the voucher is not valid any more.

    Of several who asked at once the first has the refund; for the others it is over.
    """
    record = world.need(Order, order)
    voucher = vouchers.voucher_of(world, order=order)
    assert voucher is not None, f"order {order} was refunded without a voucher"
    if record.status is OrderStatus.REFUNDED:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status.value)

    world.subject = subject(record.shopper)
    changed = record.but(status=lifecycle.ORDER[record.status, "refund"])
    world.put(changed)
    cancelled = voucher.but(status=vouchers.VOUCHER[voucher.status, Event.CANCEL])
    world.put(cancelled)
    ledger.book(world, "voucher", bookings.voucher_cancelled(record.marketplace))
    _settle(world, record, asker)
    webhooks_outbox.tell(world, changed, "order.refunded", cancelled)
    return changed


@command("refunds.pay_back_undelivered")
def pay_back_undelivered(world: Unit, *, order: str) -> Order:
    """Prakerja voided a purchase that never got a voucher; the second time this does nothing."""
    record = world.need(Order, order)
    if record.status is OrderStatus.REFUNDED:
        return record

    world.subject = subject(record.shopper)
    changed = paying.answered(world, record).but(status=lifecycle.ORDER[record.status, "refund"])
    world.put(changed)
    _settle(world, record, THE_SITE)
    webhooks_outbox.tell(world, changed, "order.refunded")
    return changed


@command("refunds.refuse")
def refuse(world: Unit, *, order: str, reason: str) -> Refund:
    """A refund that was allowed cannot be carried out any more; one that is over stays as it is."""
    refund = world.need(Refund, order)
    record = world.need(Order, order)
    if (refund.status, Event.REFUSE) not in lifecycle.REFUND:
        return refund

    world.subject = subject(record.shopper)
    status = lifecycle.REFUND[refund.status, Event.REFUSE]
    refused = refund.but(status=status, decided_at=world.now, reason=reason)
    world.put(refused)
    _unplan(world, refund)
    if refund.ticket is not None:
        complaints.close(world, ticket=refund.ticket, event=Event.REFUSE, answer=complaints.NOT_PAID_BACK)
    return refused


def _unused(world: Unit, order: Order) -> None:
    """Refuse what a used, cancelled or expired voucher does not allow."""
    voucher = vouchers.voucher_of(world, order=order.id)
    assert voucher is not None, f"order {order.id} is paid and has no voucher"
    vouchers.check_unused(
        world, marketplace=order.marketplace, code=voucher.code, institution=voucher.institution
    )


def _check_not_asked(world: Unit, order: str) -> None:
    """Refuse while a ticket asks for the money."""
    refund = world.get(Refund, order)
    asked = (*WAITING, RefundStatus.SENDING) if refund is not None and refund.ticket is not None else WAITING
    if refund is not None and refund.status in asked:
        raise Rejected(Reason.REFUND_ASKED, refund=refund.status)


def _tried(world: Unit, refund: Refund) -> Refund:
    """The refund, for which Prakerja is asked again later, if this is not settled before."""
    _unplan(world, refund)
    tried = refund.but(tried_at=world.now)
    world.put(tried)
    schedule.await_answer(world, "refund_retry", refund.order)
    return tried


def _unplan(world: Unit, refund: Refund) -> None:
    schedule.stop_waiting(world, "refund_retry", refund.order, since=refund.tried_at)


def _turn_down(world: Unit, refund: Refund) -> None:
    """Refuse a request that the policy does not grant; the purchase stands."""
    status = lifecycle.REFUND[refund.status, Event.REFUSE]
    reason = Reason.REFUND_NOT_OFFERED.value
    world.put(refund.but(status=status, decided_at=world.now, reason=reason))
    assert refund.ticket is not None
    complaints.close(world, ticket=refund.ticket, event=Event.REFUSE, answer=complaints.NOT_GRANTED)


def _settle(world: Unit, order: Order, asker: str) -> None:
    """Close the refund and its ticket; tell the buyer of one without a ticket."""
    refund = world.get(Refund, order.id)
    if refund is None:
        refund = Refund(order.id, order.marketplace, asker, RefundStatus.SENDING, world.now)
    _unplan(world, refund)
    status = lifecycle.REFUND[refund.status, Event.PAY]
    world.put(refund.but(status=status, decided_at=world.now, reason=None))
    if refund.ticket is None:
        buyer = world.need(Shopper, order.shopper)
        text = f"Nomor pesanan: {order.number}\n{complaints.PAID_BACK}"
        messages.mail(world, buyer.email, order.marketplace, "Dana dikembalikan", text)
        return
    ticket = world.need(Ticket, refund.ticket)
    if ticket.status in (TicketStatus.OPEN, TicketStatus.IN_PROGRESS):
        complaints.close(world, ticket=ticket.id, event=Event.RESOLVE, answer=complaints.PAID_BACK)


@due_event("ticket_answered", about="ticket", done="the complaint is answered", carried=True)
def answer(world: Unit, *, ticket: str) -> None:
    """It is time to answer; a refund that was asked for is approved, and then the money goes back."""
    record = world.need(Ticket, ticket)
    world.subject = complaints.subject_of(record.desk, record.asker)
    if not complaints.may_be_answered(record):
        return
    refund = world.get(Refund, record.about) if record.topic == complaints.REFUND else None
    if refund is None:
        text = complaints.ANSWERS[record.topic]
        complaints.close(world, ticket=record.id, event=Event.RESOLVE, answer=text)
    elif refund.status is RefundStatus.REQUESTED and not refund.granted:
        _turn_down(world, refund)
    elif refund.status is RefundStatus.REQUESTED:
        world.put(refund.but(status=lifecycle.REFUND[refund.status, Event.APPROVE]))
    elif refund.status is RefundStatus.PAID_BACK:
        complaints.close(world, ticket=record.id, event=Event.RESOLVE, answer=complaints.PAID_BACK)
    elif refund.status is RefundStatus.REFUSED:
        text = complaints.NOT_PAID_BACK if refund.granted else complaints.NOT_GRANTED
        complaints.close(world, ticket=record.id, event=Event.REFUSE, answer=text)


schedule.job("refund_retry", done="a refund is tried again", resumes=True)
