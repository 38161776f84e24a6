"""The outbox of webhooks: a webhook is stored together with its cause and stays until it is delivered.

An event is written in the unit of work that caused it.  `mocks.server.webhook_delivery` delivers it outside
that unit and reports each attempt.  A failed attempt is made again by the sandbox's clock, after the wait in
the marketplace's table, so a receiver may get a webhook twice.
"""

from collections.abc import Mapping
from datetime import timedelta

import orjson

from prakerja_sim.simulator.marketplace import lifecycle
from prakerja_sim.simulator.marketplace.records import Order, Shopper, Voucher
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook, WebhookStatus, WebhookTarget
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, OrderId, PartyCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

VERSIONS = {"order.created": 1, "order.paid": 2, "voucher.redeemed": 3, "order.refunded": 4}
"""The events of an order that webhooks are sent for; later events have higher versions."""


def subject(party: str) -> str:
    """The journal's chain of a marketplace's webhooks."""
    return f"webhooks:{party}"


@command("webhooks.register")
def register(
    world: Unit,
    *,
    party: str,
    name: str,
    url: str,
    secret: str = "",
    events: str = "",
    institution: str = "",
) -> WebhookTarget:
    """Add a target of a marketplace's webhooks, or replace the one so named; the URL is checked before."""
    world.subject = subject(party)
    key = f"{party}/{name}"
    secret = secret or "whsec_" + chance.code(HEX, 32, world.seed, "webhook secret", key)
    target = WebhookTarget(key, PartyCode(party), url, secret, events, institution)
    world.put(target)
    return target


@refuses(Reason.WEBHOOK_TARGET_UNKNOWN)
def target_of(world: Unit, *, target: str) -> WebhookTarget:
    """A registered target."""
    record = world.get(WebhookTarget, target)
    if record is None:
        raise Rejected(Reason.WEBHOOK_TARGET_UNKNOWN, target=target)
    return record


@command("webhooks.stop")
@refuses(target_of)
def stop(world: Unit, *, target: str) -> WebhookTarget:
    """Send this target nothing more; what waits for it stays and can be repeated."""
    record = target_of(world, target=target)

    world.subject = subject(record.party)
    stopped = record.but(stopped=True)
    world.put(stopped)
    return stopped


def anything(world: Unit) -> bool:
    """Whether there may be something to deliver: an active target, or a webhook that is not delivered yet."""
    has_target = any(not target.stopped for target in world.find(WebhookTarget))
    unsent = (WebhookStatus.DUE, WebhookStatus.WAITING)
    return has_target or any(world.find(Webhook, status=status, limit=1) for status in unsent)


def tell(world: Unit, order: Order, event: str, voucher: Voucher | None = None) -> None:
    """Put an order's event into the outbox, for every target that it concerns."""
    targets = world.find(WebhookTarget, party=order.marketplace)
    if not targets:
        return
    course = world.need(Course, order.course)
    facts = _facts(world, order, event, course, voucher)
    for target in targets:
        subscribed = not target.events or event in target.events.split(",")
        concerned = target.institution in ("", course.institution)
        if not target.stopped and subscribed and concerned:
            promise(world, target, event, order.id, VERSIONS[event], facts)


def promise(
    world: Unit,
    target: WebhookTarget,
    event: str,
    about: str,
    version: int,
    facts: Mapping[str, object],
) -> None:
    """Put a webhook for one target into the outbox; it is part of the command that causes it."""
    key = f"{world.now.isoformat(timespec='microseconds')}|{about}|{version}|{target.key}"
    payload = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
    status = WebhookStatus.HELD if target.held else WebhookStatus.DUE
    whom = (key, target.key, target.party)
    world.put(Webhook(*whom, event, OrderId(about), version, payload, status, world.now))


def due(world: Unit) -> list[Webhook]:
    """The webhooks to be delivered now, in the order in which their events happened."""
    return world.find(Webhook, status=WebhookStatus.DUE)


@refuses(Reason.WEBHOOK_UNKNOWN)
def webhook_of(world: Unit, *, webhook: str) -> Webhook:
    """A webhook by its key."""
    record = world.get(Webhook, webhook)
    if record is None:
        raise Rejected(Reason.WEBHOOK_UNKNOWN, webhook=webhook)
    return record


@command("webhooks.attempted")
@refuses(webhook_of)
def attempted(world: Unit, *, webhook: str, outcome: str, delivered: bool, retry_after: int | None) -> None:
    """An attempt was made; after a failure the next one is so many seconds later, or never with None."""
    record = webhook_of(world, webhook=webhook)
    if record.status is not WebhookStatus.DUE:
        return

    world.subject = subject(record.party)
    event = Event.DELIVER if delivered else Event.GIVE_UP if retry_after is None else Event.MISS
    next_at = world.now + timedelta(seconds=retry_after or 0) if event is Event.MISS else None
    status = lifecycle.WEBHOOK[record.status, event]
    attempts = record.attempts + 1
    world.put(record.but(status=status, attempts=attempts, next_at=next_at, outcome=outcome))
    if next_at is not None:
        schedule.schedule(world, next_at, "webhook_retry", record.key)


@command("webhooks.arrive")
@refuses(webhook_of)
def arrive(world: Unit, *, webhook: str, headers: str, body: str) -> None:
    """The built-in inbox receives a webhook."""
    record = webhook_of(world, webhook=webhook)
    world.subject = subject(record.party)
    world.append(Arrived(record.target, world.now, record.key, record.event, headers, body))


@due_event("webhook_retry", about="webhook", done="a webhook is delivered again")
def retry(world: Unit, *, webhook: str) -> None:
    """The wait after a failed attempt is over; nothing if it was held or dropped meanwhile."""
    record = webhook_of(world, webhook=webhook)
    world.subject = subject(record.party)
    if record.status is WebhookStatus.WAITING and record.next_at is not None and record.next_at <= world.now:
        world.put(record.but(status=lifecycle.WEBHOOK[record.status, Event.RETRY], next_at=None))


@command("webhooks.hold")
@refuses(target_of)
def hold(world: Unit, *, target: str) -> WebhookTarget:
    """Hold this target's webhooks, those that wait already and those to come."""
    record = target_of(world, target=target)

    world.subject = subject(record.party)
    held = record.but(held=True)
    world.put(held)
    for status in (WebhookStatus.DUE, WebhookStatus.WAITING):
        for webhook in world.find(Webhook, status=status):
            if webhook.target == target:
                world.put(webhook.but(status=lifecycle.WEBHOOK[status, Event.HOLD], next_at=None))
    return held


@command("webhooks.unhold")
@refuses(target_of)
def unhold(world: Unit, *, target: str) -> WebhookTarget:
    """Hold no more webhooks; those that are held already wait for their release."""
    record = target_of(world, target=target)

    world.subject = subject(record.party)
    free = record.but(held=False)
    world.put(free)
    return free


def held(world: Unit, *, target: str) -> list[Webhook]:
    """The held webhooks of a target, in the order in which their events happened."""
    return [webhook for webhook in world.find(Webhook, status=WebhookStatus.HELD) if webhook.target == target]


@command("webhooks.move")
@refuses(webhook_of, Reason.WEBHOOK_NOT_SO)
def move(world: Unit, *, webhook: str, event: Event) -> Webhook:
    """Release, repeat or drop one webhook by hand; refused where its status does not allow it."""
    record = webhook_of(world, webhook=webhook)
    if (record.status, event) not in lifecycle.WEBHOOK:
        raise Rejected(Reason.WEBHOOK_NOT_SO, status=record.status.value, asked=event.value)

    world.subject = subject(record.party)
    moved = record.but(status=lifecycle.WEBHOOK[record.status, event], next_at=None)
    world.put(moved)
    return moved


def _facts(
    world: Unit, order: Order, event: str, course: Course, voucher: Voucher | None
) -> dict[str, str | int]:
    buyer = world.need(Shopper, order.shopper)
    return {
        "event": event,
        "id": chance.code(HEX, 32, world.seed, "webhook", order.id, event),
        "version": VERSIONS[event],
        "at": world.now.isoformat(),
        "order": order.id,
        "invoice": order.invoice,
        "status": order.status.value,
        "ordered_at": order.ordered_at.isoformat(),
        "paid_at": order.paid_at.isoformat() if order.paid_at else "",
        "user": buyer.user,
        "buyer": buyer.name,
        "course": course.code,
        "title": course.title,
        "institution": course.institution,
        "schedule": order.schedule,
        "price": order.price.amount,
        "discount": order.discount.amount,
        "total": order.total.amount,
        "voucher": voucher.code if voucher else "",
        "voucher_status": voucher.status.value if voucher else "",
    }
