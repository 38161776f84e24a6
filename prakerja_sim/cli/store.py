"""`prakerja-sim store`: a store file that no server has open, or a database."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prakerja_sim.cli.admin import BadInput, Failed
from prakerja_sim.cli.extras import need

if TYPE_CHECKING:
    from prakerja_sim.simulator.stores.lmdb_store import LMDB
    from prakerja_sim.simulator.stores.postgres_store import PostgreSQL

    Kept = LMDB | PostgreSQL

STORES = "memory, lmdb:PATH or postgresql://HOST/DATABASE."
"""What may be given as --store."""
DATABASES = ("postgresql:", "postgres:")


@click.group()
def store() -> None:
    """Look into a store: lmdb:PATH or postgresql://HOST/DATABASE."""


@store.command()
@click.argument("named", metavar="STORE")
def dump(named: str) -> None:
    """Print every record as a line of JSON: its sandbox, its kind, its fields."""
    from msgspec import json
    from msgspec.structs import asdict

    with opened(named) as kept:
        for sandbox, record in kept.records():
            told = {"sandbox": sandbox, "kind": type(record).__name__, "fields": asdict(record)}
            click.echo(json.encode(told))  # bytes: JSON is UTF-8, whatever the terminal is


@contextmanager
def opened(named: str, *, whole: bool = False) -> Iterator["Kept"]:
    """The store that a command's text names; with `whole`, a file's pages are looked over whatever its size.

    Raises BadInput with the remedy, or Failed for a file whose pages do not hang together and for a store
    that is lost meanwhile.
    """
    from prakerja_sim.mocks.server.options import shown_store
    from prakerja_sim.simulator.values.errors import Damaged, StoreUnusable

    try:
        kept = _database(named) if named.startswith(DATABASES) else _file(named, whole=whole)
    except Damaged as problem:
        raise Failed(str(problem)) from None
    except StoreUnusable as problem:
        raise BadInput(f"{problem}, or ask a server with --url") from None
    with closing(kept):
        try:
            yield kept
        except Damaged as problem:
            raise Failed(f"{problem}; ask: prakerja-sim ledger --store {shown_store(named)} verify") from None
        except StoreUnusable as problem:
            raise Failed(str(problem)) from None


def _file(named: str, *, whole: bool) -> "LMDB":
    from prakerja_sim.mocks.server.options import shown_store
    from prakerja_sim.simulator.stores.lmdb_file import LOOKED_OVER
    from prakerja_sim.simulator.stores.lmdb_store import LMDB

    path = Path(named.removeprefix("lmdb:"))
    if not named.startswith("lmdb:") or not path.is_file():
        raise BadInput(
            f"{shown_store(named)} is no store file; name one as lmdb:PATH, "
            "or a database as postgresql://HOST/DATABASE"
        )
    return LMDB(path, look_over=sys.maxsize if whole else LOOKED_OVER)


def _database(named: str) -> "PostgreSQL":
    need("postgres", "a store in PostgreSQL")
    from prakerja_sim.simulator.stores.postgres_store import PostgreSQL

    return PostgreSQL(named, reading=True)
