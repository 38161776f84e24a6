"""Becoming a participant: a place in a wave, a card number, a training balance.

Also what comes before the first purchase: the induction videos on the dashboard (R05).
"""

from datetime import date
from typing import TYPE_CHECKING

from simulator import bookings, calendar, chance, ledger, messages
from simulator.clock import SECOND
from simulator.errors import Reason, Rejected
from simulator.ids import DIGITS, CardNumber, Nik, Phone
from simulator.records import Membership, Participant
from simulator.waves import wave as wave_numbered

if TYPE_CHECKING:
    from simulator.store import Unit

CARD_PREFIX = "9900"
"""Issued numbers begin so (simulated); the range 9999 is kept for cards with a meaning."""


def subject(card: CardNumber) -> str:
    """The journal's chain of a participant."""
    return f"participant:{card}"


def enrol(
    world: "Unit",
    *,
    wave: int,
    name: str,
    nik: str,
    phone: str,
    email: str,
    born: date,
    education: int = 12,
) -> Participant:
    """Take a person into a wave: grant the balance and set the deadlines.

    Once in a lifetime: a NIK that ever had a card gets no other (R03, R07).
    """
    round_ = wave_numbered(wave)
    if world.find(Participant, nik=nik, limit=1):
        raise Rejected(Reason.ALREADY_ENROLLED)
    card = _free_card(world, nik)

    world.subject = subject(card)
    participant = Participant(
        card, name, Nik(nik), Phone(phone), email, born, education, wave, Membership.ACTIVE, world.now
    )
    world.put(participant)
    calendar.schedule(world, round_.buy_first_until + SECOND, "first_purchase_deadline", card)
    calendar.schedule(world, round_.spend_until + SECOND, "spending_cut_off", card)
    messages.text(
        world,
        participant.phone,
        "PRAKERJA",
        f"Selamat! Anda lolos Kartu Prakerja gelombang {wave}. Beli pelatihan pertama di dashboard "
        f"sebelum {round_.buy_first_until:%d-%m-%Y} pukul 23.59 WIB.",
    )
    ledger.book(world, "grant", bookings.grant(wave, card, round_.scheme.training_balance))
    return participant


def watch_videos(world: "Unit", *, card: CardNumber) -> None:
    """The three induction videos were watched in full (R05)."""
    participant = world.need(Participant, card)

    world.subject = subject(card)
    if not participant.videos_watched:
        world.put(participant.but(videos_watched=True))


def _free_card(world: "Unit", nik: str) -> CardNumber:
    attempt = 0
    while True:
        number = CardNumber(CARD_PREFIX + chance.code(DIGITS, 12, world.seed, "card", nik, attempt))
        if world.get(Participant, number) is None:
            return number
        attempt += 1
