"""What an operation refuses, said beside its own code and nowhere else.

A rule judges a small frozen record of facts.  An operation names the facts that it has judged, the
reasons that it gives by itself and the operations that it does; its reasons follow from these.
"""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected

Rule = Callable[..., bool]
Operation = Callable[..., Any]
F = TypeVar("F", bound=Operation)
Refusing = Reason | type[Struct] | Operation
"""A reason, a kind of facts whose rules are judged, or an operation: each stands for its reasons."""

FARTHEST = 3 * 365 * DAY // SECOND
"""How many seconds a refusal may last that time alone ends."""
RULES: dict[type, list[tuple[Rule, Reason]]] = {}
"""The rules of each kind of facts, in order of precedence."""
_LASTING: set[Rule] = set()
_REFUSES: dict[Operation, tuple[Reason, ...]] = {}


def rule(facts: type, otherwise: Reason, *, lasting: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule at its place in the order of precedence: the order in which it is written.

    A lasting rule that was kept once cannot be broken when the same is judged again later.
    """

    def register(function: Rule) -> Rule:
        if lasting:
            _LASTING.add(function)
        RULES.setdefault(facts, []).append((function, otherwise))
        return function

    return register


def check(facts: Struct, **about: object) -> None:
    """Raise Rejected for the first broken rule; `about` names what was judged beside the facts."""
    refusal = refused(facts, **about)
    if refusal is not None:
        raise refusal


def refused(facts: Struct, **about: object) -> Rejected | None:
    """The refusal of the first broken rule, or None; which values the rule looked at is found when asked."""
    for holds, otherwise in RULES[type(facts)]:
        if not holds(facts):
            refusal = Rejected(otherwise, over=partial(over_at, facts))
            refusal.rule = holds.__name__
            refusal.decided = partial(_decided, holds, facts, about)
            return refusal
    return None


def broken(facts: Struct) -> Reason | None:
    """The reason of the first broken rule, or None."""
    refusal = refused(facts)
    return None if refusal is None else refusal.reason


class Judged(Struct, frozen=True):
    """How one rule judges some facts."""

    rule: str
    reason: Reason
    holds: bool | None
    """None where a rule before it failed on which it builds."""
    values: dict[str, object]


def judged(facts: Struct) -> list[Judged]:
    """How every rule judges these facts, in order of precedence."""
    judgements: list[Judged] = []
    for function, reason in RULES[type(facts)]:
        try:
            holds: bool | None = function(facts)
            values = looked_at(function, facts)
        except AssertionError:  # what a broken rule before it would have made sure of is not there
            holds, values = None, {}
        judgements.append(Judged(function.__name__, reason, holds, values))
    return judgements


def _decided(holds: Rule, facts: Struct, about: dict[str, object]) -> dict[str, object]:
    return {**about, **looked_at(holds, facts)}


def looked_at(holds: Rule, facts: Struct) -> dict[str, object]:
    """The values that a rule reads when it judges these facts, by the path to each."""
    values: dict[str, object] = {}
    holds(_Watched(facts, values))
    return values


class _Watched:
    """Facts, or a record in them, that note each value which is read."""

    def __init__(self, record: Any, values: dict[str, object], path: str = "") -> None:
        self._record, self._values, self._path = record, values, path

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._record, name)
        if isinstance(value, Struct) or is_dataclass(value):
            return _Watched(value, self._values, f"{self._path}{name}.")
        if not callable(value):
            self._values[self._path + name] = value
        return value


def over_at(facts: Struct) -> datetime | None:
    """The second from which on no rule would be broken if nothing but the clock moved; None if there is none.

    It looks ahead in ever longer strides, `FARTHEST` at most, so it may miss a time that is over soon.
    """
    now: datetime | None = getattr(facts, "now", None)
    if now is None:
        return None
    before, ahead = 0, 1
    while _refused(facts, now, ahead):
        before, ahead = ahead, ahead + ahead // 4 + 1
        if ahead > FARTHEST:
            return None
    while ahead - before > 1:
        middle = (before + ahead) // 2
        before, ahead = (middle, ahead) if _refused(facts, now, middle) else (before, middle)
    return now + ahead * SECOND


def _refused(facts: Struct, now: datetime, seconds: int) -> bool:
    later = replace(facts, now=now + seconds * SECOND)
    return not all(holds(later) for holds, _ in RULES[type(facts)])


def refuses(*sources: Refusing) -> Callable[[F], F]:
    """Declare what an operation refuses, in order of precedence.

    Each source is a reason of its own, a kind of facts that it has judged, or an operation that it does.
    """

    def register(operation: F) -> F:
        _REFUSES[operation] = reasons_of(*sources)
        return operation

    return register


def reasons_of(*sources: Refusing) -> tuple[Reason, ...]:
    """The reasons of these sources, each once; those of an operation without `@refuses` are none."""
    reasons: list[Reason] = []
    for source in sources:
        if isinstance(source, Reason):
            reasons.append(source)
        elif isinstance(source, type):
            reasons += (reason for _, reason in RULES[source])
        else:
            reasons += _REFUSES.get(source, ())
    return tuple(dict.fromkeys(reasons))


def again(facts: type) -> tuple[Reason, ...]:
    """The reasons that are left where these facts were judged once before."""
    return reasons_of(*(reason for function, reason in RULES[facts] if function not in _LASTING))


def confirm(operation: Operation, refusal: Rejected) -> None:
    """An operation refused; a reason that it does not declare is a bug."""
    declared = _REFUSES.get(operation, ())
    assert refusal.reason in declared, f"{operation} refuses with {refusal.reason} and does not say so"
