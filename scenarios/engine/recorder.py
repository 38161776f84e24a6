"""Writes what was done to a sandbox as a story that does it again; finds where two stories part.

Tokens and codes come out equal in a world of the same seed. They are still taken from answers and inboxes,
so that the story goes on working when somebody changes it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.http.why import FIRST_ERROR
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import CannotPlay
from prakerja_sim.scenarios.engine.header import title_from
from prakerja_sim.scenarios.engine.verbs.calling import ADMIN, parts_of
from prakerja_sim.scenarios.engine.writer import to_yaml
from prakerja_sim.simulator.values.clock import parse_instant, parse_span
from prakerja_sim.simulator.values.errors import Reason

Recorded = tuple[str, dict[str, Any], str | None]
"""A verb, its arguments, and the reason for which it was refused."""
SIGNED = ("client_code", "timestamp", "signature")
SHORTEST = 8
"""A text in an answer that is shorter is not taken for a token."""
BEYOND_AMOUNTS = 10**8
LARGEST = 10**15
"""The strict reader takes no longer number for a number."""


def story(recording: Mapping[str, Any], title: str) -> tuple[str, int]:
    """The story of a recording, and how many steps it has.

    Raises CannotPlay if something of what passed is not there any more, and ValueError for a title that no
    story may have; both with the remedy.
    """
    title = title_from(title)
    if recording["gap"]:
        name = recording["sandbox"]
        raise CannotPlay(
            f"sandbox {name} cannot be recorded: {recording['gap']}; reset it "
            f"(POST /s/{name}/__admin/reset) and do it again, or record earlier"
        )
    steps = list(_Writing(recording).steps())
    if not steps:
        raise CannotPlay(
            f"nothing was asked of sandbox {recording['sandbox']} yet; do something in it, then record "
            "(a server with --timeline 0 remembers nothing)"
        )
    holds = {"holds": recording["holds"]} if recording["holds"] else {}
    why = f"Recorded from sandbox {recording['sandbox']}. Say here why it is kept, and give it a title."
    text = to_yaml(
        steps,
        title=title,
        why=why,
        marketplaces=[_place(recording)],
        start=datetime.fromisoformat(recording["start"]),
        settings=recording["settings"],
        more={"seed": recording["seed"], **holds, "digest": recording["digest"]},
    )
    return text, len(steps)


def _place(recording: Mapping[str, Any]) -> str:
    """The first marketplace that was asked; any will do if none was."""
    asked = [one["party"] for one in recording["exchanges"] if one["party"] in registry.codes()]
    return str((asked or [registry.DEFAULT])[0])


@dataclass
class _Writing:
    """Goes through a recording, and knows what came back so far."""

    recording: Mapping[str, Any]
    known: dict[str | int, tuple[dict[str, Any], str]] = field(default_factory=dict)
    """What earlier answers brought, each with the step that got it and its place there."""
    asked: str = ""
    """All that was asked so far: what the client knew by itself is no token."""
    names: dict[str | int, str] = field(default_factory=dict)
    """The texts and numbers that later steps use, and their names."""
    newest: dict[str, str] = field(default_factory=dict)
    """The newest code of each phone."""

    def steps(self) -> Iterator[Recorded]:
        """The steps; those that later ones need are completed as the others are read."""
        done = [(self.step(one), one) for one in self.recording["exchanges"]]
        for (verb, arguments, fails), _ in done:
            yield verb, arguments, fails

    def step(self, one: Mapping[str, Any]) -> Recorded:
        done = one["party"] == ADMIN and 0 < one["status"] < FIRST_ERROR
        by_verb = _operation(one, self.recording["unused_faults"]) if done else None
        if by_verb is not None:
            self.heard(one, {})
            return by_verb[0], by_verb[1], None
        arguments = self.call(one)
        self.heard(one, arguments)
        reason = one["reason"] if one["reason"] in list(Reason) else None
        return "call", arguments, "no_reply" if not one["status"] else reason

    def call(self, one: Mapping[str, Any]) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in one["headers"].items()}
        signed = {"signed_by": self.signer(one)} if one["client"] else {}
        kind = headers.get("content-type", "")
        body = self.body(one, kind)
        left_out = {*(SIGNED if signed else ()), *(("content-type",) if "body" in body else ())}
        usual = {
            name: self.filled(value) for name, value in one["headers"].items() if name.lower() not in left_out
        }
        arguments = {"party": one["party"], "method": one["method"], "path": self.filled(one["path"]), **body}
        arguments |= {"headers": usual} if usual else {}
        arguments |= signed
        arguments |= {"expect_status": one["status"]} if one["status"] else {}
        self.asked += "\n".join((one["path"], one["body"], *one["headers"].values(), ""))
        return arguments

    def signer(self, one: Mapping[str, Any]) -> str:
        """The partner; a credential that somebody brought goes by its client code."""
        brought = f'"{one["client"]}"' in self.asked or f'"{one["client"]}"' in _text(self.recording["holds"])
        return str(one["client"] if brought else one["party_of_client"])

    def body(self, one: Mapping[str, Any], kind: str) -> dict[str, Any]:
        if not one["utf8"]:
            return {"latin": one["body"]}
        if not one["body"]:
            return {}
        try:
            content = orjson.loads(one["body"])
        except ValueError:
            content = None
        if isinstance(content, dict) and kind.startswith("application/json") and _writable(content):
            return {"body": self.filled(content)}
        return {"text": self.filled(one["body"])}

    def filled(self, value: Any) -> Any:
        """A value with the names of what came back earlier in place of what was sent."""
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if type(value) is int and value in self.known:
            return f"<{self.name(value)}>"
        if not isinstance(value, str):
            return value
        for phone, code in self.newest.items():
            if value == code:
                return f"<code {self.name(phone) if phone in self.known else phone}>"
        texts = [text for text in self.known if isinstance(text, str) and text in value]
        for text in sorted(texts, key=len, reverse=True):
            value = value.replace(text, f"<{self.name(text)}>")
        return value

    def name(self, text: str | int) -> str:
        """The name of something that came back; whoever got it keeps it from now on."""
        if text not in self.names:
            arguments, place = self.known[text]
            part = next((one for one in reversed(place.split(".")) if not one.isdigit()), "")
            stem = re.sub(r"[^a-z0-9]+", "_", part.lower()).strip("_")
            stem = stem if stem[:1].isalpha() else f"part_{stem}".rstrip("_")
            taken = set(self.names.values())
            numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(taken) + 2))
            self.names[text] = next(name for name in numbered if name not in taken)
            arguments.setdefault("keeps", {})[self.names[text]] = place
        return self.names[text]

    def heard(self, one: Mapping[str, Any], arguments: dict[str, Any]) -> None:
        """Remember what came back; only a call can keep it."""
        if arguments:
            pairs = dict(one["answered"])
            for place, part in parts_of(Answer(one["status"], pairs, one["answer"].encode())):
                if _is_made(part) and str(part) not in self.asked:
                    self.known.setdefault(part, (arguments, place))
        for text in one["texts"]:
            if text["code"]:
                self.newest[text["phone"]] = text["code"]


def _is_made(part: str | int) -> bool:
    """Whether something was made for programs: a text with digits and no blanks, or a large number."""
    if isinstance(part, int):
        return part >= BEYOND_AMOUNTS
    return len(part) >= SHORTEST and " " not in part and re.search(r"[0-9]", part) is not None


def _writable(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_writable, value.values()))
    if isinstance(value, list):
        return all(map(_writable, value))
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) >= LARGEST)


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _operation(one: Mapping[str, Any], unused: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """An admin operation that is a verb: the clock and the faults."""
    path = one["path"].partition("?")[0]
    body = orjson.loads(one["body"]) if one["body"].startswith("{") else {}
    if (one["method"], path) == ("DELETE", "/faults"):
        return "disarm", {}
    if one["method"] != "POST":
        return None
    if path == "/clock" and "set" in body:
        return "advance", {"to": parse_instant(body["set"])}
    if path == "/clock" and "advance" in body:
        return "advance", {"by": _span(body["advance"])}
    if path == "/clock" and body.get("step"):
        return "step_clock", {}
    if path == "/faults":
        spared = orjson.loads(one["answer"]).get("number") in unused
        return "arm", {**body, **({"optional": True} if spared else {})}
    return None


def _span(text: str) -> timedelta:
    return parse_span(text)
