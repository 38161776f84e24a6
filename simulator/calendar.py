"""What will happen by itself, and when: the queue that the clock works off.

Deadlines of people (an OTP's life, the last day to buy) are facts that rules compare with the
time.  In here is only what happens without anybody asking: a revocation, a certificate that
shows up, a transfer.
"""

from datetime import datetime

from prakerja_sim.simulator.records import Due
from prakerja_sim.simulator.store import Unit


def schedule(world: Unit, at: datetime, event: str, about: str) -> None:
    """Let the event happen to somebody at that time; the same event for the same one only once."""
    world.put(Due(_key(at, event, about), at, event, about))


def next_due(world: Unit, until: datetime) -> Due | None:
    """The earliest event not yet done that is due by then, that second included."""
    found = world.find(Due, done=False, up_to=_key(until, "~", "~"), limit=1)
    return found[0] if found else None


def first_due(world: Unit) -> Due | None:
    """The earliest event not yet done, however far away."""
    found = world.find(Due, done=False, limit=1)
    return found[0] if found else None


def _key(at: datetime, event: str, about: str) -> str:
    return f"{at.isoformat(timespec='microseconds')}|{event}|{about}"
