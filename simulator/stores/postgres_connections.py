"""Connections to one PostgreSQL database: a few, lent to one thread at a time; a lost one is made anew.

Whatever keeps the database from working is StoreUnusable, and the next who asks tries again.
"""

import re
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import Connection, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from prakerja_sim.simulator.stores.documents import IntegrityError
from prakerja_sim.simulator.stores.postgres_schema import SCHEMA
from prakerja_sim.simulator.values.errors import StoreUnusable

WAIT_SECONDS = 30
"""For a connection that is free, and for a sandbox in which another process is at work."""
NETWORK = {
    "connect_timeout": "5",
    "tcp_user_timeout": "15000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "application_name": "prakerja-sim",
}
"""So that a database that is no longer there is noticed; the user's URL may say otherwise."""
_SETTINGS = {
    "search_path": SCHEMA,
    "lock_timeout": f"{WAIT_SECONDS}s",
    "timezone": "UTC",
    "client_encoding": "UTF8",
}
"""A search path of our own, no waiting without end, and text from a database that has no encoding."""
COMMANDS = {
    "idle_in_transaction_session_timeout": "60s",
    "default_transaction_isolation": "read committed",
}
"""A process that stands still within a unit of work lets go of its sandbox; who waits sees what it left."""
QUESTIONS = {"default_transaction_isolation": "repeatable read", "default_transaction_read_only": "on"}
"""A question sees one moment."""
_TROUBLE = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
    errors.InsufficientPrivilege,
    errors.UndefinedTable,
)
_PASSWORD_CUT = re.compile(r"\w+://[^/@?]*/[^?]*@")
"""An address whose password has a slash: what is before it is taken for host and port."""


class Connections:
    """So many connections at the most, with the same settings."""

    def __init__(self, url: str, most: int, settings: dict[str, str]) -> None:
        self._asked = NETWORK | {n: str(v) for n, v in conninfo_to_dict(url).items() if v is not None}
        self._settings = _SETTINGS | settings
        self._reading = "default_transaction_read_only" in settings
        self._most = most
        self._room = threading.BoundedSemaphore(most)
        self._idle: list[Connection[Any]] = []
        self._closed = False
        self.told = told(url)

    @contextmanager
    def lent(self) -> Iterator[Connection[Any]]:
        """A connection until the end of the block; what was not committed by then is undone."""
        with self._problems():
            if not self._room.acquire(timeout=WAIT_SECONDS):
                raise StoreUnusable(f"{self.told}: all {self._most} connections are busy; ask again")
            try:
                connection = self._taken()
                try:
                    yield connection
                finally:
                    self._give_back(connection)
            finally:
                self._room.release()

    def fresh(self) -> Connection[Any]:
        """A new connection, which the caller closes."""
        connection = psycopg.connect(**self._asked, autocommit=True, prepare_threshold=0)  # type: ignore[arg-type]
        try:
            for name, value in self._settings.items():
                connection.execute("SELECT set_config(%s, %s, false)", [name, value])
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Let those who have one finish, and turn away who comes later."""
        self._closed = True
        for _ in range(self._most):
            self._room.acquire(timeout=WAIT_SECONDS)
        while self._idle:
            self._idle.pop().close()
        for _ in range(self._most):
            with suppress(ValueError):  # of one that was never given back
                self._room.release()

    def _taken(self) -> Connection[Any]:
        if self._closed:
            raise StoreUnusable("the store is closed")
        while self._idle:
            with suppress(IndexError):
                connection = self._idle.pop()
                if sound(connection):
                    return connection
                connection.close()
        return self.fresh()

    def _give_back(self, connection: Connection[Any]) -> None:
        with suppress(psycopg.Error):
            status = connection.info.transaction_status
            if status == TransactionStatus.INTRANS and self._reading:
                connection.commit()  # after a rollback psycopg prepares all statements anew
            elif status != TransactionStatus.IDLE:
                connection.rollback()
            if not connection.broken and not connection.closed and not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except (errors.UniqueViolation, errors.CheckViolation) as problem:
            raise IntegrityError(_broken(problem)) from None
        except errors.LockNotAvailable:
            raise StoreUnusable(
                f"{self.told}: another server was at work in the sandbox for {WAIT_SECONDS} seconds; "
                "ask again"
            ) from None
        except _TROUBLE as problem:
            raise StoreUnusable(
                f"{self.told} cannot be used ({said(problem)}); mend the database, and it goes on"
            ) from problem


def told(url: str) -> str:
    """The database as messages name it, without user and password; StoreUnusable for text that names none."""
    try:
        parts = conninfo_to_dict(url)
        if _PASSWORD_CUT.match(url):
            raise psycopg.ProgrammingError("there is an @ behind the host")
    except psycopg.ProgrammingError as problem:
        reason = said(problem).partition(":")[0]  # behind the colon the text is quoted, password and all
        raise StoreUnusable(
            f"{reason}; name a database as postgresql://HOST/DATABASE, "
            "with % / @ in a password as %25 %2F %40"
        ) from None
    where = f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}"
    return f"postgresql://{where}/{parts.get('dbname') or ''}"


def said(problem: psycopg.Error) -> str:
    """What is wrong, in one line."""
    return next(iter(str(problem).strip().splitlines()), type(problem).__name__)


def sound(connection: Connection[Any]) -> bool:
    """Whether nobody has ended a connection while it was idle: else its socket has something to say."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def _broken(problem: psycopg.Error) -> str:
    """Which constraint, without the values of a record; an index's name is among those that are unique."""
    if isinstance(problem, errors.CheckViolation):
        return f"constraint {problem.diag.constraint_name} is broken"
    detail = problem.diag.message_detail or ""
    named = next((part for part in detail.split(", ") if "!" in part), problem.diag.constraint_name)
    return f"{named} is given twice"
