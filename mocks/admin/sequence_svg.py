"""Exchanges as a sequence diagram in SVG: a lane for each party, an arrow for each request and each answer.

It needs no script and no network; colours are those of the page in which it stands (classes below `.seq`).
Everything is escaped. What is cut to fit is whole in the element's title.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from prakerja_sim.mocks.admin import exchange_exports
from prakerja_sim.mocks.admin.exchange_exports import Shown
from prakerja_sim.mocks.http.exchanges import ITSELF
from prakerja_sim.simulator.values.signs import visible

LANE, ROW, HEAD, EDGE, SIGN = 210, 24, 30, 80, 7.3
"""Pixels between two lanes, of a row, of the head, beside the lanes, and of a character at most."""
LONGEST, LONGEST_NOTE = 28, 60
"""So many characters are shown between two lanes, and of a note."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the diagram: an arrow between two lanes, or a note at one."""

    kind: str
    """`ask`, `answer`, `refused`, `lost` or `note`."""
    source: str
    target: str
    text: str
    exchange: str


def svg(
    exchanges: Sequence[Shown],
    lanes: Sequence[str] = (),
    *,
    label: str = "",
    link: Callable[[str], str] | None = None,
) -> Markup:
    """The diagram; `lanes` are the parties from left to right, all that appear if none are given.

    `label` says what it shows; `link` gives the address at which an exchange is shown.
    """
    names = list(dict.fromkeys((*lanes, *exchange_exports.parties(exchanges))))
    at = {name: EDGE + LANE * number for number, name in enumerate(names)}
    within = exchange_exports.nested(exchanges)
    rows = [row for one in within.get("", []) for row in _rows(one, within)]
    height = HEAD + ROW * (len(rows) + 1)
    ends = [at[row.source] + SIGN * min(len(row.text), LONGEST_NOTE) for row in rows if row.kind == "note"]
    width = round(EDGE + max([LANE * (len(names) - 1) + EDGE, *ends], default=0))
    label = label or f"{len(exchanges)} exchanges between {', '.join(names)}"
    role = "group" if link else "img"
    lines = [_lane(name, x, height) for name, x in at.items()]
    for number, row in enumerate(rows):
        drawn = _drawn(row, at, HEAD + ROW * (number + 1))
        lines.append(Markup('<a href="{}">{}</a>').format(link(row.exchange), drawn) if link else drawn)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="seq" role="{}" aria-label="{}"'
        ' width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
    ).format(role, visible(label), width, height, width, height, Markup().join(lines))


def _rows(one: Shown, within: Mapping[str, Sequence[Shown]]) -> list[_Row]:
    asker, party = one["asker"], one["party"]
    number = one["id"]
    notes = [_Row("note", party, party, line, number) for line in exchange_exports.summaries(one)]
    inner = [row for each in within.get(one["id"], []) for row in _rows(each, within)]
    if party == ITSELF:
        return notes + inner
    failed = "lost" if one["lost"] else "refused" if one["status"] >= 400 else "answer"
    answer = _Row(failed, party, asker, exchange_exports.outcome(one), number)
    asked = _Row("ask", asker, party, f"{one['method']} {one['path']}", number)
    return [asked, *inner, *notes, answer]


def _lane(name: str, x: int, height: int) -> Markup:
    text = Markup('<text class="name" x="{}" y="16" text-anchor="middle">{}</text>').format(x, visible(name))
    return text + Markup('<path class="lane" d="M{} {}V{}"/>').format(x, HEAD - 8, height)


def _drawn(row: _Row, at: Mapping[str, int], y: int) -> Markup:
    here, there = at[row.source], at[row.target]
    text = Markup('<title>{}</title><text x="{}" y="{}" text-anchor="{}">{}</text>')
    if row.kind == "note" or here == there:
        words = text.format(visible(row.text), here + 8, y - 4, "start", _cut(row.text, LONGEST_NOTE))
        return Markup('<g class="note"><circle cx="{}" cy="{}" r="3"/>{}</g>').format(here, y - 8, words)
    middle, tip = (here + there) // 2, 6 if here < there else -6
    words = text.format(visible(row.text), middle, y - 4, "middle", _cut(row.text, LONGEST))
    line = Markup('<path d="M{} {}H{}"/><path class="tip" d="M{} {}l{} -4v8z"/>')
    arrow = line.format(here, y, there, there, y, -tip)
    return Markup('<g class="{}">{}{}</g>').format(escape(row.kind), words, arrow)


def _cut(text: str, longest: int) -> str:
    """The text as long as there is room; of an address the end tells more than the beginning."""
    text = visible(text)
    if len(text) <= longest:
        return text
    method, _, path = text.partition(" ")
    if path.startswith("/"):
        return f"{method} …{path[len(method) + 2 - longest :]}"
    return f"{text[: longest - 1]}…"
