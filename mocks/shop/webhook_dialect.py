"""Webhooks of a marketplace: its names of events, body, signature, and times between attempts.

A marketplace with webhooks has `DIALECT` in its `webhooks`.  Everything in it is a pure
function of the stored facts, so every attempt sends the same bytes.
"""

import hmac
import ipaddress
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson

from prakerja_sim.simulator.marketplace.webhook_records import Webhook
from prakerja_sim.simulator.marketplace.webhooks_outbox import VERSIONS
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

Facts = Mapping[str, Any]
"""What happened, as the outbox keeps it: event, at, order, invoice, user, course, voucher, total ..."""

INBOX, PARTY = "inbox:", "party:"
"""The built-in inbox, and one of our own parties: `party:institution/lp-kopi/webhooks`."""
LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a marketplace sends the events of an order."""

    names: Mapping[str, str]
    """The order core's events that it sends, and the marketplace's names for them."""
    body: Callable[[Facts, str], bytes]
    """The body for what happened; the second argument is the target's name."""
    sign: Callable[[bytes, str], Mapping[str, str]]
    """The headers that sign a body with the target's secret."""
    waits: tuple[timedelta, ...]
    """After each failed attempt, how long until the next; then it is given up."""
    accepted: Callable[[int], bool] = lambda status: 200 <= status < 300
    """The statuses that say that it arrived."""
    content_type: str = "application/json"


def _plain_body(facts: Facts, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    data = {key: value for key, value in facts.items() if key not in ("event", "at")}
    return json.dumps({"event": facts["event"], "data": data, "meta": {"sent_at": facts["at"]}}).encode()


def _plain_signature(body: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Signature": hmac.new(secret.encode(), body, "sha256").hexdigest()}


PLAIN = Dialect(
    names={event: event for event in VERSIONS},
    body=_plain_body,
    sign=_plain_signature,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)),
)
"""The webhooks of a marketplace about whose webhooks nothing is published (simulated)."""


def renamed(
    fields: Mapping[str, str],
    body: Callable[[Facts, Mapping[str, Any]], Mapping[str, Any]],
    sign: Callable[[str], Mapping[str, str]],
    *minutes: int,
) -> Dialect:
    """The dialect of a marketplace that tells every event with some fields under names of its own.

    `body` puts the fields into its envelope, `sign` the HMAC-SHA256 of the raw body into its header; it waits
    so many minutes after each failed attempt.
    """

    def written(facts: Facts, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
        return orjson.dumps(body(facts, {wire: facts.get(own_name) for own_name, wire in fields.items()}))

    return Dialect(
        names={event: event for event in VERSIONS},
        body=written,
        sign=lambda raw, secret: sign(hmac.new(secret.encode(), raw, "sha256").hexdigest()),
        waits=tuple(timedelta(minutes=some) for some in minutes),
    )


def facts_of(webhook: Webhook) -> Facts:
    """The facts that a webhook reports."""
    facts: Facts = json.loads(webhook.told)
    return facts


def signed_message(
    dialect: Dialect, webhook: Webhook, name: str, secret: str
) -> tuple[dict[str, str], bytes]:
    """Headers and body, the same for every attempt."""
    body = dialect.body(facts_of(webhook), name)
    return {"Content-Type": dialect.content_type, **dialect.sign(body, secret)}, body


@refuses(Reason.WEBHOOK_TARGET_REFUSED)
def chosen_events(dialect: Dialect, names: Iterable[str]) -> str:
    """The events that a target gets, by the order core's names or the marketplace's; all if none are named.

    Raises WEBHOOK_TARGET_REFUSED for an event that this marketplace does not send.
    """
    own = {name: event for event, name in dialect.names.items()}
    chosen = {own.get(one, one) for one in names} or set(dialect.names)
    unknown = sorted(chosen - set(dialect.names))
    if unknown:
        possible = ", ".join(dialect.names)
        raise Rejected(Reason.WEBHOOK_TARGET_REFUSED, events=", ".join(unknown), known=possible)
    return ",".join(sorted(chosen, key=VERSIONS.__getitem__))


@refuses(Reason.WEBHOOK_TARGET_REFUSED)
def check_target(url: str, parties: Collection[str], allowed: Collection[str]) -> None:
    """Refuse a target that is neither our own, nor on this machine, nor allowed by name (SSRF).

    A name is never looked up: what is allowed is what was written, so no answer of a name server can
    lead elsewhere later.
    """
    if url == INBOX:
        return
    if url.startswith(PARTY):
        party = url.removeprefix(PARTY).partition("/")[0]
        if party not in parties:
            raise refused(url, f"there is no party {party!r}")
        return
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise refused(url[:80], "an address has at most 2000 letters, none of them blank")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise refused(url, str(problem)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refused(url, f"give http://..., https://..., {INBOX} or {PARTY}NAME/PATH")
    if parts.username is not None or parts.password is not None:
        raise refused(url, "an address carries no user and no password")
    host = parts.hostname.lower()
    named = host if port is None else f"{host}:{port}"
    if not (_on_this_machine(host) or {host, named} & {one.lower() for one in allowed}):
        raise refused(url, f"{host} is not on this machine; allow it with serve --allow-target {host}")


def refused(url: str, why: str) -> Rejected:
    """The refusal of a target."""
    return Rejected(Reason.WEBHOOK_TARGET_REFUSED, url=url, why=why)


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
