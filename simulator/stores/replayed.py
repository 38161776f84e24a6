"""The world that a journal gives: its commands done once more, one after the other, in memory.

No wire is needed: what another party answered is an argument of the command that settled it.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values import settings as settings_module
from prakerja_sim.simulator.world import commands, journal, setup
from prakerja_sim.simulator.world.records import Entry
from prakerja_sim.simulator.world.store import Contents

NAME = "replayed"


def replayed(entries: Iterable[Entry]) -> Contents:
    """What there is after these commands; the damage names those that cannot be done again."""
    store, damage = Memory(), []
    world: dict[str, Any] = {}
    begin = commands.name_of(setup.begin)
    for entry in entries:
        if not world and entry.command != begin:
            damage.append("the journal does not begin with the sandbox: nothing can be done again")
            break
        try:
            if entry.command == begin:
                told = orjson.loads(entry.arguments)
                world = {"seed": told["seed"], "settings": settings_module.from_json(told["settings"])}
            operation, arguments = commands.named(entry.command), journal.arguments_of(entry)
            done = store.run(
                NAME,
                lambda unit, do=operation, told=arguments: journal.perform(unit, do, told),  # type: ignore[misc]
                **world,
            )
        except Exception as problem:  # whatever a damaged entry leads to
            damage.append(f"{_named(entry)} cannot be done again: {type(problem).__name__}: {problem}")
            continue
        if done.head is None:
            damage.append(f"{_named(entry)} changes nothing when it is done again")
    again = store.contents(NAME)
    again.damage = damage
    return again


def _named(entry: Entry) -> str:
    return f"entry {entry.subject}#{entry.n} ({entry.command})"
