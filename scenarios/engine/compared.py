"""Two stories played side by side: the first step at which their worlds are not the same any more."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, StepRefused
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.runner import do
from prakerja_sim.scenarios.engine.script import Step, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory

SEED = 42


@dataclass(frozen=True, slots=True)
class Stop:
    """How it stood after a step."""

    step: Step
    went: str
    digest: str

    def at(self, path: Path) -> str:
        """The step's place and verb, and how it went."""
        return f"step {self.step.number} ({path}:{self.step.line}), {self.step.verb}, {self.went}"


def parting(before: Path, after: Path) -> str:
    """Where the two part, in one line; empty if they are the same to the end.

    A step that does not go as its story says is where a story ends. Raises BadScenarios for a bad file.
    """
    one, two = _played(_one(before)), _played(_one(after))
    for left, right in zip_longest(one, two):
        if left is None or right is None:
            shorter, longer = (before, right) if left is None else (after, left)
            assert longer is not None
            path = after if left is None else before
            return f"they part after the last step of {shorter}: {path} goes on with {longer.at(path)}"
        if (left.digest, left.went) != (right.digest, right.went):
            return f"they part at {left.at(before)}; {right.at(after)}"
    return ""


def _one(path: Path) -> Story:
    found = discover([path], vocabulary(Stage, registry.codes()))
    if len(found) != 1:
        raise BadScenarios([BadScenario(path, 0, f"holds {len(found)} stories; name a file with one")])
    return found[0]


def _played(story: Story) -> list[Stop]:
    """Each step with how it went and the digest after it, up to the first that goes wrong."""
    stops: list[Stop] = []
    place = story.played_on(registry.codes())[0]
    with stages(in_process(Memory(), wall), SEED)(story, place) as stage:

        def perform(step: Step) -> object:
            answer, went = None, "goes well"
            try:
                answer = do(stage, step)
            except StepRefused as refusal:
                went = f"is refused with {refusal.reason}"
            except AssertionError as problem:
                went = str(problem)
            stops.append(Stop(step, went, stage.digest()))
            return answer

        story.play(perform)
    return stops
