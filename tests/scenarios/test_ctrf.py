"""The CTRF report: what it says, and that the published schema takes it."""

import json
from pathlib import Path

import jsonschema
import pytest

from prakerja_sim.scenarios.engine.ctrf import ctrf
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure, Taken
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.settings import Settings

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "ctrf-1.0.0.json").read_text(encoding="utf-8"))


def report(sign=""):
    story = Story(
        Path(f"a{sign}/b.yaml"), f"T{sign}", "", (), START, Settings(), lambda _: None, ("F11",), ("R13",)
    )
    steps = (Taken(1, 4, f"enrol{sign}", "", ""), Taken(2, 5, "expect: {balance: 1}", "", ""))
    failure = StoryFailure(2, 5, "expect", f"balance is Rp0{sign}", f"more{sign}")
    passed = Outcome(story, "pijar", 2, "aa", 0.25, None, steps)
    return Report((passed, Outcome(story, "tokopedia", 2, "bb", 1.5, failure, steps))), [
        (story, "kemnaker", f"no{sign}")
    ]


@pytest.mark.parametrize("sign", ["", "\0", "\x1b", "\ud800", "\U0001f600"])
def test_the_published_schema_takes_it(sign):
    played, empty = report(sign)
    document = json.loads(ctrf(played, seed=f"4{sign}", empty=empty))
    jsonschema.Draft7Validator(SCHEMA).validate(document)


def test_it_says_what_was_played():
    played, empty = report()
    results = json.loads(ctrf(played, seed="42", empty=empty))["results"]
    counts = {name: results["summary"][name] for name in ("tests", "passed", "failed", "skipped", "duration")}
    assert counts == {"tests": 3, "passed": 1, "failed": 1, "skipped": 1, "duration": 1750}
    assert results["summary"]["stop"] - results["summary"]["start"] == 1750
    assert results["extra"] == {"seed": "42", "digest": played.digest}
    good, bad, skipped = results["tests"]
    assert (good["name"], good["status"], good["duration"], good["line"]) == ("T [pijar]", "passed", 250, 1)
    assert good["tags"] == ["pijar", "F11", "R13"]
    assert [one["status"] for one in good["steps"]] == ["passed", "passed"]
    assert (bad["status"], bad["filePath"], bad["line"]) == ("failed", "a/b.yaml", 5)
    assert bad["message"] == "T (tokopedia): step 2 (a/b.yaml:5), expect: balance is Rp0"
    assert "2 line 5: expect: {balance: 1}" in bad["trace"]
    assert [one["status"] for one in bad["steps"]] == ["passed", "failed"]
    assert (skipped["name"], skipped["status"], skipped["message"]) == ("T [kemnaker]", "skipped", "no")
