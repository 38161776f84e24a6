"""The report of a run in the Common Test Report Format (CTRF 1.0.0): JSON that newer tools read."""

from typing import Any

import orjson

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine import failure_lines
from prakerja_sim.scenarios.engine.junit import Empty
from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.signs import visible


def ctrf(report: Report, *, seed: str, empty: Empty = ()) -> bytes:
    """The report, as if one play had come after the other and the last one had ended now."""
    tests = [_played(one) for one in report.outcomes] + [_skipped(*one) for one in empty]
    duration = _milliseconds(sum(one.seconds for one in report.outcomes))
    stop = _milliseconds(wall().timestamp())
    summary = {
        "tests": len(tests),
        "passed": len(report.outcomes) - report.failed,
        "failed": report.failed,
        "skipped": len(empty),
        "pending": 0,
        "other": 0,
        "start": stop - duration,
        "stop": stop,
        "duration": duration,
    }
    results = {
        "tool": {"name": "prakerja-sim", "version": VERSION},
        "summary": summary,
        "tests": tests,
        "extra": {"seed": visible(seed), "digest": report.digest},
    }
    document = {"reportFormat": "CTRF", "specVersion": "1.0.0", "generatedBy": "prakerja-sim"}
    return orjson.dumps(
        {**document, "results": results}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _played(outcome: Outcome) -> dict[str, Any]:
    failure = outcome.failure
    steps = [
        {"name": visible(failure_lines.step_line(one).strip()), "status": "passed"} for one in outcome.taken
    ]
    if failure is not None and failure.verb and steps:
        steps[-1]["status"] = "failed"
    told = {
        **_named(outcome.story, outcome.marketplace),
        "status": "passed" if failure is None else "failed",
        "duration": _milliseconds(outcome.seconds),
        "steps": steps,
    }
    if failure is None:
        return told
    trace = visible("\n".join(failure_lines.lines(outcome)))
    return {**told, "line": failure.line, "message": visible(outcome.message), "trace": trace}


def _skipped(story: Story, place: str, why: str) -> dict[str, Any]:
    return {**_named(story, place), "status": "skipped", "duration": 0, "message": visible(why)}


def _named(story: Story, place: str) -> dict[str, Any]:
    return {
        "name": visible(f"{story.title} [{place}]"),
        "suite": [visible(story.path.parent.as_posix()), visible(story.path.name)],
        "filePath": visible(story.path.as_posix()),
        "line": story.line,
        "tags": [place, *story.shows, *story.breaks, *story.keeps],
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
