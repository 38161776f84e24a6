"""Complaints: tickets at a support, which is a marketplace's customer service or Prakerja's own form.

The clock takes a ticket up and answers it; each support has its own times (`Support`).  The asker gets
an e-mail at each step and sees the ticket at the same support.  A refund's ticket is answered after
the money went back; that needs another party, so it happens outside (`simulator.marketplace.refunds`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from prakerja_sim.simulator.programme import enrolment as people
from prakerja_sim.simulator.programme import lifecycle
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS, CardNumber, PartyCode
from prakerja_sim.simulator.world import messages, schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

PRAKERJA = PartyCode("prakerja")
REFUND = "refund"
"""The topic that asks for the money back."""


@dataclass(frozen=True, slots=True)
class Support:
    """A support: where people complain, and how long it takes."""

    contact: str
    take_up: timedelta
    """From the complaint until somebody reads it."""
    answer: timedelta
    """From the complaint until it is answered."""
    refund: timedelta = timedelta()
    """From the request for a refund until the money goes back; zero is at once."""


PRAKERJA_SUPPORT = Support("info@prakerja.go.id", timedelta(days=1), timedelta(days=3))
"""Prakerja's complaint form (contact published, times simulated)."""

ANSWERS: Mapping[str, str] = {
    "otp": "Pastikan nomor handphone pada akun Prakerja aktif, lalu minta kode OTP baru.",
    "card": "Periksa nomor Kartu Prakerja 16 digit dan status kepesertaan pada dashboard.",
    "balance": "Saldo pelatihan pada dashboard sudah kami periksa.",
    "voucher": "Kode voucher ada di riwayat transaksi dan e-mail; minta dikirim ulang bila perlu.",
    "account": "Atur ulang akun atau kata sandi pada situs tempat Anda mendaftar.",
    "unfinished": "Selesaikan pelatihan sebelumnya dan beri ulasan terlebih dahulu.",
    "completion": "Laporan penyelesaian dari lembaga pelatihan sedang diproses sesuai jadwal.",
    "incentive": "Insentif dibayarkan sesuai jadwal pada dashboard.",
    "refund": "Pengembalian dana mengikuti kebijakan Platform Digital tempat pelatihan dibeli.",
    "platform": "Keluhan Anda kami teruskan kepada Platform Digital yang bersangkutan.",
    "other": "Keluhan Anda sudah kami periksa.",
}
"""What people complain about, and what they are answered (texts simulated)."""
PAID_BACK = "Pembelian dibatalkan dan dananya dikembalikan lewat Prakerja. Lihat saldo di dashboard Prakerja."
NOT_GRANTED = "Sesuai kebijakan kami, dana tidak dikembalikan. Pembelian Anda tetap berlaku."
NOT_PAID_BACK = "Dana tidak dapat dikembalikan: kode voucher sudah dipakai atau tidak berlaku."
RECEIVED, TAKEN_UP = "Keluhan diterima", "Keluhan sedang diproses"
DONE = {TicketStatus.RESOLVED: "Keluhan selesai", TicketStatus.REFUSED: "Keluhan ditolak"}


def subject_of(desk: str, asker: str) -> str:
    """The journal's chain of the asker: a participant, a shopper, or a learner, who is named by his chain."""
    if asker.startswith("learner:"):
        return asker
    return people.subject(CardNumber(asker)) if desk == PRAKERJA else f"shopper:{asker}"


@command("complaints.open_ticket")
def open_ticket(
    world: Unit,
    *,
    desk: str,
    asker: str,
    email: str,
    topic: str,
    text: str,
    about: str = "",
    take_up: int,
    answer: int,
    reason: str = "",
) -> Ticket:
    """Complain; an unknown topic is `other`, and the ticket keeps the asker's own word for it.

    The times are seconds; if `answer` is zero, the ticket is answered at once.
    """
    world.subject = subject_of(desk, asker)
    number = len(world.find(Ticket, desk=desk, asker=asker)) + 1
    ticket = Ticket(
        chance.code(DIGITS, 10, world.seed, "ticket", desk, asker, number),
        PartyCode(desk),
        asker,
        email,
        topic if topic in ANSWERS else "other",
        text,
        about,
        TicketStatus.OPEN,
        world.now,
        world.now + timedelta(seconds=answer),
        reason=reason or topic,
    )
    world.put(ticket)
    _tell(world, ticket, RECEIVED, text)
    if answer:
        _schedule(world, ticket, take_up)
    elif topic != REFUND:
        return close(world, ticket=ticket.id, event=Event.RESOLVE, answer=ANSWERS[ticket.topic])
    return ticket


@due_event("ticket_taken_up", about="ticket", done="somebody at the desk reads the complaint")
def take_up(world: Unit, *, ticket: str) -> None:
    """Somebody reads the complaint."""
    record = world.need(Ticket, ticket)
    world.subject = subject_of(record.desk, record.asker)
    if record.status is TicketStatus.OPEN:
        record = record.but(status=lifecycle.TICKET[record.status, Event.TAKE_UP])
        world.put(record)
        _tell(world, record, TAKEN_UP, "")


def may_be_answered(ticket: Ticket) -> bool:
    """Whether nobody has answered it yet."""
    return ticket.status in (TicketStatus.OPEN, TicketStatus.IN_PROGRESS)


@command("complaints.close")
def close(world: Unit, *, ticket: str, event: Event, answer: str) -> Ticket:
    """Resolve or refuse a ticket, with an answer."""
    record = world.need(Ticket, ticket)

    world.subject = subject_of(record.desk, record.asker)
    status = lifecycle.TICKET[record.status, event]
    closed = record.but(status=status, answer=answer, closed_at=world.now)
    world.put(closed)
    _tell(world, closed, DONE[status], answer)
    return closed


@command("complaints.reopen")
@refuses(Reason.TICKET_OPEN)
def reopen(world: Unit, *, ticket: str, text: str, take_up: int, answer: int) -> Ticket:
    """Say that the answer did not help; the support begins again."""
    record = world.need(Ticket, ticket)
    if (record.status, Event.REOPEN) not in lifecycle.TICKET:
        raise Rejected(Reason.TICKET_OPEN, status=record.status.value)

    world.subject = subject_of(record.desk, record.asker)
    again = record.but(
        status=lifecycle.TICKET[record.status, Event.REOPEN],
        text=text,
        reopened=record.reopened + 1,
        answer_at=world.now + timedelta(seconds=answer),
        closed_at=None,
    )
    world.put(again)
    _tell(world, again, RECEIVED, text)
    _schedule(world, again, take_up)
    return again


def tickets(world: Unit, *, desk: str, asker: str) -> list[Ticket]:
    """Somebody's tickets at a support, the newest first."""
    records = world.find(Ticket, desk=desk, asker=asker)
    return sorted(records, key=lambda ticket: (ticket.opened_at, ticket.id), reverse=True)


@refuses(Reason.TICKET_UNKNOWN)
def ticket_of(world: Unit, *, desk: str, asker: str, ticket: str) -> Ticket:
    """A ticket of this asker; another asker's ticket is unknown to him."""
    record = world.get(Ticket, ticket)
    if record is None or record.desk != desk or record.asker != asker:
        raise Rejected(Reason.TICKET_UNKNOWN, ticket=ticket, unsaid={"of_another": record is not None})
    return record


def _schedule(world: Unit, ticket: Ticket, take_up: int) -> None:
    """Plan both steps; a ticket that is answered before it is read is not read any more."""
    schedule.schedule(world, world.now + timedelta(seconds=take_up), "ticket_taken_up", ticket.id)
    schedule.schedule(world, ticket.answer_at, "ticket_answered", ticket.id)


def _tell(world: Unit, ticket: Ticket, title: str, text: str) -> None:
    messages.mail(world, ticket.email, ticket.desk, title, f"Nomor tiket: {ticket.id}\n{text}".rstrip())
