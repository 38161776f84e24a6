"""A sandbox: one whole world with its seed, settings, clock, people, courses, books and journal.

The parties and the admin API reach the programme through it.  A command is journalled and
stored; a question changes nothing.  A sandbox whose invariants are broken is stopped: it still
answers questions and takes no commands.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from threading import Lock, RLock
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from prakerja_sim.simulator import VERSION, due_events  # noqa: F401  # the latter registers all of them
from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.payout.instructions import PaymentPartners, WithoutWire
from prakerja_sim.simulator.values import settings as settings_module
from prakerja_sim.simulator.values.clock import SECOND, WIB
from prakerja_sim.simulator.values.errors import Rejected, SandboxStopped, WorldGone
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import faults, journal, refusals, schedule, setup
from prakerja_sim.simulator.world.journal import Done
from prakerja_sim.simulator.world.records import Clock, Due, Entry, World
from prakerja_sim.simulator.world.schedule import Happened
from prakerja_sim.simulator.world.store import Store, Unit

F = TypeVar("F", bound=faults.Fault)
UNREADABLE, DROPPED = -1, -2
"""The life of a sandbox whose own records are damaged, and of one that is no more, whoever has its name."""
P = ParamSpec("P")
T = TypeVar("T")


class Parties(Protocol):
    """What a sandbox needs of its parties; called while no unit of work is open."""

    def saw(self, sandbox: "Sandbox", done: Done) -> None:
        """Something was done."""

    def carry(self, sandbox: "Sandbox", event: str, about: str) -> None:
        """Call another party as this due event demands; a second call changes nothing more."""

    def deliver(self, sandbox: "Sandbox") -> None:
        """Deliver the webhooks that are due."""

    def payment_partners(self, sandbox: "Sandbox") -> PaymentPartners:
        """How its programme reaches its payment partners."""


@dataclass
class Sandbox:
    """One world in a store, until it is reset or dropped: then whoever still works in it gets WorldGone."""

    name: str
    store: Store
    seed: int
    settings: Settings
    life: int = 0
    """How often the sandbox of this name was reset before."""
    stopped: list[str] = field(default_factory=list)
    faulty: bool = False
    """Whether any fault is armed; saves a question to the store on each request."""
    running: bool = False
    """Whether the clock follows the wall."""
    telling: bool = False
    """Whether there may be webhooks to deliver; saves a question to the store after each request."""
    parties: Parties | None = None
    aside: dict[str, Any] = field(default_factory=dict)
    """What the parties remember outside the world, in this process only; a reset forgets it."""
    _now: datetime | None = None
    _carrying: tuple[str, ...] = ()
    """The keys of the due events for which a party is being asked: whoever it is may move the clock."""
    _delivering: bool = False
    _moving: AbstractContextManager[object] = field(default_factory=RLock)
    _arming: AbstractContextManager[object] = field(default_factory=Lock)

    def perform(
        self, operation: Callable[Concatenate[Unit, P], T], /, *_: P.args, **arguments: P.kwargs
    ) -> Done:
        """Do a command: journalled if it changed anything, stored when this returns.

        Raises Rejected if the programme refuses.
        """
        if self.stopped:
            raise SandboxStopped("; ".join(self.stopped))

        def work(world: Unit) -> Done:
            self._check_life(world)
            return journal.perform(world, operation, arguments)

        done = self.store.run(self.name, work, self.seed, self.settings)
        if self.parties is not None:
            self.parties.saw(self, done)
        if isinstance(done.result, Rejected):
            raise done.result
        return done

    def do(self, operation: Callable[Concatenate[Unit, P], T], /, *_: P.args, **arguments: P.kwargs) -> T:
        """Do a command and return its result."""
        result: T = self.perform(operation, *_, **arguments).result
        return result

    def ask(self, question: Callable[Concatenate[Unit, P], T], /, *args: P.args, **arguments: P.kwargs) -> T:
        """Answer a question, which changes nothing."""

        def work(world: Unit) -> T:
            self._check_life(world)
            try:
                result = question(world, *args, **arguments)
            except Rejected as refusal:
                refusals.confirm(question, refusal)
                raise
            assert not world.changed, f"{question} is a question and changed something"
            return result

        return self.store.ask(self.name, work, self.seed, self.settings)

    def now(self) -> datetime:
        """The sandbox's time; cached, since a clock moves only through its sandbox."""
        now = self._now
        if now is None:
            with self._moving:  # so that nobody remembers the time from before a move after it
                now = self._now = self.ask(_now)
        return now

    def advance(self, to: datetime) -> list[Happened]:
        """Move the clock; everything due on the way happens in order, each in its own unit of work.

        Before the clock goes on, the event's other party is called and the webhooks are delivered.
        """
        to = to.astimezone(WIB)
        happened: list[Happened] = []
        with self._moving:
            self.ask(schedule.check_forward, to)
            self._deliver()
            while due := self.ask(schedule.next_due, until=to, beside=self._carrying):
                done = self.do(schedule.fire, key=due.key)
                self._now = None
                if done is not None:
                    happened.append(self._gone_on(done, due.key))
                    self._carry(due)
                self._deliver()
            self.do(schedule.move_clock, to=max(to, self.now()))  # who was asked may have moved it further
            self._now = None
        return happened

    def _carry(self, due: Due) -> None:
        """Call another party, if the event demands it, while the clock stands."""
        if not schedule.EVENTS[due.event].carried:
            return
        if self.parties is not None:
            self._carrying, self._now = (*self._carrying, due.key), self.ask(_now)  # who is asked may ask it
            try:
                self.parties.carry(self, due.event, due.about)
            finally:
                self._carrying = self._carrying[:-1]
        self.do(schedule.carried, key=due.key)

    def _deliver(self) -> None:
        """Deliver the webhooks that are due, while the clock stands."""
        if self.parties is None or not self.telling or self._delivering:
            return
        self._delivering, self._now = True, self.ask(_now)  # who is told may ask for it
        try:
            self.parties.deliver(self)
        finally:
            self._delivering = False

    def _gone_on(self, done: Happened, key: str) -> Happened:
        """What happened, and what follows from it between units of work, while the clock stands."""
        flow = schedule.EVENTS[done.event].flow
        if flow is None:
            return done
        self._carrying, self._now = (*self._carrying, key), self.ask(_now)  # who is called may ask for it
        try:
            return replace(done, moved=done.moved + flow(self, done.about))
        finally:
            self._carrying = self._carrying[:-1]

    @property
    def payment_partners(self) -> PaymentPartners:
        """How the programme reaches its payment partners: over the wire, if there are other parties."""
        return WithoutWire(self) if self.parties is None else self.parties.payment_partners(self)

    def step(self) -> list[Happened]:
        """Move the clock to the next due event; all that is due then happens, and what is overdue at once."""
        due = self.ask(schedule.next_due, until=None)
        return self.advance(max(due.at, self.now())) if due is not None else []

    def run_clock(self, scale: int, wall: datetime) -> None:
        """Let the clock follow the wall, so many times as fast; 0 freezes it where it is."""
        self.catch_up(wall)
        self.do(schedule.run_clock, scale=scale, wall=wall)
        self.running = scale > 0

    def go_on(self, wall: datetime) -> None:
        """Let a running clock that was moved by hand go on from where it is now."""
        if self.running:
            self.run_clock(self.ask(Unit.need, kind=Clock, key="clock").scale, wall)

    def catch_up(self, wall: datetime) -> None:
        """Move a running clock to the time that belongs to this wall time, in whole seconds."""
        if not self.running or self._carrying or self._delivering:
            return
        clock = self.ask(Unit.need, kind=Clock, key="clock")
        assert clock.wall is not None and clock.since is not None
        target = clock.since + (wall - clock.wall) // SECOND * clock.scale * SECOND
        if target > clock.now:
            self.advance(target)

    def arm(self, fault: str, where: str = "", times: int = 1) -> str:
        """Let a fault strike the next times; the number of this arming."""
        with self._arming:
            number = self.do(faults.arm, fault=fault, where=where, times=times)
            self.faulty = True
            return number

    def disarm(self, number: str | None = None) -> None:
        """End all faults, or the one of that number."""
        with self._arming:
            self.do(faults.disarm, **({} if number is None else {"number": number}))
            self.faulty = self.ask(faults.any_armed)

    def strike(self, kind: type[F], at: str) -> F | None:
        """The fault of this point that strikes here and now, if any is armed."""
        if not self.faulty or self.stopped:  # a stopped sandbox still answers questions
            return None
        with self._arming:  # else a fault that is armed between the two lines would be forgotten
            struck = self.do(faults.strike, point=kind.point, at=at)
            self.faulty = self.ask(faults.any_armed)
        assert struck is None or isinstance(struck, kind), f"{struck} is no {kind}"
        return struck

    def digest(self) -> str:
        """One line that is equal for two equal runs."""
        return self.ask(journal.digest)

    def check(self) -> list[str]:
        """Ask all invariants; a broken one stops the sandbox."""
        self.stopped = self.ask(invariants.violations)
        return self.stopped

    def journal(self, limit: int | None = None) -> list[Entry]:
        """What happened, oldest first."""
        return self.ask(Unit.log, kind=Entry, limit=limit)

    def again(self, store: Store) -> "Sandbox":
        """The same world once more, in that store: same name, seed, settings and start, and nothing else."""
        begun: World = self.ask(Unit.need, kind=World, key="world")
        fresh = Sandbox(self.name, store, self.seed, self.settings, self.life + 1, parties=self.parties)
        _begin(fresh, begun.started, empty=begun.empty)
        return fresh

    def _check_life(self, world: Unit) -> None:
        readable = self.life != UNREADABLE  # else there is no clock to ask
        if readable and world.life != self.life:
            raise WorldGone(f"sandbox {self.name} was reset or dropped meanwhile")


def create(
    store: Store,
    name: str,
    seed: int,
    start: datetime,
    settings: Settings | None = None,
    *,
    empty: bool = False,
) -> Sandbox:
    """A new world that begins at that time with its clock frozen; `empty` says that nothing will fill it."""
    sandbox = Sandbox(name, store, seed, settings or Settings())
    _begin(sandbox, start.astimezone(WIB), empty=empty)
    return sandbox


def reopen(store: Store, name: str) -> Sandbox | None:
    """The world of that name as the store has kept it, or None."""
    world, clock = store.ask(name, lambda unit: (unit.get(World, "world"), unit.get(Clock, "clock")))
    if world is None or clock is None:
        return None
    sandbox = Sandbox(name, store, world.seed, settings_module.from_json(world.settings), clock.life)
    sandbox.faulty = sandbox.ask(faults.any_armed)
    sandbox.running = clock.scale > 0 and clock.wall is not None and clock.since is not None
    sandbox.telling = sandbox.ask(webhooks_outbox.anything)
    return sandbox


def _begin(sandbox: Sandbox, start: datetime, *, empty: bool) -> None:
    about = {"seed": sandbox.seed, "settings": sandbox.settings.to_json(), "life": sandbox.life}
    about |= {"empty": True} if empty else {}
    anew = partial(setup.anew, about={**about, "started": start, "version": VERSION})
    sandbox.store.run(sandbox.name, anew, sandbox.seed, sandbox.settings)


def _now(world: Unit) -> datetime:
    return world.now
