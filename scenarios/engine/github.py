"""What GitHub's runners show of a run: failures at their lines, and a summary on the page of the job.

Other runners set other variables, so elsewhere nothing of this happens.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from prakerja_sim.mocks.server import writing
from prakerja_sim.scenarios.engine import failure_lines
from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.simulator.values.signs import visible

SUMMARY = "GITHUB_STEP_SUMMARY"
MOST = 50
"""So many failures are in the summary, which GitHub cuts at a megabyte."""


def check(environment: Mapping[str, str]) -> None:
    """Refuse a summary file that cannot be written, before the first story. Raises CannotWrite."""
    if environment.get(SUMMARY):
        writing.check(SUMMARY, Path(environment[SUMMARY]))


def annotations(report: Report, environment: Mapping[str, str]) -> list[str]:
    """A line per failure that GitHub shows at its place in the file; none outside GitHub's runners."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return []
    root = environment.get("GITHUB_WORKSPACE", "")
    return [_annotation(outcome, root) for outcome in report.outcomes if not outcome.passed]


def summarize(report: Report, environment: Mapping[str, str]) -> None:
    """Add the summary to the file that GitHub names, if it does. Raises CannotWrite."""
    if environment.get(SUMMARY):
        content = "".join(f"{line}\n" for line in summary(report))
        writing.append(SUMMARY, Path(environment[SUMMARY]), visible(content).encode())


def summary(report: Report) -> Iterator[str]:
    """The summary in Markdown: how many passed, and of each failure what the terminal shows."""
    failed = [one for one in report.outcomes if not one.passed]
    passed = len(report.outcomes) - len(failed)
    yield f"### prakerja-sim replay: {passed} passed, {len(failed)} failed"
    yield ""
    yield f"Digest <code>{report.digest}</code>"
    yield ""
    for outcome in failed[:MOST]:
        yield f"<details><summary>{_shown(outcome.message)}</summary>"
        yield f"<pre>{'&#10;'.join(map(_shown, failure_lines.lines(outcome)))}</pre></details>"
        yield ""
    if len(failed) > MOST:
        yield f"{len(failed) - MOST} more failed."


def _annotation(outcome: Outcome, root: str) -> str:
    assert outcome.failure is not None
    path = outcome.story.path
    if root and path.resolve().is_relative_to(Path(root).resolve()):
        path = path.resolve().relative_to(Path(root).resolve())
    title = f"{outcome.story.title} ({outcome.marketplace})"
    place = (
        f"file={_percent(path.as_posix(), ':,')},line={outcome.failure.line},title={_percent(title, ':,')}"
    )
    return f"::error {place}::{_percent(outcome.message)}"


def _percent(text: str, more: str = "") -> str:
    """Escape what would end a workflow command early."""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _shown(text: str) -> str:
    """A text that is no Markdown and no HTML."""
    return "".join(sign if sign.isalnum() or sign in " .,:;()/-{}" else f"&#{ord(sign)};" for sign in text)
