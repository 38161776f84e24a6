"""How refund policies, times of support and commissions are written in a sandbox's settings, by marketplace.

`refunds: {pijar: {askers: [buyer], within: 14d, outcome: full}}` and
`support: {pijar: {take_up: 2h, answer: 2d, refund: 1d}}`; what is left out stays as the marketplace has it.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from prakerja_sim.simulator.values.clock import parse_span

ASKERS = ("buyer", "organiser")
OUTCOMES = ("full", "refused")


def _askers(written: Any) -> frozenset[str]:
    wrong = [one for one in written if one not in ASKERS] if isinstance(written, list) else [written]
    if wrong:
        raise ValueError(f"{wrong[0]!r} cannot ask; write a list of buyer, organiser, both or [] for nobody")
    return frozenset(written)


def _span(written: Any) -> timedelta:
    if not isinstance(written, str):
        raise ValueError(f"{written!r} is not a stretch of time; write 90s, 5m, 2h or 30d")
    return parse_span(written)


def _within(written: Any) -> timedelta | None:
    return None if written is None else _span(written)


def _outcome(written: Any) -> bool:
    if written not in OUTCOMES:
        raise ValueError(f"{written!r} is no outcome; write {' or '.join(OUTCOMES)}")
    return bool(written == "refused")


MOST_COMMISSION = 15
"""Percent of what is paid that a marketplace may keep at most (Permenko 11/2020, art. 40)."""


def check_commission(written: Any) -> None:
    """Raises ValueError for what is no commission of marketplaces, as `{kariermu: 10}`."""
    if not isinstance(written, Mapping):
        raise ValueError(f"setting commission must map marketplaces to whole percent, not {written!r}")
    for name, percent in written.items():
        if type(percent) is not int or not 0 <= percent <= MOST_COMMISSION:
            raise ValueError(
                f"setting commission.{name} must be a whole number from 0 to {MOST_COMMISSION} percent"
                f" (Permenko 11/2020, art. 40), not {percent!r}"
            )


Reader = Callable[[Any], Any]
PARTS: Mapping[str, Mapping[str, Reader]] = {
    "refunds": {"askers": _askers, "within": _within, "outcome": _outcome},
    "support": {"take_up": _span, "answer": _span, "refund": _span},
}
"""The parts of each of the two settings, and how each is read."""


def read(setting: str, written: Any) -> dict[str, dict[str, Any]]:
    """What a setting says of each marketplace that it names.

    Raises ValueError with the place that is wrong and what to write there.
    """
    if not isinstance(written, Mapping):
        raise ValueError(f"setting {setting} must map marketplaces to policies, not {written!r}")
    return {str(name): _of(f"setting {setting}.{name}", PARTS[setting], one) for name, one in written.items()}


def _of(place: str, parts: Mapping[str, Reader], written: Any) -> dict[str, Any]:
    if not isinstance(written, Mapping):
        raise ValueError(f"{place} must map {', '.join(parts)} to values, not {written!r}")
    taken = {}
    for name, value in written.items():
        if name not in parts:
            raise ValueError(f"{place}.{name}: there is no such part; there are {', '.join(parts)}")
        try:
            taken[name] = parts[name](value)
        except ValueError as problem:
            raise ValueError(f"{place}.{name}: {problem}") from None
    return taken
