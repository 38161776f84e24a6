"""What GitHub's runners are told: failures at their lines, a summary of the job; nothing elsewhere."""

from pathlib import Path

import pytest

from prakerja_sim.mocks.server.writing import CannotWrite
from prakerja_sim.scenarios.engine.github import MOST, annotations, check, summarize, summary
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure, Taken
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.settings import Settings

FAILURE = StoryFailure(7, 23, "expect", "charges is 2, expected 1")
THERE = {"GITHUB_ACTIONS": "true"}


def failed(path="scenarios/faults/lost.yaml", title="A lost SMS", failure=FAILURE):
    story = Story(Path(path), title, "Why.", (), START, Settings(), lambda _: None)
    return Outcome(story, "pijar", 7, "bb", 0.5, failure, (Taken(7, 23, "expect: {charges: 1}", "", ""),))


REPORT = Report((failed(), Outcome(failed().story, "tokopedia", 12, "aa", 0.25)))


def test_failures_are_annotated_on_github_only():
    assert annotations(REPORT, {}) == []
    assert annotations(REPORT, THERE) == [
        "::error file=scenarios/faults/lost.yaml,line=23,title=A lost SMS (pijar)::A lost SMS (pijar): step "
        "7 (scenarios/faults/lost.yaml:23), expect: charges is 2, expected 1"
    ]


def test_a_file_is_named_from_the_workspace(tmp_path, monkeypatch):
    (tmp_path / "qa").mkdir()
    monkeypatch.chdir(tmp_path / "qa")
    (told,) = annotations(Report((failed("lost.yaml"),)), {**THERE, "GITHUB_WORKSPACE": str(tmp_path)})
    assert told.startswith("::error file=qa/lost.yaml,line=23,")


def test_an_annotation_cannot_be_ended_early():
    odd = failed("a,b:c%.yaml", "T, 1:", StoryFailure(1, 4, "buy", "1 %\r\n::a::b"))
    assert annotations(Report((odd,)), THERE) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=4,title=T%2C 1%3A (pijar)"
        "::T, 1: (pijar): step 1 (a,b:c%25.yaml:4), buy: 1 %25 ::a::b"
    ]


def test_the_summary_is_added_to_the_file_that_is_named(tmp_path):
    file = tmp_path / "summary"
    file.write_text("of another step\n")
    check({"GITHUB_STEP_SUMMARY": str(file)})
    summarize(REPORT, {"GITHUB_STEP_SUMMARY": str(file)})
    first, head, *rest = file.read_text().splitlines()
    assert (first, head) == ("of another step", "### prakerja-sim replay: 1 passed, 1 failed")
    text = "\n".join(rest)
    assert "<summary>A lost SMS (pijar): step 7 (scenarios/faults/lost.yaml:23), expect: charges is 2" in text
    assert "7 line 23: expect: {charges: 1}</pre>" in text
    summarize(REPORT, {})


def test_nothing_in_a_summary_is_markdown_or_html():
    odd = failed(failure=StoryFailure(1, 4, "buy", "<b>&`*_[x](y)|#1 @team"))
    text = "\n".join(summary(Report((odd,))))
    (line,) = (one for one in text.splitlines() if one.startswith("<details>"))
    told = line.partition("buy: ")[2].removesuffix("</summary>")
    assert told == "&#60;b&#62;&#38;&#96;&#42;&#95;&#91;x&#93;(y)&#124;&#35;1 &#64;team"


def test_a_long_summary_says_how_many_more_failed():
    assert list(summary(Report((failed(),) * (MOST + 2))))[-1] == "2 more failed."


def test_a_summary_that_cannot_be_written_is_refused_before_the_run(tmp_path):
    with pytest.raises(CannotWrite, match=r"GITHUB_STEP_SUMMARY .* is a folder; name a file"):
        check({"GITHUB_STEP_SUMMARY": str(tmp_path)})
    check({})
