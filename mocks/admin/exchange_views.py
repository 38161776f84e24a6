"""How an exchange is shown: in a row of the timeline, and whole; nothing secret is in either."""

from datetime import datetime
from typing import Any

import orjson
from msgspec.structs import asdict

from prakerja_sim.mocks.http import secrets, why
from prakerja_sim.mocks.http.exchanges import Effect, Exchange
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.webhook_records import Webhook
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.world.records import (
    ArmedFault,
    Chain,
    Clock,
    Due,
    Entry,
    Mail,
    Record,
    Sms,
    Transfer,
)
from prakerja_sim.simulator.world.store import key_of

_SHOWN_OTHERWISE = (Account, ArmedFault, Chain, Clock, Due, Webhook)


def row(one: Exchange, now: datetime | None = None) -> dict[str, Any]:
    """What is read at a glance; at `now`, until when a refusal lasts that time alone ends."""
    lasts = wait(one.refusal, now) if now and isinstance(one.refusal, Rejected) else {}
    return {
        "id": one.id,
        "parent": one.parent or None,
        "cause": secrets.text(one.cause) or None,
        "at": one.at.isoformat() if one.at else None,
        "wall": one.wall.isoformat(),
        "asker": one.asker,
        "sender": secrets.text(one.sender),
        "party": one.party,
        "method": one.method,
        "path": secrets.text(one.path),
        "status": one.status,
        "lost": one.lost or None,
        "reason": why.name_of(one.refusal),
        "faults": list(one.faults),
        "commands": [effect.command for effect in one.effects],
        "provenance": one.provenance,
        "milliseconds": round(one.seconds * 1000, 1),
        "signature_refused": one.evidence is not None,
        **lasts,
    }


def wait(refusal: Rejected, now: datetime) -> dict[str, str]:
    """Until when a refusal lasts and by how much to advance; empty if time does not end it, or has."""
    until = refusal.over() if refusal.over is not None else None
    if until is None or until <= now:
        return {}
    return {"until": until.isoformat(), "advance": f"{-(-(until - now) // SECOND)}s"}


def whole(one: Exchange, now: datetime | None = None) -> dict[str, Any]:
    """All that is known of an exchange, but for what was sent within it."""
    return {
        **row(one, now),
        "request": {"headers": secrets.headers(one.headers), "body": secrets.body(one.body)},
        "answer": {"headers": secrets.headers(dict(one.answered)), "body": secrets.body(one.answer)},
        "why": why.explained(one.refusal) if one.refusal is not None else None,
        "effects": [_effect(effect) for effect in one.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    entry = next((one for one in effect.appended if isinstance(one, Entry)), None)
    return {
        "command": effect.command,
        "subject": secrets.text(effect.subject),
        "entry": secrets.text(f"{entry.subject}#{entry.n}") if entry else None,
        "head": effect.head,
        "transfers": [transfer(one) for one in effect.appended if isinstance(one, Transfer)],
        "messages": [_message(one) for one in effect.appended if isinstance(one, Sms | Mail)],
        "webhooks": [_webhook(one) for one in effect.put if isinstance(one, Webhook)],
        "due": [_due(one) for one in effect.put if isinstance(one, Due) and not one.done],
        "records": [_state(one) for one in effect.put if not isinstance(one, _SHOWN_OTHERWISE)],
    }


def transfer(one: Transfer) -> dict[str, Any]:
    """What was moved: rupiah, seats or vouchers, as the accounts' names say."""
    accounts = {"source": secrets.text(one.source), "target": secrets.text(one.target)}
    return {"event": one.event, **accounts, "amount": one.amount}


def _message(one: Sms | Mail) -> dict[str, Any]:
    if isinstance(one, Sms):
        text = one.text.replace(one.otp, "*" * len(one.otp)) if one.otp else one.text
        return {"sms": one.phone, "from": one.sender, "text": secrets.text(text)}
    return {"mail": one.address, "from": one.sender, "text": secrets.text(one.subject)}


def _webhook(one: Webhook) -> dict[str, Any]:
    return {
        "key": one.key,
        "target": one.target,
        "event": one.event,
        "about": one.about,
        "status": one.status,
    }


def _due(one: Due) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "event": one.event, "about": secrets.text(one.about)}


def _state(one: Record) -> dict[str, Any]:
    key = secrets.value(one.__struct_fields__[0], key_of(one))
    state = {"kind": type(one).__name__, "key": key}
    status = getattr(one, "status", None)
    return state if status is None else {**state, "status": str(status)}


def said(one: Exchange) -> str:
    """All that can be searched for in an exchange: what was sent, answered and written, as it was."""
    parts = [one.path, one.sender, one.cause, *one.headers.values()]
    parts += [one.body.decode(errors="replace"), one.answer.decode(errors="replace")]
    for effect in one.effects:
        parts += [effect.command, effect.subject]
        parts += (orjson.dumps(asdict(each), default=str).decode() for each in effect.appended)
    return "\n".join(parts)
