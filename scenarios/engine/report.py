"""The report of a run: lines for people, and the formats of files."""

from collections.abc import Callable, Mapping

from prakerja_sim.scenarios.engine.ctrf import ctrf
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


FORMATS: Mapping[str, Callable[..., bytes]] = {"--junit": junit, "--html": html, "--ctrf": ctrf}
"""What makes a report of a run, its seed and the empty cells, by the option that asks for it."""
