"""Exchanges in formats that other tools read: HAR 1.2, Mermaid sequence diagrams, plain text."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import orjson

from prakerja_sim.mocks.admin import exchange_views
from prakerja_sim.mocks.http import secrets, why
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.http.timeline import ITSELF, Exchange
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.world.records import Mail, Sms, Transfer

PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def reply(form: str, exchanges: Sequence[Exchange], call: Call) -> Reply:
    """The exchanges, oldest first, in a format; what the clock did by itself is in no HAR."""
    if form == "har":
        base = str(call.parties.about.get("url", "http://127.0.0.1"))
        return Reply(orjson.dumps(har(exchanges, base)), headers={"Content-Type": "application/json"})
    text = mermaid(exchanges) if form == "mermaid" else plain(exchanges)
    return Reply(text.encode(), headers=PLAIN_TEXT)


def har(exchanges: Sequence[Exchange], base: str) -> dict[str, Any]:
    """An HTTP archive, as browsers' tools and proxies read it."""
    entries = [_har_entry(one, base) for one in exchanges if one.party != ITSELF]
    return {
        "log": {"version": "1.2", "creator": {"name": "prakerja-sim", "version": VERSION}, "entries": entries}
    }


def _har_entry(one: Exchange, base: str) -> dict[str, Any]:
    shown = exchange_views.whole(one)
    request, answer = shown["request"], shown["answer"]
    milliseconds = one.seconds * 1000
    kind = one.headers.get("Content-Type", "application/json")
    post = {"postData": {"mimeType": kind, "text": request["body"]}} if one.body else {}
    lost = {"_error": one.lost} if one.lost else {}
    return {
        "startedDateTime": one.wall.isoformat(),
        "time": milliseconds,
        "request": {
            "method": one.method,
            "url": f"{base}/{one.party}{shown['path']}",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(request["headers"]),
            "queryString": _pairs(dict(parse_qsl(shown["path"].partition("?")[2]))),
            "headersSize": -1,
            "bodySize": len(one.body),
            **post,
        },
        "response": {
            "status": one.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(answer["headers"]),
            "content": {
                "size": len(one.answer),
                "mimeType": answer["headers"].get("Content-Type", ""),
                "text": answer["body"],
            },
            "redirectURL": answer["headers"].get("Location", ""),
            "headersSize": -1,
            "bodySize": len(one.answer),
            **lost,
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{one.asker} asks {one.party}, exchange {one.id}",
    }


def _pairs(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in named.items()]


def mermaid(exchanges: Sequence[Exchange]) -> str:
    """A sequence diagram: each request before what was sent within it, its answer after it."""
    within: dict[str, list[Exchange]] = {}
    ids = {one.id for one in exchanges}
    for one in exchanges:
        within.setdefault(one.parent if one.parent in ids else "", []).append(one)
    lines = ["sequenceDiagram"]
    lines += (f"    participant {name}" for name in dict.fromkeys(_named(exchanges)))
    for one in within.get("", []):
        lines += _drawn(one, within)
    return "\n".join(lines) + "\n"


def _named(exchanges: Sequence[Exchange]) -> list[str]:
    return [_name(name) for one in exchanges for name in (one.asker, one.party)]


def _drawn(one: Exchange, within: dict[str, list[Exchange]]) -> list[str]:
    asker, party = _name(one.asker), _name(one.party)
    effects = [f"    Note over {party}: {_clean(line)}" for line in summaries(one)]
    inner = [line for each in within.get(one.id, []) for line in _drawn(each, within)]
    if one.party == ITSELF:
        return effects + inner
    asked = f"    {asker}->>{party}: {one.method} {_clean(secrets.text(one.path.partition('?')[0]))}"
    return [
        asked,
        *inner,
        *effects,
        f"    {party}{'--x' if one.lost else '-->>'}{asker}: {_clean(outcome(one))}",
    ]


def outcome(one: Exchange) -> str:
    """How an exchange ended, in a few words: its status and reason, or what lost the answer."""
    if one.lost:
        return f"no answer ({one.lost})"
    reason = why.name_of(one.refusal)
    return f"{one.status} {reason}" if reason else str(one.status)


def summaries(one: Exchange) -> list[str]:
    """What an exchange did, a line for each: faults, transfers, messages; other commands by their name."""
    lines = [f"fault {name}" for name in one.faults]
    for effect in one.effects:
        told = [_told(each) for each in effect.appended if isinstance(each, Transfer | Sms | Mail)]
        lines += told or [effect.command]
    return lines


def _told(each: Transfer | Sms | Mail) -> str:
    if isinstance(each, Transfer):
        shown = exchange_views.transfer(each)
        return f"{shown['event']} {shown['amount']:,} {shown['source']} to {shown['target']}"
    return f"SMS to {each.phone}" if isinstance(each, Sms) else f"mail to {each.address}, {each.subject}"


def plain(exchanges: Sequence[Exchange]) -> str:
    """A line for each exchange and one for each thing that it did, as a terminal shows them."""
    depth: dict[str, int] = {}
    lines = []
    for one in exchanges:
        depth[one.id] = depth.get(one.parent, -1) + 1
        indent = "  " * depth[one.id]
        at = one.at.strftime("%Y-%m-%d %H:%M:%S") if one.at else "-"
        asked = (
            f"{one.asker} -> {one.party} {one.method} {secrets.text(one.path)}" if one.method else one.party
        )
        lines.append(f"{at} {indent}{asked}" + (f" {outcome(one)}" if one.party != ITSELF else ""))
        lines += (f"{' ' * 20}{indent}  {line}" for line in summaries(one))
    return "".join(f"{line}\n" for line in lines)


def _name(party: str) -> str:
    return party.replace("-", "_").replace(" ", "_")


def _clean(text: str) -> str:
    """A text that Mermaid reads as a text: no line breaks, no characters of its own."""
    return " ".join(text.split()).translate({ord("#"): "#35;", ord(";"): "#59;"})
