"""An institution's customer service: learners complain and are answered, for programs and on a page.

That learners turn to it (a voucher, an account, a class that does not open, a certificate that is late) is
documented; how it is reached, its topics and its times are simulated.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.institution.accounts import holder
from prakerja_sim.simulator.institution import accounts, learning
from prakerja_sim.simulator.institution.records import Learner
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

TOPICS = {
    "voucher": "Voucher",
    "account": "Akun atau kata sandi",
    "unfinished": "Kelas tidak dapat dibuka",
    "completion": "Penyelesaian atau sertifikat",
    "other": "Lainnya",
}
STATES = {
    "open": "Diterima",
    "in_progress": "Diproses",
    "resolved": "Selesai",
    "refused": "Ditolak",
}
Topic = Literal["voucher", "account", "unfinished", "completion", "other"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), NOT_BLANK]


class Complaint(Body):
    """What is wrong, and with which class, if it concerns one."""

    topic: Topic
    text: Text
    voucher_code: Annotated[str, StringConstraints(max_length=64)] = ""


class Again(Body):
    """The reason why the answer did not help."""

    text: Text


def support_of(institution: str) -> Support:
    """Where an institution is reached, and how long it takes (simulated)."""
    return Support(f"bantuan@{institution}.example", timedelta(hours=4), timedelta(days=2))


def add_to(face: Face) -> None:
    """Register the endpoints for programs."""
    at = "/<institution>/accounts/complaints"
    mine: dict[str, Any] = {"provenance": Provenance.SIMULATED, "sender": holder}
    face.endpoint("POST", at, body=Complaint, **mine)(complain)
    face.endpoint("GET", at, **mine)(list_mine)
    face.endpoint("POST", f"{at}/<number>/reopen", body=Again, **mine)(reopen)


@refuses(Reason.ENROLMENT_UNKNOWN)
def opened(call: Call, learner: Learner, body: Complaint) -> Ticket:
    """Complain as a learner; a class must be his own."""
    if body.voucher_code:
        enrolment = call.ask(learning.enrolled, voucher=body.voucher_code)
        if (enrolment.institution, enrolment.learner) != (learner.institution, learner.email):
            about = {"voucher": enrolment.key, "of": enrolment.learner}
            raise Rejected(Reason.ENROLMENT_UNKNOWN, unsaid=about)
    about = {"topic": body.topic, "text": body.text, "about": body.voucher_code, "email": learner.email}
    ticket: Ticket = call.do(complaints.open_ticket, **_desk(learner), **about, **_times(learner))
    return ticket


def tickets_of(call: Call, learner: Learner) -> list[dict[str, Any]]:
    """A learner's complaints, the newest first."""
    tickets: list[Ticket] = call.ask(complaints.tickets, **_desk(learner))
    return [_ticket(one) for one in tickets]


@refuses(opened)
def complain(call: Call, body: Complaint) -> Reply:
    """Complain to the institution; it answers by e-mail."""
    return Reply(_ticket(opened(call, _me(call), body)), 201)


def list_mine(call: Call) -> Reply:
    """One's complaints, the newest first."""
    return Reply({"complaints": tickets_of(call, _me(call))})


@refuses(complaints.ticket_of, complaints.reopen)
def reopen(call: Call, body: Again) -> Reply:
    """Say that the answer did not help; the institution begins again."""
    me, number = _me(call), call.path["number"]
    call.ask(complaints.ticket_of, ticket=number, **_desk(me))
    return Reply(_ticket(call.do(complaints.reopen, ticket=number, text=body.text, **_times(me))))


def _me(call: Call) -> Learner:
    me: Learner = call.ask(Unit.need, kind=Learner, key=call.sender)
    return me


def _desk(learner: Learner) -> dict[str, Any]:
    return {"desk": learner.institution, "asker": accounts.subject(learner.key)}


def _times(learner: Learner) -> dict[str, int]:
    """How long the institution takes, in seconds."""
    desk = support_of(learner.institution)
    return {"take_up": int(desk.take_up.total_seconds()), "answer": int(desk.answer.total_seconds())}


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.id,
        "topic": ticket.topic,
        "text": ticket.text,
        "voucher_code": ticket.about,
        "status": STATES[ticket.status.value],
        "answer": ticket.answer,
        "opened_at": ticket.opened_at.isoformat(),
        "answer_until": ticket.answer_at.isoformat(),
        "contact": support_of(ticket.desk).contact,
    }
