"""Whatever a story does, its world follows from its journal: each command can be repeated without a wire."""

from functools import partial

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.simulator.stores.verify import verify
from tests.played import on_stage, stories_in

STORIES = stories_in(HOME)


def done(stage, step):
    """A step's answer; a refusal that a story does not expect is its own to catch."""
    try:
        return getattr(stage, step.verb)(**step.arguments)
    except StepRefused:
        if step.fails is None:
            raise
        return None


@pytest.mark.parametrize("folder", sorted({story.path.parts[1] for story in STORIES}))
def test_what_a_story_leaves_behind_is_what_its_journal_gives(folder):
    for story in STORIES:
        if story.path.parts[1] != folder:
            continue
        places = story.played_on(registry.codes())
        with on_stage(story, marketplace="tokopedia" if "tokopedia" in places else places[0]) as (
            stage,
            sandbox,
        ):
            story.play(partial(done, stage))
            verdict = verify(sandbox.store.contents(sandbox.name))
        assert (verdict.differences, verdict.note) == ([], ""), story.path
