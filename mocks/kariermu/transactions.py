"""After the payment: the transactions, the programs that were bought, e-mail, review, complaint."""

from typing import Any, Literal

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.kariermu.fields import Body, Id, Long, Query, Stars, Word, asked, span
from prakerja_sim.mocks.kariermu.payment import own, settled, shown
from prakerja_sim.mocks.kariermu.words import CARE, MARKETPLACE, REFUNDS, answer
from prakerja_sim.mocks.shop import checkout, support
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected

SEEN, INFERRED = Provenance.SEEN, Provenance.INFERRED
STATES = {
    TicketStatus.OPEN: "baru",
    TicketStatus.IN_PROGRESS: "diproses",
    TicketStatus.RESOLVED: "selesai",
    TicketStatus.REFUSED: "ditolak",
}
AT_COMPLAINT = (
    Reason.ORDER_UNKNOWN,
    Reason.ORDER_CLOSED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_EXPIRED,
    Reason.VOUCHER_CANCELLED,
    Reason.REFUND_ASKED,
    Reason.VOID_AFTER_REDEEM,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)


class Review(Body):
    """Stars and words for a program that was bought."""

    rating: Stars
    review: Long


class Complaint(Body):
    """A complaint; the topic `refund` asks for the money back."""

    order_id: Id
    topic: Literal["refund", "otp", "card", "voucher", "account", "unfinished", "other"]
    detail: Long


class Again(Body):
    """Why the answer did not help."""

    detail: Long


class Complaints(Query):
    """Whose complaints: all, or those about one order."""

    order_id: Word = ""


def transactions(call: Call) -> Reply:
    """The user's transactions in pages, the newest first; a pending one is settled by the look."""
    return answer([shown(call, one) for one in _mine(call)[span(call)]])


def enrolled(call: Call) -> Reply:
    """The programs that the user bought and that were not taken back."""
    bought = [one for one in _mine(call) if one.status is OrderStatus.ISSUED]
    rows = [shown(call, one) for one in bought[span(call)]]
    return answer([{"program_user_id": r["order_id"], "slug": r["slug"], "name": r["name"]} for r in rows])


def one_transaction(call: Call) -> Reply:
    """One transaction, with its voucher once it is paid."""
    return answer(shown(call, settled(call, own(call, call.path["order_id"]))))


def resend_email(call: Call) -> Reply:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    found = own(call, call.path["order_id"])
    if call.do(vouchers.resend_mail, order=found.id, title=MARKETPLACE.title) is not None:
        raise Rejected(Reason.MAIL_TOO_SOON)
    return answer({"order_id": found.id}, "Email dikirim")


def review(call: Call, body: Review) -> Reply:
    """Write a review, once the voucher was used."""
    found = own(call, call.path["order_id"])
    with checkout.prakerja_asked():
        checkout.write_review(call, found, stars=body.rating, text=body.review)
    return answer({"order_id": found.id, "rating": body.rating}, "Terima kasih atas ulasan Anda")


def complain(call: Call, body: Complaint) -> Reply:
    """Complain; money comes back in full until the voucher is used."""
    found = settled(call, own(call, body.order_id))
    with checkout.prakerja_asked():
        opened = support.complain(call, found, topic=body.topic, text=body.detail, care=CARE, policy=REFUNDS)
    return answer(_shown(opened), "Keluhan diterima")


def complaint_list(call: Call) -> Reply:
    """The complaints that were made, the newest first; one order's, if one is named."""
    wanted = asked(call, Complaints).order_id
    mine: list[Ticket] = call.ask(complaints.tickets, desk=MARKETPLACE.code, asker=call.sender)
    return answer([_shown(one) for one in mine if wanted in ("", one.about)])


def reopen(call: Call, body: Again) -> Reply:
    """Say that the answer did not help."""
    about = {"desk": MARKETPLACE.code, "ticket": call.path["complaint_id"]}
    return answer(_shown(support.reopen(call, text=body.detail, care=CARE, **about)), "Keluhan diterima")


def add_to(face: Face) -> None:
    """Mount the paths."""
    one = "/transaction/<order_id>"
    unknown = (Reason.ORDER_UNKNOWN,)
    mailed = (*unknown, Reason.ORDER_CLOSED, Reason.MAIL_TOO_SOON)
    reviewed = (*unknown, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED)
    again = (Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN)
    for method, path, known, body, refuses, handler in (
        ("GET", "/program_activity/enrolled/<user_id>/<page>/<limit>", SEEN, None, (), enrolled),
        ("GET", "/transaction/<user_id>/<page>/<limit>", INFERRED, None, (), transactions),
        ("GET", one, INFERRED, None, unknown, one_transaction),
        ("POST", f"{one}/email", INFERRED, None, mailed, resend_email),
        ("POST", f"{one}/review", INFERRED, Review, reviewed, review),
        ("POST", "/complaint", INFERRED, Complaint, AT_COMPLAINT, complain),
        ("POST", "/complaint/<complaint_id>/reopen", INFERRED, Again, again, reopen),
    ):
        face.endpoint(method, path, provenance=known, body=body, refuses=refuses)(handler)
    face.endpoint("GET", "/complaint", provenance=INFERRED, body=Complaints, raw=True)(complaint_list)


def _mine(call: Call) -> list[Order]:
    if call.path["user_id"] != call.sender.partition("/")[2]:
        raise Unauthorized("somebody else's transactions")
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    return [settled(call, one) for one in mine]


def _shown(one: Ticket) -> dict[str, Any]:
    return {
        "complaint_id": one.id,
        "order_id": one.about,
        "topic": one.topic,
        "status": STATES[one.status],
        "answer": one.answer,
    }
