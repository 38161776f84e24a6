"""One clock for all people of a run, in all processes: days pass while nobody is in the middle of something.

People act in visits.  The clock stands as long as any visit lasts, and goes on to the time for which the
first of those who wait has asked.  The processes agree through the server (`/__admin/clock/together`).
Written for threads; under Locust these are greenlets.
"""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from threading import Condition, Lock
from typing import Any

HEARD_SECONDS = 60
"""After so long without a word the server forgets a process."""
STEP_SECONDS = 0.02
"""How often it is tried to move the clock on while nobody is in the middle of anything."""
WORD_SECONDS = 1.0
"""How often the server is spoken to in any case."""
LOOK_SECONDS = 0.5
"""How often who waits looks whether the run ends."""
Speak = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class RunEnds(Exception):
    """The run ends while somebody waits."""


class SharedClock:
    """A process's part in the clock; a thread of its own calls `tick` again and again."""

    def __init__(self, speak: Speak, who: str, *, bound: float, wall: Callable[[], float]) -> None:
        """Speak to the server under that name; after `bound` seconds without a step nobody begins a visit."""
        self._speak, self._who, self._bound, self._wall = speak, who, bound, wall
        self._talk = Lock()
        """Held while the server is spoken to: whoever begins a visit must know what was said last."""
        self._changed = Condition()
        self._visits = 0
        self._waiting: list[tuple[datetime, int, list[bool]]] = []
        self._numbers = count()
        self._stands = False
        """Whether the server was told to let the clock stand."""
        self._gate_closed = False
        self._spoke = 0.0
        self._now: datetime | None = None
        self.steps = 0
        """How often the clock was seen to go on."""

    def now(self) -> datetime:
        """The sandbox's time, as it was heard last; within a visit it is the time."""
        if self._now is None:
            self._say()
        assert self._now is not None
        return self._now

    def begin(self, ends: Callable[[], bool]) -> None:
        """Begin a visit: the clock stands until it is over. Raises RunEnds if the run ends before."""
        with self._changed:
            while self._gate_closed:
                self._changed.wait(LOOK_SECONDS)
                if ends():
                    raise RunEnds
            self._visits += 1
        try:
            if not self._stands:
                self._say()
        except BaseException:  # else the clock would stand for ever, for a visit that nobody ends
            self.end()
            raise

    def end(self) -> None:
        """End a visit."""
        with self._changed:
            self._visits -= 1

    def wait(self, until: datetime, ends: Callable[[], bool]) -> None:
        """End a visit, and begin the next one at that time. Raises RunEnds, and then no visit has begun."""
        woken = [False]
        with self._changed:
            heapq.heappush(self._waiting, (until, next(self._numbers), woken))
            self._visits -= 1
            try:
                while not woken[0]:
                    self._changed.wait(LOOK_SECONDS)
                    if not woken[0] and ends():
                        raise RunEnds
            except BaseException:  # Locust may end a user wherever he is
                self._visits -= woken[0]
                self._waiting = [one for one in self._waiting if one[2] is not woken]
                heapq.heapify(self._waiting)
                raise

    def tick(self) -> float:
        """Let the clock go on if it may; answers after how many seconds to call again."""
        idle = self._visits == 0
        if idle or self._wall() - self._spoke >= WORD_SECONDS:
            self._say()
        return STEP_SECONDS if idle else STEP_SECONDS * 5

    def leave(self) -> None:
        """Take no part any more."""
        with self._talk:
            self._stands = False
            self._speak({"who": self._who, "leave": True})

    def _say(self) -> None:
        with self._talk:
            with self._changed:
                if self._visits and self._stands and self._wall() - self._spoke < WORD_SECONDS:
                    return  # somebody else said it meanwhile
                until = self._until()
                self._stands = False
            told = self._speak({"who": self._who, "until": until, "seconds": HEARD_SECONDS})
            self._hear(told)
            self._stands = until == "now"

    def _until(self) -> str:
        if self._visits:
            return "now"
        return self._waiting[0][0].isoformat() if self._waiting else "any"

    def _hear(self, told: Mapping[str, Any]) -> None:
        now = datetime.fromisoformat(told["now"])
        with self._changed:
            self.steps += self._now is not None and now > self._now
            self._now, self._spoke = now, self._wall()
            while self._waiting and self._waiting[0][0] <= now:
                heapq.heappop(self._waiting)[2][0] = True
                self._visits += 1  # the clock must not go on before he has done what he waited for
            somebody_waits = bool(self._waiting or told["waiting"])
            self._gate_closed = somebody_waits and told["still_for"] > self._bound
            self._changed.notify_all()
