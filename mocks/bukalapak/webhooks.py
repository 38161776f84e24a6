"""Bukalapak's webhooks to providers: `transaction.paid` and `transaction.refunded` (inferred).

Ids, money and times are spelt as v4 spells them.  Five tries, then it is given up; the waits between
them are simulated.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.mocks.bukalapak.codes import VERTICAL
from prakerja_sim.mocks.bukalapak.envelope import utc
from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Facts

EVENTS: Mapping[str, str] = {"order.paid": "transaction.paid", "order.refunded": "transaction.refunded"}
STATES: Mapping[str, str] = {"order.paid": "paid", "order.refunded": "refunded"}


def body(told: Facts, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    """What became of a transaction, with its coupon; the same bytes at each attempt."""
    coupon = {"code": told["voucher"], "state": told["voucher_status"]}
    data = {
        "id": int(told["order"]),
        "type": VERTICAL,
        "remote_transaction_id": told["order"],
        "invoice_no": told["invoice"],
        "state": STATES[told["event"]],
        "amount": told["total"],
        "paid_at": utc(datetime.fromisoformat(told["paid_at"])),
        "course": {"id": told["course"], "title": told["title"], "provider": told["institution"]},
        "schedule_id": told["schedule"],
        "buyer_name": told["buyer"],
        "coupon": coupon,
    }
    sent_at = utc(datetime.fromisoformat(told["at"]))
    return json.dumps({"event": EVENTS[told["event"]], "data": data, "meta": {"sent_at": sent_at}}).encode()


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """`Bukalapak-Signature`: HMAC-SHA256 of the raw body in hexadecimal."""
    return {"Bukalapak-Signature": hmac.new(secret.encode(), raw, "sha256").hexdigest()}


DIALECT = Dialect(
    names=EVENTS,
    body=body,
    sign=sign,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)),
)
