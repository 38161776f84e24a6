"""The clock of a sandbox: it stands still until it is moved."""

from datetime import datetime, timedelta
from typing import Any

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Happened, many

__tracebackhide__ = True  # pytest shows the line of the test


class Clock:
    """Time in a sandbox (WIB). What becomes due on the way happens, in order, and is answered."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    @property
    def now(self) -> datetime:
        """What it shows."""
        return datetime.fromisoformat(self._admin.get("/clock")["now"])

    @property
    def next(self) -> datetime | None:
        """When something will happen by itself next; None if nothing is due."""
        due = self._admin.get("/clock")["next"]
        return None if due is None else datetime.fromisoformat(due)

    @property
    def waits(self) -> list[dict[str, Any]]:
        """The refusals among the last exchanges that time will end, and how far to advance for it."""
        waits: list[dict[str, Any]] = self._admin.get("/clock")["waits"]
        return waits

    def advance(self, by: str | timedelta) -> list[Happened]:
        """Move it on, as "301s", "15m", "2d" or a timedelta of whole seconds. Raises Refused."""
        span = f"{int(by.total_seconds())}s" if isinstance(by, timedelta) else by
        return self._move(advance=span)

    def set(self, to: str | datetime) -> list[Happened]:
        """Move it to a time (WIB if it names no zone), as "2021-12-05 23:59:59". Raises Refused."""
        return self._move(set=to.isoformat() if isinstance(to, datetime) else to)

    def step(self) -> list[Happened]:
        """Move it to what is due next; nothing happens if nothing is due."""
        return self._move(step=True)

    def _move(self, **way: object) -> list[Happened]:
        return many(Happened, self._admin.post("/clock", way)["happened"])
