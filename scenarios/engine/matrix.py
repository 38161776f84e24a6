"""The matrix story x marketplace: a line a story, a column a marketplace, and why a cell is empty.

A line is printed as soon as its story was played everywhere, so that a long run shows its progress.
"""

from collections.abc import Callable, Iterator, Sequence

from prakerja_sim.scenarios.engine import failure_lines
from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.scenarios.engine.report import failed_line
from prakerja_sim.scenarios.engine.script import Story

NARROWEST = 4


class Matrix:
    """Prints the lines of a run; it gets each outcome in order."""

    def __init__(
        self, marketplaces: Sequence[str], say: Callable[[str], object], *, verbose: bool = False
    ) -> None:
        """Lines go to `say`; with `verbose` the steps of each play, too."""
        self._marketplaces = tuple(marketplaces)
        self._say = say
        self._verbose = verbose
        self._outcomes: list[Outcome] = []

    def begin(self) -> None:
        """Print the head."""
        self._say(f"marketplaces: {', '.join(self._marketplaces)}")
        self._say(" ".join((*_short(self._marketplaces), " story")))

    def hear(self, outcome: Outcome) -> None:
        """One outcome; with a story's last one its line is printed."""
        self._outcomes.append(outcome)
        if len(self._outcomes) == len(outcome.story.played_on(self._marketplaces)):
            self.end()

    def end(self) -> None:
        """Print the line of a story that was not played to the end."""
        if self._outcomes:
            for line in row(self._outcomes, self._marketplaces, verbose=self._verbose):
                self._say(line)
            self._outcomes = []


def row(outcomes: Sequence[Outcome], marketplaces: Sequence[str], *, verbose: bool = False) -> Iterator[str]:
    """A story's line, and below it what went wrong where; with `verbose` each play's steps."""
    by_place = {outcome.marketplace: outcome for outcome in outcomes}
    cells = [
        _cell(by_place.get(place)).ljust(len(name))
        for place, name in zip(marketplaces, _short(marketplaces), strict=True)
    ]
    steps = max(outcome.steps for outcome in outcomes)
    many = "1 step" if steps == 1 else f"{steps} steps"
    yield f"{' '.join(cells)}  {outcomes[0].story.title}  {many}"
    for outcome in outcomes:
        if verbose:
            yield f"      {outcome.marketplace}, {outcome.seconds:.2f} s:"
            yield from (f"      {failure_lines.step_line(step)}" for step in outcome.taken)
        if not outcome.passed:
            yield failed_line(outcome)
            yield from failure_lines.lines(outcome)


def empty_cells(stories: Sequence[Story], marketplaces: Sequence[str]) -> Iterator[tuple[Story, str, str]]:
    """Where a story is not played, and why: it names others, or it excepts this one."""
    for story in stories:
        for place in marketplaces:
            if place in story.apart:
                yield story, place, story.apart[place]
            elif story.marketplaces and place not in story.marketplaces:
                yield story, place, f"a story of {', '.join(story.marketplaces)} alone"


def summary(report: Report, stories: Sequence[Story], marketplaces: Sequence[str]) -> list[str]:
    """What is empty by its own word, and that nothing else is."""
    apart = [one for one in empty_cells(stories, marketplaces) if one[1] in one[0].apart]
    lines = [f"not on {place}: {story.title} ({why})" for story, place, why in apart]
    cells = len(stories) * len(marketplaces)
    empty = len(list(empty_cells(stories, marketplaces)))
    missing = cells - empty - len(report.outcomes)
    size = f"matrix: {len(stories)} stories x {len(marketplaces)} marketplaces"
    return [*lines, f"{size}, {len(report.outcomes)} played, {empty} for others, {missing} missing"]


def _cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "-"
    return "pass" if outcome.passed else "FAIL"


def _short(marketplaces: Sequence[str]) -> list[str]:
    """The names cut to one length that still tells them apart."""
    length = NARROWEST
    while len({name[:length] for name in marketplaces}) < len(set(marketplaces)):
        length += 1
    return [name[:length].ljust(NARROWEST) for name in marketplaces]
