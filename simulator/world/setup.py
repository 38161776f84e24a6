"""How a sandbox began, which versions wrote it and whom it lets in: the chain `setup` of its journal.

So every record of a sandbox follows from its journal.  This chain is no part of the digest: credentials
are made for whoever asks first, and equal runs are equal in every version.
"""

from datetime import datetime
from typing import Any

from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world import journal
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.journal import SETUP_SUBJECT, canonical
from prakerja_sim.simulator.world.records import Client, Clock, Leased, Snapshot, World
from prakerja_sim.simulator.world.store import Unit

SNAPSHOT = "snapshot"
"""The key of the record that says of which snapshot a world is."""
LEASE = "lease"
"""The key of the record that says how the sandbox was leased."""


@command("sandbox.begin")
def begin(
    world: Unit,
    *,
    seed: int,
    settings: str,
    started: datetime,
    version: str,
    life: int,
    empty: bool = False,
) -> None:
    """Begin a world with its clock frozen; `life` tells it from what had the sandbox's name before it."""
    world.subject = SETUP_SUBJECT
    world.put(World("world", seed, settings, started, version, empty))
    world.put(Clock("clock", started, life=life))


def anew(world: Unit, about: dict[str, Any]) -> None:
    """Forget all there is and begin, in one unit of work; `about` is what `begin` takes."""
    world.clear()
    journal.perform(world, begin, about)


@command("sandbox.take_over")
def take_over(world: Unit, *, version: str) -> None:
    """Another version of the simulator goes on with this world."""
    world.subject = SETUP_SUBJECT
    begun = world.need(World, "world")
    if version not in versions(world):
        world.put(begun.but(version=f"{begun.version or '?'}, {version}"))


@command("client.let_in")
def let_in(
    world: Unit,
    *,
    client_code: str,
    party: str,
    sign_key: str,
    redirect_uris: str,
    public_key: str,
    addresses: str,
    roles: str,
) -> None:
    """Let a partner in with this credential."""
    world.subject = SETUP_SUBJECT
    world.put(Client(client_code, PartyCode(party), sign_key, redirect_uris, public_key, addresses, roles))


@command("sandbox.lease")
def lease(
    world: Unit, *, asked: dict[str, Any], made: dict[str, list[str]], expires: datetime | None
) -> None:
    """Note how this world was asked for, what that brought, and the wall time at which it goes."""
    world.subject = SETUP_SUBJECT
    world.put(Leased(LEASE, canonical(asked), canonical(made), expires))


def leased(world: Unit) -> Leased | None:
    """How this world was asked for; None if nobody leased it."""
    return world.get(Leased, LEASE)


@command("sandbox.note_snapshot")
def note_snapshot(world: Unit, *, name: str, of: str, taken: datetime) -> None:
    """Note in a copy of a world that it is a snapshot."""
    world.subject = SETUP_SUBJECT
    world.put(Snapshot(SNAPSHOT, name, of, taken))


@command("sandbox.go_on")
def go_on(world: Unit, *, source: str, life: int) -> None:
    """Go on where a copied world was, clock frozen; who is at work in what was here before finds it gone."""
    del source  # it is for whoever reads the journal
    world.subject = SETUP_SUBJECT
    world.put(world.clock.but(life=life, scale=0, wall=None, since=None))


def versions(world: Unit) -> list[str]:
    """The versions of the simulator that wrote this world, in order."""
    return world.need(World, "world").version.split(", ")
