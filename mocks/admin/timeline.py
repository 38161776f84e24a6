"""The timeline of a sandbox: what was sent and answered, why it was refused, and what it did."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from prakerja_sim.mocks.admin import exchange_exports, exchange_views, lookups, queries
from prakerja_sim.mocks.http import timeline as kept
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.exchanges import ITSELF, Exchange
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, exactly
from prakerja_sim.mocks.http.inbox import waited
from prakerja_sim.mocks.prakerja import signature_diagnosis
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Rejected

IN_SHORT = (
    "id", "at", "wall", "party", "method", "path", "status", "provenance", "signature_refused",
    "reason", "until", "advance",
)  # fmt: skip
LONGEST_LIST = 50
"""So many of the last refusals are looked at for what time ends."""
LONGEST_ANSWER = 2000
"""So many exchanges are told at once, at most."""
FORMATS = ("json", "har", "mermaid", "text")
Picks = Callable[[Exchange], bool]


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for path, handler in (
        ("/timeline", exchanges),
        ("/timeline/<id>", exchange),
        ("/requests", requests),
        ("/requests/<id>/signature", signature),
    ):
        face.endpoint("GET", path, provenance=Provenance.SIMULATED)(handler)


def exchanges(call: Call) -> Reply:
    """The exchanges, newest first; with `since` and `wait`, the next one; `format` har, mermaid or text."""
    form = call.query.get("format", "json")
    if form not in FORMATS:
        raise Malformed(f"format: must be one of {', '.join(FORMATS)}")
    if "wait" in call.query and "since" not in call.query:
        raise Malformed("wait: needs since, the id of the newest exchange that was seen, or 0")
    picked: list[Exchange] = waited(call, lambda: _picked(call))
    if form != "json":
        return exchange_exports.reply(form, picked[::-1], call)
    return Reply({"exchanges": [exchange_views.row(one, call.sandbox.now()) for one in picked]})


def exchange(call: Call) -> Reply:
    """One exchange whole: both sides' bytes, why it was refused, what it did, what was sent within it."""
    one = kept.find(call.sandbox, call.path["id"])
    if one is None:
        return _forgotten(call)
    now = call.sandbox.now()
    within = [
        exchange_views.row(each, now) for each in kept.remembered(call.sandbox) if each.parent == one.id
    ]
    return exactly({**exchange_views.whole(one, now), "within": within})


def requests(call: Call) -> Reply:
    """The last requests, newest first: ?party=prakerja&status=401&path=END&limit=N; status 0 was lost."""
    picked = [one for one in _picked(call) if one.party != ITSELF]
    rows = (exchange_views.row(one, call.sandbox.now()) for one in picked)
    return Reply({"requests": [{name: row[name] for name in IN_SHORT if name in row} for row in rows]})


def signature(call: Call) -> Reply:
    """Why a signature was refused: the part that differed, and what would have been accepted."""
    one = kept.find(call.sandbox, call.path["id"])
    if one is None:
        return _forgotten(call)
    if one.evidence is None:
        return error(409, "signature_not_refused", f"request {one.id} had no refused signature to look at")
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    wall = unix_seconds(one.wall)
    diagnosis = signature_diagnosis.diagnosis(one.evidence, call.sandbox, credentials, wall)
    return exactly({**exchange_views.row(one, call.sandbox.now()), **diagnosis})


def waits(call: Call) -> list[dict[str, Any]]:
    """The refusals among the last exchanges that time alone ends: when, and how far to advance the clock."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    newest_first = reversed(kept.remembered(call.sandbox))
    refused = (one for one in newest_first if isinstance(one.refusal, Rejected))
    for one in islice(refused, LONGEST_LIST):
        assert isinstance(one.refusal, Rejected)
        wait = exchange_views.wait(one.refusal, call.sandbox.now())
        if wait:
            about = {"party": one.party, "path": one.path, "reason": one.refusal.reason.value}
            found.setdefault((*about.values(), wait["until"]), {**about, **wait})
    return list(found.values())


def _forgotten(call: Call) -> Reply:
    number, kept = call.path["id"], call.parties.timeline.kept
    return error(404, "request_unknown", f"request {number} is not among the last {kept}")


def _picked(call: Call) -> list[Exchange]:
    """The exchanges that all filters pick, newest first."""
    most = queries.limit(call, LONGEST_ANSWER)
    picks = [make(call, value) for name, make in PICKS.items() if (value := call.query.get(name)) is not None]
    found = (one for one in reversed(kept.remembered(call.sandbox)) if all(pick(one) for pick in picks))
    return [one for _, one in zip(range(most), found, strict=False)]


def _by_status(_: Call, value: str) -> Picks:
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise Malformed("status: must be an HTTP status, or 0 for a request that was lost")
    return lambda one: one.status == int(value) and one.party != ITSELF


def _by_since(_: Call, value: str) -> Picks:
    if not (value.isascii() and value.isdigit() and len(value) <= 10):
        raise Malformed("since: must be the id of an exchange")
    return lambda one: int(one.id) > int(value)


def _by_person(call: Call, value: str) -> Picks:
    """Whatever names the card, phone, e-mail or NIK of those who are called so."""
    meant = lookups.people(call, value)
    if not meant:
        raise Malformed("person: no participant has this card, phone, e-mail or name")
    known = [mark for one in meant for mark in (one.card, one.phone, one.email, one.nik)]
    known += [one.phone.removeprefix("0") for one in meant]

    def pick(one: Exchange) -> bool:
        said = exchange_views.said(one)
        return any(mark in said for mark in known)

    return pick


def _by_text(_: Call, value: str) -> Picks:
    return lambda one: value in exchange_views.said(one)


PICKS: dict[str, Callable[[Call, str], Picks]] = {
    "party": lambda _, value: lambda one: one.party == value,
    "asker": lambda _, value: lambda one: one.asker == value,
    "method": lambda _, value: lambda one: one.method == value,
    "path": lambda _, value: lambda one: one.path.partition("?")[0].endswith(value),
    "status": _by_status,
    "reason": lambda _, value: lambda one: why.name_of(one.refusal) == value,
    "fault": lambda _, value: lambda one: value in one.faults,
    "command": lambda _, value: lambda one: any(effect.command == value for effect in one.effects),
    "person": _by_person,
    "invoice": _by_text,
    "text": _by_text,
    "since": _by_since,
}
