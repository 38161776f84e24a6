"""Whether a sandbox is what its journal says: records, balances, chains, and heads noted elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson
from msgspec import Struct, structs

from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.audit import invariants, reconciliation
from prakerja_sim.simulator.stores.contents import put_in_place
from prakerja_sim.simulator.stores.differences import differences
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.stores.replayed import replayed
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values import settings as settings_module
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import journal
from prakerja_sim.simulator.world.journal import SETUP_SUBJECT
from prakerja_sim.simulator.world.records import Entry, World
from prakerja_sim.simulator.world.store import Contents, Unit

NAME = "verified"
Heads = Mapping[str, tuple[int, str]]
"""The ends of chains as somebody noted them: for each subject its length and head then."""
Naming = Callable[[bytes, str], str]
"""How a subject is shown, by the seed of its sandbox."""


class Verdict(Struct):
    """What is wrong, each in a sentence; all is well if the three lists are empty."""

    differences: list[str]
    """From the journal, from noted heads, and what cannot be read."""
    violations: list[str]
    discrepancies: list[str]
    digest: str
    note: str = ""
    """What was not judged, and why."""


def verify(kept: Contents, noted: Heads | None = None, named: Naming = lambda _, subject: subject) -> Verdict:
    """Do the journal once more and compare; ask the invariants and reconciliation of what is kept.

    The subjects of noted heads are whole, or as `named` shows them for the sandbox's seed.
    A sandbox that another version wrote is not done again: its rules may be other ones.
    """
    wrong = [*kept.damage, *_cut_off(kept, noted or {}, named)]
    versions, note = _versions(kept), ""
    if versions == {VERSION}:
        again = replayed(kept.logs[Entry])
        wrong += again.damage
        if again.logs[Entry]:
            wrong += differences(kept, again)
    else:
        told = ", ".join(sorted(versions)) or "an unknown one"
        note = f"written by version {told}, this is {VERSION}: judged by chains, balances and invariants only"
    store, world = Memory(), _world(kept)
    store.run(NAME, lambda unit: put_in_place(unit, kept), *world)
    violations = store.ask(NAME, _violations, *world)
    discrepancies = store.ask(NAME, _discrepancies, *world)
    return Verdict(wrong, violations, discrepancies, store.ask(NAME, journal.digest), note)


def _violations(world: Unit) -> list[str]:
    return [f"{check.__name__}: {wrong}" for check in invariants.INVARIANTS for wrong in _asked(check, world)]


def _discrepancies(world: Unit) -> list[str]:
    told = "{kind}: {party} {about}: {told}; {remedy}"
    found = _asked(reconciliation.discrepancies, world)
    return [
        f"reconciliation {one}" if isinstance(one, str) else told.format(**structs.asdict(one))
        for one in found
    ]


def _asked(check: Callable[[Unit], Iterable[Any]], world: Unit) -> Iterator[Any]:
    """What a check finds; one that stumbles over a damaged value has found it."""
    try:
        yield from check(world)
    except Exception as problem:  # the values may be anything
        yield f"cannot be judged: {type(problem).__name__}: {problem}"


def _world(kept: Contents) -> tuple[int, Settings]:
    world: World | None = next(iter(kept.records[World].values()), None)
    try:
        return (0, Settings()) if world is None else (world.seed, settings_module.from_json(world.settings))
    except (ValueError, TypeError):
        return 0, Settings()


def _versions(kept: Contents) -> set[str]:
    """Who wrote it, as its journal says, and if that says nothing, as its record does."""
    versions = set()
    for entry in kept.logs[Entry]:
        if entry.subject == SETUP_SUBJECT:
            try:
                versions.add(orjson.loads(entry.arguments).get("version"))
            except (ValueError, AttributeError):
                continue
    told = versions - {None}
    return told or {v for one in kept.records[World].values() for v in one.version.split(", ") if v}


def _cut_off(kept: Contents, noted: Heads, named: Naming) -> Iterator[str]:
    """Noted heads that the journal has no more."""
    if not noted:
        return
    seed = chance.seed_bytes(_world(kept)[0])
    heads: dict[tuple[str, int], str] = {}
    ends: dict[str, int] = {}
    for entry in kept.logs[Entry]:
        for subject in {entry.subject, named(seed, entry.subject)}:
            heads[subject, entry.n] = entry.head
            ends[subject] = entry.n
    for subject, (length, head) in noted.items():
        found = heads.get((subject, length))
        if found is None:
            end = ends.get(subject, 0)
            yield f"chain {subject} was noted at {length} and ends at {end}: its tail is cut off"
        elif found != head:
            yield f"entry {subject}#{length} has the head {found}; {head} was noted"
