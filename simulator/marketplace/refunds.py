"""Refunds: each marketplace's policy says who may ask and until when; one rule decides (R19, F16).

A refund is always the whole amount, since Prakerja's `void` cannot return a part of it
(`mocks.shop.checkout`).  Nobody gets money back for a voucher that was used.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import lifecycle, orders, vouchers, webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Refund, RefundStatus, Shopper
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

THE_SITE = "marketplace"
"""The asker of a refund if neither buyer nor organiser asked: the site itself."""


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


@refuses(
    Reason.ORDER_CLOSED,
    Reason.REFUND_NOT_OFFERED,
    vouchers.check_voucher,
    Reason.REFUND_TOO_LATE,
    Reason.REFUND_ASKED,
)
def judge(world: Unit, *, order: str, asker: Asker, policy: Refunds) -> None:
    """Refuse what the policy does not allow; the order of the reasons is their precedence."""
    record = world.need(Order, order)
    if record.status is not OrderStatus.ISSUED or record.paid_at is None:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status.value)
    if asker not in policy.askers:
        raise Rejected(Reason.REFUND_NOT_OFFERED)
    voucher = vouchers.voucher_of(world, order=order)
    assert voucher is not None, f"order {order} is paid and has no voucher"
    vouchers.check_voucher(
        world, marketplace=record.marketplace, code=voucher.code, institution=voucher.institution
    )
    late = policy.within is not None and world.now - record.paid_at > policy.within
    if asker is Asker.BUYER and late:
        raise Rejected(Reason.REFUND_TOO_LATE)
    refund = world.get(Refund, order)
    if refund is not None and refund.status in (RefundStatus.REQUESTED, RefundStatus.APPROVED):
        raise Rejected(Reason.REFUND_ASKED)


def request(world: Unit, *, order: str, asker: str, ticket: str) -> Refund:
    """Note a refund that the policy allows; the money goes back when its ticket is answered."""
    record = world.need(Order, order)

    world.subject = subject(record.shopper)
    refund = Refund(record.id, record.marketplace, asker, RefundStatus.REQUESTED, world.now, ticket)
    world.put(refund)
    return refund


def approved(world: Unit, *, order: str) -> Refund | None:
    """The refund of an order, if it waits to be carried out."""
    refund = world.get(Refund, order)
    return refund if refund is not None and refund.status is RefundStatus.APPROVED else None


def approved_by(world: Unit, *, ticket: str) -> Refund | None:
    """The refund that a ticket asked for, if it waits to be carried out."""
    refund = approved(world, order=world.need(Ticket, ticket).about)
    return refund if refund is not None and refund.ticket == ticket else None


@command("refunds.pay_back")
def pay_back(world: Unit, *, order: str, asker: str = THE_SITE) -> Order:
    """Prakerja voided the purchase: the voucher is not valid any more."""
    record = world.need(Order, order)
    voucher = vouchers.voucher_of(world, order=order)
    assert voucher is not None, f"order {order} was refunded without a voucher"

    world.subject = subject(record.shopper)
    changed = record.but(status=orders.ORDER[record.status, "refund"])
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
    changed = record.but(status=orders.ORDER[record.status, "refund"])
    world.put(changed)
    _settle(world, record, THE_SITE)
    webhooks_outbox.tell(world, changed, "order.refunded")
    return changed


@command("refunds.refuse")
def refuse(world: Unit, *, order: str, reason: str) -> Refund:
    """A refund that was allowed cannot be carried out any more."""
    refund = world.need(Refund, order)
    record = world.need(Order, order)

    world.subject = subject(record.shopper)
    status = lifecycle.REFUND[refund.status, Event.REFUSE]
    refused = refund.but(status=status, decided_at=world.now, reason=reason)
    world.put(refused)
    if refund.ticket is not None:
        complaints.close(world, ticket=refund.ticket, event=Event.REFUSE, answer=complaints.NOT_PAID_BACK)
    return refused


def _settle(world: Unit, order: Order, asker: str) -> None:
    """Close the refund and its ticket, or note a refund that nobody asked for."""
    refund = world.get(Refund, order.id)
    if refund is None:
        status = RefundStatus.PAID_BACK
        world.put(Refund(order.id, order.marketplace, asker, status, world.now, decided_at=world.now))
        buyer = world.need(Shopper, order.shopper)
        text = f"Nomor pesanan: {order.id}\n{complaints.PAID_BACK}"
        messages.mail(world, buyer.email, order.marketplace, "Dana dikembalikan", text)
        return
    world.put(refund.but(status=RefundStatus.PAID_BACK, decided_at=world.now, reason=None))
    ticket = world.get(Ticket, refund.ticket) if refund.ticket else None
    if ticket is not None and ticket.status in (TicketStatus.OPEN, TicketStatus.IN_PROGRESS):
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
    elif refund.status is RefundStatus.REQUESTED:
        world.put(refund.but(status=lifecycle.REFUND[refund.status, Event.APPROVE]))
    elif refund.status is RefundStatus.PAID_BACK:
        complaints.close(world, ticket=record.id, event=Event.RESOLVE, answer=complaints.PAID_BACK)
    elif refund.status is RefundStatus.REFUSED:
        complaints.close(world, ticket=record.id, event=Event.REFUSE, answer=complaints.NOT_PAID_BACK)
