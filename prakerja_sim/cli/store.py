"""`prakerja-sim store`: a store file that no server has open."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prakerja_sim.cli.admin import BadInput, Failed

if TYPE_CHECKING:
    from prakerja_sim.simulator.stores.lmdb_store import LMDB


@click.group()
def store() -> None:
    """Look into a store file."""


@store.command()
@click.argument("named", metavar="lmdb:PATH")
def dump(named: str) -> None:
    """Print every record as a line of JSON: its sandbox, its kind, its fields."""
    from msgspec import json
    from msgspec.structs import asdict

    with opened(named) as kept:
        for sandbox, record in kept.records():
            told = {"sandbox": sandbox, "kind": type(record).__name__, "fields": asdict(record)}
            click.echo(json.encode(told))  # bytes: JSON is UTF-8, whatever the terminal is


@contextmanager
def opened(named: str, *, whole: bool = False) -> Iterator["LMDB"]:
    """The store that a command's text names; with `whole`, its pages are looked over whatever its size.

    Raises BadInput with the remedy, or Failed for a file whose pages do not hang together.
    """
    from prakerja_sim.simulator.stores.lmdb_file import LOOKED_OVER
    from prakerja_sim.simulator.stores.lmdb_store import LMDB
    from prakerja_sim.simulator.values.errors import Damaged, StoreUnusable

    path = Path(named.removeprefix("lmdb:"))
    if not named.startswith("lmdb:") or not path.is_file():
        raise BadInput(f"{named} is no store file; name one as lmdb:PATH")
    try:
        kept = LMDB(path, look_over=sys.maxsize if whole else LOOKED_OVER)
    except Damaged as problem:
        raise Failed(str(problem)) from None
    except StoreUnusable as problem:
        raise BadInput(f"{problem}, or ask a server with --url") from None
    with closing(kept):
        try:
            yield kept
        except Damaged as problem:
            raise Failed(f"{problem}; ask: prakerja-sim ledger --store {named} verify") from None
