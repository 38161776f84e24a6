"""How a distributor hears how his order ended: the document of its status, signed, by callback.

The body is written as Python's `json.dumps` writes it, since one known client verifies that text
and another the raw bytes.  When a callback is sent again, and for how long, is not known.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Told
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE

EVENT = "sat.order"


def target_name(distributor: str) -> str:
    """How a distributor's callback is called among the targets of webhooks."""
    return f"sat-{distributor}"


def body(told: Told, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    """The document, as both known clients verify it."""
    return json.dumps(told["document"]).encode()


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """The platform's signature; the secret says of which seed's pair."""
    return {"signature": key_pairs.sign(key_pairs.pair(int(secret), MARKETPLACE.code), raw)}


DIALECT = Dialect(
    names={EVENT: EVENT},
    body=body,
    sign=sign,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15)),
    accepted=lambda status: status == 200,
    content_type="application/vnd.api+json",
)
