"""Copies of a world: snapshots, and sandboxes that go on from one.

A copy holds the whole journal, so it can be verified like any other world.  That it was copied is
journalled in the chain `setup`, which is no part of the digest: a copy has the digest of its original.
"""

from datetime import datetime

from prakerja_sim.simulator import VERSION, sandbox
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.contents import put_in_place
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Damaged, Reason, Rejected
from prakerja_sim.simulator.world import setup
from prakerja_sim.simulator.world.records import World
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Contents, Store, Unit

MARK = "@"
"""How the name begins under which a store keeps a snapshot; no sandbox is called so."""


def key_of(snapshot: str) -> str:
    """Under which name a store keeps a snapshot."""
    return MARK + snapshot


def names(store: Store) -> list[str]:
    """The names of all snapshots that a store keeps, sorted."""
    return [name[len(MARK) :] for name in store.names() if name.startswith(MARK)]


@refuses(Reason.SNAPSHOT_UNKNOWN)
def kept(store: Store, snapshot: str) -> Contents:
    """What a snapshot holds; raises Rejected if there is none of this name, Damaged if it cannot be read."""
    found = _whole(store, key_of(snapshot))
    if not found.records[World]:
        raise Rejected(Reason.SNAPSHOT_UNKNOWN, snapshot=snapshot, known=", ".join(names(store)) or "none")
    return found


def of_sandbox(one: Sandbox) -> Contents:
    """What a sandbox holds at one moment; raises Damaged if it cannot be read."""
    return _whole(one.store, one.name)


def in_memory(held: Contents, name: str) -> Sandbox:
    """A world with these contents, in a store of its own, which nobody sees yet."""
    store = Memory()
    store.run(name, lambda unit: put_in_place(unit, held))
    copied = sandbox.reopen(store, name)
    assert copied is not None, "a copy of a world is one"
    if VERSION not in copied.ask(setup.versions):
        copied.do(setup.take_over, version=VERSION)
    return copied


def going_on(held: Contents, name: str, *, source: str, life: int | None = None) -> Sandbox:
    """A world that goes on from these contents; `life` tells it from what had this name before."""
    copied = in_memory(held, name)
    copied.do(setup.go_on, source=source, life=copied.life if life is None else life)
    again = sandbox.reopen(copied.store, name)
    assert again is not None
    return again


def snapshot(of: Sandbox, name: str, taken: datetime) -> Sandbox:
    """A copy of a world as it is now, which notes that it is a snapshot."""
    copied = in_memory(of_sandbox(of), key_of(name))
    copied.do(setup.note_snapshot, name=name, of=of.name, taken=taken)
    return copied


@refuses(Reason.SNAPSHOT_TAKEN)
def keep(store: Store, copied: Sandbox) -> None:
    """Keep a snapshot, in one unit of work; raises Rejected if there is one of its name."""
    made = copied.store.contents(copied.name)

    def put(unit: Unit) -> None:
        if unit.get(World, "world") is not None:
            raise Rejected(Reason.SNAPSHOT_TAKEN, snapshot=copied.name.removeprefix(MARK))
        put_in_place(unit, made)

    store.run(copied.name, put)


@refuses(Reason.SNAPSHOT_UNKNOWN)
def drop(store: Store, snapshot: str) -> None:
    """Remove a snapshot; sandboxes that go on from it stay."""
    if snapshot not in names(store):
        raise Rejected(Reason.SNAPSHOT_UNKNOWN, snapshot=snapshot, known=", ".join(names(store)) or "none")
    store.drop(key_of(snapshot))


def _whole(store: Store, name: str) -> Contents:
    found = store.contents(name)
    if found.damage:
        raise Damaged(f"{name}: {found.damage[0]}")
    return found
