"""Telling what came of a run: lines for people, JUnit XML and annotations for their tools.

XML is written by hand because a message may hold what XML forbids; such characters are
left out.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from scenarios.outcome import Outcome, Report
from simulator import VERSION

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def line(outcome: Outcome) -> str:
    """One outcome on one line, as it is told while the run goes on."""
    if not outcome.passed:
        return f"FAIL  {outcome.message}"
    steps = "1 step" if outcome.steps == 1 else f"{outcome.steps} steps"
    return f"pass  {outcome.story.title} ({outcome.marketplace})  {steps}"


def last_line(report: Report) -> str:
    """What a run ends with, alone on its line; scripts read it."""
    count, failed = len(report.outcomes), report.failed
    return f"replayed {count} stories, {count - failed} passed, {failed} failed, digest {report.digest}"


def annotations(report: Report, environment: Mapping[str, str]) -> list[str]:
    """A line per failure that GitHub shows at its place in the file; none outside GitHub's runners."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return []
    return [_annotation(outcome) for outcome in report.outcomes if not outcome.passed]


def write_junit(path: Path, report: Report, *, seed: str) -> None:
    """Write the report as JUnit XML, whole or not at all; OSError if the folder does not take it."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(junit(report, seed=seed))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def junit(report: Report, *, seed: str) -> bytes:
    """The report as JUnit XML, with file and line of each story where annotating tools look for them."""
    totals = {
        "name": "prakerja-sim",
        "tests": str(len(report.outcomes)),
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
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _testcase(suite: ET.Element, outcome: Outcome) -> None:
    story, failure = outcome.story, outcome.failure
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_xml(story.path.parent.as_posix()),
        name=_xml(f"{story.title} [{outcome.marketplace}]"),
        file=_xml(story.path.as_posix()),
        line=str(failure.line if failure else 1),
        time=f"{outcome.seconds:.3f}",
    )
    if failure:
        kind = _xml(failure.verb or "story")
        told = ET.SubElement(case, "failure", message=_xml(outcome.message), type=kind)
        told.text = _xml("\n".join(filter(None, (outcome.message, failure.detail))))


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
