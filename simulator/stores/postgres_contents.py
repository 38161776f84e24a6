"""Everything that a PostgreSQL store keeps, read as it is: what is damaged is named, not believed."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from psycopg import Connection

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores.documents import DOCUMENTS
from prakerja_sim.simulator.stores.reading import Entries, Reading, head_of
from prakerja_sim.simulator.world.records import Chain, Entry
from prakerja_sim.simulator.world.store import Contents

_BY_NAME = {one.kind.__name__: one for one in DOCUMENTS.values()}
_RECORDS = "SELECT kind, key, document, balance FROM records WHERE sandbox = %b ORDER BY kind, key"
_LINES = "SELECT kind, key, document, NULL FROM lines WHERE sandbox = %b ORDER BY kind, key"
_ENTRIES = """SELECT index, "values", key, leads_to FROM entries WHERE sandbox = %b"""
_ENDS = """SELECT last.document, after.key IS NOT NULL
FROM unnest(%b::bytea[], %b::bytea[]) WITH ORDINALITY AS asked (last, after, n)
LEFT JOIN entries e ON e.sandbox = %b AND e.index = %b AND e."values" = asked.last
LEFT JOIN lines last ON last.sandbox = e.sandbox AND last.kind = 'Entry' AND last.key = e.leads_to
LEFT JOIN entries after ON after.sandbox = %b AND after.index = %b AND after."values" = asked.after
ORDER BY asked.n"""
_ALL = """SELECT sandbox, kind, document FROM (
SELECT sandbox, kind, key, document FROM records UNION ALL SELECT sandbox, kind, key, document FROM lines
) AS kept ORDER BY sandbox, kind, key"""


def names(connection: Connection[Any]) -> list[str]:
    """The sandboxes of which anything is kept, but for the one without a name; sorted."""
    found = _asked(connection, "SELECT sandbox FROM sandboxes WHERE sandbox <> '' ORDER BY sandbox")
    return [name.decode(errors="replace") for (name,) in found]


def read(connection: Connection[Any], sandbox: bytes) -> Contents:
    """What is kept; the damage names records that cannot be read, indexes that disagree and stray rows."""
    reading = Reading()
    kept = (_asked(connection, question, sandbox) for question in (_RECORDS, _LINES))
    for kind, key, document, balance in chain.from_iterable(kept):
        known = _BY_NAME.get(kind)
        if known is None:
            reading.damage.append(f"something is kept as {kind!r}, which is no kind of record")
            continue
        reading.take(known, key, document)
        account = reading.records[Account].get(key.decode(errors="replace")) if balance is not None else None
        if account is not None and account.balance != balance:
            reading.damage.append(f"Account {account.name} says {account.balance}, its column says {balance}")
    entries: Entries = {
        index.encode() + b"\0" + values + key: leads_to if not key else b""
        for index, values, key, leads_to in _asked(connection, _ENTRIES, sandbox)
    }
    return reading.judged(entries)


def loose_ends(connection: Connection[Any], sandbox: bytes) -> list[str]:
    """The chains whose kept end is not their last entry: a quick look at all of them at once."""
    kept = _asked(connection, "SELECT document FROM records WHERE sandbox = %b AND kind = 'Chain'", sandbox)
    chains: list[Chain] = [DOCUMENTS[Chain].decoded(document) for (document,) in kept]
    numbers = next(index for index in DOCUMENTS[Entry].indexes if index.unique)
    ends = [[numbers.key_of((one.subject, one.length + more)) for one in chains] for more in (0, 1)]
    wrong = []
    found = _asked(connection, _ENDS, *ends, sandbox, numbers.text, sandbox, numbers.text) if chains else []
    for one, (last, goes_on) in zip(chains, found, strict=True):
        if last is None or head_of(last) != one.head:
            wrong.append(f"chain {one.subject} says that it ends at {one.length}, its entries do not")
        elif goes_on:
            wrong.append(f"chain {one.subject} has entries after its end at {one.length}")
    return wrong


def everything(connection: Connection[Any]) -> Iterator[tuple[str, Any]]:
    """Every record with its sandbox's name, a few at a time."""
    with connection.cursor("everything", binary=True) as cursor:
        for sandbox, kind, document in cursor.execute(_ALL):
            if kind in _BY_NAME:
                yield sandbox.decode(errors="replace"), _BY_NAME[kind].decoded(document)


def _asked(connection: Connection[Any], question: str, *values: Any) -> list[tuple[Any, ...]]:
    return connection.cursor(binary=True).execute(question.encode(), values).fetchall()
