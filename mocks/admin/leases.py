"""The sandboxes of this server: lease one with all that it shall hold, drop it, begin it again."""

from datetime import datetime
from typing import Any

import orjson

from prakerja_sim.mocks.admin import courses, leasing, own_people
from prakerja_sim.mocks.admin.fields import lifetime
from prakerja_sim.mocks.admin.leasing import Filling, Lease
from prakerja_sim.mocks.admin.operations import roles_of
from prakerja_sim.mocks.http import addresses, timeline
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator import copies, sandbox
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.records import Course, Participant, Schedule
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import setup
from prakerja_sim.simulator.world.records import Leased, World
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for method, path, body, handler in ENDPOINTS:
        face.endpoint(method, path, provenance=Provenance.SIMULATED, body=body)(handler)


def sandboxes(call: Call) -> Reply:
    """The sandboxes of this server."""
    return Reply({"sandboxes": call.parties.sandboxes.names()})


@refuses(*leasing.REFUSING, copies.kept)
def lease(call: Call, body: Lease) -> Reply:
    """Lease a sandbox of your own with all that it shall hold; the same request again finds it as it is."""
    sandboxes, asked = call.parties.sandboxes, leasing.asked_for(body)
    if body.name is not None and sandboxes.get(body.name) is not None:
        return _found(call, body.name, asked)
    leasing.check_snapshot(body)
    filling = _filling(call, body, expiry(call, body.ttl))
    try:
        leased = sandboxes.begin(_empty(call, body, body.name or sandboxes.free_name()), filling)
    except Rejected as refusal:
        if refusal.reason is Reason.SANDBOX_TAKEN and body.name is not None:  # somebody else was faster
            return _found(call, body.name, asked)
        raise
    return Reply(told(call, leased), 201)


@refuses(copies.kept)
def _empty(call: Call, body: Lease, name: str) -> Sandbox:
    """The world in memory that is to be filled: a new one, or a snapshot's."""
    if body.snapshot is None:
        settings, start = leasing.settings_of(body), leasing.start_of(body)
        new = sandbox.create(Memory(), name, body.seed, start, settings)
        timeline.begins(new)
        return new
    held = copies.kept(call.parties.sandboxes.store, body.snapshot)
    return copies.going_on(held, name, source=body.snapshot)


def expiry(call: Call, ttl: int | str | None) -> datetime | None:
    """When a sandbox goes that is leased now, by the wall; raises Malformed."""
    return None if ttl is None else call.parties.wall().replace(microsecond=0) + lifetime(ttl)


@refuses(Reason.SANDBOX_TAKEN)
def _found(call: Call, name: str, asked: dict[str, Any]) -> Reply:
    """The sandbox that this very request has leased before; raises Rejected if it was another request."""
    there: Sandbox | None = call.parties.sandboxes.get(name)
    if there is None:
        raise Rejected(Reason.SANDBOX_TAKEN, name=name, remedy="it was dropped just now; ask again")
    differs = leasing.differing(asked, there.ask(setup.leased))
    if differs:
        raise Rejected(Reason.SANDBOX_TAKEN, name=name, differs=", ".join(differs))
    return Reply(told(call, there))


@refuses(Reason.SANDBOX_UNKNOWN)
def drop(call: Call) -> Reply:
    """Remove a sandbox whole; the default one stays, since requests without a name go to it."""
    if call.path["name"] == DEFAULT:
        raise Malformed("name: the default sandbox can only be reset")
    call.parties.sandboxes.drop(call.path["name"])
    return Reply({"dropped": call.path["name"]})


@refuses(copies.kept)
def reset(call: Call) -> Reply:
    """Begin this sandbox again as it was at its start, with what it was leased with."""
    name, sandboxes = call.sandbox.name, call.parties.sandboxes
    lease: Leased | None = call.ask(setup.leased)
    if lease is None:
        call.sandbox = sandboxes.reset(name, call.parties.refill if name == DEFAULT else None)
        return Reply({"reset": name})
    content = Lease.model_validate(orjson.loads(lease.asked))
    filling = _filling(call, content, lease.expires)
    if content.snapshot is None:
        call.sandbox = sandboxes.reset(name, filling)
    else:
        held = copies.kept(sandboxes.store, content.snapshot)
        call.sandbox = sandboxes.restore(name, held, content.snapshot, lambda fresh, _: filling(fresh))
    return Reply({"reset": name})


def told(call: Call, leased: Sandbox) -> dict[str, Any]:
    """What whoever leased a sandbox needs of it: addresses, credentials, people, courses, when it goes."""
    kept: Leased | None = leased.ask(setup.leased)
    made = orjson.loads(kept.made) if kept is not None else {"people": [], "courses": [], "clients": []}
    begun: World = leased.ask(Unit.need, kind=World, key="world")
    credentials = call.parties.sandboxes.credentials(leased)
    return {
        "name": leased.name,
        "base_path": f"/s/{leased.name}",
        "seed": leased.seed,
        "start": begun.started.isoformat(),
        "expires": kept.expires.isoformat() if kept is not None and kept.expires is not None else None,
        "addresses": _addresses(call, leased.name),
        "credentials": [
            {
                "party": one.party,
                "client_code": one.client_code,
                "sign_key": one.sign_key,
                "roles": roles_of(one),
                "redirect_uris": one.redirect_uris,
            }
            for one in credentials
            if one.client_code in made["clients"]
        ],
        "people": _people(leased, made["people"]),
        "courses": _courses(leased, made["courses"]),
    }


def _people(leased: Sandbox, cards: list[str]) -> list[dict[str, Any]]:
    wallets: list[Wallet] = leased.ask(Unit.find, kind=Wallet)
    accounts = {one.nik: {"partner": one.partner, "number": one.number} for one in wallets}
    people: list[Participant] = [leased.ask(Unit.need, kind=Participant, key=card) for card in cards]
    return [{**own_people.told(leased, one), "account": accounts.get(one.nik)} for one in people]


def _courses(leased: Sandbox, codes: list[str]) -> list[dict[str, Any]]:
    rows = []
    for code in codes:
        course: Course = leased.ask(Unit.need, kind=Course, key=code)
        runs: list[Schedule] = leased.ask(Unit.find, kind=Schedule, course=code)
        rows += [courses.shown(leased, course, run) | {"quota": run.capacity} for run in runs]
    return rows


def _addresses(call: Call, name: str) -> dict[str, str]:
    """Where each party is for this sandbox; a real one is where it really is."""
    base = f"{addresses.origin(call.environ)}/s/{name}"
    ours = {code: f"{base}/{code}" for code in sorted(call.parties.faces) if code != "admin"}
    real = {code: call.parties.address_of(code, name) for code in call.parties.real}
    return {"admin": f"{base}/__admin", "console": f"{base}/", **ours, **real}


def _filling(call: Call, content: Lease, expires: datetime | None) -> Filling:
    default: Sandbox | None = call.parties.sandboxes.get(DEFAULT)
    seed = content.seed if default is None else default.seed
    demo = leasing.demo_clients(seed) if content.fill else []
    faces = list(call.parties.faces.values())
    return Filling(content, demo, faces, expires, copied=content.snapshot is not None)


ENDPOINTS = (
    ("GET", "/sandboxes", None, sandboxes),
    ("POST", "/sandboxes", Lease, lease),
    ("DELETE", "/sandboxes/<name>", None, drop),
    ("POST", "/reset", None, reset),
)
