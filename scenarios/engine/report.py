"""The report of a run: lines for people, JUnit XML and annotations for their tools.

XML is written by hand because a message may hold what XML forbids; such characters are
left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree as ET

from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.simulator import VERSION

Empty = Sequence[tuple[Story, str, str]]
"""Cells of the matrix that are not played: story, marketplace, why."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def failed_line(outcome: Outcome) -> str:
    """What went wrong in one outcome, on one line."""
    return f"FAIL  {outcome.message}"


def last_line(report: Report) -> str:
    """What a run ends with, alone on its line; scripts read it."""
    count, failed = len(report.outcomes), report.failed
    return f"replayed {count} stories, {count - failed} passed, {failed} failed, digest {report.digest}"


def annotations(report: Report, environment: Mapping[str, str]) -> list[str]:
    """A line per failure that GitHub shows at its place in the file; none outside GitHub's runners."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return []
    return [_annotation(outcome) for outcome in report.outcomes if not outcome.passed]


def junit(report: Report, *, seed: str, empty: Empty = ()) -> bytes:
    """The report as JUnit XML, with file and line of each story where annotating tools look for them.

    A cell of the matrix that is empty by the story's own word counts as skipped.
    """
    totals = {
        "name": "prakerja-sim",
        "tests": str(len(report.outcomes) + len(empty)),
        "skipped": str(len(empty)),
        "failures": str(report.failed),
        "errors": "0",
        "time": f"{sum(one.seconds for one in report.outcomes):.3f}",
    }
    root = ET.Element("testsuites", totals)
    suite = ET.SubElement(root, "testsuite", totals)
    properties = ET.SubElement(suite, "properties")
    for name, value in (("seed", seed), ("digest", report.digest), ("version", VERSION)):
        ET.SubElement(properties, "property", name=name, value=_xml(value))
    for outcome in report.outcomes:
        _testcase(suite, outcome)
    for story, place, why in empty:
        ET.SubElement(_named(suite, story, place), "skipped", message=_xml(why))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _testcase(suite: ET.Element, outcome: Outcome) -> None:
    failure = outcome.failure
    line = failure.line if failure else 1
    case = _named(suite, outcome.story, outcome.marketplace, line=line, seconds=outcome.seconds)
    if failure:
        kind = _xml(failure.verb or "story")
        element = ET.SubElement(case, "failure", message=_xml(outcome.message), type=kind)
        element.text = _xml("\n".join(filter(None, (outcome.message, failure.detail))))


def _named(
    suite: ET.Element, story: Story, marketplace: str, *, line: int = 1, seconds: float = 0
) -> ET.Element:
    return ET.SubElement(
        suite,
        "testcase",
        classname=_xml(story.path.parent.as_posix()),
        name=_xml(f"{story.title} [{marketplace}]"),
        file=_xml(story.path.as_posix()),
        line=str(line),
        time=f"{seconds:.3f}",
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _annotation(outcome: Outcome) -> str:
    assert outcome.failure is not None
    file = _percent(outcome.story.path.as_posix(), ":,")
    return f"::error file={file},line={outcome.failure.line}::{_percent(outcome.message)}"


def _percent(text: str, more: str = "") -> str:
    """Escape what would end a workflow command early."""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


FORMATS: Mapping[str, Callable[..., bytes]] = {"--junit": junit}
"""What makes a report of a run, its seed and the empty cells, by the option that asks for it."""
