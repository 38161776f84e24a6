"""Bukalapak's webhooks to providers: `transaction.paid` and `transaction.refunded` (inferred).

Ids, money and times are written as in v4.  Five tries, then it is given up; the waits between
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


def body(facts: Facts, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    """What became of a transaction, with its coupon; the same bytes at each attempt."""
    coupon = {"code": facts["voucher"], "state": facts["voucher_status"]}
    data = {
        "id": int(facts["order"]),
        "type": VERTICAL,
        "remote_transaction_id": facts["order"],
        "invoice_no": facts["invoice"],
        "state": STATES[facts["event"]],
        "amount": facts["total"],
        "paid_at": utc(datetime.fromisoformat(facts["paid_at"])),
        "course": {"id": facts["course"], "title": facts["title"], "provider": facts["institution"]},
        "schedule_id": facts["schedule"],
        "buyer_name": facts["buyer"],
        "coupon": coupon,
    }
    sent_at = utc(datetime.fromisoformat(facts["at"]))
    return json.dumps({"event": EVENTS[facts["event"]], "data": data, "meta": {"sent_at": sent_at}}).encode()


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """`Bukalapak-Signature`: HMAC-SHA256 of the raw body in hexadecimal."""
    return {"Bukalapak-Signature": hmac.new(secret.encode(), raw, "sha256").hexdigest()}


DIALECT = Dialect(
    names=EVENTS,
    body=body,
    sign=sign,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)),
)
