"""After the purchase: the coupon's e-mail again, a review, complaints, the money back."""

from typing import Any

from prakerja_sim.mocks.bukalapak import buying
from prakerja_sim.mocks.bukalapak.catalogue import review_id
from prakerja_sim.mocks.bukalapak.codes import SITE
from prakerja_sim.mocks.bukalapak.fields import Body, Id, Short, Stars, Text, Words, page, paged, queried, utc
from prakerja_sim.mocks.bukalapak.words import CARE, MAIL_TOO_SOON, MARKETPLACE, REFUNDS, done, refusal
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.shop import support
from prakerja_sim.mocks.shop.checkout import prakerja_asked, write_review
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import REFUND
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason

INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED
AT_REFUND = (
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
    Reason.REFUND_NOT_OFFERED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_CANCELLED,
    Reason.VOUCHER_EXPIRED,
    Reason.REFUND_TOO_LATE,
    Reason.REFUND_ASKED,
    Reason.VOID_AFTER_REDEEM,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)


class NewReview(Body):
    """Stars and words for a course."""

    rate: Stars
    title: Short = ""
    content: Words


class RefundRequest(Body):
    """Why the money is wanted back."""

    reason: Text
    description: Words


class Complaint(RefundRequest):
    """What is wrong with a transaction; the reason `refund` asks for the money back."""

    transaction_id: Id


class Again(Body):
    """What is still wrong."""

    description: Words


def resend_coupon(call: Call) -> Reply:
    """Send the coupon's e-mail again, at most once in 60 seconds."""
    order = buying.billed(call)
    wait_until = call.do(vouchers.resend_mail, order=order.id, title=MARKETPLACE.title)
    if wait_until is not None:
        return refusal(MAIL_TOO_SOON)
    return done({"state": "sent", "next_allowed_at": utc(call.sandbox.now() + vouchers.MAIL_AFTER)}, 202)


def review(call: Call, body: NewReview) -> Reply:
    """Write a review, once the coupon was used."""
    order = buying.order_of(call, call.path["transaction"])
    with prakerja_asked():
        write_review(call, order, stars=body.rate, text=body.content, title=body.title)
    return done({"id": review_id(order.id), "rate": body.rate}, 201)


def complain(call: Call, body: Complaint) -> Reply:
    """Complain to customer service, which takes its time."""
    return _complained(call, buying.order_of(call, body.transaction_id), body.reason, body.description)


def ask_refund(call: Call, body: RefundRequest) -> Reply:
    """Ask for the money back; it goes to the card in full as long as the coupon is unused."""
    order = buying.order_of(call, call.path["transaction"])
    return _complained(call, order, REFUND, f"{body.reason}: {body.description}")


def list_complaints(call: Call) -> Reply:
    """The complaints that were made, the newest first; one transaction's, if it is named."""
    limit, offset = paged(call)
    about = queried(call, "transaction_id")
    mine: list[Ticket] = call.ask(complaints.tickets, desk=MARKETPLACE.code, asker=call.sender)
    shown, meta = page([one for one in mine if about in ("", one.about)], limit, offset)
    return done([_ticket(one) for one in shown], **meta)


def complain_again(call: Call, body: Again) -> Reply:
    """Say that the answer did not help."""
    ticket = call.path["ticket"]
    again = support.reopened(SITE, call, ticket, body.description)
    return done(_ticket(again), 201)


def add_to(face: Face) -> None:
    """Mount the paths of what comes afterwards."""
    at = "/api/prakerja/transactions/<transaction>"
    closed = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
    unwritten = (
        Reason.ORDER_UNKNOWN,
        Reason.REVIEW_TOO_EARLY,
        Reason.ALREADY_REVIEWED,
        Reason.NO_REPLY,
        Reason.SERVICE_UNAVAILABLE,
    )
    unanswered = (Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN)
    for method, path, handler, provenance, body, refuses in (
        ("POST", "/api/invoices/<invoice>/coupon-emails", resend_coupon, INFERRED, None, closed),
        ("POST", f"{at}/reviews", review, INFERRED, NewReview, unwritten),
        ("POST", f"{at}/refund-requests", ask_refund, INFERRED, RefundRequest, AT_REFUND),
        ("POST", "/api/complaints", complain, INFERRED, Complaint, AT_REFUND),
        ("GET", "/api/complaints", list_complaints, SIMULATED, None, ()),
        ("POST", "/api/complaints/<ticket>/replies", complain_again, SIMULATED, Again, unanswered),
    ):
        face.endpoint(method, path, provenance=provenance, body=body, refuses=refuses)(handler)


def _complained(call: Call, order: Order, topic: str, text: str) -> Reply:
    order = buying.settled(call, order)
    with prakerja_asked():
        ticket = support.open_complaint(call, order, topic=topic, text=text, support=CARE, policy=REFUNDS)
    return done(_ticket(ticket), 201)


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket_no": ticket.id,
        "transaction_id": int(ticket.about),
        "reason": ticket.topic,
        "state": ticket.status.value,
        "answer": ticket.answer,
        "created_at": utc(ticket.opened_at),
        "answer_expected_at": utc(ticket.answer_at),
    }
