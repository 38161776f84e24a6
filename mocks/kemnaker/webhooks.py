"""Webhooks as Kemnaker would send them: Laravel's names and envelope (inferred), signature simulated."""

import hmac
from collections.abc import Mapping
from datetime import timedelta

import orjson

from prakerja_sim.mocks.kemnaker.envelope import META
from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Told
from prakerja_sim.simulator.marketplace.webhooks_outbox import VERSIONS

FIELDS = {
    "order": "order_id",
    "invoice": "number",
    "course": "training_code",
    "voucher": "voucher_code",
    "total": "total",
}


def _body(told: Told, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    data = {wire: told.get(kept) for kept, wire in FIELDS.items()}
    return orjson.dumps({"event": told["event"], "created_at": told["at"], "data": data, "meta": META})


def _signature(body: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Naker-Signature": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}


DIALECT = Dialect(
    names={event: event for event in VERSIONS},
    body=_body,
    sign=_signature,
    waits=tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120)),
)
