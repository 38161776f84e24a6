"""How a record is kept in an ordered key space: its document, its keys, and what is refused.

A document is the record as msgpack, by the names of its fields, so a new field is a default value in
what was kept before.  Its key is sandbox, kind and the record's own key, or for a logged record the
number under which it arrived.  An index entry is sandbox, kind and fields, their values, and that
same last part: whoever finds the entry knows where the record is, and entries sort as records do.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from msgspec import MsgspecError, msgpack
from msgspec.structs import force_setattr

from prakerja_sim.simulator.ledger.ledger import Account, overdrawn
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import Damaged
from prakerja_sim.simulator.world.records import Logged

SANDBOX_BYTES, VALUES_BYTES, KEY_BYTES = 64, 128, 255
"""The longest parts of a key; with a kind and its fields between them it stays below LMDB's 511 bytes."""
NUMBER_BYTES = 8
"""Of the number under which a logged record arrived."""
_HASH_BYTES = 20

_encode = msgpack.Encoder().encode


DAMAGE = (MsgspecError, ValueError, TypeError, AssertionError, OverflowError)
"""What reading a damaged document may raise, by msgspec, by a record's own check, or for a missing one."""


class IntegrityError(Exception):
    """A unit of work wrote what must not be kept: a bug; nothing of the unit is kept."""


def shortened(part: bytes, most: int) -> bytes:
    """A part of a key; what is too long keeps its beginning, so that it still sorts there, and a hash."""
    if len(part) <= most:
        return part
    return part[: most - _HASH_BYTES] + blake2b(part, digest_size=_HASH_BYTES).digest()


def sandbox_prefix(name: str) -> bytes:
    """How all keys of a sandbox begin."""
    return shortened(name.encode(), SANDBOX_BYTES) + b"\0"


class Index:
    """A group of fields by which records of a kind are found, or which no two of them may share."""

    def __init__(self, kind: type[Any], names: tuple[str, ...], *, unique: bool = False) -> None:
        self.unique = unique
        self.text = f"{kind.__name__}{'!' if unique else '.'}{'+'.join(names)}"
        self.values: Callable[[Any], tuple[Any, ...]] = _getter(names)
        self._prefix = f"{self.text}\0".encode()

    def prefix(self, values: tuple[Any, ...]) -> bytes:
        """How the entries with these values begin, behind the sandbox."""
        return self._prefix + self.key_of(values)

    @staticmethod
    def key_of(values: tuple[Any, ...]) -> bytes:
        """These values as a part of a key."""
        # Each value says its own length, so values that begin alike are not taken for each other.
        return shortened(_encode(values), VALUES_BYTES)


class Document:
    """One kind of record."""

    def __init__(self, kind: type[Any]) -> None:
        self.kind = kind
        self.logged = issubclass(kind, Logged)
        self.prefix = f"{kind.__name__}\0".encode()
        self.by_names = {names: Index(kind, names) for names in kind.INDEXES}
        self.indexes = list(self.by_names.values())
        if kind.UNIQUE:
            self.indexes.append(Index(kind, kind.UNIQUE, unique=True))
        hints = get_type_hints(kind)
        fields = kind.__struct_fields__
        self._instants = [n for n in fields if datetime in (hints[n], *get_args(hints[n]))]
        self._required = _getter(tuple(n for n in fields if type(None) not in get_args(hints[n])))
        self._decode = msgpack.Decoder(kind).decode

    def encoded(self, record: Any) -> bytes:
        """A record as it is kept; refuses, without naming its values, what must not be kept."""
        if self.kind is Account and overdrawn(record):
            raise IntegrityError("an Account is overdrawn")
        if None in self._required(record):
            raise IntegrityError(f"{self.kind.__name__} lacks a value that it must have")
        return _encode(record)

    def decoded(self, document: bytes) -> Any:
        """The record; msgpack knows instants but no zones, and we count in WIB.

        Raises Damaged for one that cannot be read, or that an index names and is not there.
        """
        try:
            record = self._decode(document)
            for name in self._instants:
                instant = getattr(record, name)
                if instant is not None:
                    force_setattr(record, name, instant.astimezone(WIB))
        except DAMAGE as problem:
            raise Damaged(f"a {self.kind.__name__} in the store cannot be read ({_said(problem)})") from None
        return record

    def index(self, names: tuple[str, ...]) -> Index:
        """The declared index on these fields."""
        try:
            return self.by_names[names]
        except KeyError:
            raise KeyError(
                f"{self.kind.__name__} has no index on {', '.join(names)}; declare it in INDEXES"
            ) from None


def _said(problem: Exception) -> str:
    """What is wrong with a document, without its values; a missing one is no bytes to decode."""
    if isinstance(problem, TypeError):
        return "it is missing"
    return str(problem) if isinstance(problem, MsgspecError) else type(problem).__name__


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads these attributes, however many."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


DOCUMENTS = {kind: Document(kind) for kind in (*KEPT, *LOGGED)}
_INDEXES = sorted(index.text for one in DOCUMENTS.values() for index in one.indexes)
FORMAT = "1-" + blake2b("\n".join(_INDEXES).encode(), digest_size=4).hexdigest()
"""The version of a store's keys; other indexes are another version, since old records are not in them."""
