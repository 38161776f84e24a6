"""What people and their tools are told of a run."""

import re
from pathlib import Path

from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure
from prakerja_sim.scenarios.engine.report import failed_line, last_line
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.settings import Settings

STORY = Story(Path("scenarios/faults/lost.yaml"), "A lost SMS", "Why.", (), START, Settings(), lambda _: None)
FAILURE = StoryFailure(7, 23, "expect", "charges is 2, expected 1")
PASSED = Outcome(STORY, "tokopedia", 12, "aa", 0.25)
FAILED = Outcome(STORY, "pijar", 7, "bb", 0.5, FAILURE)
REPORT = Report((PASSED, FAILED))


def test_what_went_wrong_is_told_on_one_line():
    told = "A lost SMS (pijar): step 7 (scenarios/faults/lost.yaml:23), expect: charges is 2, expected 1"
    assert failed_line(FAILED) == f"FAIL  {told}"


def test_the_last_line_is_the_one_that_scripts_read():
    assert re.fullmatch("replayed 2 stories, 1 passed, 1 failed, digest [0-9a-f]{64}", last_line(REPORT))
    assert last_line(REPORT).endswith(REPORT.digest)


def test_a_report_passes_only_if_something_was_played_and_nothing_failed():
    assert Report((PASSED,)).passed
    assert not REPORT.passed
    assert not Report(()).passed
