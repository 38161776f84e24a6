"""What a sandbox has for the people of a load run: classes to buy, a wave that takes people, credentials."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prakerja_sim.loadtests.errors import FlowBroken

MOST_PAID = 1_000_000
"""The training assistance of every wave until 2022, in rupiah."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is."""

    now: datetime
    courses: list[Mapping[str, Any]]
    """Self-paced ones that the card can pay and that have seats."""
    waves: list[Mapping[str, Any]]
    clients: Mapping[str, Mapping[str, str]]
    """The credential of each party."""

    def wave(self, now: datetime) -> Mapping[str, Any]:
        """The newest wave that takes people now; raises FlowBroken if none does."""
        taking = [
            one
            for one in self.waves
            if datetime.fromisoformat(one["announced"])
            <= now
            <= datetime.fromisoformat(one["buy_first_until"])
        ]
        if not taking:
            raise FlowBroken(f"no wave takes people on {now:%Y-%m-%d}; lease a sandbox that starts in one")
        return max(taking, key=lambda one: str(one["announced"]))


def read(admin: Callable[[str], Any], own_clients: Iterable[str] = ()) -> Offer:
    """Ask the admin API; raises FlowBroken with the remedy if there is nothing to buy."""
    courses = admin("/courses")["courses"]
    fit = [one for one in courses if _is_for_everybody(one)]
    if not fit:
        raise FlowBroken(
            "no self-paced class is on sale in this sandbox; lease it with fill: true, or list one"
        )
    clients = {one["party"]: one for one in admin("/clients")["clients"]}
    for code in own_clients:
        if code not in clients:
            raise FlowBroken(
                f"institution_clients: {code!r} has no credential here; one of {', '.join(clients)}"
            )
    now = datetime.fromisoformat(admin("/clock")["now"])
    return Offer(now, fit, admin("/waves")["waves"], clients)


def _is_for_everybody(course: Mapping[str, Any]) -> bool:
    return course["starts"] is None and course["quota"] > 0 and course["price"] <= MOST_PAID
