"""What a buyer says afterwards: a review of a class, and a complaint to customer service."""

from typing import Any, Literal

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.pijar.buying import own, settled
from prakerja_sim.mocks.pijar.catalogue import course_of, paged
from prakerja_sim.mocks.pijar.fields import Body, Id, Long, Paged, Stars, Word, asked
from prakerja_sim.mocks.pijar.words import CARE, MARKETPLACE, REFUNDS, success
from prakerja_sim.mocks.shop import checkout, support
from prakerja_sim.simulator.marketplace import reviews
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected

INFERRED = Provenance.INFERRED
STATES = {
    TicketStatus.OPEN: "OPEN",
    TicketStatus.IN_PROGRESS: "IN_PROGRESS",
    TicketStatus.RESOLVED: "RESOLVED",
    TicketStatus.REFUSED: "REJECTED",
}


class Review(Body):
    """Stars and words for a class that was bought."""

    orderId: Id  # noqa: N815  # the wire's name
    rating: Stars
    comment: Long


class NewTicket(Body):
    """A complaint; the category `refund` asks for the money back."""

    orderId: Id  # noqa: N815
    category: Literal["refund", "otp", "card", "voucher", "account", "unfinished", "other"]
    description: Long


class Again(Body):
    """Why the answer did not help."""

    description: Long


class Tickets(Paged):
    """Whose complaints: all, or those about one order."""

    orderId: Word = ""  # noqa: N815


def review(call: Call, body: Review) -> Reply:
    """Write a review of a class, once it was opened."""
    course, order = course_of(call, call.path["class_id"]), own(call, body.orderId)
    if order.course != course.code:
        raise Rejected(Reason.ORDER_UNKNOWN)
    checkout.write_review(call, order, stars=body.rating, text=body.comment)
    return success({"orderId": order.id, "rating": body.rating}, "Terima kasih atas ulasan Anda.", 201)


def review_list(call: Call) -> Reply:
    """What buyers wrote about a class, the newest first."""
    course, wanted = course_of(call, call.path["class_id"]), asked(call, Paged)
    found = call.ask(reviews.of_course, marketplace=MARKETPLACE.code, course=course.code)
    rows = [
        {"rating": one.stars, "comment": one.text, "name": "Peserta", "createdAt": one.written_at.isoformat()}
        for one in found
    ]
    return paged(rows, wanted)


def ticket(call: Call, body: NewTicket) -> Reply:
    """Complain; money comes back in full within seven days, as long as the class is not open."""
    order = settled(call, own(call, body.orderId))
    with checkout.prakerja_asked():
        opened = support.complain(
            call, order, topic=body.category, text=body.description, care=CARE, policy=REFUNDS
        )
    return success(_shown(opened), opened.answer or "Keluhan diterima.", 201)


def ticket_list(call: Call) -> Reply:
    """The complaints that were made, the newest first; one order's, if one is named."""
    wanted = asked(call, Tickets)
    mine: list[Ticket] = call.ask(complaints.tickets, desk=MARKETPLACE.code, asker=call.sender)
    return paged([_shown(one) for one in mine if wanted.orderId in ("", one.about)], wanted)


def reopen(call: Call, body: Again) -> Reply:
    """Say that the answer did not help."""
    about = {"desk": MARKETPLACE.code, "ticket": call.path["ticket_no"]}
    return success(
        _shown(support.reopen(call, text=body.description, care=CARE, **about)), "Keluhan diterima."
    )


def add_to(face: Face) -> None:
    """Mount reviews and tickets."""
    at = "/api/v1/classes/<class_id>/reviews"
    unknown = (Reason.COURSE_UNKNOWN,)
    listed = face.endpoint(
        "GET", at, provenance=INFERRED, body=Paged, raw=True, refuses=unknown, open_to_all=True
    )
    listed(review_list)
    written = face.endpoint(
        "POST",
        at,
        provenance=INFERRED,
        body=Review,
        refuses=(*unknown, Reason.ORDER_UNKNOWN, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED),
    )
    written(review)
    complained = face.endpoint(
        "POST",
        "/api/v1/tickets",
        provenance=INFERRED,
        body=NewTicket,
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
            Reason.NO_REPLY,
            Reason.SERVICE_UNAVAILABLE,
        ),
    )
    complained(ticket)
    face.endpoint("GET", "/api/v1/tickets", provenance=INFERRED, body=Tickets, raw=True)(ticket_list)
    again = face.endpoint(
        "POST",
        "/api/v1/tickets/<ticket_no>/reopen",
        provenance=INFERRED,
        body=Again,
        refuses=(Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN),
    )
    again(reopen)


def _shown(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticketNo": ticket.id,
        "orderId": ticket.about,
        "category": ticket.topic,
        "status": STATES[ticket.status],
        "answer": ticket.answer,
        "createdAt": ticket.opened_at.isoformat(),
    }
