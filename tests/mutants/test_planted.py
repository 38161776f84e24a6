"""Each planted bug is noticed by the story that is there for it; `make planted` plays all of them."""

from pathlib import Path

import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine import canary
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.mutants.planted import PLANTED
from tests.played import SEED, stories_in

STORIES = [(plant, story) for plant, story in PLANTED.items() if story]


def passes(story):
    (one,) = stories_in(Path("scenarios", story))
    return play(one, "tokopedia", stages(in_process(Memory(), wall), SEED)).passed


@pytest.mark.parametrize(("plant", "story"), STORIES, ids=[plant.__name__ for plant, _ in STORIES])
def test_a_planted_bug_is_noticed_by_its_story(plant, story, monkeypatch):
    assert passes(story)
    plant(monkeypatch.setattr)
    assert not passes(story)


@pytest.mark.parametrize("plant", [plant for plant, story in PLANTED.items() if not story])
def test_a_planted_bug_of_the_runner_is_noticed_before_any_story(plant, monkeypatch):
    canary.sing()
    plant(monkeypatch.setattr)
    with pytest.raises(AssertionError, match="the runner overlooks books after a step that must be refused"):
        canary.sing()
