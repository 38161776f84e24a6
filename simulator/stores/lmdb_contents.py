"""Everything that an LMDB file keeps, read as it is: what is damaged is named, not believed."""

import lmdb

from prakerja_sim.simulator.stores.documents import DOCUMENTS, sandbox_prefix
from prakerja_sim.simulator.stores.lmdb_file import FORMAT_KEY
from prakerja_sim.simulator.stores.reading import Entries, Reading, head_of
from prakerja_sim.simulator.world.records import Chain, Entry
from prakerja_sim.simulator.world.store import Contents


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
    reading = Reading()
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
        if not last or head_of(last) != chain.head:
            wrong.append(f"chain {chain.subject} says that it ends at {chain.length}, its entries do not")
        elif txn.get(prefix + numbers.prefix((chain.subject, chain.length + 1))) is not None:
            wrong.append(f"chain {chain.subject} has entries after its end at {chain.length}")
        there = cursor.next()
    return wrong
