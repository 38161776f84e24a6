"""People to enrol: synthetic ones, of whom a tester may say what is their own."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.admin.fields import Body, Day
from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.contacts import Email, Mobile
from prakerja_sim.simulator.programme import account_password, enrolment, people
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

FullName = Annotated[str, StringConstraints(min_length=1, max_length=100), NOT_BLANK]
NikText = Annotated[str, StringConstraints(pattern=r"^[0-9]{16}$")]
OWN = ("name", "born", "education", "phone", "email", "nik")
"""What may be a person's own; the rest of a person is synthetic."""


class NewPerson(Body):
    """Somebody to enrol; what is left out is synthetic: nobody has these NIKs, phones and e-mails."""

    name: FullName | None = None
    born: Day | None = None
    education: Annotated[int, Field(ge=0, le=30)] | None = None
    """Years of education: 6, 9, 12 or 16."""
    phone: Mobile | None = None
    """In place of the synthetic one; 0849 has a meaning (docs/test-values.md)."""
    email: Email | None = None
    nik: NikText | None = None
    wave: int = 22
    videos_watched: bool = True
    wallet: bool = True
    """Whether there is an upgraded account at a bank or e-wallet, not yet linked."""
    late: bool = False
    """Whether a wave whose last day for a first purchase is over may be named: its people are revoked."""


def free_number(sandbox: Sandbox) -> int:
    """The number from which on synthetic people are probably new."""
    return len(sandbox.ask(Unit.find, kind=Participant)) + 1


@refuses(Reason.ALREADY_ENROLLED)
def of_number(sandbox: Sandbox, number: int, asked: NewPerson) -> people.Person:
    """The synthetic person of that number, with what is the person's own.

    Raises Rejected where so many people are born on that day that no synthetic NIK is free.
    """
    own = {name: value for name in OWN if (value := getattr(asked, name)) is not None}
    person = people.person(seed_bytes(sandbox.seed), number, own.pop("phone", None))
    if "name" in own:
        own.setdefault("email", people.email_of(own["name"], number))
    if "born" in own:
        own["born"] = date.fromisoformat(own["born"])
        if "nik" not in own:
            niks = people.niks_of(own["born"], person)
            free = (nik for nik in niks if not sandbox.ask(Unit.find, kind=Participant, nik=nik, limit=1))
            nik = next(free, None)
            if nik is None:
                raise Rejected(Reason.ALREADY_ENROLLED, born=own["born"].isoformat(), remedy="give a nik")
            own["nik"] = nik
    return replace(person, **own)


class Enrolled(NamedTuple):
    """Somebody who was enrolled, as which number, and the account to be paid into, if there is one."""

    number: int
    participant: Participant
    account: dict[str, str] | None


@refuses(enrolment.enrol, of_number)
def enrol(sandbox: Sandbox, number: int, asked: NewPerson) -> Enrolled:
    """Enrol the first synthetic person from that number on who is new here.

    Videos and account are as asked.  Raises Rejected; somebody whose own NIK is known already is not new.
    """
    while True:
        person = of_number(sandbox, number, asked)
        try:
            participant = seed.enrol(sandbox, person, asked.wave, late=asked.late)
        except Rejected as refusal:
            if refusal.reason is not Reason.ALREADY_ENROLLED or asked.nik is not None:
                raise
            number += 1
            continue
        if asked.videos_watched:
            sandbox.do(enrolment.watch_videos, card=participant.card)
        if not asked.wallet:
            return Enrolled(number, participant, None)
        seed.open_wallet(sandbox, person)
        partner = person.paid_by(sandbox.now().date())
        return Enrolled(number, participant, {"partner": partner, "number": person.account})


def told(sandbox: Sandbox, participant: Participant) -> dict[str, Any]:
    """A participant as the admin API shows one: whole, with the password to log in with."""
    return {
        "prakerja_id": participant.card,
        "name": participant.name,
        "nik": participant.nik,
        "phone": participant.phone,
        "email": participant.email,
        "password": sandbox.ask(account_password.known_password, card=participant.card),
        "wave": participant.wave,
        "status": participant.status.value,
    }
