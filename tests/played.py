"""Stories played in this process, with the world that they leave behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.runner import do
from prakerja_sim.scenarios.engine.script import Step, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.sandbox import Sandbox, reopen
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.world.store import Store

SEED = 42
WORDS = vocabulary(Stage, registry.codes())


def stories_in(*paths: Path) -> list[Story]:
    """The stories of these files."""
    return discover(paths, WORDS)


@contextmanager
def on_stage(
    story: Story, *, marketplace: str = "tokopedia", store: Store | None = None
) -> Iterator[tuple[Stage, Sandbox]]:
    """A stage for a story, and the sandbox behind it, which is dropped at the end."""
    kept = store or Memory()
    with stages(in_process(kept, wall), SEED)(story, marketplace) as stage:
        (name,) = (one for one in _names(stage) if one != "default")
        sandbox = reopen(kept, name)
        assert sandbox is not None
        yield stage, sandbox


@contextmanager
def played(path: Path, **more) -> Iterator[Sandbox]:
    """The sandbox in which a story has just been played."""
    (story,) = stories_in(path)
    with on_stage(story, **more) as (stage, sandbox):
        story.play(lambda step: perform(stage, step))
        yield sandbox


def perform(stage: Stage, step: Step) -> None:
    """Do a step that must go as the story says."""
    said = None
    try:
        do(stage, step)
    except StepRefused as refusal:
        said = refusal
    meant = said.means(step.fails) if said and step.fails else said is step.fails
    assert meant, f"{step.verb} at line {step.line}: {said}, expected {step.fails}"


def _names(stage: Stage) -> list[str]:
    return stage.parties.admin("GET", "/sandboxes")["sandboxes"]
