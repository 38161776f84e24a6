"""What happened: every command that changed something, chained per participant.

A chain's head is a hash over all its entries, so a changed, missing or reordered one shows.
The sandbox's digest is the hash over the sorted heads; it does not depend on the order in
which participants came.  The sandbox's name is not part of it: equal runs are equal.
"""

import inspect
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
from msgspec import Struct

from prakerja_sim.simulator.values.clock import WIB, parse_instant
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import commands, refusals
from prakerja_sim.simulator.world.records import Chain, Entry, Logged, Record, Transfer, World
from prakerja_sim.simulator.world.store import Unit

Operation = Callable[..., Any]
SETUP_SUBJECT = "setup"
"""The chain that is no part of the digest: see `world.setup`."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: one text for one value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class Done(Struct, frozen=True):
    """What a command answered, the head of the chain that it went into, and what it wrote."""

    result: Any
    head: str | None
    subject: str
    command: str = ""
    put: tuple[Record, ...] = ()
    appended: tuple[Logged, ...] = ()


def perform(world: Unit, operation: Operation, arguments: dict[str, Any]) -> Done:
    """Do an operation and write it into the journal if it changed anything.

    A refusal that counts (a wrong code) is returned as the result, so that the store keeps its
    unit of work; any other refusal is raised and leaves no trace.
    """
    try:
        result = operation(world, **arguments)
        outcome = "ok"
    except Rejected as refusal:
        refusals.confirm(operation, refusal)
        if not refusal.counts:
            raise
        result, outcome = refusal, refusal.reason.value
    if not world.changed:
        return Done(result, None, world.subject)
    name = commands.name_of(operation)
    head = write(world, name, arguments, outcome)
    return Done(result, head, world.subject, name, tuple(world.put_records.values()), tuple(world.appended))


def write(world: Unit, command: str, arguments: dict[str, Any], outcome: str) -> str:
    """Append one entry, with the transfers that the command booked."""
    subject, now = world.subject, world.now
    chain = world.get(Chain, subject)
    if chain is None:
        chain = Chain(subject, 0, genesis(world, subject))
    number = chain.length + 1
    arguments_text = canonical({n: v if type(v) is str else _plain(v) for n, v in arguments.items()})
    moves = canonical(world.booked) if world.booked else "[]"
    head = _chained(chain.head, number, now, command, arguments_text, outcome, moves)
    world.append(Entry(subject, number, now, command, arguments_text, outcome, moves, head))
    for event, source, target, amount in world.booked:
        world.append(Transfer(f"{subject}#{number}", event, now, source, target, amount))
    world.booked.clear()
    world.put(Chain(subject, number, head))
    return head


def genesis(world: Unit, subject: str) -> str:
    """The first hash of a chain: from the sandbox's seed, settings and start, and the chain's subject."""
    sandbox = world.need(World, "world")
    about = canonical([sandbox.seed, sandbox.settings, sandbox.started.isoformat(), subject])
    return sha256(b"genesis" + about.encode()).hexdigest()


def digest(world: Unit) -> str:
    """One line that is equal for two equal runs, whatever the store, the processes or the order of people."""
    text = "\n".join(line for line in heads(world) if not line.startswith(f"{SETUP_SUBJECT} "))
    return sha256(text.encode()).hexdigest()


def heads(world: Unit) -> list[str]:
    """The end of each chain as `SUBJECT LENGTH HEAD`; noted elsewhere, they show later what was cut off."""
    return [f"{chain.subject} {chain.length} {chain.head}" for chain in world.find(Chain)]


def broken_links(world: Unit) -> list[str]:
    """The entries whose hash does not follow from the one before, and chains cut short."""
    wrong = []
    ends = {chain.subject: chain for chain in world.find(Chain)}
    last: dict[str, tuple[int, str]] = {subject: (0, genesis(world, subject)) for subject in ends}
    for e in world.log(Entry):
        number, head = last.get(e.subject, (0, ""))
        expected = _chained(head, e.n, e.at, e.command, e.arguments, e.outcome, e.transfers)
        if e.n != number + 1 or e.head != expected:
            wrong.append(f"entry {e.subject}#{e.n} does not follow from the one before it")
        last[e.subject] = (e.n, e.head)
    for subject, chain in ends.items():
        if last[subject] != (chain.length, chain.head):
            wrong.append(f"chain {subject} ends at {last[subject][0]}, not at {chain.length} as kept")
    return wrong


def arguments_of(entry: Entry) -> dict[str, Any]:
    """An entry's arguments, typed again as its operation takes them."""
    hints = inspect.get_annotations(commands.named(entry.command))
    return {name: _typed(hints.get(name), value) for name, value in orjson.loads(entry.arguments).items()}


def _chained(
    before: str, number: int, at: datetime, command: str, arguments: str, outcome: str, transfers: str
) -> str:
    record = f"{before}|{number}|{_written(at)}|{command}|{outcome}|{arguments}|{transfers}"
    return sha256(b"\x01" + record.encode()).hexdigest()


@lru_cache(maxsize=1024)
def _written(at: datetime) -> str:
    # A frozen clock gives the same instant to thousands of commands.
    return at.isoformat()


def _plain(value: Any) -> Any:
    if isinstance(value, Rupiah):
        return value.amount
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(WIB).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    text = str(hint)
    if hint in (Rupiah, Rupiah | None):
        return Rupiah(value)
    if "datetime.datetime" in text:
        return parse_instant(value)
    if "datetime.date" in text:
        return parse_instant(value).date()
    return value
