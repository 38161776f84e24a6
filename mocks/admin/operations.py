"""Admin operations on a sandbox: its clock, its people, its courses, its faults, its clients."""

from typing import Annotated, Any, Literal

from msgspec.structs import asdict
from pydantic import Field, StringConstraints

from prakerja_sim.mocks.admin import fault_places, own_people, queries, timeline
from prakerja_sim.mocks.admin.fields import Body, Code, Name, instant, within_reach
from prakerja_sim.mocks.admin.own_people import NewPerson
from prakerja_sim.mocks.http import http_faults, key_pairs
from prakerja_sim.mocks.http.credentials import PARTNERS, Credential
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import checkout, registry, support
from prakerja_sim.mocks.shop.policies import refunds_of
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.marketplace import refunds
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme import eligibility, people
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import parse_span
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.faults import arm as arm_fault
from prakerja_sim.simulator.world.faults import disarm as disarm_fault
from prakerja_sim.simulator.world.records import ArmedFault, Client, Clock, Due
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import Happened
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED


class MoveClock(Body):
    """One way to move the clock: to an instant, by a span, to the next event, or at a scale."""

    set: str | None = None
    advance: str | None = None
    step: bool = False
    scale: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Enrol(NewPerson):
    """People to enrol, numbered on from `number` or from the next free one; what is own is one person's."""

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    number: Annotated[int, Field(ge=1, le=200_000)] | None = None


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


def clients(call: Call) -> Reply:
    """The partners' credentials of this sandbox."""
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    fields = ("party", "client_code", "sign_key", "redirect_uris")
    rows = [{name: getattr(c, name) for name in fields} | {"roles": roles_of(c)} for c in credentials]
    return Reply({"clients": rows})


def roles_of(credential: Credential) -> list[str]:
    """The roles in which a partner may call here."""
    return [role.value for role in PARTNERS if credential.acts_as(role)]


@refuses(Reason.CLIENT_CODE_TAKEN)
def add_client(call: Call, body: NewClient) -> Reply:
    """Let a partner in with a credential of your own; the same one again changes nothing."""
    added = call.parties.sandboxes.add_client(call.sandbox, **asdict(client_of(body)))
    return Reply({"party": added.party, "client_code": added.client_code, "roles": roles_of(added)}, 201)


def client_of(body: NewClient) -> Client:
    """A credential as it is kept; raises Malformed for a key or an address that is none."""
    uris = ",".join(uri.strip() for uri in body.redirect_uris.split(","))
    if body.public_key and key_pairs.public_key(body.public_key) is None:
        raise Malformed("public_key: must be an RSA public key of 2048 bits or more, as PEM")
    if not http_faults.are_networks(body.addresses):
        raise Malformed("addresses: must be IP addresses or networks, separated by commas")
    told = (body.client_code, PartyCode(body.party), body.sign_key, uris, body.public_key, body.addresses)
    return Client(*told, ",".join(body.roles))


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
            happened = call.sandbox.advance(within_reach(call.sandbox.now() + parse_span(body.advance)))
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
    return Reply({"people": [own_people.told(call.sandbox, participant) for participant in chosen]})


@refuses(own_people.enrol)
def enrol(call: Call, body: Enrol) -> Reply:
    """Enrol people; what is not their own is synthetic: NIK, phone and e-mail belong to nobody."""
    number = body.number or own_people.free_number(call.sandbox)
    wave(body.wave)
    own = [name for name in own_people.OWN if getattr(body, name) is not None]
    if own and body.count > 1:
        raise Malformed(*(f"{name}: is one person's; enrol them one by one" for name in own))
    if body.number is not None:
        _check_all_new(call, range(number, number + body.count), body)
    enrolled: list[dict[str, Any]] = []
    for _ in range(body.count):
        one = own_people.enrol(call.sandbox, number, body)
        number = one.number + 1
        enrolled.append({**own_people.told(call.sandbox, one.participant), "account": one.account})
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
    call.sandbox.disarm(number=call.path["number"])
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


def _check_all_new(call: Call, numbers: range, body: Enrol) -> None:
    """Refuse the whole batch if one of its people is enrolled already, before anybody is enrolled."""
    for number in numbers:
        nik = body.nik or people.person(seed_bytes(call.sandbox.seed), number).nik
        if body.born is None and call.ask(Unit.find, kind=Participant, nik=nik, limit=1):
            raise Rejected(Reason.ALREADY_ENROLLED, number=number)
