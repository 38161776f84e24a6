"""The tables of a PostgreSQL store: made once, refused if they are another version's or not safe to use.

Documents are the same msgpack as in LMDB, and so are their keys and index entries (`documents.py`).  Each
sandbox has one row that a unit of work locks.  What must hold under concurrency is a constraint as well.
"""

from hashlib import blake2b
from typing import Any

from psycopg import Connection

from prakerja_sim.simulator.ledger.ledger import FAMILIES
from prakerja_sim.simulator.stores.documents import FORMAT as DOCUMENTS_FORMAT
from prakerja_sim.simulator.values.errors import StoreUnusable

SCHEMA = "prakerja_sim"
OLDEST = 15
"""The oldest major version of the server that is tried."""
LOCK = 0x5052414B
"""The first key of our advisory locks; the second says which."""
MAKING, SERVING = 1, 2
_SOURCES = sorted(name for name, family in FAMILIES.items() if family.source)
_TABLES = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.format (version text NOT NULL);
CREATE TABLE {SCHEMA}.sandboxes (
    sandbox bytea PRIMARY KEY,
    lines bigint NOT NULL,          -- the number of the newest line of its logs
    written xid8 NOT NULL           -- the transaction that wrote last
) WITH (fillfactor = 50);
CREATE TABLE {SCHEMA}.records (
    sandbox bytea, kind text COLLATE "C", key bytea,
    document bytea NOT NULL,
    balance bigint,                 -- of an Account, what its document says too
    PRIMARY KEY (sandbox, kind, key),
    CONSTRAINT an_account_has_a_balance CHECK ((kind = 'Account') = (balance IS NOT NULL)),
    CONSTRAINT no_account_is_overdrawn CHECK (
        balance >= 0 {{or_of_a_source}}
    )
) WITH (fillfactor = 70);
CREATE TABLE {SCHEMA}.lines (
    sandbox bytea, kind text COLLATE "C", key bytea,
    document bytea NOT NULL,
    PRIMARY KEY (sandbox, kind, key)
);
CREATE TABLE {SCHEMA}.entries (
    sandbox bytea, index text COLLATE "C", "values" bytea, key bytea,
    leads_to bytea NOT NULL,        -- the key of the record; `key` is empty where the values are unique
    PRIMARY KEY (sandbox, index, "values", key)
);
"""
TABLES = _TABLES.format(
    or_of_a_source=" ".join(
        f"OR substring(key FROM 1 FOR {len(name) + 1}) = '{name}:'::bytea" for name in _SOURCES
    )
)
FORMAT = f"{DOCUMENTS_FORMAT}-{blake2b(TABLES.encode(), digest_size=4).hexdigest()}"
"""The version of the tables and of what is in them."""


def prepare(connection: Connection[Any], told: str, *, make: bool) -> None:
    """`make` the tables if they are not there; StoreUnusable for a server or tables that we cannot use."""
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise StoreUnusable(f"{told} is PostgreSQL {version}; use version {OLDEST} or newer")
    (standby,) = _row(connection, "SELECT pg_is_in_recovery()")
    if standby and make:
        raise StoreUnusable(f"{told} is a standby, which takes no writes; name the primary")
    if make:
        _row(connection, "SELECT pg_advisory_xact_lock(%s, %s)", LOCK, MAKING)  # two may begin at once
    if _row(connection, "SELECT to_regnamespace(%s)", SCHEMA) == (None,):
        if not make:
            raise StoreUnusable(f"{told} keeps nothing of ours; serve it first, or name another database")
        connection.execute(TABLES.encode(), prepare=False)  # many statements cannot be prepared
        connection.execute("INSERT INTO format VALUES (%s)", [FORMAT])
    elif _row(connection, "SELECT to_regclass(%s)", f"{SCHEMA}.format") == (None,):
        raise StoreUnusable(f"{told} has a schema {SCHEMA} that is not ours; name another database")
    else:
        _check_format(connection, told)
    connection.commit()


def cautions(connection: Connection[Any], *, relaxed: bool) -> list[str]:
    """What of the server's settings lets answered commands be lost, each in a sentence."""
    fsync, pages, commit = _row(
        connection,
        "SELECT current_setting('fsync'), current_setting('full_page_writes'),"
        " current_setting('synchronous_commit')",
    )
    found = []
    if fsync == "off" or pages == "off":
        found.append(
            f"NOT DURABLE: the database runs with fsync={fsync} and full_page_writes={pages}; "
            "a crash of its machine may lose or damage everything; set both to on"
        )
    if commit == "off" and not relaxed:
        found.append("NOT DURABLE: synchronous_commit is off; a crash of the database may lose purchases")
    return found


def _check_format(connection: Connection[Any], told: str) -> None:
    kept = connection.execute("SELECT version FROM format").fetchone()
    if kept != (FORMAT,):
        found = kept[0] if kept else "none"
        raise StoreUnusable(
            f"{told} was made by another version (format {found}, here {FORMAT}); use that version, "
            f"name another database, or begin anew with: DROP SCHEMA {SCHEMA} CASCADE"
        )


def _row(connection: Connection[Any], question: str, *values: Any) -> tuple[Any, ...]:
    found = connection.execute(question.encode(), values).fetchone()
    assert found is not None, question
    return tuple(found)
