"""What people and their tools are told of a run."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest

from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure
from prakerja_sim.scenarios.engine.report import annotations, failed_line, junit, last_line
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator import VERSION
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


def test_junit_reads_back_as_it_was_told(tmp_path):
    file = tmp_path / "junit.xml"
    file.write_bytes(junit(REPORT, seed="42"))
    (suite,) = junitparser.JUnitXml.fromfile(str(file))
    assert (suite.tests, suite.failures, suite.errors, suite.time) == (2, 1, 0, 0.75)
    told = {one.name: one.value for one in suite.properties()}
    assert told == {"seed": "42", "digest": REPORT.digest, "version": VERSION}
    good, bad = suite
    assert (good.classname, good.name, good.time) == ("scenarios/faults", "A lost SMS [tokopedia]", 0.25)
    assert good.is_passed
    assert bad.name == "A lost SMS [pijar]"
    (failure,) = bad.result
    assert failure.message == FAILED.message
    assert failure.type == "expect"
    places = [(one.get("file"), one.get("line")) for one in ET.fromstring(file.read_bytes()).iter("testcase")]
    assert places == [("scenarios/faults/lost.yaml", "1"), ("scenarios/faults/lost.yaml", "23")]


def test_junit_skips_what_a_story_leaves_out():
    told = ET.fromstring(junit(REPORT, seed="1", empty=[(STORY, "kemnaker", "no promo codes")]))
    (suite,) = told.iter("testsuite")
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("3", "1", "1")
    (skipped,) = told.iter("skipped")
    assert skipped.get("message") == "no promo codes"


def test_junit_keeps_the_traceback_of_a_bug():
    bug = Outcome(STORY, "pijar", 7, "", 0, StoryFailure(7, 23, "buy", "KeyError: 1", "Traceback\n  line"))
    (failure,) = ET.fromstring(junit(Report((bug,)), seed="1")).iter("failure")
    assert failure.text == f"{bug.message}\nTraceback\n  line"


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x01", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_left_out(sign):
    odd = Outcome(STORY, "pijar", 1, "", 0, StoryFailure(1, 4, f"b{sign}uy", f"<a>{sign}&]]>", f"d{sign}e\n"))
    (failure,) = ET.fromstring(junit(Report((odd,)), seed=f"1{sign}")).iter("failure")
    assert failure.get("message").endswith("buy: <a>&]]>")
    assert failure.get("type") == "buy"
    assert failure.text.endswith("de\n")


def test_failures_are_annotated_on_github_only():
    assert annotations(REPORT, {}) == []
    assert annotations(REPORT, {"GITHUB_ACTIONS": "true"}) == [
        "::error file=scenarios/faults/lost.yaml,line=23::A lost SMS (pijar): step 7 "
        "(scenarios/faults/lost.yaml:23), expect: charges is 2, expected 1"
    ]


def test_an_annotation_cannot_be_ended_early():
    story = Story(Path("a,b:c%.yaml"), "T", "W", (), START, Settings(), lambda _: None)
    odd = Outcome(story, "pijar", 1, "", 0, StoryFailure(1, 4, "buy", "1 %\r\n::a::b"))
    (told,) = annotations(Report((odd,)), {"GITHUB_ACTIONS": "true"})
    assert (
        told
        == "::error file=a%2Cb%3Ac%25.yaml,line=4::T (pijar): step 1 (a,b:c%25.yaml:4), buy: 1 %25 ::a::b"
    )
