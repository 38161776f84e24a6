"""What a person of a load run chooses: where to buy, what, and which mistakes to make.

Each choice is a keyed chance of the run's seed and the person's card, so it depends on no process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.simulator.values.chance import below, seed_bytes

T = TypeVar("T")
PARTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Choices:
    """One person's choices."""

    marketplace: str
    mistakes: tuple[str, ...]
    """At most one of a stage, in the order of the stages."""
    seed: bytes
    card: str

    def makes(self, mistake: str) -> bool:
        """Whether the person will make that mistake."""
        return mistake in self.mistakes

    def one_of(self, things: Sequence[T], what: str) -> T:
        """One of some things; `things` must not be empty."""
        return things[below(len(things), self.seed, what, self.card)]

    def seconds(self, span: tuple[float, float], what: str) -> float:
        """A number of seconds between two."""
        shortest, longest = span
        return shortest + (longest - shortest) * below(PARTS, self.seed, what, self.card) / PARTS


def choose(plan: Plan, card: str, weights: Mapping[str, int] | None = None) -> Choices:
    """What the person with that card chooses; at one of the plan's marketplaces if `weights` names none."""
    seed, chances = seed_bytes(plan.seed), weights or plan.weights()
    stages = dict.fromkeys(one.stage for one in MISTAKES.values())
    mistakes = (_mistake(plan, stage, seed, card) for stage in stages)
    return Choices(
        _weighted(chances, below(sum(chances.values()), seed, "marketplace", card)),
        tuple(one for one in mistakes if one),
        seed,
        card,
    )


def _mistake(plan: Plan, stage: str, seed: bytes, card: str) -> str:
    shares = {name: plan.mistakes.get(name, 0.0) for name, one in MISTAKES.items() if one.stage == stage}
    at = below(PARTS, seed, f"mistake at {stage}", card) / PARTS
    for name, share in shares.items():
        if at < share:
            return name
        at -= share
    return ""


def _weighted(chances: Mapping[str, int], at: int) -> str:
    for code, weight in sorted(chances.items()):
        if at < weight:
            return code
        at -= weight
    raise AssertionError("a weight is above the sum of all")
