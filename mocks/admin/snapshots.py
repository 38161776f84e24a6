"""Snapshots of a sandbox: taken, restored, forked, and two worlds compared."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import StringConstraints

from prakerja_sim.mocks.admin import leases, leasing
from prakerja_sim.mocks.admin.fields import Body, Name
from prakerja_sim.mocks.admin.shown import Shown, shown
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator import copies
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores import parting
from prakerja_sim.simulator.values.errors import Reason, Rejected, SandboxStopped
from prakerja_sim.simulator.world import setup
from prakerja_sim.simulator.world.records import Clock, Entry, Leased, Snapshot, World
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Contents, Unit

SnapshotName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,63}$")]

MOST_LINES = 500
"""So many new lines of a log are shown, the newest."""


class Take(Body):
    """A snapshot to take; without a name one is made up."""

    name: SnapshotName | None = None


class Restore(Body):
    """The snapshot to go back to."""

    snapshot: SnapshotName


class Fork(Body):
    """A sandbox that goes on from a snapshot, or from where this sandbox is now."""

    name: Name | None = None
    snapshot: SnapshotName | None = None
    ttl: int | str | None = None
    """How long it stays, by the wall: seconds, or 90s, 30m, 2h, 7d."""


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for method, path, body, handler in ENDPOINTS:
        face.endpoint(method, path, provenance=Provenance.SIMULATED, body=body)(handler)


@refuses(copies.keep)
def take(call: Call, body: Take) -> Reply:
    """Keep this sandbox as it is now under a name."""
    _check_runs(call.sandbox)
    sandboxes = call.parties.sandboxes
    name = body.name or _free_name(call)
    copied = copies.snapshot(call.sandbox, name, call.parties.wall().replace(microsecond=0))
    if copied.ask(setup.leased) is None:
        leasing.note_all(copied, _asked(call.sandbox), None)
    copies.keep(sandboxes.store, copied)
    return Reply(_told(copies.kept(sandboxes.store, name)), 201)


def snapshots(call: Call) -> Reply:
    """The snapshots of this server, of whichever sandbox."""
    store = call.parties.sandboxes.store
    return Reply({"snapshots": [_told(copies.kept(store, name)) for name in copies.names(store)]})


@refuses(copies.drop)
def drop(call: Call) -> Reply:
    """Remove a snapshot; the sandboxes that went on from it stay."""
    copies.drop(call.parties.sandboxes.store, call.path["name"])
    return Reply({"dropped": call.path["name"]})


@refuses(copies.kept)
def restore(call: Call, body: Restore) -> Reply:
    """Let this sandbox go on from a snapshot; the clock stands still, the timeline begins anew."""
    sandboxes = call.parties.sandboxes
    held = copies.kept(sandboxes.store, body.snapshot)
    call.sandbox = sandboxes.restore(call.sandbox.name, held, body.snapshot, _keep_expiry)
    call.parties.resume_in(call.sandbox)
    now, digest = call.sandbox.now().isoformat(), call.sandbox.digest()
    return Reply({"restored": call.sandbox.name, "snapshot": body.snapshot, "now": now, "digest": digest})


@refuses(Reason.SANDBOX_TAKEN, copies.kept)
def fork(call: Call, body: Fork) -> Reply:
    """Lease a sandbox that goes on from a snapshot or from here, with people, books and credentials."""
    sandboxes = call.parties.sandboxes
    expires = leases.expiry(call, body.ttl)
    if body.snapshot is None:
        _check_runs(call.sandbox)
        held, source = copies.of_sandbox(call.sandbox), call.sandbox.name
    else:
        held, source = copies.kept(sandboxes.store, body.snapshot), body.snapshot
    forked = copies.going_on(held, body.name or sandboxes.free_name(), source=source)
    before: Leased | None = forked.ask(setup.leased)
    asked = orjson.loads(before.asked) if before is not None else _asked(call.sandbox)
    leasing.note_all(forked, {name: value for name, value in asked.items() if name != "ttl"}, expires)
    begun = sandboxes.begin(forked)
    call.parties.resume_in(begun)
    return Reply(leases.told(call, begun), 201)


@refuses(Reason.SANDBOX_UNKNOWN, copies.kept)
def diff(call: Call) -> Reply:
    """What differs between this sandbox and another, or a snapshot (`with=NAME`): records and log lines."""
    name = call.query.get("with", "")
    if not name:
        raise Malformed("with: is needed: the name of a sandbox, or of a snapshot")
    here, there = copies.of_sandbox(call.sandbox), _named(call, name)
    texts = call.ask(shown, whole=call.parties.show_secrets)
    parted = list(parting.records(here, there))
    lines = list(parting.logs(here, there))
    return Reply(
        {
            "here": call.sandbox.name,
            "there": name,
            "same": not parted and not lines,
            "records": [
                {
                    "kind": one.kind,
                    "key": texts.name(one.key),
                    "here": one.here,
                    "there": one.there,
                    "fields": {
                        field: {"here": texts.field(field, mine), "there": texts.field(field, theirs)}
                        for field, (mine, theirs) in one.fields.items()
                    },
                }
                for one in parted
            ],
            "logs": [
                {
                    "kind": one.kind,
                    "here": one.here,
                    "there": one.there,
                    "only_here": [_line(texts, line) for line in one.only_here[-MOST_LINES:]],
                    "only_there": [_line(texts, line) for line in one.only_there[-MOST_LINES:]],
                }
                for one in lines
            ],
        }
    )


@refuses(Reason.SANDBOX_UNKNOWN, copies.kept)
def _named(call: Call, name: str) -> Contents:
    """What a sandbox of that name holds, or a snapshot: where both are, `@NAME` is the snapshot."""
    sandboxes = call.parties.sandboxes
    one: Sandbox | None = sandboxes.get(name)
    if one is not None:
        return copies.of_sandbox(one)
    snapshot = name.removeprefix(copies.MARK)
    if snapshot not in copies.names(sandboxes.store):
        known = [*sandboxes.names(), *copies.names(sandboxes.store)]
        raise Rejected(Reason.SANDBOX_UNKNOWN, name=name[:64], known=", ".join(known))
    return copies.kept(sandboxes.store, snapshot)


def _line(texts: Shown, line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: texts.field(name, value) for name, value in line.items()}


def _keep_expiry(fresh: Sandbox, old: Sandbox) -> None:
    """A restored sandbox goes when it would have gone anyway, and is asked for as its journal begins."""
    before: Leased | None = fresh.ask(setup.leased)
    lease: Leased | None = None if old.stopped else old.ask(setup.leased)
    if before is not None:
        expires = lease.expires if lease is not None else None
        made = orjson.loads(before.made)
        fresh.do(setup.lease, asked=orjson.loads(before.asked), made=made, expires=expires)


def _asked(of: Sandbox) -> Mapping[str, Any]:
    """How a world was asked for that nobody leased: the default one has the demo."""
    begun: World = of.ask(Unit.need, kind=World, key="world")
    return {"fill": True} if of.name == DEFAULT and not begun.empty else {}


def _check_runs(one: Sandbox) -> None:
    if one.stopped:
        raise SandboxStopped("; ".join(one.stopped))


def _free_name(call: Call) -> str:
    taken = copies.names(call.parties.sandboxes.store)
    while (name := str(call.parties.sandboxes.free_name())) in taken:
        continue
    return name


def _told(held: Contents) -> dict[str, Any]:
    noted: Snapshot = held.records[Snapshot][setup.SNAPSHOT]
    clock: Clock = held.records[Clock]["clock"]
    return {
        "name": noted.name,
        "of": noted.of,
        "taken": noted.taken.isoformat(),
        "now": clock.now.isoformat(),
        "people": len(held.records[Participant]),
        "entries": len(held.logs[Entry]),
    }


ENDPOINTS = (
    ("POST", "/snapshots", Take, take),
    ("GET", "/snapshots", None, snapshots),
    ("DELETE", "/snapshots/<name>", None, drop),
    ("POST", "/restore", Restore, restore),
    ("POST", "/fork", Fork, fork),
    ("GET", "/diff", None, diff),
)
