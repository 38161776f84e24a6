"""What came of playing: one outcome per story and marketplace, and the report over all of them.

Seconds are of the wall and differ from run to run; the digest does not.
"""

import hashlib
from dataclasses import dataclass

from prakerja_sim.scenarios.engine.scene import Scene
from prakerja_sim.scenarios.engine.script import Story


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as it was taken."""

    number: int
    line: int
    said: str
    """The verb and its arguments, as a story in YAML has them."""
    fails: str
    """The reason for which it had to be refused; empty if it had to go well."""
    after: str
    """The id of the newest exchange before it; empty if there was none."""


@dataclass(frozen=True, slots=True)
class StoryFailure:
    """Where a story went wrong.

    Without a verb it was after that step, and step 0 is before the first.  `detail` is a
    traceback, for bugs only.
    """

    step: int
    line: int
    verb: str
    said: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One story played on one marketplace; the digest is empty if there was never a world."""

    story: Story
    marketplace: str
    steps: int
    digest: str
    seconds: float
    failure: StoryFailure | None = None
    taken: tuple[Taken, ...] = ()
    scene: Scene | None = None
    """What was seen of its world at the end: of a play that failed, or that was asked for whole."""
    kept: bool = False
    """Whether its sandbox is there still."""

    @property
    def passed(self) -> bool:
        """Whether everything went as the story says."""
        return self.failure is None

    @property
    def message(self) -> str:
        """What went wrong and where, in one line; empty if nothing did."""
        if self.failure is None:
            return ""
        failure = self.failure
        where, verb = f"step {failure.step}", f", {failure.verb}"
        if not failure.verb:
            where, verb = f"after {where}" if failure.step else "before step 1", ""
        place = f"{self.story.path}:{failure.line}"
        return f"{self.story.title} ({self.marketplace}): {where} ({place}){verb}: {_one_line(failure.said)}"


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of a run, in the order of the stories and then of the marketplaces."""

    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> int:
        """How many did not go as their stories say."""
        return sum(not outcome.passed for outcome in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether all went as their stories say; a run of nothing has not passed."""
        return bool(self.outcomes) and not self.failed

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted lines `title|marketplace|digest`, each ended by a line feed."""
        lines = sorted(f"{one.story.title}|{one.marketplace}|{one.digest}\n" for one in self.outcomes)
        return hashlib.sha256("".join(lines).encode(errors="backslashreplace")).hexdigest()


def _one_line(text: str) -> str:
    return " ".join(text.split())
