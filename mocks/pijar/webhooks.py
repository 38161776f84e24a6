"""Webhooks as Pijar would send them: its envelope's names, its partner surface's signature (inferred)."""

import hmac
from collections.abc import Mapping
from datetime import timedelta

import orjson

from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Told
from prakerja_sim.simulator.marketplace.webhooks_outbox import VERSIONS

FIELDS = {
    "order": "orderId",
    "invoice": "orderNo",
    "course": "prakerjaCode",
    "voucher": "voucherCode",
    "total": "total",
}


def _body(told: Told, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    data = {wire: told.get(kept) for kept, wire in FIELDS.items()}
    return orjson.dumps({"event": told["event"], "data": data, "meta": {"sentAt": told["at"]}})


def _signature(body: bytes, secret: str) -> Mapping[str, str]:
    return {"X-Signature": hmac.new(secret.encode(), body, "sha256").hexdigest()}


DIALECT = Dialect(
    names={event: event for event in VERSIONS},
    body=_body,
    sign=_signature,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30)),
)
