"""What a buyer says afterwards: a review ("Tulis Ulasan"), a complaint, a wish for the money back."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.face import Call, Provenance
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, support
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.mocks.tokopedia.catalogue import feedback_id
from prakerja_sim.mocks.tokopedia.codes import SITE
from prakerja_sim.mocks.tokopedia.graphql import (
    PRINTABLE,
    Id,
    Short,
    Text,
    Variables,
    errors,
    operation,
    unsuccessful,
)
from prakerja_sim.mocks.tokopedia.history import OrderQuery, order_of
from prakerja_sim.mocks.tokopedia.pay import settled
from prakerja_sim.mocks.tokopedia.words import CARE, MARKETPLACE, REFUNDS, from_prakerja, said
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason

INFERRED = Provenance.INFERRED
TICKET_STATES = {
    TicketStatus.OPEN: "OPEN",
    TicketStatus.IN_PROGRESS: "IN_PROGRESS",
    TicketStatus.RESOLVED: "SOLVED",
    TicketStatus.REFUSED: "REJECTED",
}

Review = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTABLE)]


class SubmitReview(OrderQuery):
    """Stars and words for a class."""

    productRating: Annotated[int, Field(ge=1, le=5)]  # noqa: N815
    message: Review
    isAnonymous: bool = False  # noqa: N815


class CreateTicket(OrderQuery):
    """A complaint; the reason `refund` asks for the money back."""

    reason: Text
    detail: Review


class Tickets(Variables):
    """Whose complaints: all, or those about one order."""

    orderID: Short = ""  # noqa: N815


class ReopenTicket(Variables):
    """A complaint that was answered in vain."""

    ticketID: Id  # noqa: N815
    detail: Review


@operation(
    "productrevSubmitReview",
    "productrevSubmitReview",
    SubmitReview,
    provenance=INFERRED,
    refusal=unsuccessful,
    login=True,
    refuses=(Reason.ORDER_UNKNOWN, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED),
)
def submit_review(call: Call, asked: SubmitReview) -> dict[str, Any]:
    """Write a review ("Tulis Ulasan"), once the voucher was used."""
    order = order_of(call, asked.orderID)
    checkout.write_review(call, order, stars=asked.productRating, text=asked.message)
    return {"success": True, "message": "", "feedbackID": feedback_id(order.id)}


@operation(
    "contactUsCreateTicket",
    "contactUsCreateTicket",
    CreateTicket,
    provenance=INFERRED,
    refusal=unsuccessful,
    login=True,
    refuses=(
        Reason.ORDER_UNKNOWN,
        Reason.ORDER_CLOSED,
        Reason.VOUCHER_USED,
        Reason.VOUCHER_EXPIRED,
        Reason.VOUCHER_CANCELLED,
        Reason.REFUND_NOT_OFFERED,
        Reason.REFUND_TOO_LATE,
        Reason.REFUND_ASKED,
        Reason.VOID_AFTER_REDEEM,
    ),
)
def create_ticket(call: Call, asked: CreateTicket) -> dict[str, Any]:
    """Complain; money is given back in full to the card as long as the voucher is unused."""
    order = settled(call, order_of(call, asked.orderID))
    try:
        ticket = support.open_complaint(
            call, order, topic=asked.reason, text=asked.detail, support=CARE, policy=REFUNDS
        )
    except Refused as refused:
        return unsuccessful(from_prakerja(refused.code))
    except NoReply:
        return unsuccessful(said(Reason.NO_REPLY))
    return {"success": True, "message": ticket.answer or "Keluhan diterima.", **_ticket(ticket)}


@operation(
    "contactUsGetTickets",
    "contactUsGetTickets",
    Tickets,
    provenance=INFERRED,
    refusal=errors,
    login=True,
)
def get_tickets(call: Call, asked: Tickets) -> dict[str, Any]:
    """The complaints that were made, the newest first; one order's, if one is named."""
    desk = MARKETPLACE.code
    mine: list[Ticket] = call.ask(complaints.tickets, desk=desk, asker=call.sender)
    shown = [one for one in mine if asked.orderID in ("", one.about)]
    return {"tickets": [_ticket(one) for one in shown], "errors": []}


@operation(
    "contactUsReopenTicket",
    "contactUsReopenTicket",
    ReopenTicket,
    provenance=INFERRED,
    refusal=unsuccessful,
    login=True,
    refuses=(Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN),
)
def reopen_ticket(call: Call, asked: ReopenTicket) -> dict[str, Any]:
    """Say that the answer did not help."""
    again = support.reopened(SITE, call, asked.ticketID, asked.detail)
    return {"success": True, "message": "Keluhan diterima.", **_ticket(again)}


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticketID": ticket.id,
        "orderID": ticket.about,
        "reason": ticket.topic,
        "status": TICKET_STATES[ticket.status],
        "answer": ticket.answer,
        "createTime": ticket.opened_at.isoformat(),
        "answerTime": ticket.answer_at.isoformat(),
    }
