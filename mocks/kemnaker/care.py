"""What a buyer says and sees afterwards: review, complaint, and the two certificates of a training."""

from typing import Any, Literal

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.kemnaker.fields import Body, Id, Long, Paged, Stars, Word, asked, paginated
from prakerja_sim.mocks.kemnaker.ordering import own, settled
from prakerja_sim.mocks.kemnaker.words import CARE, MARKETPLACE, REFUNDS, answer
from prakerja_sim.mocks.shop import checkout, support
from prakerja_sim.simulator.marketplace import grades
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason

INFERRED, SEEN = Provenance.INFERRED, Provenance.SEEN
TICKETS = "/care/v1/tickets"
STATES = {
    TicketStatus.OPEN: "diterima",
    TicketStatus.IN_PROGRESS: "diproses",
    TicketStatus.RESOLVED: "selesai",
    TicketStatus.REFUSED: "ditolak",
}
AT_TICKET = (
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
    Reason.REFUND_NOT_OFFERED,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)


class NewReview(Body):
    """Stars and words for a training that was bought."""

    order_id: Id
    rating: Stars
    comment: Long


class NewTicket(Body):
    """A complaint; the topic `refund` asks for the money back."""

    order_id: Id
    topic: Literal["refund", "otp", "card", "voucher", "account", "unfinished", "other"]
    description: Long


class Again(Body):
    """Why the answer did not help."""

    description: Long


class Tickets(Paged):
    """Whose complaints: all, or those about one order."""

    order_id: Word = ""


def review(call: Call, body: NewReview) -> Reply:
    """Write a review, once the voucher was redeemed."""
    order = own(call, body.order_id)
    with checkout.prakerja_asked():
        checkout.write_review(call, order, stars=body.rating, text=body.comment)
    return answer({"order_id": order.id, "rating": body.rating}, 201)


def certificates(call: Call) -> Reply:
    """The two certificates: the institution's, and the ministry's once the mark was entered (seen)."""
    return answer(call.ask(grades.certificates, order=own(call).id, ministry=MARKETPLACE.code))


def ticket(call: Call, body: NewTicket) -> Reply:
    """Complain; who bought cannot take it back, the organiser can."""
    order = settled(call, own(call, body.order_id))
    with checkout.prakerja_asked():
        opened = support.complain(
            call, order, topic=body.topic, text=body.description, care=CARE, policy=REFUNDS
        )
    return answer(_shown(opened), 201)


def ticket_list(call: Call) -> Reply:
    """The complaints that were made, the newest first; one order's, if one is named."""
    wanted = asked(call, Tickets)
    mine: list[Ticket] = call.ask(complaints.tickets, desk=MARKETPLACE.code, asker=call.sender)
    rows = [_shown(one) for one in mine if wanted.order_id in ("", one.about)]
    return paginated(rows, wanted, TICKETS)


def reopen(call: Call, body: Again) -> Reply:
    """Say that the answer did not help."""
    about = {"desk": MARKETPLACE.code, "ticket": call.path["ticket_id"]}
    return answer(_shown(support.reopen(call, text=body.description, care=CARE, **about)))


def add_to(face: Face) -> None:
    """Mount reviews, certificates and tickets."""
    unknown = (Reason.ORDER_UNKNOWN,)
    reviewed = (*unknown, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED)
    again = (Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN)
    for path, body, refuses, handler in (
        ("/skillhub/review/v1/reviews", NewReview, reviewed, review),
        (TICKETS, NewTicket, AT_TICKET, ticket),
        (f"{TICKETS}/<ticket_id>/reopen", Again, again, reopen),
    ):
        face.endpoint("POST", f"/api{path}", provenance=INFERRED, body=body, refuses=refuses)(handler)
    face.endpoint("GET", f"/api{TICKETS}", provenance=INFERRED, body=Tickets, raw=True)(ticket_list)
    shown = face.endpoint(
        "GET", "/api/skillhub/order/v1/orders/<order_id>/certificates", provenance=SEEN, refuses=unknown
    )
    shown(certificates)


def _shown(one: Ticket) -> dict[str, Any]:
    return {
        "id": one.id,
        "order_id": one.about,
        "topic": one.topic,
        "status": STATES[one.status],
        "answer": one.answer,
        "created_at": one.opened_at.isoformat(),
    }
