"""The report of a run as one page of HTML, which needs no network.

Plays that passed are a line a step; those that failed, and those that were asked for whole, are shown step
by step: a sequence diagram, what came into inboxes, the ledger, the faults that struck. All of it is escaped.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from prakerja_sim.mocks.admin import exchange_exports, sequence_svg
from prakerja_sim.scenarios.engine import failure_lines, scene
from prakerja_sim.scenarios.engine.junit import Empty
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, Taken
from prakerja_sim.scenarios.engine.scene import Shown
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.signs import visible

PAGES = Path(__file__).with_name("pages")
ROOM = 1_500_000
"""So many bytes of failed plays are shown step by step; of the rest only the line that says what failed."""
LONGEST_BODY, LAST_MESSAGES = 1500, 12


@dataclass(frozen=True, slots=True)
class Seen:
    """One step of a play, and what is seen after it."""

    step: Taken
    failed: bool
    exchanges: Sequence[Shown]
    diagram: Markup
    new: Sequence[str]
    """The messages that left in this step."""
    before: Sequence[str]
    """Those that had left before, the last ones."""
    ledger: Sequence[tuple[str, int, int]]
    """Each account that was moved so far: its name, its balance now, by how much this step changed it."""
    struck: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A story in the list of all: where it was played, and the steps of those that took the same ones."""

    title: str
    place: str
    why: str
    plays: Sequence[Outcome]
    empty: Sequence[tuple[str, str]]
    """Marketplaces on which it is not played, and why."""
    groups: Sequence[tuple[str, Sequence[str]]]


def html(report: Report, *, seed: str, empty: Empty = ()) -> bytes:
    """The page, in UTF-8."""
    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, finalize=_carried
    )
    environment.filters["body"] = _body
    environment.globals |= {"outcome_of": exchange_exports.outcome, "because_of": exchange_exports.because}
    play = environment.get_template("play.html")
    whole: list[Markup] = []
    left_out: list[Outcome] = []
    room = ROOM
    for outcome in (one for one in report.outcomes if one.scene is not None or not one.passed):
        printed = list(failure_lines.lines(outcome))
        shown = play.render(play=outcome, steps=_seen(outcome), lines=printed, faults=_faults(outcome))
        room -= 0 if outcome.passed else len(shown.encode())
        if outcome.passed or room > 0:
            whole.append(Markup(shown))  # noqa: S704  # the template has escaped it
        else:
            left_out.append(outcome)
    page = environment.get_template("report.html")
    return page.render(
        report=report,
        seed=seed,
        version=VERSION,
        seconds=sum(one.seconds for one in report.outcomes),
        marketplaces=sorted({one.marketplace for one in report.outcomes}),
        whole=whole,
        left_out=left_out,
        lines=_lines(report, empty),
    ).encode()


def _lines(report: Report, empty: Empty) -> Iterator[Line]:
    apart: dict[str, list[tuple[str, str]]] = {}
    for story, place, why in empty:
        apart.setdefault(story.title, []).append((place, why))
    for story, of_story in groupby(report.outcomes, lambda one: one.story):
        plays = list(of_story)
        groups: dict[tuple[str, ...], list[str]] = {}
        for play in plays:
            if play.passed:
                steps = tuple(failure_lines.step_line(step) for step in play.taken)
                groups.setdefault(steps, []).append(play.marketplace)
        named = [(", ".join(places), steps) for steps, places in groups.items()]
        place = f"{story.path.as_posix()}:{story.line}"
        yield Line(story.title, place, story.why, plays, apart.get(story.title, ()), named)


def _seen(outcome: Outcome) -> Iterator[Seen]:
    """The steps with their exchanges: those that are newer than the newest one before the step."""
    if outcome.scene is None:
        return
    ends = [step.after for step in outcome.taken[1:]] + [""]
    lanes = exchange_exports.parties(outcome.scene.exchanges)
    balances, messages = Counter[str](), list[str]()
    for step, end in zip(outcome.taken, ends, strict=True):
        mine = [
            one for one in outcome.scene.exchanges if one["id"] > step.after and (not end or one["id"] <= end)
        ]
        moved = Counter[str]()
        for transfer in scene.transfers(mine):
            moved[transfer["source"]] -= transfer["amount"]
            moved[transfer["target"]] += transfer["amount"]
        balances.update(moved)
        new, before = scene.messages(mine), messages[-LAST_MESSAGES:]
        messages += new
        yield Seen(
            step=step,
            failed=outcome.failure is not None and step is outcome.taken[-1],
            exchanges=mine,
            diagram=sequence_svg.svg(mine, lanes),
            new=new,
            before=before,
            ledger=[(name, balances[name], moved[name]) for name in sorted(balances)],
            struck=[name for one in mine for name in one["faults"]],
        )


def _faults(outcome: Outcome) -> list[str]:
    return [failure_lines.fault_line(one) for one in outcome.scene.faults] if outcome.scene else []


def _body(text: str) -> str:
    """A body as it is read: JSON in lines, the end of a long one left out."""
    with suppress(ValueError):
        text = orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]} ... ({len(text):,} characters)"


def _carried(value: Any) -> Any:
    """A value of the page with signs escaped that no page can carry."""
    return visible(str(value)) if isinstance(value, str | Path) and not isinstance(value, Markup) else value
