"""Callbacks to a distributor when an order ends: the signed document of its status.

The body is written as Python's `json.dumps` writes it, since one known client verifies that text
and another the raw bytes.  When a callback is sent again, and for how long, is not known.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Facts
from prakerja_sim.mocks.tokopedia_b2b import MARKETPLACE, sat_words
from prakerja_sim.simulator.marketplace import resale


def body(facts: Facts, name: str) -> bytes:  # noqa: ARG001  # one body for all targets
    """The document, as both known clients verify it."""
    return json.dumps(sat_words.order(facts)).encode()


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """The platform's signature; the secret gives the seed of the key pair."""
    return {"signature": key_pairs.sign(key_pairs.pair(int(secret), MARKETPLACE), raw)}


DIALECT = Dialect(
    names={resale.EVENT: resale.EVENT},
    body=body,
    sign=sign,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15)),
    accepted=lambda status: status == 200,
    content_type="application/vnd.api+json",
)
