"""What every sandbox keeps, as frozen records: itself, its clock, what is due, faults, journal, messages.

A record's first field is its key, unique in its sandbox; a change is `but` and `put`.  A logged record has
no key: it is appended once and never changes.  `INDEXES` names the groups of fields by which records may
be found, `UNIQUE` the fields that no two records of a kind share in a sandbox.  Each room keeps the records
that it owns; `stores.kinds` finds them all.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from msgspec import Struct
from msgspec.structs import replace

from prakerja_sim.simulator.values.ids import (
    PartyCode,
    Phone,
)


class Record(Struct, frozen=True, gc=False):
    """Something that is kept and may change; the first field is its key."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()
    UNIQUE: ClassVar[tuple[str, ...]] = ()

    def but(self, **changes: Any) -> Self:
        """The record with some fields changed."""
        return replace(self, **changes)


class Logged(Struct, frozen=True, gc=False):
    """Something that happened; appended once, found in the order of arrival."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()
    UNIQUE: ClassVar[tuple[str, ...]] = ()


class World(Record, frozen=True, gc=False):
    """A sandbox: its seed and its settings, kept for its whole life."""

    name: str
    seed: int
    settings: str
    started: datetime
    version: str = ""
    """The versions of the simulator that wrote it, in order, separated by commas; empty if nobody knows."""
    empty: bool = False
    """Whether it began without the demo's courses and people, and so begins again after a reset."""


class Leased(Record, frozen=True, gc=False):
    """How a sandbox was asked for: the same request finds it again, and a reset fills it again."""

    name: str
    asked: str
    """What the request held, without what was as usual, as canonical JSON."""
    made: str
    """The people (cards), courses and clients (their codes) that it brought, as canonical JSON."""
    expires: datetime | None = None
    """Wall time at which the sandbox goes; None: it stays until it is dropped."""


class Snapshot(Record, frozen=True, gc=False):
    """That this world is a snapshot, or goes on from one: its name, of which sandbox, when by the wall."""

    key: str
    name: str
    of: str
    taken: datetime


class Clock(Record, frozen=True, gc=False):
    """The sandbox's time; `scale` sandbox seconds pass in a second of wall time, 0 is frozen."""

    name: str
    now: datetime
    scale: int = 0
    wall: datetime | None = None
    """Wall time at which the clock began to run."""
    since: datetime | None = None
    """Sandbox time at which it began to run."""
    life: int = 0
    """How often the sandbox was reset.  It is kept here since every unit of work reads the clock."""


class Client(Record, frozen=True, gc=False):
    """A partner's credential for Prakerja's API; the code is unique in its sandbox."""

    client_code: str
    party: PartyCode
    sign_key: str
    redirect_uris: str = ""
    """Where a browser may be sent back to, separated by commas; empty is anywhere."""
    public_key: str = ""
    """With which a distributor's signed orders are verified (PEM); empty is the demo pair's."""
    addresses: str = ""
    """From where a distributor may call, as addresses or networks separated by commas; empty is anywhere."""
    roles: str = ""
    """As what it may call, separated by commas; empty: as what its party is known here."""


class LoggedOut(Record, frozen=True, gc=False):
    """How often somebody has logged out at a party, named PARTY/WHO."""

    holder: str
    times: int


class Due(Record, frozen=True, gc=False):
    """A due event; its key begins with the instant, so keys sort by time."""

    INDEXES = (("done",),)
    key: str
    at: datetime
    event: str
    about: str
    done: bool = False


class ArmedFault(Record, frozen=True, gc=False):
    """A fault that waits at its point for the next times something passes there."""

    INDEXES = (("point", "spent"),)
    key: str
    fault: str
    point: str
    where: str
    left: int
    spent: bool = False
    struck: int = 0
    """How often it has struck."""


class Chain(Record, frozen=True, gc=False):
    """The end of one chain of the journal."""

    subject: str
    length: int
    head: str


class Entry(Logged, frozen=True, gc=False):
    """One command that changed something, chained by `head` to the one before it."""

    UNIQUE = ("subject", "n")
    subject: str
    n: int
    at: datetime
    command: str
    arguments: str
    outcome: str
    transfers: str
    head: str


class Transfer(Logged, frozen=True, gc=False):
    """An amount moved from one account to another; it cannot be unbalanced."""

    entry: str
    event: str
    at: datetime
    source: str
    target: str
    amount: int

    def __post_init__(self) -> None:
        assert self.amount > 0 and self.source != self.target, self


class Sms(Logged, frozen=True, gc=False):
    """A text message as the phone shows it."""

    INDEXES = (("phone",),)
    phone: Phone
    at: datetime
    sender: str
    text: str
    otp: str | None


class Mail(Logged, frozen=True, gc=False):
    """An e-mail as the inbox shows it."""

    INDEXES = (("address",),)
    address: str
    at: datetime
    sender: str
    subject: str
    text: str
