"""An institution's receiver for the webhooks of any marketplace; a webhook may come twice or late.

Each webhook is stored once and changes nothing else.  The institution always asks the marketplace
whether a voucher is valid, so a forged webhook has no effect.
"""

from hashlib import sha256
from typing import Any

import orjson

from prakerja_sim.mocks.http.bodies import loaded
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator.institution.records import HeardWebhook
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit


def add_to(face: Face) -> None:
    """Register the receiver, and the list of what it received."""
    at = "/<institution>/webhooks"
    face.endpoint("POST", at, provenance=Provenance.SIMULATED)(receive)
    face.endpoint("GET", at, provenance=Provenance.SIMULATED)(received)


def receive(call: Call) -> Reply:
    """Take a webhook, in whatever form the marketplace tells it; one that came before is counted."""
    fields = loaded(call.raw)
    if not isinstance(fields, dict):
        raise Malformed("body must be a JSON object")
    webhook: HeardWebhook = call.do(keep, institution=call.path["institution"], body=call.raw.decode())
    return Reply({"received": True, "times": webhook.times})


def received(call: Call) -> Reply:
    """The webhooks that came, each once."""
    webhooks: list[HeardWebhook] = call.ask(
        Unit.find, kind=HeardWebhook, institution=call.path["institution"]
    )
    webhooks.sort(key=lambda webhook: (webhook.received_at, webhook.key))
    return Reply({"webhooks": [_webhook(webhook) for webhook in webhooks]})


@command("institution_webhooks.keep")
def keep(world: Unit, *, institution: str, body: str) -> HeardWebhook:
    """Store a webhook; if it came before, count it."""
    key = f"{institution}/{sha256(body.encode()).hexdigest()[:32]}"
    before = world.get(HeardWebhook, key)

    world.subject = f"notices:{institution}"
    if before is None:
        webhook = HeardWebhook(key, PartyCode(institution), body, world.now)
    else:
        webhook = before.but(times=before.times + 1)
    world.put(webhook)
    return webhook


def _webhook(webhook: HeardWebhook) -> dict[str, Any]:
    row = {"at": webhook.received_at.isoformat(), "times": webhook.times}
    return row | {"body": orjson.loads(webhook.body)}
