"""Claims about what was sent to the simulator; when they do not hold, the nearest misses are told."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Exchange, many
from prakerja_sim.kit.errors import Mismatch

__tracebackhide__ = True  # pytest shows the line of the test
TOLD = 10
"""So many of the last calls are told when a claim does not hold."""


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
        answer: Mapping[str, Any] | None = None,
        party: str | None = None,
        method: str | None = None,
        status: int | None = None,
        reason: str | None = None,
        times: int | None = None,
    ) -> list[Exchange]:
        """Somebody asked for this path: at least once, or exactly so many times; answers the exchanges.

        `body` and `answer` hold fields that must be in what was sent and what came back, with their values; a
        field within a field is named as `data.transaction_code`. Raises Mismatch.
        """
        asked = {"path": path, "party": party, "method": method, "status": status, "reason": reason}
        fields = {"body": body and dict(body), "answer": answer and dict(answer), "times": times}
        return self._verified({name: one for name, one in {**asked, **fields}.items() if one is not None})

    def assert_not_called(self, path: str, **expected: Any) -> None:
        """Nobody asked for it; takes what `assert_called` takes. Raises Mismatch."""
        self.assert_called(path, times=0, **expected)

    def assert_sequence(self, *expected: str | Mapping[str, Any]) -> list[Exchange]:
        """These were asked for in this order, and others may lie between; answers the exchanges.

        Each is a path, or a mapping of what `assert_called` takes but for `times`. Raises Mismatch.
        """
        steps = [{"path": one} if isinstance(one, str) else dict(one) for one in expected]
        return self._verified({"in_order": steps})

    def _verified(self, expected: Mapping[str, Any]) -> list[Exchange]:
        verdict = self._admin.post("/timeline/verify", expected)
        calls = self.all()
        if not verdict["passed"]:
            misses = [_miss(one) for one in verdict["misses"] if one["party"] != "admin"]
            told = [_told(expected, verdict["says"]), *misses]
            told += [f"  there was: {one}" for one in calls[-TOLD:]]
            raise Mismatch("\n".join(told), reason="not_called", values=verdict)
        return [one for one in calls if one.id in verdict["exchanges"]]


def _told(expected: Mapping[str, Any], says: str) -> str:
    """What was expected, step by step in a sequence, and what was found."""
    steps = expected.get("in_order")
    if steps is None:
        return f"{_words(expected)}: {says}"
    return f"{' then '.join(map(_words, steps))}: {says}"


def _words(expected: Mapping[str, Any]) -> str:
    others = [f"{name} {one}" for name, one in expected.items() if name not in ("path", "times")]
    path: str = expected.get("path", "anything")
    return f"{path} with {' and '.join(others)}" if others else path


def _miss(one: Mapping[str, Any]) -> str:
    """An exchange that nearly was as expected, and in what it was not."""
    differs = [
        f"{name} is {each['found']!r}, not {each['expected']!r}" for name, each in one["differs"].items()
    ]
    return f"  nearly: {one['id']} {one['method']} {one['path']}: {'; '.join(differs)}"
