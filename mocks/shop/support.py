"""A marketplace's customer service: complaints about orders, and the refunds that come of them.

How long the desk takes (`CARE`) and what it gives back (`REFUNDS`) is declared in the marketplace's
`words`.  A refund that was allowed is carried out at Prakerja when the desk answers.
"""

from collections.abc import Callable
from datetime import timedelta

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.marketplace import refunds
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Refund, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import REFUND, Care
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

ASK_AGAIN = timedelta(minutes=15)
"""From a refund that Prakerja did not answer until it is asked again (simulated)."""

FINAL = (Reason.VOID_AFTER_REDEEM, Reason.TRANSACTION_UNKNOWN, Reason.PAYMENT_UNKNOWN)
"""Prakerja's refusals that will not change; any other is trouble, and it is asked again."""


def complain(
    call: Call,
    order: Order,
    *,
    topic: str,
    text: str,
    care: Care,
    policy: Refunds,
    asker: Asker = Asker.BUYER,
) -> Ticket:
    """Open a ticket; the topic `refund` asks for the money back, which the policy judges at once.

    Raises Rejected for what the policy refuses; and where the desk answers at once, Refused and
    NoReply as Prakerja does. A refusal leaves no ticket.
    """
    about = {"order": order.id, "topic": topic, "text": text, "asker": asker.value}
    answer = care.answer
    if topic == REFUND:
        answer = care.refund
        call.ask(refunds.judge, order=order.id, asker=asker, policy=policy)
        if not answer:
            checkout.void(call, order, asker=asker)
    ticket: Ticket = call.do(open_ticket, **about, **_seconds(min(care.take_up, answer), answer))
    return ticket


@command("support.open_ticket")
def open_ticket(
    world: Unit, *, order: str, topic: str, text: str, asker: str, take_up: int, answer: int
) -> Ticket:
    """Open a ticket about an order, for its buyer; the times are seconds."""
    found = world.need(Order, order)
    buyer = world.need(Shopper, found.shopper)
    ticket = complaints.open_ticket(
        world,
        desk=found.marketplace,
        asker=buyer.key,
        email=buyer.email,
        topic=topic,
        text=text,
        about=found.id,
        take_up=take_up,
        answer=answer,
    )
    if topic != REFUND:
        return ticket
    if answer:
        refunds.request(world, order=order, asker=asker, ticket=ticket.id)
        return ticket
    refund = world.need(Refund, order)  # the money went back before
    world.put(refund.but(ticket=ticket.id))
    return complaints.close(world, ticket=ticket.id, event=Event.RESOLVE, answer=complaints.PAID_BACK)


def reopen(call: Call, *, desk: str, ticket: str, text: str, care: Care) -> Ticket:
    """Say that the answer did not help; a refund is judged anew with a ticket of its own."""
    call.ask(complaints.ticket_of, desk=desk, asker=call.sender, ticket=ticket)
    again: Ticket = call.do(
        complaints.reopen, ticket=ticket, text=text, **_seconds(care.take_up, care.answer)
    )
    return again


@carries("ticket_answered")
def refund_answered(call: Call, ticket: str) -> None:
    """Carry out the refund that this answer approved, if it did."""
    carry_out(call, call.ask(refunds.approved_by, ticket=ticket))


@carries("refund_retry")
def retry_refund(call: Call, order: str) -> None:
    """Carry out a refund that Prakerja did not answer."""
    carry_out(call, call.ask(refunds.approved, order=order))


def carry_out(call: Call, refund: Refund | None) -> None:
    """Do an approved refund at Prakerja; unanswered, it is asked again by the clock."""
    if refund is None:
        return
    order: Order = call.ask(Unit.need, kind=Order, key=refund.order)
    try:
        checkout.void(call, order, asker=refund.asker)
    except Rejected as refusal:
        call.do(refunds.refuse, order=order.id, reason=refusal.reason.value)
    except Refused as refusal:
        if refusal.reason in FINAL:
            call.do(refunds.refuse, order=order.id, reason=refusal.reason.value)
        else:
            call.do(ask_again, order=order.id)
    except NoReply:
        call.do(ask_again, order=order.id)


def cancel_class(call: Call, course: str, policies: Callable[[str], Refunds]) -> dict[str, str]:
    """The organiser cancels a class: every order of it is paid back where the marketplace's policy lets him.

    Answers each paid order with its new status, or the reason why it stays.
    """
    told: dict[str, str] = {}
    for order in call.ask(Unit.find, kind=Order, course=course):
        if order.status is not OrderStatus.ISSUED:
            continue
        try:
            policy = policies(order.marketplace)
            call.ask(refunds.judge, order=order.id, asker=Asker.ORGANISER, policy=policy)
            told[order.id] = checkout.void(call, order, asker=Asker.ORGANISER).status.value
        except Rejected as refusal:
            told[order.id] = refusal.reason.value
        except Refused as refusal:
            told[order.id] = refusal.code
        except NoReply:
            told[order.id] = Reason.NO_REPLY.value
    return told


@command("support.ask_again")
def ask_again(world: Unit, *, order: str) -> None:
    """Let the clock bring an unanswered refund back."""
    found = world.need(Order, order)
    world.subject = f"shopper:{found.shopper}"
    schedule.schedule(world, world.now + ASK_AGAIN, "refund_retry", order)


def _seconds(take_up: timedelta, answer: timedelta) -> dict[str, int]:
    return {"take_up": int(take_up.total_seconds()), "answer": int(answer.total_seconds())}


schedule.job("refund_retry", done="a refund is tried again")
