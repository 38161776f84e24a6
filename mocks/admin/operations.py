"""Admin operations on a sandbox: its clock, its people, its courses, its faults, its clients."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.admin import fault_places, queries, seed, timeline
from prakerja_sim.mocks.http import bodies, http_faults, key_pairs
from prakerja_sim.mocks.http.bodies import NOT_BLANK
from prakerja_sim.mocks.http.contacts import Mobile
from prakerja_sim.mocks.http.credentials import DEFAULT, PARTNERS, Credential
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry, support
from prakerja_sim.mocks.shop.policies import refunds_of, settings_with
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.marketplace import refunds
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme import account_password, eligibility, enrolment, people
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import parse_instant, parse_span
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.faults import arm as arm_fault
from prakerja_sim.simulator.world.faults import disarm as disarm_fault
from prakerja_sim.simulator.world.records import ArmedFault, Clock, Due
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import Happened
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED
FIRST_YEAR, LAST_YEAR = 2000, 2999
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64), NOT_BLANK]


class Body(bodies.Body):
    """A request body with exact types; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid")


class Lease(Body):
    """A new sandbox; the clock starts frozen at `start` (WIB)."""

    name: Name
    seed: Annotated[int, Field(ge=-(2**53), le=2**53)] = 42
    start: str = "2021-11-01 09:00:00"
    settings: dict[str, bool | int | str | dict[str, Any] | None] = Field({})
    """What differs from the defaults; docs/settings.md has them all."""


class MoveClock(Body):
    """One way to move the clock: to an instant, by a span, to the next event, or at a scale."""

    set: str | None = None
    advance: str | None = None
    step: bool = False
    scale: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Enrol(Body):
    """Synthetic people to enrol, numbered on from `number` or from the next free one."""

    wave: int = 22
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    number: Annotated[int, Field(ge=1, le=200_000)] | None = None
    videos_watched: bool = True
    wallet: bool = True
    """Whether each has an upgraded account at a bank or e-wallet, not yet linked."""
    late: bool = False
    """Whether a wave whose last day for a first purchase is over may be named: its people are revoked."""
    phone: Mobile | None = None
    """A single person's, in place of the synthetic one; 0849 has a meaning (docs/test-values.md)."""


class Arm(Body):
    """A fault to arm; `where` is the end of a path, a phone number or an e-mail address."""

    fault: Code
    where: str = ""
    times: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class NewClient(Body):
    """A credential of your own: for a marketplace or an institution by its code."""

    client_code: Code
    sign_key: Code
    party: Name
    redirect_uris: Annotated[str, StringConstraints(max_length=4096)] = ""
    """Where its browsers may be sent back to, separated by commas; empty is anywhere."""
    public_key: Annotated[str, StringConstraints(max_length=4096)] = ""
    """Of a distributor, with which his signed orders are verified (PEM, RSA of 2048 bits)."""
    addresses: Annotated[str, StringConstraints(max_length=4096)] = ""
    """From where a distributor may call, as IP addresses or networks with commas; empty is anywhere."""
    roles: list[Literal["marketplace", "institution", "distributor"]] = Field([])
    """The roles in which it may call; without any, the role of its party here: an institution, if unknown."""


def add_to(face: Face) -> None:
    """Register the admin operations."""
    for method, path, body, handler in ENDPOINTS:
        face.endpoint(method, path, provenance=SIMULATED, body=body)(handler)


def sandboxes(call: Call) -> Reply:
    """The sandboxes of this server."""
    return Reply({"sandboxes": call.parties.sandboxes.names()})


@refuses(Reason.SANDBOX_TAKEN)
def lease(call: Call, body: Lease) -> Reply:
    """Lease a sandbox of your own."""
    try:
        settings = settings_with(body.settings)
    except ValueError as problem:
        raise Malformed(str(problem)) from None
    leased = call.parties.sandboxes.lease(body.name, body.seed, instant(body.start), settings)
    return Reply({"name": leased.name, "base_path": f"/s/{leased.name}"}, 201)


@refuses(Reason.SANDBOX_UNKNOWN)
def drop(call: Call) -> Reply:
    """Remove a sandbox whole; the default one stays, since requests without a name go to it."""
    if call.path["name"] == DEFAULT:
        raise Malformed("name: the default sandbox can only be reset")
    call.parties.sandboxes.drop(call.path["name"])
    return Reply({"dropped": call.path["name"]})


def reset(call: Call) -> Reply:
    """Begin this sandbox again as it was at its start."""
    fill = call.parties.refill if call.sandbox.name == DEFAULT else None
    call.sandbox = call.parties.sandboxes.reset(call.sandbox.name, fill)
    return Reply({"reset": call.sandbox.name})


def clients(call: Call) -> Reply:
    """The partners' credentials of this sandbox."""
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    fields = ("party", "client_code", "sign_key", "redirect_uris")
    rows = [{name: getattr(c, name) for name in fields} | {"roles": _roles(c)} for c in credentials]
    return Reply({"clients": rows})


def _roles(credential: Credential) -> list[str]:
    return [role.value for role in PARTNERS if credential.acts_as(role)]


@refuses(Reason.CLIENT_CODE_TAKEN)
def add_client(call: Call, body: NewClient) -> Reply:
    """Let a partner in with a credential of your own."""
    uris = ",".join(uri.strip() for uri in body.redirect_uris.split(","))
    if body.public_key and key_pairs.public_key(body.public_key) is None:
        raise Malformed("public_key: must be an RSA public key of 2048 bits or more, as PEM")
    if not http_faults.are_networks(body.addresses):
        raise Malformed("addresses: must be IP addresses or networks, separated by commas")
    added = call.parties.sandboxes.add_client(
        call.sandbox,
        body.client_code,
        body.sign_key,
        body.party,
        uris,
        public_key=body.public_key,
        addresses=body.addresses,
        roles=",".join(body.roles),
    )
    return Reply({"party": added.party, "client_code": added.client_code, "roles": _roles(added)}, 201)


def clock(call: Call) -> Reply:
    """The sandbox's time, when something will happen by itself next, and which refusals time will end."""
    clock_record: Clock = call.ask(Unit.need, kind=Clock, key="clock")
    due: Due | None = call.ask(schedule.next_due, until=None)
    answer = {"now": clock_record.now.isoformat(), "scale": clock_record.scale}
    return Reply({**answer, "next": due.at.isoformat() if due else None, "waits": timeline.waits(call)})


@refuses(schedule.check_forward)
def move_clock(call: Call, body: MoveClock) -> Reply:
    """Move the clock; answers what happened on the way, in order: to whom, by which rules, what moved."""
    ways = [name for name in ("set", "advance", "scale") if getattr(body, name) is not None]
    ways += ["step"] if body.step else []
    if len(ways) != 1:
        raise Malformed("exactly one of set, advance, step, scale is needed")
    happened: list[Happened] = []
    try:
        if body.set is not None:
            happened = call.sandbox.advance(instant(body.set))
        elif body.advance is not None:
            happened = call.sandbox.advance(_within_reach(call.sandbox.now() + parse_span(body.advance)))
        elif body.step:
            happened = call.sandbox.step()
        if body.scale is not None:
            call.sandbox.run_clock(body.scale, call.parties.wall())
        else:
            call.sandbox.go_on(call.parties.wall())
    except ValueError as problem:
        raise Malformed(str(problem)) from None
    except OverflowError:
        raise Malformed("advance: further than a clock moves at once") from None
    return Reply(
        {
            "now": call.sandbox.now().isoformat(),
            "happened": [_happened(one) for one in happened],
        }
    )


def list_people(call: Call) -> Reply:
    """The participants: ?can_buy=true for those who can buy some course now, &limit=N for so many."""
    can_buy = call.query.get("can_buy", "false")
    most = queries.whole(call, "limit", 0, least=0, most=999_999_999)
    if can_buy not in ("true", "false"):
        raise Malformed("can_buy: must be true or false")
    if can_buy == "true":
        chosen: list[Participant] = call.ask(eligibility.buyers, most=most or None)
    else:
        chosen = call.ask(Unit.find, kind=Participant)[: most or None]
    return Reply({"people": [_participant(call, participant) for participant in chosen]})


@refuses(enrolment.enrol)
def enrol(call: Call, body: Enrol) -> Reply:
    """Enrol synthetic people: NIK, phone and e-mail belong to nobody."""
    number = body.number or len(call.ask(Unit.find, kind=Participant)) + 1
    wave(body.wave)
    if body.phone is not None and body.count > 1:
        raise Malformed("phone: is one person's; enrol them one by one")
    if body.number is not None:
        _check_all_new(call, range(number, number + body.count))
    enrolled: list[dict[str, Any]] = []
    while len(enrolled) < body.count:
        person = people.person(seed_bytes(call.sandbox.seed), number, body.phone)
        number += 1
        try:
            participant = seed.enrol(call.sandbox, person, body.wave, late=body.late)
        except Rejected as refusal:
            if refusal.reason is Reason.ALREADY_ENROLLED:
                continue
            raise
        if body.videos_watched:
            call.do(enrolment.watch_videos, card=participant.card)
        if body.wallet:
            seed.open_wallet(call.sandbox, person)
        paid_by = person.paid_by(call.sandbox.now().date())
        account = {"partner": paid_by, "number": person.account} if body.wallet else None
        enrolled.append({**_participant(call, participant), "account": account})
    return Reply({"people": enrolled}, 201)


def faults(call: Call) -> Reply:
    """The faults that were armed, how often each has struck, and how often it still will."""
    return Reply({"faults": _armed(call)})


@refuses(arm_fault, fault_places.check)
def arm(call: Call, body: Arm) -> Reply:
    """Let a fault strike the next times; a place at which it never could is refused."""
    fault_places.check(body.fault, body.where, call.parties.faces.values())
    number = call.sandbox.arm(body.fault, body.where, body.times)
    return Reply({"armed": body.fault, "number": number}, 201)


def disarm(call: Call) -> Reply:
    """End all faults at once; answers which never struck: what they were for was not tested."""
    never = [one for one in _armed(call) if not one["struck"]]
    call.sandbox.disarm()
    return Reply({"armed": None, "never_struck": never})


@refuses(disarm_fault)
def disarm_one(call: Call) -> Reply:
    """End one fault; answers how often it struck."""
    call.sandbox.disarm(call.path["number"])
    return Reply(next(one for one in _armed(call) if one["number"] == call.path["number"]))


@refuses(Reason.ORDER_UNKNOWN, refunds.reserve)
def void(call: Call) -> Reply:
    """Let a marketplace take a paid order back, as its policy or a cancelled class would (R19)."""
    order: Order | None = call.ask(Unit.get, kind=Order, key=call.path["order"])
    if order is None:
        raise Rejected(Reason.ORDER_UNKNOWN, order=call.path["order"])
    try:
        voided = checkout.void(call, order)
    except Refused as refusal:
        return error(409, refusal.code or "no_code", refusal.message)
    except NoReply as silence:
        return error(504, Reason.NO_REPLY.value, f"Prakerja did not answer {silence}; ask again")
    return Reply({"order": voided.id, "status": voided.status.value})


@refuses(Reason.COURSE_UNKNOWN)
def cancel_class(call: Call) -> Reply:
    """An organiser cancels a class: its paid orders are refunded where the marketplace's policy lets him."""
    if call.ask(Unit.get, kind=Course, key=call.path["course"]) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=call.path["course"])
    settings = call.sandbox.settings
    outcomes = support.cancel_class(
        call, call.path["course"], lambda code: refunds_of(registry.site(code), settings)
    )
    return Reply({"orders": outcomes})


ENDPOINTS = (
    ("POST", "/orders/<order>/void", None, void),
    ("POST", "/courses/<course>/cancel", None, cancel_class),
    ("GET", "/sandboxes", None, sandboxes),
    ("POST", "/sandboxes", Lease, lease),
    ("DELETE", "/sandboxes/<name>", None, drop),
    ("POST", "/reset", None, reset),
    ("GET", "/clients", None, clients),
    ("POST", "/clients", NewClient, add_client),
    ("GET", "/clock", None, clock),
    ("POST", "/clock", MoveClock, move_clock),
    ("GET", "/people", None, list_people),
    ("POST", "/people", Enrol, enrol),
    ("GET", "/faults", None, faults),
    ("POST", "/faults", Arm, arm),
    ("DELETE", "/faults", None, disarm),
    ("DELETE", "/faults/<number>", None, disarm_one),
)


def _happened(one: Happened) -> dict[str, Any]:
    moved = [{"from": source, "to": target, "amount": amount} for source, target, amount in one.moved]
    return {
        "at": one.at.isoformat(),
        "event": one.event,
        "about": one.about,
        "whom": one.whom,
        "rules": list(one.rules),
        "why": one.why,
        "moved": moved,
    }


def _armed(call: Call) -> list[dict[str, Any]]:
    armed: list[ArmedFault] = call.ask(Unit.find, kind=ArmedFault)
    fields = ("fault", "where", "left", "struck")
    return [{"number": one.key, **{name: getattr(one, name) for name in fields}} for one in armed]


def _check_all_new(call: Call, numbers: range) -> None:
    """Refuse the whole batch if one of its people is enrolled already, before anybody is enrolled."""
    for number in numbers:
        nik = people.person(seed_bytes(call.sandbox.seed), number).nik
        if call.ask(Unit.find, kind=Participant, nik=nik, limit=1):
            raise Rejected(Reason.ALREADY_ENROLLED, number=number)


def _participant(call: Call, participant: Participant) -> dict[str, Any]:
    return {
        "prakerja_id": participant.card,
        "name": participant.name,
        "nik": participant.nik,
        "phone": participant.phone,
        "email": participant.email,
        "password": call.ask(account_password.known_password, card=participant.card),
        "wave": participant.wave,
        "status": participant.status.value,
    }


def instant(text: str) -> datetime:
    """A time as clients write it; raises Malformed."""
    try:
        return _within_reach(parse_instant(text))
    except ValueError as problem:
        raise Malformed(str(problem)) from None


def _within_reach(instant: datetime) -> datetime:
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"a clock shows the years {FIRST_YEAR} to {LAST_YEAR} only")
    return instant
