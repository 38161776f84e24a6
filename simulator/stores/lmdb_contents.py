"""Everything that an LMDB file keeps, read as it is: what is damaged is named, not believed."""

from collections import defaultdict
from typing import Any

import lmdb
from msgspec import Struct, msgpack

from prakerja_sim.simulator.stores.documents import (
    DAMAGE,
    DOCUMENTS,
    KEY_BYTES,
    Document,
    sandbox_prefix,
    shortened,
)
from prakerja_sim.simulator.stores.lmdb_file import FORMAT_KEY
from prakerja_sim.simulator.values.errors import Damaged
from prakerja_sim.simulator.world.records import Chain, Entry
from prakerja_sim.simulator.world.store import Contents, key_of

Entries = dict[bytes, bytes]
"""Index entries: the key behind the sandbox, and the value."""


def names(txn: "lmdb.Transaction[bytes]") -> list[str]:
    """The sandboxes of which anything is kept, but for the one without a name; sorted."""
    found = []
    cursor = txn.cursor()
    there = cursor.set_range(b"\1")  # behind the one without a name
    while there and cursor.key() < FORMAT_KEY:
        name = cursor.key().partition(b"\0")[0]
        found.append(name.decode(errors="replace"))
        there = cursor.set_range(name + b"\1")
    return found


def read(txn: "lmdb.Transaction[bytes]", sandbox: str) -> Contents:
    """What is kept; the damage names records that cannot be read, indexes that disagree and stray keys."""
    prefix = sandbox_prefix(sandbox)
    by_kind = {one.prefix: one for one in DOCUMENTS.values()}
    indexed = {index.text.encode() for one in DOCUMENTS.values() for index in one.indexes}
    reading = _Reading()
    entries: Entries = {}
    cursor = txn.cursor()
    there = cursor.set_range(prefix)
    while there and cursor.key().startswith(prefix):
        rest, value = cursor.key()[len(prefix) :], cursor.value()
        name, _, tail = rest.partition(b"\0")
        if name in indexed:
            entries[rest] = value
        elif (document := by_kind.get(name + b"\0")) is not None:
            reading.take(document, tail, value)
        else:
            reading.damage.append(f"something is kept under {rest!r}, which is no kind of record")
        there = cursor.next()
    return reading.judged(entries)


def loose_ends(txn: "lmdb.Transaction[bytes]", sandbox: str) -> list[str]:
    """The chains whose kept end is not their last entry: a quick look, chain by chain."""
    prefix, chains, entries = sandbox_prefix(sandbox), DOCUMENTS[Chain], DOCUMENTS[Entry]
    numbers = next(index for index in entries.indexes if index.unique)
    wrong = []
    cursor = txn.cursor()
    there = cursor.set_range(prefix + chains.prefix)
    while there and cursor.key().startswith(prefix + chains.prefix):
        chain = chains.decoded(cursor.value())
        tail = txn.get(prefix + numbers.prefix((chain.subject, chain.length)))
        last = tail and txn.get(prefix + entries.prefix + tail)
        if not last or _head_of(last) != chain.head:
            wrong.append(f"chain {chain.subject} says that it ends at {chain.length}, its entries do not")
        elif txn.get(prefix + numbers.prefix((chain.subject, chain.length + 1))) is not None:
            wrong.append(f"chain {chain.subject} has entries after its end at {chain.length}")
        there = cursor.next()
    return wrong


class _Head(Struct):
    head: str


_decode_head = msgpack.Decoder(_Head).decode


def _head_of(entry: bytes) -> str:
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


class _Reading:
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
