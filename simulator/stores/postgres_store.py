"""Keeps sandboxes in a PostgreSQL database.

A unit of work is a transaction that holds its sandbox's row, so the units of one sandbox are done one after
the other, whichever process they come from.  A question reads one moment, in its caller's thread, and waits
for nobody.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import perf_counter
from typing import Any, TypeVar

import psycopg
from psycopg import Connection

from prakerja_sim.simulator.stores import postgres_contents, postgres_schema
from prakerja_sim.simulator.stores.documents import SANDBOX_BYTES, shortened
from prakerja_sim.simulator.stores.postgres_connections import COMMANDS, QUESTIONS, Connections, told
from prakerja_sim.simulator.stores.postgres_sandbox import Remembered, SandboxRecords
from prakerja_sim.simulator.stores.postgres_serving import Serving
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Contents, Unit

T = TypeVar("T")
DEFAULTS = Settings()
AT_WORK, ASKING = 8, 8
"""Connections for units of work and for questions."""
TURNS = 256
MOST_SANDBOXES = 64
"""So many a process remembers something of."""
SETTLED_SECONDS = 10
"""So long it is asked what became of a commit whose answer was lost."""
_END = """SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
WHERE pid = %s AND backend_xid = %s::xid8::xid"""
_WRITTEN = "SELECT written::text FROM sandboxes WHERE sandbox = %s"


class PostgreSQL:
    """The store port over a database; only one server may serve it, but any number may be only `reading`."""

    def __init__(self, url: str, durability: str = "full", *, reading: bool = False) -> None:
        relaxed = {"synchronous_commit": "off"} if durability == "relaxed" else {}
        self.told = told(url)
        self._commands = Connections(url, AT_WORK, COMMANDS | relaxed)
        self._questions = Connections(url, ASKING, QUESTIONS)
        self._turns = tuple(threading.Lock() for _ in range(TURNS))
        self._remembered: dict[bytes, Remembered] = {}
        self.committed: Callable[[float], None] = lambda _: None
        """Told how many seconds a unit took until it was durable."""
        self._serving: Serving | None = None
        try:
            with self._commands.lent() as connection:
                postgres_schema.prepare(connection, self.told, make=not reading)
                self.cautions = postgres_schema.cautions(connection, relaxed=bool(relaxed))
                if not reading:
                    self._serving = Serving(self._commands)
        except BaseException:
            self.close()
            raise

    def run(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Do one unit of work; when this returns, its writes are kept and durable."""
        name = _key_of(sandbox)
        # In this process one waits here, so that the others keep their connections.
        with self._turns[hash(name) % TURNS], self._commands.lent() as connection:
            if self._serving is not None:
                self._serving.check()
            records = SandboxRecords(connection, name, self._remembering(name))
            records.lock()
            unit = Unit(records, seed, settings)
            result = work(unit)
            if unit.changed:
                began = perf_counter()
                records.keep(unit)
                self._commit(connection, records)
                records.kept(unit)
                self.committed(perf_counter() - began)
            return result

    def ask(self, sandbox: str, work: Callable[[Unit], T], seed: int = 0, settings: Settings = DEFAULTS) -> T:
        """Answer a question from what is kept now; whatever it puts is forgotten."""
        name = _key_of(sandbox)
        return self._look(lambda connection: work(Unit(SandboxRecords(connection, name), seed, settings)))

    def check(self) -> None:
        """Raises StoreUnusable while the database cannot be used, or another server has it."""
        with self._commands.lent() as connection:
            if self._serving is not None:
                self._serving.check()
            connection.execute("SELECT FROM sandboxes LIMIT 0")

    def names(self) -> list[str]:
        """The sandboxes of which anything is kept, but for the one without a name; sorted."""
        return self._look(postgres_contents.names)

    def contents(self, sandbox: str) -> Contents:
        """Everything that is kept of a sandbox, its damage named."""
        return self._look(lambda connection: postgres_contents.read(connection, _key_of(sandbox)))

    def loose_ends(self, sandbox: str) -> list[str]:
        """The chains whose kept end is not their last entry; raises Damaged for one that cannot be read."""
        return self._look(lambda connection: postgres_contents.loose_ends(connection, _key_of(sandbox)))

    def records(self) -> Iterator[tuple[str, Any]]:
        """Everything that is kept at one moment, each with its sandbox's name."""
        with self._questions.lent() as connection:
            yield from postgres_contents.everything(connection)

    def drop(self, sandbox: str) -> None:
        """Remove a sandbox whole, its logs included, in one unit of work."""
        self.run(sandbox, Unit.clear)

    def close(self) -> None:
        """Let units and questions end, then close the connections."""
        self._commands.close()
        self._questions.close()
        if self._serving is not None:
            self._serving.close()

    def _remembering(self, sandbox: bytes) -> Remembered:
        """What this process remembers of a sandbox, of which only the unit whose turn it is knows."""
        found = self._remembered.get(sandbox)
        if found is None:
            if len(self._remembered) >= MOST_SANDBOXES:
                self._remembered.clear()
            found = self._remembered[sandbox] = Remembered()
        return found

    def _look(self, at: Callable[[Connection[Any]], T]) -> T:
        with self._questions.lent() as connection:
            return at(connection)

    def _commit(self, connection: Connection[Any], records: SandboxRecords) -> None:
        """Commit; if the connection breaks meanwhile, learn from a new one what became of it."""
        process = connection.info.backend_pid
        try:
            connection.commit()
        except psycopg.OperationalError:
            if not connection.broken and not connection.closed:
                raise  # the database has refused it
            if not self._was_kept(records, process):
                raise

    def _was_kept(self, records: SandboxRecords, process: int) -> bool:
        """What the sandbox's row says: after a crash another transaction may have the number of this one."""
        pause, began = threading.Event(), perf_counter()
        while perf_counter() - began < SETTLED_SECONDS:
            with suppress(psycopg.OperationalError), self._commands.fresh() as connection:
                # Where the commit did not arrive, the other end may still wait for it and hold the sandbox.
                if all(gone for (gone,) in connection.execute(_END, [process, records.transaction])):
                    row = connection.execute(_WRITTEN, [records.sandbox]).fetchone()
                    written = None if row is None else row[0]
                    if written in (records.before, records.after):
                        return bool(written == records.after)
                    break  # another server has written since
            pause.wait(0.1)
        raise StoreUnusable(
            f"{self.told} was lost in the middle of a commit, and whether it was kept is not known; "
            "look at the journal when the database is back"
        )


def _key_of(sandbox: str) -> bytes:
    return shortened(sandbox.encode(), SANDBOX_BYTES)
