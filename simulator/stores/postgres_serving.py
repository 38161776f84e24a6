"""The right to serve a database, which one process has at a time: much of a world lives beside its records.

The right is a lock of a connection's session, so a server that is killed gives it back at once.
"""

import threading
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import Connection

from prakerja_sim.simulator.stores.postgres_connections import Connections, sound
from prakerja_sim.simulator.stores.postgres_schema import LOCK, SERVING
from prakerja_sim.simulator.values.errors import StoreUnusable

PATIENCE_SECONDS = 2
"""So long the database may take to see that the server before is gone."""


class Serving:
    """Held from the beginning until it is closed."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._guard = threading.Lock()
        self._holder: Connection[Any] | None = None
        self._take(patience=PATIENCE_SECONDS)

    def check(self) -> None:
        """Take it anew if the connection was lost; StoreUnusable if another server has it now."""
        with self._guard:
            holder = self._holder
            if holder is None or not sound(holder):
                self._take(patience=PATIENCE_SECONDS)

    def close(self) -> None:
        """Give it back."""
        with self._guard:
            self._let_go()

    def _take(self, patience: float) -> None:
        self._let_go()
        pause, waited = threading.Event(), 0.0
        holder = self._connections.fresh()
        try:
            holder.autocommit = True
            while holder.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, SERVING]).fetchone() != (
                True,
            ):
                if waited >= patience:
                    raise StoreUnusable(
                        f"{self._connections.told} is in use by another server; "
                        "stop it or name another database"
                    )
                pause.wait(0.1)
                waited += 0.1
        except BaseException:
            holder.close()
            raise
        self._holder = holder

    def _let_go(self) -> None:
        if self._holder is not None:
            with suppress(psycopg.Error):
                self._holder.close()
            self._holder = None
