"""Exchanges in formats that other tools read: HAR 1.2, Mermaid sequence diagrams, plain text.

Mermaid and text are made of exchanges as `exchange_views.whole` shows them, so that whoever has them from the
admin API words them alike.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import orjson

from prakerja_sim.mocks.admin import exchange_views
from prakerja_sim.mocks.http.exchanges import ITSELF, Exchange
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.simulator import VERSION

Shown = Mapping[str, Any]
"""An exchange as `exchange_views.whole` shows it."""
PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def reply(form: str, exchanges: Sequence[Exchange], call: Call) -> Reply:
    """The exchanges, oldest first, in a format; what the clock did by itself is in no HAR."""
    if form == "har":
        base = str(call.parties.about.get("url", "http://127.0.0.1"))
        return Reply(orjson.dumps(har(exchanges, base)), headers={"Content-Type": "application/json"})
    whole = [exchange_views.whole(one) for one in exchanges]
    text = mermaid(whole) if form == "mermaid" else plain(whole)
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


def mermaid(exchanges: Sequence[Shown]) -> str:
    """A sequence diagram: each request before what was sent within it, its answer after it."""
    within = nested(exchanges)
    lines = ["sequenceDiagram"]
    lines += (f"    participant {_name(name)}" for name in parties(exchanges))
    for one in within.get("", []):
        lines += _drawn(one, within)
    return "\n".join(lines) + "\n"


def parties(exchanges: Sequence[Shown]) -> list[str]:
    """Who asked and who was asked, in the order in which they appear."""
    return list(dict.fromkeys(name for one in exchanges for name in (one["asker"], one["party"])))


def nested(exchanges: Sequence[Shown]) -> dict[str, list[Shown]]:
    """The exchanges by the one within which they were sent; under an empty id those of none that is here."""
    within: dict[str, list[Shown]] = {}
    ids = {one["id"] for one in exchanges}
    for one in exchanges:
        within.setdefault(one["parent"] if one["parent"] in ids else "", []).append(one)
    return within


def _drawn(one: Shown, within: Mapping[str, Sequence[Shown]]) -> list[str]:
    asker, party = _name(one["asker"]), _name(one["party"])
    effects = [f"    Note over {party}: {_clean(line)}" for line in summaries(one)]
    inner = [line for each in within.get(one["id"], []) for line in _drawn(each, within)]
    if one["party"] == ITSELF:
        return effects + inner
    asked = f"    {asker}->>{party}: {one['method']} {_clean(one['path'].partition('?')[0])}"
    return [
        asked,
        *inner,
        *effects,
        f"    {party}{'--x' if one['lost'] else '-->>'}{asker}: {_clean(outcome(one))}",
    ]


def outcome(one: Shown) -> str:
    """How an exchange ended, in a few words: its status and reason, or what lost the answer."""
    if one["lost"]:
        return f"no answer ({one['lost']})"
    return f"{one['status']} {one['reason']}" if one["reason"] else str(one["status"])


def because(one: Shown) -> str:
    """Why an exchange was refused: the rules, what it means, the values that decided; empty if it was not."""
    why = one["why"]
    if why is None:
        return ""
    rules = f"{', '.join(why['rules'])}: " if why["rules"] else ""
    decided = {**why["values"], **why["fields"]}
    values = ", ".join(f"{name} {_value(found)}" for name, found in decided.items())
    return f"{rules}{why['says']['en']}" + (f" ({values})" if values else "")


def _value(found: object) -> str:
    whole = isinstance(found, int) and not isinstance(found, bool)
    return f"{found:,}" if whole else str(found)


def summaries(one: Shown) -> list[str]:
    """What an exchange did, a line for each: faults, transfers, messages; other commands by their name."""
    lines = [f"fault {name}" for name in one["faults"]]
    for effect in one["effects"]:
        told = [moved(each) for each in effect["transfers"]] + [_sent(each) for each in effect["messages"]]
        lines += told or [effect["command"]]
    return lines


def moved(transfer: Shown) -> str:
    """A transfer in words."""
    return "{event} {amount:,} {source} to {target}".format(**transfer)


def _sent(message: Shown) -> str:
    return f"SMS to {message['sms']}" if "sms" in message else f"mail to {message['mail']}, {message['text']}"


def plain(exchanges: Sequence[Shown]) -> str:
    """A line for each exchange, why it was refused, and what it did, as a terminal shows them."""
    depth = depths(exchanges)
    lines = []
    for one in exchanges:
        indent = "  " * depth[one["id"]]
        lines.append(f"{at(one)} {indent}{asked(one)}")
        reason = because(one)
        did = ([f"why: {reason}"] if reason else []) + summaries(one)
        lines += (f"{' ' * 20}{indent}  {line}" for line in did)
    return "".join(f"{line}\n" for line in lines)


def depths(exchanges: Sequence[Shown]) -> dict[str, int]:
    """By its id, within how many others of them each exchange was sent."""
    depth: dict[str, int] = {}
    for one in exchanges:
        depth[one["id"]] = depth.get(one["parent"], -1) + 1
    return depth


def at(one: Shown) -> str:
    """When an exchange ended, by the sandbox's clock."""
    return datetime.fromisoformat(one["at"]).strftime("%Y-%m-%d %H:%M:%S") if one["at"] else "-"


def asked(one: Shown) -> str:
    """Who asked whom for what, and how it ended; what the clock did by itself has no request."""
    if one["party"] == ITSELF:
        return ITSELF
    asking = f"{one['asker']} -> {one['party']} {one['method']} {one['path']}"
    return f"{asking} {outcome(one)}"


def _name(party: str) -> str:
    return party.replace("-", "_").replace(" ", "_")


def _clean(text: str) -> str:
    """A text that Mermaid reads as a text: no line breaks, no characters of its own."""
    return " ".join(text.split()).translate({ord("#"): "#35;", ord(";"): "#59;"})
