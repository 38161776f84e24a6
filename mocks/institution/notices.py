"""Where an institution hears of orders: any marketplace's webhook, which may come twice or late.

It is kept once and changes nothing else: whether a voucher is good, the institution asks the
marketplace, so who sends something made up here gains nothing.
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
    """Register the receiver and what it has received."""
    at = "/<institution>/webhooks"
    face.endpoint("POST", at, provenance=Provenance.SIMULATED)(receive)
    face.endpoint("GET", at, provenance=Provenance.SIMULATED)(received)


def receive(call: Call) -> Reply:
    """Take a webhook, in whatever form the marketplace tells it; one that came before is counted."""
    told = loaded(call.raw)
    if not isinstance(told, dict):
        raise Malformed("body must be a JSON object")
    kept: HeardWebhook = call.do(keep, institution=call.path["institution"], body=call.raw.decode())
    return Reply({"received": True, "times": kept.times})


def received(call: Call) -> Reply:
    """The webhooks that came, each once."""
    found: list[HeardWebhook] = call.ask(Unit.find, kind=HeardWebhook, institution=call.path["institution"])
    found.sort(key=lambda notice: (notice.received_at, notice.key))
    return Reply({"webhooks": [_shown(notice) for notice in found]})


@command("institution_webhooks.keep")
def keep(world: Unit, *, institution: str, body: str) -> HeardWebhook:
    """Keep a webhook, or count it if it came before."""
    key = f"{institution}/{sha256(body.encode()).hexdigest()[:32]}"
    known = world.get(HeardWebhook, key)

    world.subject = f"notices:{institution}"
    if known is None:
        notice = HeardWebhook(key, PartyCode(institution), body, world.now)
    else:
        notice = known.but(times=known.times + 1)
    world.put(notice)
    return notice


def _shown(notice: HeardWebhook) -> dict[str, Any]:
    told = {"at": notice.received_at.isoformat(), "times": notice.times}
    return told | {"body": orjson.loads(notice.body)}
