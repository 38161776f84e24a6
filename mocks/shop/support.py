"""A marketplace's support: reviews, complaints about orders, and the refunds that come of them.

The marketplace's `SITE`, or a setting in its place, says how long an answer takes and what is paid back.
A refund that was allowed is carried out at Prakerja when its ticket is answered.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.ordering import order_of, own, settled
from prakerja_sim.mocks.shop.policies import refunds_of, support_of
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.mocks.shop.site import Page, Site, named, page_of
from prakerja_sim.simulator.marketplace import orders, refunds, reviews
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Refund, Review, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(orders.order_of, checkout.write_review)
def review(site: Site, call: Call, body: Any) -> Review:
    """Write a review, once the voucher was used."""
    order = own(site, call, body)
    return write_review(call, order, stars=body.rating, text=body.comment, anonymous=body.anonymous)


@refuses(orders.order_of, refunds.judge, checkout.void)
def complain(site: Site, call: Call, body: Any) -> Ticket:
    """Complain about an order; the topic `refund` asks for the money back."""
    return take_complaint(site, call, own(site, call, body), body.topic, body.description)


@refuses(orders.order_of)
def tickets(site: Site, call: Call, body: Any) -> Page[Ticket]:
    """The complaints that were made, the newest first; one order's, if one is named."""
    return page_of(call, tickets_of(site, call, body.order_id), body)


@refuses(complaints.ticket_of, complaints.reopen)
def reopen(site: Site, call: Call, body: Any) -> Ticket:
    """Say that the answer did not help; a refund is judged anew with a ticket of its own."""
    return reopened(site, call, named(call, body, "ticket_id")[1], body.description)


def write_review(
    call: Call, order: Order, *, stars: int, text: str, title: str = "", anonymous: bool = False
) -> Review:
    """Store a review, and pass it to Prakerja as long as it counts there."""
    with checkout.prakerja_refusals():
        return checkout.write_review(call, order, stars=stars, text=text, title=title, anonymous=anonymous)


def take_complaint(
    site: Site, call: Call, order: Order, topic: str, text: str, *, reason: str = ""
) -> Ticket:
    """Open a ticket about an order, which is settled before; `reason` is the buyer's word for the topic."""
    order = settled(site, call, order)
    with checkout.prakerja_refusals():
        return open_complaint(
            call,
            order,
            topic=topic,
            text=text,
            reason=reason,
            support=support_of(site, call.sandbox.settings),
            policy=refunds_of(site, call.sandbox.settings),
        )


def tickets_of(site: Site, call: Call, about: str) -> list[Ticket]:
    """The logged-in buyer's tickets, the newest first; only those about one order, if it is named."""
    if about:
        order_of(site, call, about)
    mine: list[Ticket] = call.ask(complaints.tickets, desk=site.code, asker=call.sender)
    return [one for one in mine if about in ("", one.about)]


def reopened(site: Site, call: Call, ticket: str, text: str) -> Ticket:
    """Open a ticket of the logged-in buyer again."""
    call.ask(complaints.ticket_of, desk=site.code, asker=call.sender, ticket=ticket)
    support = support_of(site, call.sandbox.settings)
    times = _seconds(support.take_up, support.answer)
    again: Ticket = call.do(complaints.reopen, ticket=ticket, text=text, **times)
    return again


def open_complaint(
    call: Call,
    order: Order,
    *,
    topic: str,
    text: str,
    support: Support,
    policy: Refunds,
    asker: Asker = Asker.BUYER,
    reason: str = "",
) -> Ticket:
    """Open a ticket; the topic `refund` asks for the money back, which the policy judges at once.

    Raises Rejected for what the policy refuses; and where support answers at once, Refused and
    NoReply as Prakerja does. A refusal leaves no ticket.
    """
    about: dict[str, Any] = {"order": order.id, "topic": topic, "text": text, "asker": asker.value}
    about |= {"reason": reason} if reason not in ("", topic) else {}
    answer = support.answer
    if topic == complaints.REFUND:
        answer = support.refund
        call.ask(refunds.judge, order=order.id, asker=asker, policy=policy)
        about |= {"granted": False} if policy.refused else {}
        if not answer and not policy.refused:
            checkout.void(call, order, asker=asker)
    ticket: Ticket = call.do(open_ticket, **about, **_seconds(min(support.take_up, answer), answer))
    return ticket


@command("support.open_ticket")
@refuses(refunds.check_request)
def open_ticket(
    world: Unit,
    *,
    order: str,
    topic: str,
    text: str,
    asker: str,
    take_up: int,
    answer: int,
    reason: str = "",
    granted: bool = True,
) -> Ticket:
    """Open a ticket about an order, for its buyer; the times are seconds."""
    if topic == complaints.REFUND and (answer or not granted):
        refunds.check_request(world, order=order)
    bought = world.need(Order, order)
    buyer = world.need(Shopper, bought.shopper)

    ticket = complaints.open_ticket(
        world,
        desk=bought.marketplace,
        asker=buyer.key,
        email=buyer.email,
        topic=topic,
        text=text,
        about=bought.id,
        take_up=take_up,
        answer=answer,
        reason=reason,
    )
    if topic != complaints.REFUND:
        return ticket
    if answer or not granted:
        refunds.request(world, order=order, asker=asker, ticket=ticket.id, granted=granted)
        if not answer:
            refunds.answer(world, ticket=ticket.id)
        return world.need(Ticket, ticket.id)
    world.put(world.need(Refund, order).but(ticket=ticket.id))  # the money was paid back before
    return complaints.close(world, ticket=ticket.id, event=Event.RESOLVE, answer=complaints.PAID_BACK)


@carries("review_report")
def tell_review(call: Call, order: str) -> None:
    """Tell Prakerja of a review to which it has not answered."""
    review: Review | None = call.ask(reviews.untold, order=order)
    if review is not None:
        with suppress(Refused, NoReply):
            checkout.pass_on_review(call, call.ask(Unit.need, kind=Order, key=order), review)


@carries("ticket_answered")
def refund_answered(call: Call, ticket: str) -> None:
    """Carry out the refund, if this answer approved one."""
    carry_out(call, call.ask(refunds.approved_by, ticket=ticket))


@carries("refund_retry")
def retry_refund(call: Call, order: str) -> None:
    """Carry out a refund that Prakerja did not answer, or that a kill cut short."""
    carry_out(call, call.ask(refunds.approved, order=order))


def carry_out(call: Call, refund: Refund | None) -> None:
    """Do an approved refund at Prakerja; without an answer, a due event tries again."""
    if refund is None:
        return
    order: Order = call.ask(Unit.need, kind=Order, key=refund.order)
    try:
        checkout.void(call, order, asker=refund.asker)
    except Rejected as refusal:
        call.do(refunds.refuse, order=order.id, reason=refusal.reason.value)
    except (Refused, NoReply):
        return  # `void` has noted it


def cancel_class(call: Call, course: str, policies: Callable[[str], Refunds]) -> dict[str, str]:
    """The organiser cancels a class: every order of it is paid back where the marketplace's policy lets him.

    Answers each paid order with its new status, or the reason why it stays.
    """
    outcomes: dict[str, str] = {}
    for order in call.ask(Unit.find, kind=Order, course=course):
        if order.status is not OrderStatus.ISSUED:
            continue
        try:
            policy = policies(order.marketplace)
            call.ask(refunds.judge, order=order.id, asker=Asker.ORGANISER, policy=policy)
            outcomes[order.id] = checkout.void(call, order, asker=Asker.ORGANISER).status.value
        except Rejected as refusal:
            outcomes[order.id] = refusal.reason.value
        except Refused as refusal:
            outcomes[order.id] = refusal.code
        except NoReply:
            outcomes[order.id] = Reason.NO_REPLY.value
    return outcomes


def _seconds(take_up: timedelta, answer: timedelta) -> dict[str, int]:
    return {"take_up": int(take_up.total_seconds()), "answer": int(answer.total_seconds())}
