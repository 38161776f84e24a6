"""The report of a run: lines for people, annotations for GitHub, the formats of files."""

from collections.abc import Callable, Mapping

from prakerja_sim.scenarios.engine.html_report import html
from prakerja_sim.scenarios.engine.junit import junit
from prakerja_sim.scenarios.engine.outcome import Outcome, Report


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


def _annotation(outcome: Outcome) -> str:
    assert outcome.failure is not None
    file = _percent(outcome.story.path.as_posix(), ":,")
    return f"::error file={file},line={outcome.failure.line}::{_percent(outcome.message)}"


def _percent(text: str, more: str = "") -> str:
    """Escape what would end a workflow command early."""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


FORMATS: Mapping[str, Callable[..., bytes]] = {"--junit": junit, "--html": html}
"""What makes a report of a run, its seed and the empty cells, by the option that asks for it."""
