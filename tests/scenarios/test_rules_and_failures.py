"""The pages of rules and failures: whole, true, and as the stories have it."""

from importlib import import_module

import pytest

from prakerja_sim.mocks.docs.reference import DOCS
from prakerja_sim.mocks.shop.registry import codes
from prakerja_sim.scenarios.engine import reference
from prakerja_sim.scenarios.engine.failures import FAILURES
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.simulator.programme.rulebook import RULES

STORIES = discover([HOME], vocabulary(Stage, codes()))
BROKEN = {rule for story in STORIES for rule in story.breaks}
KEPT = {rule for story in STORIES for rule in story.keeps}
SHOWN = {failure for story in STORIES for failure in story.shows}


@pytest.mark.parametrize("name", ["rules.md", "failures.md", "stories.md", "story.schema.json"])
def test_a_page_is_as_the_code_and_the_stories_have_it(name):
    written = (DOCS / name).read_text()
    assert written == reference.documents(STORIES)[name], "run `make docs`"


def test_all_rules_and_failures_of_the_reference_are_there_in_order():
    assert list(RULES) == [f"R{number:02}" for number in range(1, 41)]
    numbers = [f"F{number:02}" for number in range(1, 52)]
    numbers.insert(numbers.index("F41"), "F40b")
    assert list(FAILURES) == numbers


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_story_on_either_side_or_a_reason_why_not(rule):
    told = RULES[rule]
    assert (rule in BROKEN) is not bool(told.unbroken), (
        f"{rule}: a story breaks it, or `unbroken` says why not"
    )
    assert (rule in KEPT) is not bool(told.unkept), f"{rule}: a story keeps it, or `unkept` says why not"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_carried_out_where_its_row_says_and_the_place_names_it(rule):
    for place in RULES[rule].where:
        module, _, name = place.partition(":")
        found = getattr(import_module(f"prakerja_sim.{module}"), name)
        assert callable(found)
        assert rule in (found.__doc__ or ""), f"{place} does not name {rule}"


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_has_a_story_or_a_reason_why_not(failure):
    reason = FAILURES[failure].unsimulated
    assert (failure in SHOWN) is not bool(reason), (
        f"{failure}: a story shows it, or `unsimulated` says why not"
    )
    assert "not yet" not in reason


def test_the_pages_are_written_where_they_are_wanted(tmp_path):
    said = []
    reference.main(said.append, tmp_path)
    assert said == [f"docs/{name} is written anew" for name in reference.documents(STORIES)]
    reference.main(said.append, tmp_path)
    assert len(said) == len(reference.documents(STORIES))
