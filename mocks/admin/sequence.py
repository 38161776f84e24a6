"""A sequence diagram as SVG, without scripts or styles of its own: it takes the colour of the text around it.

It draws exchanges as `exchange_views.whole` shows them, oldest first: a request before what was sent within
it, its answer after it, and what it did as notes at whoever did it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from prakerja_sim.mocks.http.exchanges import ITSELF

Shown = Mapping[str, Any]
COLUMN, ROW, TOP, SIDE = 210, 30, 46, 90
"""Pixels between two parties, between two lines, above the first line, and beside the outer parties."""
LONGEST = 58
"""So many signs of a line are shown; the whole is its title."""
Line = tuple[str, str, str, str, str]
"""Kind (asks, answers, lost, note), from whom, to whom, what is said, and the exchange's id."""


def svg(exchanges: Sequence[Shown], *, label: str, link: Callable[[str], str] | None = None) -> str:
    """The diagram; `link` gives the address at which an exchange is shown, `label` says what it shows."""
    lines = list(_lines(exchanges))
    names = list(dict.fromkeys(name for _, source, target, _, _ in lines for name in (source, target)))
    at = {name: SIDE + COLUMN * number for number, name in enumerate(names)}
    width = 2 * SIDE + COLUMN * max(len(names) - 1, 1) + COLUMN
    height = TOP + ROW * (len(lines) + 1)
    role = "group" if link else "img"
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
        f' role="{role}" aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="12"'
        ' fill="currentColor" stroke="none">'
    ]
    for name, x in at.items():
        drawn.append(f'<text x="{x}" y="20" text-anchor="middle" font-weight="700">{escape(name)}</text>')
        drawn.append(
            f'<path d="M{x} 28V{height}" stroke="currentColor" stroke-opacity=".35" stroke-dasharray="3 4"/>'
        )
    for number, line in enumerate(lines):
        drawn += _drawn(line, at, TOP + ROW * (number + 1), link)
    return "\n".join([*drawn, "</svg>"])


def _lines(exchanges: Sequence[Shown]) -> Iterator[Line]:
    within: dict[str, list[Shown]] = {}
    ids = {one["id"] for one in exchanges}
    for one in exchanges:
        within.setdefault(one["parent"] if one["parent"] in ids else "", []).append(one)
    for one in within.get("", []):
        yield from _of(one, within)


def _of(one: Shown, within: Mapping[str, Sequence[Shown]]) -> Iterator[Line]:
    asker, party, number = one["asker"], one["party"], one["id"]
    if party != ITSELF:
        yield "asks", asker, party, f"{one['method']} {one['path'].partition('?')[0]}", number
    for each in within.get(number, []):
        yield from _of(each, within)
    for note in notes(one):
        yield "note", party, party, note, number
    if party != ITSELF:
        reason = f" {one['reason']}" if one["reason"] else ""
        said = f"✗ {one['lost']}" if one["lost"] else f"{one['status']}{reason}"
        yield "lost" if one["lost"] else "answers", party, asker, said, number


def notes(one: Shown) -> Iterator[str]:
    """What an exchange did, in short: faults that struck, money and messages; else the commands' names."""
    for fault in one["faults"]:
        yield f"⚡ {fault}"
    for effect in one["effects"]:
        told = [
            f"{each['event']} {each['amount']:,} {each['source']} → {each['target']}".replace(",", ".")
            for each in effect["transfers"]
        ]
        told += [f"✉ {each.get('sms') or each.get('mail')}" for each in effect["messages"]]
        yield from told or [effect["command"]]


def _drawn(line: Line, at: Mapping[str, int], y: int, link: Callable[[str], str] | None) -> list[str]:
    kind, source, target, said, number = line
    start, end = at[source], at[target]
    short = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    text = f"<title>{escape(said)}</title>{escape(short)}"
    if kind == "note" or start == end:
        shape = [f'<circle cx="{start}" cy="{y}" r="3"/>']
        words = f'<text x="{start + 9}" y="{y + 4}" font-style="italic">{text}</text>'
    else:
        tip = end - 7 if end > start else end + 7
        dash = "" if kind == "asks" else ' stroke-dasharray="6 3"'
        head = "" if kind == "lost" else f'<path d="M{end} {y}L{tip} {y - 4}V{y + 4}Z"/>'
        stop = (start + end) // 2 if kind == "lost" else end
        shape = [f'<path d="M{start} {y}H{stop}" stroke="currentColor"{dash}/>', head]
        words = f'<text x="{min(start, end) + 9}" y="{y - 5}">{text}</text>'
    return [*shape, f'<a href="{escape(link(number))}">{words}</a>' if link else words]
