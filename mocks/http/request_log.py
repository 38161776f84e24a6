"""The last five hundred requests of a sandbox, for people who look for a mistake.

The log stands beside the world: in this process only, not journalled, no part of the digest,
forgotten at a reset.  Bytes are kept only of a request whose signature was refused.
"""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

from msgspec import Struct

from prakerja_sim.simulator.sandbox import Sandbox

KEPT = 500
LOST = 0
"""The status of a request that a fault left without an answer."""
EVIDENCE = "sim.evidence"
"""The WSGI key where a sender check stores what a refused signature was computed from."""
_ASIDE = "requests"


class LoggedRequest(Struct, frozen=True):
    """One request and how it was answered."""

    id: str
    wall: datetime
    at: datetime | None
    """The sandbox's time; None if it was dropped meanwhile."""
    party: str
    method: str
    path: str
    status: int
    provenance: str
    evidence: Any = None


class RequestLog:
    """The logs of all sandboxes of one server; ids are numbered over all sandboxes."""

    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._numbers = count(1)

    def note(self, party: str, environ: dict[str, Any], status: int, provenance: str) -> str:
        """Remember a request of the sandbox that it reached; answers its id."""
        number = f"{next(self._numbers):010}"
        sandbox: Sandbox = environ["sim.sandbox"]
        entries = sandbox.aside.get(_ASIDE)
        if entries is None:
            entries = sandbox.aside.setdefault(_ASIDE, deque(maxlen=KEPT))
        entries.append(
            LoggedRequest(
                number,
                self._wall(),
                _time_of(sandbox),
                party,
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                status,
                provenance,
                environ.get(EVIDENCE),
            )
        )
        return number

    def number(self) -> str:
        """An id for a request that is not remembered, one to the admin API."""
        return f"{next(self._numbers):010}"


def of(sandbox: Sandbox) -> Iterator[LoggedRequest]:
    """A sandbox's requests, newest first."""
    entries: deque[LoggedRequest] = sandbox.aside.get(_ASIDE, deque())
    return reversed(list(entries))


def find(sandbox: Sandbox, number: str) -> LoggedRequest | None:
    """The request of that id, if it is still remembered."""
    return next((entry for entry in of(sandbox) if entry.id == number), None)


def _time_of(sandbox: Sandbox) -> datetime | None:
    try:
        return sandbox.now()
    except KeyError:  # dropped while the request was on its way
        return None
