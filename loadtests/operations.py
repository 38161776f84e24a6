"""Which of Locust's rows an operation's name means.

A name is `flow`, a row's own name, the last word of its path, or what the party calls the operation.
`authorize` is also every request with which a buyer enters the OTP at a shop: it makes the shop ask Prakerja
to authorize the payment.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from prakerja_sim.loadtests.locust_counts import FLOW, Row
from prakerja_sim.mocks.server import mounts
from prakerja_sim.simulator.values.errors import Reason

AUTHORIZE = "authorize"
_SANDBOX = re.compile(r"/s/[^/]+(?=/)")
_PARAMETER = re.compile(r"<[^>]*>")


def rows_of(name: str, rows: Sequence[Row]) -> list[Row]:
    """The rows that an operation's name means."""
    return [row for row in rows if name in words(row.method, row.name)]


def words_of(rows: Iterable[Row]) -> set[str]:
    """The shortest words by which these rows may be named, for a message."""
    return {min(words(row.method, row.name), key=lambda word: (len(word), word)) for row in rows}


def nearest(name: str) -> str:
    """What to write instead of an operation that no party has; empty if one has it."""
    known = _known()
    if name in known or name.startswith("/"):
        return ""
    near = get_close_matches(name, sorted(known), n=1)
    return (
        f"did you mean {near[0]}?"
        if near
        else f"write {FLOW}, or the last word of a path such as {AUTHORIZE}"
    )


@cache
def words(method: str, name: str) -> frozenset[str]:
    """All words that mean a row."""
    if not name.startswith("/"):
        return frozenset({name})
    path = _SANDBOX.sub("", name.partition("?")[0])
    called = {name, path, *_last_words(path)}
    for one, form, operation, enters_otp in _endpoints():
        if one == method and form.fullmatch(path):
            called |= {operation, *({AUTHORIZE} if enters_otp else ())}
    return frozenset(called)


def _last_words(path: str) -> Iterator[str]:
    """The last part of a path that is no id."""
    fixed = [part for part in path.split("/") if re.search("[A-Za-z]", part) and "<" not in part]
    yield from fixed[-1:]


@cache
def _endpoints() -> tuple[tuple[str, re.Pattern[str], str, bool], ...]:
    """Method, form of the path, name and whether an OTP is entered, of all parties' operations."""
    found = []
    for face in mounts.known_faces():
        roots = (face.at, "") if face.roots else (face.at,)
        for one in face.endpoints:
            fixed = map(re.escape, _PARAMETER.split(one.path))
            form = re.compile(f"(?:{'|'.join(map(re.escape, roots))}){'[^/]+'.join(fixed)}")
            found.append((one.method, form, one.name, Reason.OTP_WRONG in one.refuses))
    return tuple(found)


@cache
def _known() -> frozenset[str]:
    """All words that can mean something at one of the parties."""
    known = {FLOW, AUTHORIZE}
    for face in mounts.known_faces():
        for one in face.endpoints:
            known |= {one.name, *_last_words(face.at + one.path)}
    return frozenset(known)
