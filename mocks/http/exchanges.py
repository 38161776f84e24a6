"""One exchange on a wire: who asked whom, what was answered, why, and what came of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from prakerja_sim.simulator.world.records import Logged, Record

LONGEST_BODY = 16 * 1024
"""So many bytes of a body are remembered."""
CLIENT, ITSELF = "client", "simulator"
"""The names of a caller that is no simulated party, and of what acts without a request, mostly the clock."""


class Effect(Struct, frozen=True):
    """One command that changed something, and what it wrote."""

    command: str
    subject: str
    head: str | None
    put: tuple[Record, ...]
    appended: tuple[Logged, ...]


class Operation(Struct, frozen=True):
    """An admin operation that a form of the console did, as a program would have asked for it."""

    method: str
    path: str
    body: bytes
    status: int
    answer: bytes


class Exchange(Struct):
    """One request with its answer, or what the clock did by itself."""

    id: str
    parent: str
    """The exchange within which it was sent; empty for what came from outside."""
    cause: str
    """The due event or the webhook for which it was sent; empty for everything else."""
    asker: str
    party: str
    """Who was asked."""
    method: str
    path: str
    """With the query, as it was asked for below the sandbox."""
    wall: datetime
    at: datetime | None
    """The sandbox's time when it ended; None if it was dropped meanwhile."""
    operation: str = ""
    """The name of the endpoint; empty where there is none."""
    sender: str = ""
    """Who asked, as the party established it: a client code, a card, a user."""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    status: int = 0
    """The answer's; 0 if it was lost."""
    answered: tuple[tuple[str, str], ...] = ()
    answer: bytes = b""
    lost: str = ""
    """What lost the answer: a fault, or the other side."""
    provenance: str = ""
    seconds: float = 0.0
    """How long it took, by the wall."""
    refusal: Exception | None = None
    refused_within: Exception | None = None
    """Why what was sent last within it was refused, or got no answer."""
    evidence: Any = None
    faults: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    did: Operation | None = None
    """What a form of the console did or was refused; None for everything else."""
    passed_on: bool = False
    """Whether it only sent what somebody clicked, as a shop's page does: what it sent says what was done."""
    has_within: bool = False
    """Whether something was sent within it."""
    kept: bool = False
    """Whether it is in the timeline already: it is before its end if its answer hangs."""

    def end(self, status: int, headers: Iterable[tuple[str, str]], body: bytes, provenance: str = "") -> None:
        """Remember the answer."""
        self.status, self.answered, self.provenance, self.lost = status, tuple(headers), provenance, ""
        self.answer = body[:LONGEST_BODY]


class Request(Struct, frozen=True):
    """What is sent to a party in another place."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
