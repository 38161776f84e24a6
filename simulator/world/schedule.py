"""Due events: what will happen without a request, when, and what the clock does at that time.

People's deadlines (an OTP's life, the last day to buy) are facts that rules compare with the time; they are
no due events.  The module that owns an event registers it.  Each event happens in its own unit of work and
does nothing the second time, so a move of the clock that was interrupted is simply done again.  If the event
must ask another party, it is done only after that party was asked.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Clock, Due
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

F = TypeVar("F", bound=Callable[..., Any])
PATIENCE = timedelta(minutes=15)
"""How long a flow waits for another party before it asks what became of it (simulated)."""
Moved = tuple[str, str, int]
"""From which account to which, and how much."""


@dataclass(frozen=True, slots=True)
class DueEvent:
    """What happens at its time, and why: the rules behind it, and a sentence for each of two outcomes."""

    run: Callable[[Unit, str], object]
    done: str
    rules: tuple[str, ...] = ()
    nothing: str = "nothing was left to do"
    """The sentence if there was nothing to change."""
    carried: bool = False
    """Whether another party must then be asked, outside any unit of work: see `mocks.http.due_events`."""
    resumes: bool = False
    """Whether it goes on with a flow that was cut short; a new process then does not wait for its time."""
    flow: Callable[[Any, str], tuple[Moved, ...]] | None = None
    """What then goes on between units of work, in that sandbox, about whom; answers what it booked."""


EVENTS: dict[str, DueEvent] = {}


def due_event(name: str, about: str, done: str, **fields: Any) -> Callable[[F], F]:
    """Let an operation happen when an event of this name is due; `about` is the argument that it is given.

    `done` and `fields` are the other fields of DueEvent.
    """

    def register(operation: F) -> F:
        EVENTS[name] = DueEvent(lambda world, whom: operation(world, **{about: whom}), done, **fields)
        return operation

    return register


def job(name: str, done: str, *, resumes: bool = False) -> None:
    """An event that changes no books: all it does is to ask another party."""
    EVENTS[name] = DueEvent(_nothing, done=done, nothing=done, carried=True, resumes=resumes)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that the clock did."""

    at: datetime
    event: str
    about: str
    whom: str = ""
    """The journal's chain that it went into, masked."""
    rules: tuple[str, ...] = ()
    """The ids of the rules that made it happen."""
    why: str = ""
    moved: tuple[Moved, ...] = ()
    """What was booked; cards masked."""


def schedule(world: Unit, at: datetime, event: str, about: str) -> None:
    """Let the event happen at that time; the same event about the same thing happens only once."""
    world.put(Due(_key(at, event, about), at, event, about))


def cancel(world: Unit, at: datetime, event: str, about: str) -> None:
    """Let an event not happen, if it is still to come."""
    due = world.get(Due, _key(at, event, about))
    if due is not None and not due.done:
        world.put(due.but(done=True))


def await_answer(world: Unit, event: str, about: str) -> None:
    """Another party is asked now: if it has not answered in time, the event asks what became of that."""
    schedule(world, world.now + PATIENCE, event, about)


def stop_waiting(world: Unit, event: str, about: str, *, since: datetime | None) -> None:
    """The party that was asked at that time has answered, or is asked anew; None: it was not asked."""
    if since is not None:
        cancel(world, since + PATIENCE, event, about)


def next_due(world: Unit, *, until: datetime | None, beside: Collection[str] = ()) -> Due | None:
    """The earliest event not yet done that is due by `until`, that second included; None: without limit.

    Events whose keys are in `beside` are left out.
    """
    up_to = None if until is None else _key(until, "~", "~")
    waiting = world.find(Due, done=False, up_to=up_to, limit=len(beside) + 1)
    return next((due for due in waiting if due.key not in beside), None)


def cut_short(world: Unit) -> list[Due]:
    """The events to come that go on with flows that were under way; for a process that has just started."""
    up_to = _key(world.now + PATIENCE, "~", "~")
    return [due for due in world.find(Due, done=False, up_to=up_to) if EVENTS[due.event].resumes]


@command("due_events.fire")
def fire(world: Unit, *, key: str) -> Happened | None:
    """Move the clock to a due event and let it happen; None if it has happened already.

    An event that must ask another party is not done yet: see `carried`.
    """
    due = world.need(Due, key)
    if due.done:
        return None

    event, clock = EVENTS[due.event], world.need(Clock, "clock")
    if due.at > clock.now:
        world.put(clock.but(now=due.at))
    if not event.carried:
        world.put(due.but(done=True))
    before = len(world.put_records)
    event.run(world, due.about)
    goes_on = not world.need(Due, key).done  # it is due again at once, until its flow has come to an end
    why = event.done if goes_on or len(world.put_records) > before else event.nothing
    return Happened(due.at, due.event, due.about, _whom(world.subject), event.rules, why, moved(world))


@command("due_events.carried")
def carried(world: Unit, *, key: str) -> None:
    """The other party was asked: the event is done and does not come back."""
    due = world.need(Due, key)
    if not due.done:
        world.put(due.but(done=True))


@refuses(Reason.CLOCK_FORWARD_ONLY)
def check_forward(world: Unit, to: datetime) -> None:
    """Refuse a time that has passed."""
    now = world.now
    if to < now:
        raise Rejected(Reason.CLOCK_FORWARD_ONLY, now=now.isoformat(), asked=to.isoformat())


@command("clock.move")
@refuses(check_forward)
def move_clock(world: Unit, *, to: datetime) -> None:
    """Set the time; it never goes back."""
    check_forward(world, to)
    clock = world.need(Clock, "clock")
    if to != clock.now:
        world.put(clock.but(now=to))


@command("clock.run")
def run_clock(world: Unit, *, scale: int, wall: datetime) -> None:
    """Let so many sandbox seconds pass in a second of wall time, from now on; 0 freezes the clock."""
    clock = world.need(Clock, "clock")
    running = {"wall": wall, "since": clock.now} if scale else {"wall": None, "since": None}
    world.put(clock.but(scale=scale, **running))


def moved(world: Unit) -> tuple[Moved, ...]:
    """What a unit has booked so far, as it may be shown."""
    return tuple((_account(s), _account(t), amount) for _, s, t, amount in world.booked)


def _key(at: datetime, event: str, about: str) -> str:
    return f"{at.isoformat(timespec='microseconds')}|{event}|{about}"


def _nothing(world: Unit, about: str) -> None:
    """What follows happens outside."""


def _whom(subject: str) -> str:
    """Whom a journal's chain is about, as it may be shown: a card only by its last four digits."""
    kind, _, key = subject.partition(":")
    return f"{kind} {masked(key)}" if kind == "participant" else subject


def _account(name: str) -> str:
    """An account's name as it may be shown."""
    family, _, owner = name.partition(":")
    return f"{family}:{masked(owner)}" if family in ("card", "incentive", "owed") else name
