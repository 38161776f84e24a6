"""Claims about what was sent to the simulator; when they do not hold, the nearest misses are told."""

from collections.abc import Mapping
from typing import Any

import orjson

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Exchange, many
from prakerja_sim.kit.errors import Mismatch

__tracebackhide__ = True  # pytest shows the line of the test

MISSES = 3
"""So many of the nearest misses are told."""
Wanted = Mapping[str, Any]


class Calls:
    """The exchanges of a sandbox, without what a test does itself; a `path` means every path that ends so."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def all(self) -> list[Exchange]:
        """All exchanges that are still remembered (the last 2,000), oldest first."""
        rows = many(Exchange, self._admin.get("/timeline")["exchanges"][::-1])
        return [one for one in rows if one.party not in ("admin", "simulator")]

    def assert_called(
        self,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        party: str | None = None,
        method: str | None = None,
        status: int | None = None,
        reason: str | None = None,
        times: int | None = None,
    ) -> list[Exchange]:
        """Somebody asked for this path: at least once, or exactly so many times; answers the exchanges.

        `body` holds the fields that must be in it, with their values; of what is masked the last characters
        are compared. Raises Mismatch.
        """
        asked = {"path": path, "body": body, "party": party, "method": method, "status": status}
        wanted = {name: one for name, one in {**asked, "reason": reason}.items() if one is not None}
        calls = self.all()
        found = [one for one in calls if not self._differences(one, wanted)]
        if (not found) if times is None else (len(found) != times):
            often = "at least once" if times is None else f"{times} times"
            others = [one for one in calls if one not in found]
            raise self._mismatch(
                f"{_told(wanted)} was called {len(found)} times, not {often}", wanted, others, found
            )
        return found

    def assert_not_called(self, path: str, **wanted: Any) -> None:
        """Nobody asked for it; takes what `assert_called` takes. Raises Mismatch."""
        self.assert_called(path, times=0, **wanted)

    def assert_sequence(self, *wanted: str | Wanted) -> None:
        """These were asked for in this order; others may lie between.

        Each is a path, or a mapping of what `assert_called` takes. Raises Mismatch.
        """
        calls = self.all()
        left = iter(calls)
        for number, one in enumerate(wanted, 1):
            asked: Wanted = {"path": one} if isinstance(one, str) else one
            if not any(not self._differences(call, asked) for call in left):
                before = "" if number == 1 else f" after {_told(_wanted(wanted[number - 2]))}"
                raise self._mismatch(
                    f"no. {number}, {_told(asked)}, was not called{before}", asked, calls, calls
                )

    def _mismatch(self, what: str, wanted: Wanted, near: list[Exchange], calls: list[Exchange]) -> Mismatch:
        """With the calls that are nearest to what was wanted, and those that there were."""
        ranked = sorted(near, key=lambda one: len(self._differences(one, wanted)))
        misses = [f"  near: {one}: {'; '.join(self._differences(one, wanted))}" for one in ranked[:MISSES]]
        there = [f"  call: {one}" for one in calls[-10:]]
        return Mismatch("\n".join([what, *misses, *there]), reason="not_called", values=dict(wanted))

    def _differences(self, one: Exchange, wanted: Wanted) -> list[str]:
        """In what a call differs from what was wanted; its body is looked at last, if the path is right."""
        path = one.path.partition("?")[0]
        found = []
        for name, value in wanted.items():
            if name == "path":
                if not path.endswith(value):
                    found.append(f"path is {path}, not ...{value}")
            elif name != "body" and getattr(one, name) != value:
                found.append(f"{name} is {getattr(one, name)}, not {value}")
        if "body" in wanted and path.endswith(wanted.get("path", "")):
            sent = _fields(self._admin.get(f"/timeline/{one.id}")["request"]["body"])
            for name, value in wanted["body"].items():
                if not _same(sent.get(name), value):
                    found.append(f"{name} in the body is {sent.get(name)!r}, not {value!r}")
        return found


def _wanted(one: str | Wanted) -> Wanted:
    return {"path": one} if isinstance(one, str) else one


def _told(wanted: Wanted) -> str:
    others = ", ".join(f"{name}={value!r}" for name, value in wanted.items() if name != "path")
    return f"{wanted.get('path', 'any path')}{f' with {others}' if others else ''}"


def _fields(body: str) -> dict[str, Any]:
    try:
        fields = orjson.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _same(found: Any, wanted: Any) -> bool:
    """Whether a field has a value; where it is masked, as far as it is shown."""
    if isinstance(found, str) and "*" in found and isinstance(wanted, str) and len(found) == len(wanted):
        return all(shown in ("*", real) for shown, real in zip(found, wanted, strict=True))
    return bool(found == wanted)
