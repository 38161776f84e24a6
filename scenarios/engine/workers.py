"""Playing stories in worker processes, forked when all stories and parties are loaded.

A worker that dies fails the story that it was playing, and another takes its place.
"""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait

from prakerja_sim.scenarios.engine.outcome import Outcome, StoryFailure
from prakerja_sim.scenarios.engine.script import Story

Play = tuple[Story, str]
Perform = Callable[[Story, str], Outcome]
LAST_SECONDS = 5
"""How long a worker that says nothing any more may take to end."""
_SENT = [one.name for one in fields(Outcome) if one.name not in ("story", "marketplace")]
POSSIBLE = "fork" in get_all_start_methods()
"""Stories hold functions of their files, which a worker can only have from its parent."""


class _Worker:
    """A process that plays one story after the other, as it is told."""

    def __init__(self, plays: Sequence[Play], perform: Perform, others: Sequence["_Worker"]) -> None:
        self.connection, theirs = get_context("fork").Pipe()
        # A worker keeps no end of the parent's: when the parent is gone, each one hears that.
        ends = (self.connection, *(other.connection for other in others))
        self._process = get_context("fork").Process(target=_work, args=(theirs, ends, plays, perform))
        self._process.daemon = True
        self._process.start()
        theirs.close()
        self.playing = -1
        self._began = 0.0

    def start(self, number: int) -> None:
        """Play this one."""
        self.playing, self._began = number, time.perf_counter()
        self.connection.send(number)

    def outcome(self, play: Play) -> Outcome | None:
        """What came of it; None if the process has died."""
        try:
            return Outcome(*play, **self.connection.recv())
        except (EOFError, OSError):
            return None

    def death(self, play: Play) -> Outcome:
        """The outcome of a story whose process has died."""
        self._process.join(LAST_SECONDS)
        self.end()
        code = self._process.exitcode or 0
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended itself with code {code}"
        failure = StoryFailure(0, 1, "", f"the worker process that played this story {how}")
        return Outcome(*play, 0, "", time.perf_counter() - self._began, failure)

    def end(self) -> None:
        """Stop at once, whatever it is doing."""
        self.connection.close()
        self._process.kill()
        self._process.join()


def outcomes(plays: Sequence[Play], perform: Perform, jobs: int) -> Iterator[Outcome]:
    """Play all of them, so many at once; the outcomes come in the order of the plays."""
    waiting = iter(range(len(plays)))
    workers: list[_Worker] = []
    done: dict[int, Outcome] = {}
    try:
        for number in islice(waiting, jobs):
            _begin(workers, plays, perform, number)
        for number in range(len(plays)):
            while number not in done:
                _hear(workers, plays, perform, waiting, done)
            yield done.pop(number)
    finally:
        for worker in workers:
            worker.end()


def _hear(
    workers: list[_Worker],
    plays: Sequence[Play],
    perform: Perform,
    waiting: Iterator[int],
    done: dict[int, Outcome],
) -> None:
    """Wait until some workers have played their stories, and give them the next ones."""
    speaking = wait([worker.connection for worker in workers])
    for worker in [one for one in workers if one.connection in speaking]:
        play = plays[worker.playing]
        outcome = worker.outcome(play)
        done[worker.playing] = worker.death(play) if outcome is None else outcome
        following = next(waiting, None)
        if outcome is None or following is None:
            workers.remove(worker)
            worker.end()
        if following is not None and outcome is None:
            _begin(workers, plays, perform, following)
        elif following is not None:
            worker.start(following)


def _begin(workers: list[_Worker], plays: Sequence[Play], perform: Perform, number: int) -> None:
    """Let one more worker begin with that story."""
    workers.append(_Worker(plays, perform, workers))
    workers[-1].start(number)


def _work(
    connection: Connection, ends: Sequence[Connection], plays: Sequence[Play], perform: Perform
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends its workers
    for end in ends:
        end.close()
    while True:
        try:
            played = perform(*plays[connection.recv()])
        except EOFError:  # of the connection: the parent is gone
            return
        connection.send({name: getattr(played, name) for name in _SENT})
