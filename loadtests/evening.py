"""The clock of a run in the last evening before a deadline, where the sandbox is the run's own.

The minutes of the run are the last ones before 23:59:59 of the last day for a first purchase; what is due at
the deadline happens before the books are asked.
"""

from datetime import datetime, timedelta

from prakerja_sim.loadtests.asked import Asked
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.mocks.admin.own_people import NewPerson
from prakerja_sim.simulator.programme.waves import wave

SHAPE = "last-evening"


def begin(asked: Asked, admin: Admin, stop_seconds: int) -> None:
    """Let the clock run with the wall, so that it is 23:59:59 when the last flow must have ended."""
    if _ours(asked):
        before = timedelta(seconds=asked.seconds + stop_seconds)
        admin.do("/clock", {"set": _told(deadline() - before)})
        admin.do("/clock", {"scale": 1})


def end(asked: Asked, admin: Admin) -> None:
    """Stop the clock behind the deadline: who did not buy is revoked now."""
    if _ours(asked):
        now = datetime.fromisoformat(admin.ask("/clock")["now"])
        admin.do("/clock", {"set": _told(max(now, deadline()) + timedelta(seconds=1))})
        admin.do("/clock", {"scale": 0})


def deadline() -> datetime:
    """The last second in which people who enrol here may buy their first class."""
    return wave(NewPerson.model_fields["wave"].default).buy_first_until


def _ours(asked: Asked) -> bool:
    """A running server's clock is its owner's, and a clock that is stepped is its users'."""
    return asked.shape == SHAPE and asked.against is None and asked.plan.clock == "still"


def _told(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")[:19]
