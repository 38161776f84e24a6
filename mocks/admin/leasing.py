"""What a sandbox is asked for, and how it is filled: the demo, partners, courses, people, faults.

A new sandbox is filled before anybody sees it.  Whatever is refused on the way refuses all of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from msgspec import structs
from pydantic import ConfigDict, Field

from prakerja_sim.mocks.admin import courses, fault_places, own_people, seed
from prakerja_sim.mocks.admin.courses import NewCourse
from prakerja_sim.mocks.admin.fields import Body, Name, instant
from prakerja_sim.mocks.admin.operations import Arm, NewClient, client_of
from prakerja_sim.mocks.admin.own_people import NewPerson
from prakerja_sim.mocks.http.credentials import DEFAULT, Role, credential_for
from prakerja_sim.mocks.http.face import Face, Malformed
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.policies import settings_with
from prakerja_sim.simulator import sandbox as sandboxes
from prakerja_sim.simulator.programme import enrolment
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import faults, setup
from prakerja_sim.simulator.world.records import Client, Leased
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

MOST_PEOPLE, MOST_COURSES = 500, 200
USUAL_SEED = 42
OF_THE_SNAPSHOT = ("seed", "start", "settings", "fill")
"""What a snapshot has already."""


class Content(Body):
    """What a sandbox begins with; the clock stands still at `start` (WIB)."""

    seed: Annotated[int, Field(ge=-(2**53), le=2**53)] = USUAL_SEED
    start: str = "2021-11-01 09:00:00"
    settings: dict[str, bool | int | str | dict[str, Any] | None] = Field(default={})
    """What differs from the defaults; docs/settings.md has them all."""
    fill: bool = False
    """Whether it has what the default sandbox begins with: five people, six courses, the same credentials."""
    people: list[NewPerson] = Field(default=[], max_length=MOST_PEOPLE)
    """People to enrol, beside those of the demo."""
    courses: list[NewCourse] = Field(default=[], max_length=MOST_COURSES)
    """Courses to put on sale."""
    clients: list[NewClient] = Field(default=[], max_length=MOST_COURSES)
    """Credentials of your own."""
    faults: list[Arm] = Field(default=[], max_length=MOST_COURSES)
    """Faults to arm."""


class Lease(Content):
    """A new sandbox; without a name one is made up, and its answer says which."""

    model_config = ConfigDict(validate_by_alias=True)

    name: Name | None = None
    ttl: Annotated[int | str, Field(union_mode="left_to_right")] | None = None
    """How long it stays, by the wall: seconds, or 90s, 30m, 2h, 7d; without it, until it is dropped."""
    snapshot: Name | None = Field(default=None, alias="from")
    """A snapshot to begin with; it has a seed, a start and settings of its own."""


def asked_for(content: Content) -> dict[str, Any]:
    """What a request holds beside the name, without what is as usual."""
    return content.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name"})


def check_snapshot(body: Lease) -> None:
    """A snapshot has its own seed, start, settings and people; raises Malformed if they are given too."""
    given = [name for name in OF_THE_SNAPSHOT if name in body.model_fields_set]
    if body.snapshot is not None and given:
        raise Malformed(*(f"{name}: a snapshot has its own; leave it out with from" for name in given))


def note_all(copied: Sandbox, asked: Mapping[str, Any], expires: datetime | None) -> None:
    """Note in a copied world that it was leased with all that it holds now."""
    people: list[Participant] = copied.ask(Unit.find, kind=Participant)
    listed: list[Course] = copied.ask(Unit.find, kind=Course)
    clients: list[Client] = copied.ask(Unit.find, kind=Client)
    made = {
        "people": [str(one.card) for one in people],
        "courses": [str(one.code) for one in listed],
        "clients": [one.client_code for one in clients],
    }
    copied.do(setup.lease, asked=dict(asked), made=made, expires=expires)


def differing(asked: Mapping[str, Any], before: Leased | None) -> list[str]:
    """The fields in which a request differs from the one that a sandbox was leased by."""
    kept = orjson.loads(before.asked) if before is not None else {"name": ""}
    return sorted(name for name in {*asked, *kept} if asked.get(name) != kept.get(name))


def demo_clients(seed_of_default: int) -> list[Client]:
    """The credentials of the demo's marketplaces and institutions, the same ones in every sandbox."""
    return [_made(seed_of_default, DEFAULT, party) for party in (*registry.codes(), *seed.INSTITUTIONS)]


def try_out(content: Content, faces: Collection[Face]) -> None:
    """Fill a world that is thrown away; raises Rejected or Malformed as a lease does."""
    clients = demo_clients(content.seed) if content.fill else []
    world = sandboxes.create(Memory(), DEFAULT, content.seed, start_of(content), settings_of(content))
    Filling(content, clients, faces)(world)


def start_of(content: Content) -> datetime:
    """Where the clock stands at first; raises Malformed."""
    with _at("start"):
        return instant(content.start)


def settings_of(content: Content, usual: Mapping[str, Any] | None = None) -> Settings:
    """The settings that are asked for, beside others than the defaults; raises Malformed."""
    try:
        return settings_with({**(usual or {}), **content.settings})
    except ValueError as problem:
        raise Malformed(f"settings: {problem}") from None


@dataclass(frozen=True, slots=True)
class Filling:
    """How a sandbox is filled, at first and after a reset."""

    content: Content
    demo: Collection[Client]
    """The demo's credentials, if the demo is wanted."""
    faces: Collection[Face]
    """The parties, at whose paths faults may strike."""
    expires: datetime | None = None
    copied: bool = False
    """Whether the world has partners and people already, as one that goes on from a snapshot."""

    def __call__(self, sandbox: Sandbox) -> None:
        """Fill a world that nobody sees yet; raises Rejected or Malformed, with the place in the request."""
        content = self.content
        if content.fill:
            with _at("fill"):
                seed.fill(sandbox)
        let_in = list(_let_in(sandbox, content, self.demo, usual=not self.copied))
        codes = list(_put_on_sale(sandbox, content))
        cards = list(_enrolled(sandbox, content))
        for at, fault in enumerate(content.faults):
            with _at(f"faults.{at}"):
                fault_places.check(fault.fault, fault.where, self.faces)
                sandbox.arm(fault.fault, fault.where, fault.times)
        if self.copied:
            note_all(sandbox, asked_for(content), self.expires)
            return
        made = {"people": cards, "courses": codes, "clients": let_in}
        sandbox.do(setup.lease, asked=asked_for(content), made=made, expires=self.expires)


@refuses(Reason.CLIENT_CODE_TAKEN)
def _let_in(sandbox: Sandbox, content: Content, demo: Iterable[Client], *, usual: bool) -> Iterator[str]:
    """Let partners in: one's own, and for every other party the demo's or a made-up credential.

    The parties are the `usual` marketplaces, and the institutions of the demo and of one's own courses.
    """
    codes: set[str] = set()
    before: list[Client] = sandbox.ask(Unit.find, kind=Client)
    there = {client.client_code: client for client in before}
    parties = set() if usual else {str(client.party) for client in before}
    for at, body in enumerate(content.clients):
        with _at(f"clients.{at}"):
            client = client_of(body)
            if client.client_code in codes:
                raise Rejected(Reason.CLIENT_CODE_TAKEN, client_code=client.client_code)
            _add(sandbox, client, there)
        codes.add(client.client_code)
        parties.add(client.party)
        yield client.client_code
    others = {client.party: client for client in demo}
    shops = registry.codes() if usual else ()
    for party in (*shops, *(course.institution for course in content.courses)):
        others.setdefault(PartyCode(party), _made(sandbox.seed, sandbox.name, party))
    for client in others.values():
        if client.party not in parties:
            _add(sandbox, client, there)
            yield client.client_code


@refuses(Reason.CLIENT_CODE_TAKEN)
def _add(sandbox: Sandbox, client: Client, there: dict[str, Client]) -> None:
    """Let a partner in, unless it is `there` already, as after a reset."""
    before = there.setdefault(client.client_code, client)
    if before is client:
        sandbox.do(setup.let_in, **structs.asdict(client))
    elif before != client:
        raise Rejected(Reason.CLIENT_CODE_TAKEN, client_code=client.client_code)


def _put_on_sale(sandbox: Sandbox, content: Content) -> Iterator[str]:
    if content.fill:
        yield from (code for code, *_ in seed.COURSES)
    partners = [one.party for one in content.clients if not one.roles or Role.INSTITUTION.value in one.roles]
    for at, body in enumerate(content.courses):
        with _at(f"courses.{at}"):
            yield courses.put_on_sale(sandbox, body, partners).course


def _enrolled(sandbox: Sandbox, content: Content) -> Iterator[str]:
    if content.fill:
        demo: list[Participant] = sandbox.ask(Unit.find, kind=Participant)
        yield from (one.card for one in demo)
    number = own_people.free_number(sandbox)
    for at, body in enumerate(content.people):
        with _at(f"people.{at}"):
            one = own_people.enrol(sandbox, number, body)
        number = one.number + 1
        yield one.participant.card


def _made(seed_of: int, name: str, party: str) -> Client:
    code, key = credential_for(seed_of, name, party)
    return Client(code, PartyCode(party), key)


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Name the place in the request to whatever is refused there."""
    try:
        yield
    except Rejected as refusal:
        refusal.facts = {"at": place, **refusal.facts}
        raise
    except Malformed as problem:
        raise Malformed(*(f"{place}: {one}" for one in problem.problems)) from None


REFUSING = (
    Reason.SANDBOX_TAKEN,
    enrolment.enrol,
    own_people.enrol,
    courses.put_on_sale,
    _let_in,
    fault_places.check,
    faults.arm,
)
"""What filling a sandbox may be refused for."""
