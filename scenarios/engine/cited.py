"""Which rules and failures of the programme a story is about, by their ids in its references.

`shows` names failures (F01-F51), `breaks` rules that a step of the story breaks, `keeps` rules
that it only just keeps.
"""

from collections.abc import Collection
from typing import Any

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.failures import FAILURES
from prakerja_sim.simulator.programme.rulebook import RULES


def failures_from(given: Any) -> tuple[str, ...]:
    """The failures that a story shows; ValueError for one that does not exist."""
    return _ids(given, "failure", FAILURES, "F11")


def rules_from(given: Any) -> tuple[str, ...]:
    """The rules that a story breaks or keeps; ValueError for one that does not exist."""
    return _ids(given, "rule", RULES, "R13")


def _ids(given: Any, kind: str, known: Collection[str], example: str) -> tuple[str, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise ValueError(f"{given!r} is no list of {kind} ids; write [{example}]")
    for named in map(str, given):
        if named in (*FAILURES, *RULES) and named not in known:
            key = "`shows:`" if named in FAILURES else "`breaks:` or `keeps:`"
            raise ValueError(f"{named} is no {kind}; name it under {key}")
        if named not in known:
            raise ValueError(f"unknown {kind} {named!r}; {nearest(named, known)}")
        if given.count(named) > 1:
            raise ValueError(f"{kind} {named} is named twice; name it once")
    return tuple(given)
