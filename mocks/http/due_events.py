"""Due events for which one party calls another over HTTP; the owner of an event registers the function.

The clock calls exactly that function, with no unit of work open and before it goes on.  It is called
again if it did not come to its end, so it first looks whether there is still something to do.
"""

from collections.abc import Callable

from prakerja_sim.mocks.http.face import Call

Carrier = Callable[[Call, str], None]
"""Gets a call in the event's sandbox, and whom the event is about."""

CARRIERS: dict[str, Carrier] = {}


def carries(event: str) -> Callable[[Carrier], Carrier]:
    """Let a function carry the due event of this name; `simulator.world.schedule` knows it as `carried`."""

    def register(function: Carrier) -> Carrier:
        CARRIERS[event] = function
        return function

    return register


def carry(call: Call, event: str, about: str) -> None:
    """Carry a due event; one that nobody carries is a bug."""
    if event not in CARRIERS:
        raise LookupError(f"nobody carries the due event {event}: its owner registers @carries({event!r})")
    CARRIERS[event](call, about)
