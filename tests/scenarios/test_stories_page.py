"""docs/stories.md: its whole stories play, and every verb is there with a step of a story."""

import re

import pytest

from prakerja_sim.mocks.docs.reference import DOCS
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.played import SEED, WORDS, stories_in

PAGE = (DOCS / "stories.md").read_text()
WHOLE = [
    (kind, text)
    for kind, text in re.findall(r"^```(yaml|python)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    if text.startswith(("#", '"""'))
]
SUFFIX = {"yaml": ".yaml", "python": ".py"}


@pytest.mark.parametrize("number", range(len(WHOLE)))
def test_a_story_of_the_page_passes(number, tmp_path):
    kind, text = WHOLE[number]
    file = tmp_path / f"story{SUFFIX[kind]}"
    file.write_text(text)
    for story in stories_in(file):
        outcome = play(story, "tokopedia", stages(in_process(Memory(), wall), SEED))
        assert outcome.passed, outcome.message


def test_every_verb_has_an_example():
    shown = re.findall(r"^#### `(\w+)`\n.*?^```yaml\n  - (\w+):", PAGE, re.MULTILINE | re.DOTALL)
    assert [verb for verb, _ in shown] == [example for _, example in shown]
    assert sorted(verb for verb, _ in shown) == sorted(WORDS.verbs)
    assert len(WHOLE) >= 4
