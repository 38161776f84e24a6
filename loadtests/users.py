"""Locust users who live lives: each is somebody else every time, numbered by the server.

What they do is `Plan` (PRAKERJA_LOAD), and whatever a class sets itself under the name of a field of it.
"""

import logging
import os
import platform
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter, time  # noqa: TID251  # a journey tells when it was, by the wall
from typing import Any, ClassVar

import gevent
import msgspec
from gevent import GreenletExit
from locust import FastHttpUser, runners, task
from locust.exception import StopUser
from requests import RequestException

from prakerja_sim.loadtests import journeys, last_one, offer, plan, rows
from prakerja_sim.loadtests.connection import LocustConnection
from prakerja_sim.loadtests.errors import FlowBroken, NotServed
from prakerja_sim.loadtests.life import Life
from prakerja_sim.loadtests.offer import Offer
from prakerja_sim.loadtests.plan import Plan
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.loadtests.shared_clock import LOOK_SECONDS, RunEnds, SharedClock
from prakerja_sim.simulator.values.chance import below

FLOW, EARNING, CLOCK = "flow", "earning", "clock"
"""Rows of their own: a purchase to the reviewed class, what broke after it, and a clock that broke."""
STOPPING = "stopping"
MISSED_HEARTBEATS = 30
"""After so many seconds without a word a worker is missing; Locust's own 3 end a run that is busy."""
rows.prepare()
gevent.get_hub().loop.update_now()  # timers count from the time that the loop knows, and it stood meanwhile
runners.HEARTBEAT_LIVENESS = MISSED_HEARTBEATS
log = logging.getLogger("prakerja_sim")
FIELDS = tuple(field for field in Plan.__struct_fields__ if field not in ("url", "sandbox", "folder"))


class Process:
    """What all users of a process share: the sandbox's offer, and the process's part in the clock."""

    def __init__(self, url: str, sandbox: str, bound: float, broke: Callable[[Exception], None]) -> None:
        """Take part; `broke` counts an error of the clock itself, which no user would meet."""
        self._admin, self._broke = Admin(url, sandbox), broke
        self.who = f"{platform.node()[:40]}-{os.getpid()}"
        self.clock = SharedClock(self._speak, self.who, bound=bound, wall=perf_counter)
        self._offer: Offer | None = None
        self._asking = threading.Lock()
        self._ticking: threading.Thread | None = None
        self.ends = threading.Event()

    def offer(self, own_clients: Iterable[str] = ()) -> Offer:
        """What the sandbox has, asked once."""
        with self._asking:
            if self._offer is None:
                self._offer = offer.read(self._admin.ask, own_clients)
            return self._offer

    def tick(self) -> None:
        """Let the clock go on from now on, until `stop`."""
        if self._ticking is None:
            self.ends.clear()
            self._ticking = threading.Thread(target=self._tick, daemon=True)
            self._ticking.start()

    def stop(self) -> None:
        """Take no part in the clock any more, until `tick` is called again."""
        if self._ticking is not None:
            self.ends.set()
            self._ticking.join(LOOK_SECONDS * 4)
            self._ticking = None

    def _tick(self) -> None:
        wait = 0.0
        while not self.ends.wait(wait):
            try:
                wait = self.clock.tick()
            except (
                NotServed,
                RequestException,
            ):  # the server is busy or away; users say so in their own rows
                wait = LOOK_SECONDS
            except Exception as problem:
                self._broke(problem)
                wait = LOOK_SECONDS
        with suppress(NotServed, RequestException):
            self.clock.leave()

    def _speak(self, body: Any) -> Any:
        return self._admin.do("/clock/together", dict(body))


class UserTime:
    """How time passes for a user; the wait for the clock is no part of what he did."""

    def __init__(self, user: "Participant", plan: Plan, process: Process) -> None:
        self._user, self._plan, self._process = user, plan, process
        self._clock = process.clock if plan.clock == "stepped" else None
        self.waited, self._thoughts = 0.0, 0
        self.visits = False

    def begin(self) -> None:
        """Begin the first visit."""
        if self._clock is not None:
            began = perf_counter()
            self._clock.begin(self._user.ends)
            self.waited += perf_counter() - began
            self.visits = True

    def end(self) -> None:
        """End the visit, if one lasts."""
        if self._clock is not None and self.visits:
            self._clock.end()
            self.visits = False

    def now(self) -> Any:
        """The sandbox's time."""
        return self._clock.now() if self._clock is not None else self._process.offer().now

    def wait(self, until: Any) -> None:
        """Wait for the clock. Raises RunEnds, also if it stands still for this run."""
        if self._clock is None:
            raise RunEnds
        began, self.visits = perf_counter(), False
        try:
            self._clock.wait(until, self._user.ends)
            self.visits = True
        finally:
            self.waited += perf_counter() - began

    def think(self) -> None:
        """Think before the next step."""
        shortest, longest = self._plan.think
        if longest:
            self._thoughts += 1
            seed = self._plan.seed.to_bytes(8, "big", signed=True)
            part = below(1_000_000, seed, "think", id(self._user), self._thoughts) / 1_000_000
            self.pause(shortest + (longest - shortest) * part)

    def pause(self, seconds: float) -> None:
        """Wait by the wall."""
        threading.Event().wait(seconds)


class Participant(FastHttpUser):
    """Somebody who enrols, buys, learns, is paid, and then comes again as somebody else.

    A class of one's own sets what it does otherwise than the run's plan: `marketplaces`, `mistakes`, `think`,
    `until`, `institution_clients`, `lives_each`, and `life` for steps of one's own.
    """

    abstract = True
    network_timeout = connection_timeout = 60.0
    life: ClassVar[type[Life]] = Life

    def __init__(self, environment: Any) -> None:
        of_run = plan.of_environment()
        own = {name: getattr(type(self), name) for name in FIELDS if hasattr(type(self), name)}
        self.plan = plan.read(plan.write(msgspec.structs.replace(of_run, **own)))
        self.host = (of_run.url or environment.host or self.host or "").rstrip("/") or None
        super().__init__(environment)
        self.connection = LocustConnection(self.client, self.plan.sandbox)
        self._lived = 0

    @task
    def live(self) -> None:
        """One life, from the first step to whatever ends it."""
        if self.plan.lives_each and self._lived >= self.plan.lives_each:
            last_one.has_lived(self.environment)
            raise StopUser
        self._lived += 1
        process = self.process()
        time_here = UserTime(self, self.plan, process)
        end: BaseException | None = None
        life = self._begun(process, time_here)
        try:
            time_here.begin()
            life.live()
        except RunEnds as over:
            end = over
        except GreenletExit as killed:
            end = killed
            raise
        except Exception as broken:  # whatever it is, this life broke and the run says so
            end = broken
        finally:
            time_here.end()
            self._tell(life, end)
        if isinstance(end, RunEnds) and self.ends():
            raise StopUser

    def ends(self) -> bool:
        """Whether the run ends, so that nobody waits any more."""
        return bool(self._state == STOPPING)

    def process(self) -> Process:
        """What the users of this process share."""
        there: Process | None = getattr(self.environment, "prakerja", None)
        if there is None:
            there = Process(
                str(self.host),
                self.plan.sandbox,
                self.plan.clock_bound,
                lambda problem: self._count(CLOCK, 0.0, problem),
            )
            self.environment.prakerja = there
            self.environment.events.test_stop.add_listener(lambda **_: there.stop())
            self.environment.events.quitting.add_listener(lambda **_: there.stop())
        if self.plan.clock == "stepped":
            there.tick()
        return there

    def _begun(self, process: Process, time_here: UserTime) -> Life:
        """A life; a server at which nobody can live ends the run."""
        try:
            return self.life(
                self.connection, time_here, self.plan, process.offer(self.plan.institution_clients), time
            )
        except (FlowBroken, NotServed, RequestException) as problem:
            self._count(FLOW, 0.0, problem)
            if not process.ends.is_set():
                process.ends.set()
                log.error("nobody can buy here: %s", problem)
                self.environment.process_exit_code = 1
                gevent.spawn(self.environment.runner.quit)  # which waits for this user's end
            raise StopUser from None

    def _tell(self, life: Life, end: BaseException | None) -> None:
        """Count the flow, and write down the journey."""
        broke = end if isinstance(end, Exception) and not isinstance(end, RunEnds) else None
        if life.flow_seconds:
            self._count(FLOW, life.flow_seconds, None)
        if broke is not None:
            row = EARNING if life.flow_seconds else FLOW
            self._count(row, max(time() - life.began, 0.0), broke)
        if self.plan.folder:
            journeys.write(Path(self.plan.folder), life.journey(end))

    def _count(self, row: str, seconds: float, problem: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type="FLOW",
            name=row,
            response_time=seconds * 1000,
            response_length=0,
            exception=problem,
            context={},
        )
