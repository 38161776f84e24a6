"""The JUnit report: what it says, that two published schemas take it, and where it is written."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import junitparser
import pytest
from lxml import etree

from prakerja_sim.scenarios.engine.junit import junit
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure, Taken
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.settings import Settings

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.xsd"))
STORY = Story(Path("scenarios/faults/lost.yaml"), "A lost SMS", "Why.", (), START, Settings(), lambda _: None)
OTHER = Story(Path("scenarios/otp/late.yaml"), "A late SMS", "Why.", (), START, Settings(), lambda _: None)
FAILURE = StoryFailure(7, 23, "expect", "charges is 2, expected 1")
STEPS = (Taken(7, 23, "expect: {charges: 1}", "", ""),)
PASSED = Outcome(STORY, "tokopedia", 12, "aa", 0.25)
FAILED = Outcome(STORY, "pijar", 7, "bb", 1234.5, FAILURE, STEPS)
ELSEWHERE = Outcome(OTHER, "pijar", 3, "cc", 0.5)
REPORT = Report((PASSED, FAILED, ELSEWHERE))
EMPTY = [(STORY, "kemnaker", "no promo codes")]


def odd(sign):
    """A report that holds a sign wherever one can be."""
    story = Story(Path(f"a{sign}/b{sign}.yaml"), f"t{sign}", "", (), START, Settings(), lambda _: None)
    failure = StoryFailure(1, 4, f"b{sign}uy", f"<a>{sign}&]]>", f"d{sign}e\n")
    return Report((Outcome(story, "pijar", 1, "", 0, failure, (Taken(1, 4, f"s{sign}", "", ""),)),))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize("sign", ["", "\0", "\x1b", "\udce9", "\uffff", "\U0001f600"])
def test_a_published_schema_takes_it(schema, sign):
    report = Report((*REPORT.outcomes, *odd(sign).outcomes))
    etree.XMLSchema(file=str(schema)).assertValid(
        etree.fromstring(junit(report, seed=f"4{sign}", empty=EMPTY))
    )


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("tag", "attribute"), [("testsuites", "skipped"), ("testcase", "file"), ("testcase", "line")]
)
def test_the_schemas_refuse_what_no_such_tool_reads(schema, tag, attribute):
    root = etree.fromstring(junit(REPORT, seed="42"))
    next(root.iter(tag)).set(attribute, "1")
    assert not etree.XMLSchema(file=str(schema)).validate(root)


def test_it_reads_back_as_it_was_told(tmp_path):
    file = tmp_path / "junit.xml"
    file.write_bytes(junit(REPORT, seed="42"))
    lost, late = junitparser.JUnitXml.fromfile(str(file))
    assert (lost.name, lost.tests, lost.failures, lost.errors, lost.time) == (
        "scenarios/faults/lost.yaml", 2, 1, 0, 1234.75,
    )  # fmt: skip
    assert (late.name, late.tests, late.failures) == ("scenarios/otp/late.yaml", 1, 0)
    assert {one.name: one.value for one in lost.properties()} == {
        "seed": "42",
        "digest": REPORT.digest,
        "version": VERSION,
        "place of A lost SMS [tokopedia]": "scenarios/faults/lost.yaml:1",
        "place of A lost SMS [pijar]": "scenarios/faults/lost.yaml:23",
    }
    good, bad = lost
    assert (good.classname, good.name, good.time) == ("scenarios/faults", "A lost SMS [tokopedia]", 0.25)
    assert good.is_passed
    (failure,) = bad.result
    assert (failure.message, failure.type) == (FAILED.message, "expect")
    assert failure.text == f"{FAILED.message}\n      steps:\n          7 line 23: expect: {{charges: 1}}"


def test_the_totals_are_those_of_all_suites():
    root = ET.fromstring(junit(REPORT, seed="1", empty=EMPTY))
    assert (root.get("tests"), root.get("failures"), root.get("time")) == ("4", "1", "1235.250")


def test_what_a_story_leaves_out_is_skipped():
    told = ET.fromstring(junit(REPORT, seed="1", empty=EMPTY))
    suite = next(told.iter("testsuite"))
    assert (suite.get("tests"), suite.get("skipped"), suite.get("failures")) == ("3", "1", "1")
    (skipped,) = told.iter("skipped")
    assert skipped.get("message") == "no promo codes"


def test_the_traceback_of_a_bug_is_kept():
    bug = Outcome(STORY, "pijar", 7, "", 0, StoryFailure(7, 23, "buy", "KeyError: 1", "Traceback\n  line"))
    (failure,) = ET.fromstring(junit(Report((bug,)), seed="1")).iter("failure")
    assert failure.text == f"{bug.message}\n      Traceback\n        line"


@pytest.mark.parametrize(
    ("sign", "shown"), [("\0", r"\x00"), ("\x1b", r"\x1b"), ("\ud800", r"\ud800"), ("\ufffe", r"\ufffe")]
)
def test_what_xml_cannot_carry_is_escaped(sign, shown):
    root = ET.fromstring(junit(odd(sign), seed="1"))
    (case,), (failure,) = root.iter("testcase"), root.iter("failure")
    assert (case.get("classname"), case.get("name")) == (f"a{shown}", f"t{shown} [pijar]")
    assert failure.get("type") == f"b{shown}uy"
    assert failure.get("message").endswith(f"<a>{shown}&]]>")


STORIES = """# why: to be written about
scenario: "A {sign}"
steps:
  - enrol:
  - expect: {{balance: 1}}
"""


def replay(folder, *options, encoding="latin-1"):
    """A whole run in a terminal of that encoding, with a bad name among the files."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "prakerja_sim", "replay", *map(str, options), "--marketplace", "pijar"]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, env=environment, timeout=100)


@pytest.fixture
def bad_names(tmp_path):
    """A story that fails, in a file whose name is no UTF-8, with an emoji in its title."""
    name = os.fsdecode(b"n\xe9.yaml")  # latin-1
    (tmp_path / name).write_text(STORIES.format(sign="\U0001f600"), encoding="utf-8")
    return tmp_path


def test_a_sign_that_the_terminal_cannot_print_ends_no_run(bad_names):
    done = replay(bad_names, ".", "--junit", "out.xml")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith(b"replayed 1 stories, 0 passed, 1 failed, digest ")
    assert rb"A \U0001f600 (pijar): step 2 (n\udce9.yaml:5)" in done.stdout
    assert "A \U0001f600 [pijar]" in (bad_names / "out.xml").read_text(encoding="utf-8")


def test_the_report_comes_before_the_last_line_on_our_own_output(bad_names):
    done = replay(bad_names, ".", "--junit", "/dev/stdout", encoding="utf-8")
    before, _, after = done.stdout.partition(b"<?xml")
    assert b"matrix: " in before
    assert after.splitlines()[-2] == b"</testsuites>"
    assert after.splitlines()[-1].startswith(b"replayed 1 stories")
    assert Path("/dev/stdout").is_symlink()


def test_a_full_device_is_told_after_the_last_line(bad_names):
    done = replay(bad_names, ".", "--junit", "/dev/full")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1].startswith(b"replayed 1 stories")
    assert b"Error: --junit /dev/full: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_what_cannot_be_written_is_refused_before_the_run(bad_names):
    for path, told in (("missing/out.xml", b"make its folder first"), (".", b"is a folder; name a file")):
        done = replay(bad_names, ".", "--junit", path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"Error: --junit " in done.stderr
        assert told in done.stderr
