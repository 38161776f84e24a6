"""The webhook outbox in the admin API: register targets, list, hold, release, reorder, repeat, drop."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.admin import written_by
from prakerja_sim.mocks.admin.fields import Body
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, exactly
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.webhook_dialect import INBOX, check_target, chosen_events, facts_of
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook, WebhookStatus, WebhookTarget
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class NewTarget(Body):
    """Where a marketplace's webhooks are to go.

    The URL is `inbox:`, `party:institution/...`, or http(s) to this machine or an allowed host.
    """

    marketplace: Name
    url: Annotated[str, StringConstraints(max_length=4096)] = INBOX
    name: Name = "default"
    secret: Annotated[str, StringConstraints(max_length=255)] = ""
    events: Annotated[list[Key], Field(max_length=20)] = Field([])
    institution: Annotated[str, StringConstraints(max_length=64)] = ""


class OneTarget(Body):
    """A target by its key, MARKETPLACE/NAME."""

    target: Key


class Release(OneTarget):
    """Which held webhooks are sent: all in order, all reversed, or the named ones in their order."""

    webhooks: Annotated[list[Key], Field(max_length=1000)] = Field([])
    reverse: bool = False


class OneWebhook(Body):
    """A webhook by its key."""

    webhook: Key


def add_to(face: Face) -> None:
    """Register the admin operations."""
    for method, path, body, handler in ENDPOINTS:
        face.endpoint(method, path, provenance=SIMULATED, body=body)(handler)


def webhooks(call: Call) -> Reply:
    """The targets and the outbox: ?marketplace=tokopedia&status=waiting&about=ORDER."""
    filters = {
        "party": call.query.get("marketplace"),
        "status": _status(call),
        "about": call.query.get("about"),
    }
    records: list[Webhook] = call.ask(Unit.find, kind=Webhook)
    caused = written_by.webhooks(call.sandbox)
    rows = [
        _webhook(one) | {"exchange": caused.get(one.key)}
        for one in records
        if all(value in (None, getattr(one, name)) for name, value in filters.items())
    ]
    targets: list[WebhookTarget] = call.ask(Unit.find, kind=WebhookTarget)
    return Reply({"targets": [_target(one) for one in targets], "webhooks": rows})


@refuses(check_target, chosen_events)
def register(call: Call, body: NewTarget) -> Reply:
    """Register a target, in place of the one of that name."""
    events = chosen_events(registry.dialect(body.marketplace), body.events)
    call.parties.webhook_delivery.check(body.url)
    details = {"url": body.url, "secret": body.secret, "institution": body.institution}
    target = call.do(
        webhooks_outbox.register, party=body.marketplace, name=body.name, events=events, **details
    )
    call.sandbox.telling = True
    return Reply(_target(target), 201)


@refuses(webhooks_outbox.stop)
def stop(call: Call, body: OneTarget) -> Reply:
    """Tell a target nothing any more."""
    return Reply(_target(call.do(webhooks_outbox.stop, target=body.target)))


@refuses(webhooks_outbox.hold)
def hold(call: Call, body: OneTarget) -> Reply:
    """Keep back what a target is to be told, until it is released."""
    return Reply(_target(call.do(webhooks_outbox.hold, target=body.target)))


@refuses(Reason.WEBHOOK_UNKNOWN, webhooks_outbox.unhold, webhooks_outbox.move)
def release(call: Call, body: Release) -> Reply:
    """Let what is held go on its way, in an order of your choice, and hold nothing any more.

    Each webhook is delivered before the next one is released, so they arrive in that order.
    """
    held_webhooks: list[Webhook] = call.ask(webhooks_outbox.held, target=body.target)
    chosen = body.webhooks or [one.key for one in held_webhooks]
    strangers = set(chosen) - {one.key for one in held_webhooks}
    if strangers:
        raise Rejected(Reason.WEBHOOK_UNKNOWN, webhook=min(strangers))
    call.do(webhooks_outbox.unhold, target=body.target)
    for key in reversed(chosen) if body.reverse else chosen:
        call.do(webhooks_outbox.move, webhook=key, event=Event.RELEASE)
        call.parties.webhook_delivery.deliver_all(call.sandbox)
    return Reply({"released": list(reversed(chosen)) if body.reverse else chosen})


@refuses(webhooks_outbox.move)
def repeat(call: Call, body: OneWebhook) -> Reply:
    """Send a webhook once more, whether it was delivered, dropped or given up."""
    moved = call.do(webhooks_outbox.move, webhook=body.webhook, event=Event.REPEAT)
    call.parties.webhook_delivery.deliver_all(call.sandbox)
    return Reply(_webhook(call.ask(webhooks_outbox.webhook_of, webhook=moved.key)))


@refuses(webhooks_outbox.move)
def drop(call: Call, body: OneWebhook) -> Reply:
    """Never send a webhook that was not delivered yet."""
    return Reply(_webhook(call.do(webhooks_outbox.move, webhook=body.webhook, event=Event.DROP)))


def inbox(call: Call) -> Reply:
    """What reached the built-in inbox, oldest first: ?target=tokopedia/default."""
    target = call.query.get("target")
    messages: list[Arrived] = call.ask(Unit.log, kind=Arrived, **({"target": target} if target else {}))
    return exactly({"messages": [_arrived(one) for one in messages]})


ENDPOINTS = (
    ("GET", "/webhooks", None, webhooks),
    ("POST", "/webhooks/targets", NewTarget, register),
    ("POST", "/webhooks/targets/stop", OneTarget, stop),
    ("POST", "/webhooks/hold", OneTarget, hold),
    ("POST", "/webhooks/release", Release, release),
    ("POST", "/webhooks/repeat", OneWebhook, repeat),
    ("POST", "/webhooks/drop", OneWebhook, drop),
    ("GET", "/inbox/webhooks", None, inbox),
)


def _status(call: Call) -> str | None:
    status = call.query.get("status")
    allowed = [one.value for one in WebhookStatus]
    if status is not None and status not in allowed:
        raise Malformed(f"status: must be one of {', '.join(allowed)}")
    return status


def _target(target: WebhookTarget) -> dict[str, Any]:
    return {
        "target": target.key,
        "marketplace": target.party,
        "url": target.url,
        "secret": target.secret,
        "events": target.events.split(","),
        "institution": target.institution,
        "held": target.held,
        "stopped": target.stopped,
    }


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "webhook": webhook.key,
        "target": webhook.target,
        "event": webhook.event,
        "about": webhook.about,
        "version": webhook.version,
        "status": webhook.status.value,
        "attempts": webhook.attempts,
        "next_at": webhook.next_at.isoformat() if webhook.next_at else None,
        "outcome": webhook.outcome,
        "told": facts_of(webhook),
    }


def _arrived(arrived: Arrived) -> dict[str, Any]:
    return {
        "target": arrived.target,
        "at": arrived.at.isoformat(),
        "webhook": arrived.webhook,
        "event": arrived.event,
        "headers": arrived.headers,
        "body": arrived.body,
    }
