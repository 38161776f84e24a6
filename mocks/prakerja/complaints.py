"""Prakerja's complaint form ("formulir pengaduan") on the participant's dashboard (simulated)."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.prakerja.dashboard import my_account
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.mocks.shop.policies import prakerja_support
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import PRAKERJA, PRAKERJA_SUPPORT
from prakerja_sim.simulator.programme.records import Participant, Ticket, TicketStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

LABELS = {
    TicketStatus.OPEN: "Diterima",
    TicketStatus.IN_PROGRESS: "Diproses",
    TicketStatus.RESOLVED: "Selesai",
    TicketStatus.REFUSED: "Ditolak",
}
Topic = Literal[
    "otp", "card", "balance", "voucher", "account", "unfinished", "completion", "incentive", "refund",
    "platform", "other",
]  # fmt: skip
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), NOT_BLANK]


def _times(call: Call) -> dict[str, int]:
    """How long the form's desk takes, in seconds."""
    desk = prakerja_support(call)
    return {"take_up": int(desk.take_up.total_seconds()), "answer": int(desk.answer.total_seconds())}


class Complaint(Body):
    """What is wrong, and with which training, if it concerns one."""

    topic: Topic
    text: Text
    transaction_code: Annotated[str, StringConstraints(max_length=64)] = ""


class Again(Body):
    """The reason why the answer did not help."""

    text: Text


@refuses(Reason.TRAINING_UNKNOWN)
def _check_own(call: Call, me: Participant, transaction: str) -> None:
    training: Training | None = call.ask(Unit.get, kind=Training, key=transaction)
    if training is None or training.card != me.card:
        raise Rejected(Reason.TRAINING_UNKNOWN, transaction=transaction, of_another=training is not None)


@refuses(_check_own)
def opened(call: Call, me: Participant, body: Complaint) -> Ticket:
    """Open a ticket at the programme's desk."""
    if body.transaction_code:
        _check_own(call, me, body.transaction_code)
    about = {"topic": body.topic, "text": body.text, "about": body.transaction_code}
    ticket: Ticket = call.do(
        complaints.open_ticket, desk=PRAKERJA, asker=me.card, email=me.email, **about, **_times(call)
    )
    return ticket


@refuses(complaints.ticket_of, complaints.reopen)
def reopened(call: Call, me: Participant, number: str, text: str) -> Ticket:
    """Open one's ticket again."""
    call.ask(complaints.ticket_of, desk=PRAKERJA, asker=me.card, ticket=number)
    ticket: Ticket = call.do(complaints.reopen, ticket=number, text=text, **_times(call))
    return ticket


def mine(call: Call, me: Participant) -> list[dict[str, Any]]:
    """The complaints for the API and for the page, the newest first."""
    tickets: list[Ticket] = call.ask(complaints.tickets, desk=PRAKERJA, asker=me.card)
    return [_ticket(one) for one in tickets]


@refuses(opened)
def complain(call: Call, body: Complaint) -> Reply:
    """Fill in the complaint form."""
    return success(_ticket(opened(call, my_account(call), body)))


def list_mine(call: Call) -> Reply:
    """One's complaints, the newest first."""
    return success({"complaints": mine(call, my_account(call))})


@refuses(reopened)
def reopen(call: Call, body: Again) -> Reply:
    """Say that the answer did not help."""
    return success(_ticket(reopened(call, my_account(call), call.path["number"], body.text)))


def add_to(face: Face) -> None:
    """Register the endpoints of the complaint form."""
    simulated = {"provenance": Provenance.SIMULATED, "callers": Role.PERSON, "open_to_all": True}
    at = "/dashboard/complaints"
    face.endpoint("POST", at, body=Complaint, **simulated)(complain)  # type: ignore[arg-type]
    face.endpoint("GET", at, **simulated)(list_mine)  # type: ignore[arg-type]
    face.endpoint("POST", f"{at}/<number>/reopen", body=Again, **simulated)(reopen)  # type: ignore[arg-type]


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.id,
        "topic": ticket.topic,
        "text": ticket.text,
        "transaction_code": ticket.about,
        "status": LABELS[ticket.status],
        "answer": ticket.answer,
        "opened_at": ticket.opened_at.isoformat(),
        "answer_until": ticket.answer_at.isoformat(),
        "contact": PRAKERJA_SUPPORT.contact,
    }
