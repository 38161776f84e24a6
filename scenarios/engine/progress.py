"""How a run is shown while it goes on: plain lines, and on a terminal a bar below them.

The bar is drawn anew at each outcome and by no thread, so that worker processes can be forked meanwhile.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prakerja_sim.scenarios.engine.outcome import Outcome
from prakerja_sim.simulator.values.signs import visible

OTHER_COLUMNS = 60
"""So much of a line is the bar, the counts and the time."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where lines go, and who wants to hear of each outcome."""

    say: Callable[[str], None]
    hear: Callable[[Outcome], None]


def say(line: str) -> None:
    """Print a line, with signs escaped that no terminal can carry."""
    print(visible(line), flush=True)


@contextmanager
def screen(plays: int) -> Iterator[Screen]:
    """The screen of a run of so many plays; the bar is gone at the end, the lines stay."""
    if sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        with _with_bar(plays) as with_bar:
            yield with_bar
    else:
        yield Screen(say, lambda _: None)


@contextmanager
def _with_bar(plays: int) -> Iterator[Screen]:
    # Imported for a terminal only: in CI nobody waits for it.
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    columns = (
        progress.BarColumn(20),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[failed]} failed"),
        progress.TimeElapsedColumn(),
        progress.TextColumn("{task.fields[now]}", markup=False),
    )
    bar = progress.Progress(
        *columns,
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = bar.add_task("", total=plays, failed=0, now="")

    def hear(outcome: Outcome) -> None:
        failures = bar.tasks[0].fields["failed"] + (not outcome.passed)
        title = visible(f"{outcome.story.title} ({outcome.marketplace})")
        room = max(console.width - OTHER_COLUMNS, 0)
        bar.update(task, advance=1, failed=failures, now=title[:room], refresh=True)

    with bar:
        yield Screen(lambda line: console.print(visible(line), soft_wrap=True), hear)
