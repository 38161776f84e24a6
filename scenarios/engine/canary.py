"""Stories that must fail, played before the others: a runner that looks away would let everything pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.scene import Scene
from prakerja_sim.scenarios.engine.script import START, Perform, Step, Story
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings


class _Sick:
    """A stage on which a step goes as expected, refused or not, and leaves something broken behind."""

    def __init__(self, wrong: str) -> None:
        self._wrong = wrong
        self._done = False

    def go_well(self) -> None:
        """Succeed."""
        self._done = True

    def be_refused(self) -> None:
        """Be refused, as the story expects."""
        self._done = True
        raise StepRefused(Reason.BALANCE_TOO_LOW)

    def check(self) -> list[str]:
        """The invariants that do not hold now."""
        return ["sick books"] if self._wrong == "books" and self._done else []

    def errors(self) -> list[str]:
        """The internal errors seen since the last time."""
        return ["a sick party"] if self._wrong == "bug" and self._done else []

    def unfinished(self) -> list[str]:
        """What was not used."""
        return ["nothing was tested"] if self._wrong == "unused" else []

    def newest(self) -> str:
        """No wires, no exchange."""
        return ""

    def scene(self) -> Scene:
        """Nothing to be seen."""
        return Scene("")

    def keep(self) -> None:
        """No world to keep."""

    def digest(self) -> str:
        """No world, no digest."""
        return ""


def sing() -> None:
    """Raises AssertionError if any of these stories passes: then no word of the runner is worth anything."""
    for verb, fails in (("go_well", None), ("be_refused", Reason.BALANCE_TOO_LOW)):
        for wrong in ("books", "bug", "unused"):
            step = Step(1, 1, verb, {}, fails)
            story = Story(
                Path(__file__), f"{verb} {wrong}", "", (), START, Settings(), partial(_perform, step)
            )
            assert not play(story, "", partial(_stage, wrong)).passed, (
                f"the runner overlooks {wrong} after a step that must {verb.replace('_', ' ')}"
            )


def _perform(step: Step, perform: Perform) -> None:
    perform(step)


@contextmanager
def _stage(wrong: str, _: Story, __: str) -> Iterator[_Sick]:
    yield _Sick(wrong)
