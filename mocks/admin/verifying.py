"""`POST /__admin/timeline/verify`: whether what was expected passed on the wires, and else what came nearest.

An expectation names only what matters of an exchange; it fits every exchange that is so.  Nothing is
changed: whoever verifies may ask as often as he likes.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

import orjson
from pydantic import ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http import bodies, secrets, timeline, why
from prakerja_sim.mocks.http.exchanges import ITSELF, LONGEST_BODY, Exchange
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply

NEAREST = 3
"""So many of the nearest misses are told."""
ABSENT = "(absent)"
"""What stands for a field that was not sent."""
Word = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
JSON = str | int | float | bool | list[Any] | dict[str, Any] | None


class Expected(bodies.Body):
    """What an exchange must be like; what is not named may be anything."""

    model_config = ConfigDict(extra="forbid")

    party: Word | None = None
    """Who was asked."""
    asker: Word | None = None
    """Who asked; `client` is from outside."""
    method: Word | None = None
    path: Word | None = None
    """The end of the path, without the query."""
    status: Annotated[int, Field(ge=0, le=999)] | None = None
    """The answer's status; 0 if the answer was lost."""
    reason: Word | None = None
    """Why it was refused."""
    fault: Word | None = None
    """A fault that struck."""
    body: Annotated[dict[str, JSON], Field(max_length=64)] = Field({})
    """Fields of what was sent, as JSON or as a form, by their path: `data.items.0.id`."""
    answer: Annotated[dict[str, JSON], Field(max_length=64)] = Field({})
    """Fields of what came back, by their path."""


class Verify(Expected):
    """An expectation with a count, at least one if none is given; or several that happened in this order."""

    times: Count | None = None
    at_least: Count | None = None
    at_most: Count | None = None
    in_order: Annotated[list[Expected], Field(max_length=100)] = Field([])
    """Other exchanges may lie between them."""
    since: Annotated[str, StringConstraints(pattern="^[0-9]{1,10}$")] = "0"
    """Only what came after the exchange with this id counts."""


class Difference(bodies.Body):
    """What one field should have been and what it was; secrets are masked in both."""

    expected: JSON
    found: JSON


class Miss(bodies.Body):
    """An exchange that nearly was as expected."""

    id: str
    party: str
    method: str
    path: str
    differs: dict[str, Difference]
    """By name; fields of the body as `body.NAME`, of the answer as `answer.NAME`."""


class Verdict(bodies.Body):
    """Whether it was as expected."""

    passed: bool
    found: int
    """How many exchanges fit; of several in order, how many of these were found."""
    says: str
    """What was expected and what there was, in a sentence."""
    exchanges: list[str]
    """The ids of those that fit, oldest first."""
    misses: list[Miss]
    """If it did not pass because too few fit: what came nearest, the nearest first."""


def add_to(face: Face) -> None:
    """Register the endpoint."""
    face.endpoint("POST", "/timeline/verify", provenance=Provenance.SIMULATED, body=Verify, answer=Verdict)(
        verify
    )


def verify(call: Call, body: Verify) -> Reply:
    """Check that something passed on the wires: how often, with which fields, in which order."""
    _check(body)
    passed_by = [
        one
        for one in timeline.remembered(call.sandbox)
        if one.party != ITSELF and int(one.id) > int(body.since)
    ]
    verdict = _in_order(body.in_order, passed_by) if body.in_order else _counted(body, passed_by)
    return Reply(verdict.model_dump())


def _check(body: Verify) -> None:
    counts = [name for name in ("times", "at_least", "at_most") if getattr(body, name) is not None]
    if "times" in counts and len(counts) > 1:
        raise Malformed("times: is exact; leave at_least and at_most out")
    if body.at_least is not None and body.at_most is not None and body.at_least > body.at_most:
        raise Malformed("at_most: must not be less than at_least")
    named = [*_wanted(body)]
    if body.in_order and (named or counts):
        raise Malformed("in_order: stands alone; name fields and counts of none beside it")
    if not named and not body.in_order:
        raise Malformed("expectation: name party, path, status, body or another field")
    for number, one in enumerate(body.in_order):
        if not [*_wanted(one)]:
            raise Malformed(f"in_order.{number}: name party, path, status, body or another field")


def _counted(body: Verify, passed_by: list[Exchange]) -> Verdict:
    fitting, missed = _parted(body, passed_by)
    least = body.times if body.times is not None else body.at_least
    most = body.times if body.times is not None else body.at_most
    if least is None:
        least = 0 if most is not None else 1
    found = len(fitting)
    passed = least <= found and (most is None or found <= most)
    bounds = f"at least {least}" if most is None else str(least) if least == most else f"{least} to {most}"
    return Verdict(
        passed=passed,
        found=found,
        says=f"expected {bounds}, found {found} of {len(passed_by)} exchanges",
        exchanges=[one.id for one in fitting],
        misses=missed if found < least else [],
    )


def _in_order(steps: list[Expected], passed_by: list[Exchange]) -> Verdict:
    """Each step takes the first exchange that fits after that of the step before."""
    rest, found = passed_by, list[str]()
    for number, step in enumerate(steps):
        fitting, missed = _parted(step, rest)
        if not fitting:
            after = f"after exchange {found[-1]}" if found else "at all"
            says = f"in_order.{number} was not found {after}; {len(found)} of {len(steps)} steps were"
            return Verdict(passed=False, found=len(found), says=says, exchanges=found, misses=missed)
        found.append(fitting[0].id)
        rest = [one for one in rest if one.id > fitting[0].id]
    says = f"all {len(steps)} steps were found in this order"
    return Verdict(passed=True, found=len(found), says=says, exchanges=found, misses=[])


def _parted(expected: Expected, among: list[Exchange]) -> tuple[list[Exchange], list[Miss]]:
    """Those that fit, and of the others those that came nearest: the fewest differences, the newest first."""
    fitting, others = [], []
    for one in among:
        differs = {name: pair for name, pair in _compared(expected, one) if pair is not None}
        if differs:
            others.append((len(differs), -int(one.id), one, differs))
        else:
            fitting.append(one)
    others.sort(key=lambda other: other[:2])
    return fitting, [_miss(one, differs) for _, _, one, differs in others[:NEAREST]]


def _compared(expected: Expected, one: Exchange) -> Iterator[tuple[str, Difference | None]]:
    """Each field that is expected, with its difference if it has one."""
    for name, wanted in _wanted(expected):
        if name in ("body", "answer"):
            sent = _fields(one.body if name == "body" else one.answer)
            for place, value in wanted.items():
                found = _at(sent, place)
                yield f"{name}.{place}", None if _same(value, found) else _difference(place, value, found)
        else:
            fits, found = IS[name](one, wanted)
            yield name, None if fits else _difference(name, wanted, found)


def _wanted(expected: Expected) -> Iterator[tuple[str, Any]]:
    for name in Expected.model_fields:
        wanted = getattr(expected, name)
        if wanted not in (None, {}):
            yield name, wanted


def _equal(name: str) -> Callable[[Exchange, Any], tuple[bool, Any]]:
    return lambda one, wanted: (getattr(one, name) == wanted, getattr(one, name))


def _path(one: Exchange, wanted: str) -> tuple[bool, str]:
    path = one.path.partition("?")[0]
    return path.endswith(wanted), path


def _reason(one: Exchange, wanted: str) -> tuple[bool, str | None]:
    reason = why.name_of(one.refusal)
    return reason == wanted, reason


IS: Mapping[str, Callable[[Exchange, Any], tuple[bool, Any]]] = {
    **{name: _equal(name) for name in ("party", "asker", "method", "status")},
    "path": _path,
    "reason": _reason,
    "fault": lambda one, wanted: (wanted in one.faults, list(one.faults)),
}
"""Whether an exchange has what is expected under a name, and what it has there."""


def _fields(raw: bytes) -> Any:
    """What was sent, as JSON or as a form; a text where it is neither."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        written = raw.decode()
    except UnicodeDecodeError:
        return f"({len(raw)} bytes that are no text)"
    if len(raw) >= LONGEST_BODY:
        return f"(longer than the {LONGEST_BODY} bytes that are remembered)"
    return dict(parse_qsl(written, keep_blank_values=True)) or written


def _at(sent: Any, place: str) -> Any:
    """The value at a path such as `data.items.0.id`; ABSENT if there is none."""
    if isinstance(sent, dict) and place in sent:
        return sent[place]
    for step in place.split("."):
        if isinstance(sent, dict) and step in sent:
            sent = sent[step]
        elif isinstance(sent, list) and step.isdecimal() and int(step) < len(sent):
            sent = sent[int(step)]
        else:
            return ABSENT
    return sent


def _same(wanted: Any, found: Any) -> bool:
    """Equal as JSON: true is not 1, and 12500.0 is 12500."""
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    return bool(wanted == found)


def _difference(place: str, wanted: Any, found: Any) -> Difference:
    name = place.rpartition(".")[2]
    return Difference(expected=secrets.value(name, wanted), found=secrets.value(name, found))


def _miss(one: Exchange, differs: dict[str, Difference]) -> Miss:
    return Miss(id=one.id, party=one.party, method=one.method, path=secrets.text(one.path), differs=differs)
