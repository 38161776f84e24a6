"""The verdict of a load run as JUnit XML: a case for each threshold, each fault, the audit and the run."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from prakerja_sim.loadtests.asked import Result
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.signs import visible

Case = tuple[str, str, list[str]]
"""A class of cases, a name, and what is wrong."""


def junit(result: Result) -> bytes:
    """The report: one suite."""
    cases = list(_cases(result))
    failed = sum(bool(wrong) for _, _, wrong in cases)
    seconds = f"{result.counts.seconds:.3f}"
    totals = {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "time": seconds}
    root = ET.Element("testsuites", {"name": "prakerja-sim load", **totals})
    suite = ET.SubElement(root, "testsuite", {"name": "load", "skipped": "0", **totals})
    properties = ET.SubElement(suite, "properties")
    for name, value in [*result.setting, ("digest", result.after.digest), ("version", VERSION)]:
        ET.SubElement(properties, "property", name=visible(name), value=visible(value))
    for kind, name, wrong in cases:
        case = ET.SubElement(suite, "testcase", classname=kind, name=visible(name), time=seconds)
        if wrong:
            failure = ET.SubElement(case, "failure", message=visible(wrong[0]), type=kind)
            failure.text = visible("\n".join(wrong))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _cases(result: Result) -> Iterator[Case]:
    for one in result.judged:
        yield "threshold", one.threshold.text, [] if one.kept else [f"{one.threshold.text}: {one.told}"]
    for fault in result.struck:
        yield "fault", fault.spec.text, [] if fault.struck else [f"{fault.spec.text} never struck"]
    findings = [line for finding in result.verdict.wrong for line in finding.lines()]
    more = [f"{result.verdict.more:,} more findings"] if result.verdict.more else []
    yield "audit", "the books agree", findings + more
    told = {one.told for one in result.verdict.wrong} | {*more}
    told |= {f"{one.threshold.text}: {one.told}" for one in result.judged}
    yield "run", "the run came to its end", [line for line in result.wrong if line not in told]
