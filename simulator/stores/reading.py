"""What a store keeps of a sandbox, put together from its rows; what is damaged is named, not believed."""

from collections import defaultdict
from typing import Any

from msgspec import Struct, msgpack

from prakerja_sim.simulator.stores.documents import DAMAGE, DOCUMENTS, KEY_BYTES, Document, shortened
from prakerja_sim.simulator.values.errors import Damaged
from prakerja_sim.simulator.world.store import Contents, key_of

Entries = dict[bytes, bytes]
"""Index entries: the key behind the sandbox, and the value."""


class _Head(Struct):
    head: str


_decode_head = msgpack.Decoder(_Head).decode


def head_of(entry: bytes) -> str:
    """The hash that a kept entry of the journal says it has; empty if it cannot be read."""
    try:
        return _decode_head(entry).head
    except DAMAGE:
        return ""


def _as_written(document: Document, record: Any, value: bytes) -> bool:
    """Whether a document says what it is read as; one of an older version may have fewer fields."""
    try:
        names, fields = set(msgpack.decode(value)), set(document.kind.__struct_fields__)
    except DAMAGE:  # in what the record does not read
        return False
    return names < fields or (names == fields and msgpack.encode(record) == value)


class Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.records: dict[type[Any], dict[str, Any]] = {
            one: {} for one in DOCUMENTS if not DOCUMENTS[one].logged
        }
        self.logs: dict[type[Any], list[Any]] = {one: [] for one in DOCUMENTS if DOCUMENTS[one].logged}
        self.damage: list[str] = []
        self.expected: Entries = {}
        self.unread: defaultdict[bytes, set[bytes]] = defaultdict(set)

    def take(self, document: Document, tail: bytes, value: bytes) -> None:
        """One record, or what is left of it."""
        kind = document.kind
        named = (
            f"{kind.__name__} {int.from_bytes(tail) if document.logged else tail.decode(errors='replace')}"
        )
        try:
            record = document.decoded(value)
        except Damaged as problem:
            self.damage.append(f"{named}: {problem}")
            self.unread[document.prefix].add(tail)
            return
        if not _as_written(document, record, value):
            self.damage.append(f"{named} is not written as a {kind.__name__} is: {value!r}")
        if document.logged:
            self.logs[kind].append(record)
        else:
            self.records[kind][key_of(record)] = record
            if shortened(key_of(record).encode(), KEY_BYTES) != tail:
                self.damage.append(f"{named} says that it is {key_of(record)!r}")
        for index in document.indexes:
            entry = index.prefix(index.values(record))
            self.expected |= {entry: tail} if index.unique else {entry + tail: b""}

    def judged(self, entries: Entries) -> Contents:
        """All of it; index entries must be those that follow from the records."""
        for entry in self.expected.keys() | entries.keys():
            if self.expected.get(entry) != entries.get(entry) and not self._of_unread(entry, entries):
                name, _, values = entry.partition(b"\0")
                wrong = "lacks an entry" if entry not in entries else "has an entry that is none"
                self.damage.append(f"the index {name.decode()} {wrong}: {values!r}")
        return Contents(self.records, self.logs, sorted(self.damage))

    def _of_unread(self, entry: bytes, entries: Entries) -> bool:
        """Whether an entry leads to a record that is named already."""
        kind = entry.partition(b"\0")[0].replace(b"!", b".").partition(b".")[0] + b"\0"
        return any(entry.endswith(tail) or entries.get(entry) == tail for tail in self.unread[kind])
