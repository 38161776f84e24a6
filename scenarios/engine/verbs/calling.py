"""A single request to a party, as a recording has it: what a partner's program or a person sent by hand."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from prakerja_sim.mocks.http.transport import Answer, NoReply
from prakerja_sim.mocks.shop.prakerja_client import signed_headers
from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.browsing import reasons_of
from prakerja_sim.scenarios.engine.codes import codes
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.parties import Parties, error_of
from prakerja_sim.scenarios.engine.verbs.chapter import Chapter
from prakerja_sim.scenarios.engine.vocabulary import together
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason

ADMIN = "admin"
"""How a recording calls the admin API."""
_NAME = re.compile(r"<([a-z][a-z0-9_]*)>")
_CODE = re.compile(r"<code ([0-9a-z_]+)>")
BODIES = ("body", "text", "latin")


def _can_be_sent(arguments: Mapping[str, Any]) -> None:
    path = arguments["path"]
    if not path.startswith("/"):
        raise ValueError(f"path: {path!r} does not begin with /; write /{path}")
    given = [name for name in BODIES if arguments.get(name) is not None]
    if len(given) > 1:
        raise ValueError(f"has {' and '.join(given)}; write one of them")


class Calling(Chapter):
    """Requests by hand."""

    def __init__(self, parties: Parties) -> None:
        super().__init__(parties)
        self._kept: dict[str, str | int] = {}

    @together(_can_be_sent)
    def call(
        self,
        *,
        party: words.Party,
        path: str,
        method: words.Method = "POST",
        body: Mapping[str, Any] | None = None,
        text: str | None = None,
        latin: str | None = None,
        headers: Mapping[str, Any] | None = None,
        signed_by: str | None = None,
        expect_status: int | None = None,
        keeps: Mapping[str, Any] | None = None,
    ) -> None:
        """Send one request to a party, or to `admin`; `signed_by` names a partner or a client code.

        `body` is sent as JSON, `text` and `latin` as they are written. `keeps: {name: data.token}` keeps a
        part of the answer; later `<name>` stands for it, `<code phone>` for the newest code on that phone.
        """
        if body is not None:
            raw = orjson.dumps(self._filled(dict(body)))
        else:
            raw = str(self._filled(text)).encode() if latin is None else latin.encode("latin-1")
        where = str(self._filled(path))
        sent = {name: str(self._filled(value)) for name, value in (headers or {}).items()}
        if body is not None:
            sent = {"Content-Type": "application/json", **sent}
        if signed_by is not None:
            sent |= self._signature(signed_by, method, where, sent.get("Authorization", ""), raw)
        try:
            to = "__admin" if party == ADMIN else party
            answer = self.parties.send(to, method, where, sent, raw)
        except NoReply as silence:
            raise StepRefused("no_reply", str(silence)) from None
        reasons = _reasons(answer)
        if expect_status is not None and answer.status != expect_status:
            said = " ".join((*reasons, answer.body.decode(errors="replace")[:300]))
            raise AssertionError(f"{party} answers {answer.status}, expected {expect_status}: {said}")
        self._keep(answer, keeps or {})
        if reasons:
            raise StepRefused.either(reasons, f"{party} answers {answer.status}")

    def _signature(self, by: str, method: str, path: str, authorization: str, raw: bytes) -> dict[str, str]:
        clients = self.parties.admin("GET", "/clients")["clients"]
        own = [one for one in clients if one["client_code"] == by]
        signer = own[0] if own else self.parties.credential(by)
        now = unix_seconds(datetime.fromisoformat(self.parties.admin("GET", "/clock")["now"]))
        place = path.partition("?")[0]
        return signed_headers(
            signer["client_code"], signer["sign_key"].encode(), now, method + place, authorization, raw
        )

    def _filled(self, written: Any) -> Any:
        """What was written, with everything that was kept, and the newest codes, in its place."""
        if isinstance(written, dict):
            return {name: self._filled(value) for name, value in written.items()}
        if isinstance(written, list):
            return [self._filled(one) for one in written]
        if not isinstance(written, str):
            return written if written is not None else ""
        whole = _NAME.fullmatch(written)
        if whole and whole[1] in self._kept:
            return self._kept[whole[1]]
        written = _NAME.sub(lambda found: str(self._kept.get(found[1], found[0])), written)
        return _CODE.sub(lambda found: self._newest(str(self._kept.get(found[1], found[1]))), written)

    def _newest(self, phone: str) -> str:
        sent = codes(self.parties.texts(phone))
        if not sent:
            raise AssertionError(f"no code has arrived on {phone}; ask for one first, or write the digits")
        return sent[-1]

    def _keep(self, answer: Answer, keeps: Mapping[str, Any]) -> None:
        parts = dict(parts_of(answer))
        for name, place in keeps.items():
            if place not in parts:
                raise AssertionError(
                    f"keeps: the answer has no {place}; it has {', '.join(sorted(parts))[:300]}"
                )
            self._kept[name] = parts[place]


class _Page(HTMLParser):
    """What a page hands out for its next request: the fields of its forms, the contents of its head."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        content = {"input": "value", "meta": "content"}.get(tag, "")
        if content in found and "name" in found:
            self.fields.setdefault(found["name"], []).append(found[content])


def parts_of(answer: Answer) -> list[tuple[str, str | int]]:
    """The texts and numbers in an answer by their place: `data.token`, `cookie.NAME`, `location.code`.

    Of a page it is what its fields hold: `page.NAME.0` in the first one of that name.
    """
    parts: list[tuple[str, str | int]] = []
    for name, value in answer.headers.items():
        if name.lower() == "set-cookie":
            cookie, _, content = value.partition(";")[0].partition("=")
            parts.append((f"cookie.{cookie}", content))
        if name.lower() == "location":
            parts += [(f"location.{key}", content) for key, content in parse_qsl(urlsplit(value).query)]
    if _is_html(answer):
        _leaves("page", _Page(answer.body.decode(errors="replace")).fields, parts)
        return parts
    with suppress(ValueError):
        _leaves("", answer.json(), parts)
    return parts


def _is_html(answer: Answer) -> bool:
    kinds = [value for name, value in answer.headers.items() if name.lower() == "content-type"]
    return any(kind.startswith("text/html") for kind in kinds)


def _leaves(place: str, value: Any, parts: list[tuple[str, str | int]]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _leaves(f"{place}.{name}" if place else name, inner, parts)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _leaves(f"{place}.{number}" if place else str(number), inner, parts)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        parts.append((place, value))


def _reasons(answer: Answer) -> list[Reason]:
    """What a refusal means: as its header says, else by its code."""
    told = next((value for name, value in answer.headers.items() if name.lower() == "x-sim-reason"), None)
    if told is not None:
        return [Reason(told)] if told in list(Reason) else []
    if answer.status < 400:
        return []
    try:
        code, _ = error_of(answer.json())
    except ValueError:
        return []
    return reasons_of(code)
