"""The report of a run as JUnit XML, valid for the schema of Jenkins's xUnit plugin and for pytest's.

Neither knows a test's file and line, so the place of each play is a property of its suite, and a suite is one
file. What XML cannot carry is escaped.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from prakerja_sim.scenarios.engine import failure_lines
from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.signs import visible

Empty = Sequence[tuple[Story, str, str]]
"""Cells of the matrix that are not played: story, marketplace, why."""
_Case = tuple[Story, str, Outcome | None, str]
"""A story, a marketplace, what came of it, or why it was not played there."""


def junit(report: Report, *, seed: str, empty: Empty = ()) -> bytes:
    """The report, a suite for each file of stories.

    A cell of the matrix that is empty by the story's own word counts as skipped.
    """
    cases: list[_Case] = [(one.story, one.marketplace, one, "") for one in report.outcomes]
    cases += [(story, place, None, why) for story, place, why in empty]
    cases.sort(key=lambda case: case[0].path)
    root = ET.Element("testsuites", {"name": "prakerja-sim", **_totals(cases)})
    for path, of_file in groupby(cases, lambda case: case[0].path.as_posix()):
        _suite(root, path, list(of_file), report, seed)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(root: ET.Element, path: str, cases: Sequence[_Case], report: Report, seed: str) -> None:
    skipped = str(sum(outcome is None for _, _, outcome, _ in cases))
    named = {"name": visible(path), "file": visible(path), "skipped": skipped}
    suite = ET.SubElement(root, "testsuite", {**named, **_totals(cases)})
    properties = ET.SubElement(suite, "properties")
    about = [("seed", seed), ("digest", report.digest), ("version", VERSION)]
    about += [
        (f"place of {_name(story, place)}", _place(story, outcome)) for story, place, outcome, _ in cases
    ]
    for name, value in about:
        ET.SubElement(properties, "property", name=visible(name), value=visible(value))
    for story, place, outcome, why in cases:
        _testcase(suite, story, place, outcome, why)


def _testcase(suite: ET.Element, story: Story, place: str, outcome: Outcome | None, why: str) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=visible(story.path.parent.as_posix()),
        name=visible(_name(story, place)),
        time=_seconds([outcome]),
    )
    if outcome is None:
        ET.SubElement(case, "skipped", message=visible(why))
    elif outcome.failure is not None:
        kind = visible(outcome.failure.verb or "story")
        element = ET.SubElement(case, "failure", message=visible(outcome.message), type=kind)
        element.text = visible("\n".join([outcome.message, *failure_lines.lines(outcome)]))


def _totals(cases: Sequence[_Case]) -> dict[str, str]:
    outcomes = [outcome for _, _, outcome, _ in cases]
    failed = sum(outcome is not None and not outcome.passed for outcome in outcomes)
    return {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "time": _seconds(outcomes)}


def _seconds(outcomes: Iterable[Outcome | None]) -> str:
    return f"{sum(one.seconds for one in outcomes if one is not None):.3f}"


def _name(story: Story, place: str) -> str:
    return f"{story.title} [{place}]"


def _place(story: Story, outcome: Outcome | None) -> str:
    """Where a play went wrong, or where its story stands."""
    failure = outcome.failure if outcome is not None else None
    return f"{story.path.as_posix()}:{failure.line if failure else story.line}"
