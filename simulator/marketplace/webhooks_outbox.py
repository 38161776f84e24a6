"""The outbox of webhooks: what a marketplace promised to tell, kept with its cause until it is told.

An event is written in the unit of work that caused it; delivering it to its target happens outside
(`mocks.server.webhook_delivery`), which reports each attempt back.  An attempt that failed is made again
when the marketplace's table of waits says so, by the sandbox's clock, so the receiver may see one twice.
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
"""What is told of an order; the versions rise with its life."""


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
    """Let a marketplace tell a target, in place of the one of that name; the caller checked the URL."""
    world.subject = subject(party)
    key = f"{party}/{name}"
    secret = secret or "whsec_" + chance.code(HEX, 32, world.seed, "webhook secret", key)
    target = WebhookTarget(key, PartyCode(party), url, secret, events, institution)
    world.put(target)
    return target


@refuses(Reason.WEBHOOK_TARGET_UNKNOWN)
def target_of(world: Unit, *, target: str) -> WebhookTarget:
    """A registered target."""
    found = world.get(WebhookTarget, target)
    if found is None:
        raise Rejected(Reason.WEBHOOK_TARGET_UNKNOWN, target=target)
    return found


@command("webhooks.stop")
@refuses(target_of)
def stop(world: Unit, *, target: str) -> WebhookTarget:
    """Tell this target nothing any more; what waits for it stays and can be repeated."""
    found = target_of(world, target=target)

    world.subject = subject(found.party)
    stopped = found.but(stopped=True)
    world.put(stopped)
    return stopped


def anything(world: Unit) -> bool:
    """Whether there may be something to deliver: a target to tell, or a webhook that was not told yet."""
    told = any(not target.stopped for target in world.find(WebhookTarget))
    left = (WebhookStatus.DUE, WebhookStatus.WAITING)
    return told or any(world.find(Webhook, status=status, limit=1) for status in left)


def tell(world: Unit, order: Order, event: str, voucher: Voucher | None = None) -> None:
    """Promise to tell all whom it concerns what has just become of an order."""
    targets = world.find(WebhookTarget, party=order.marketplace)
    if not targets:
        return
    course = world.need(Course, order.course)
    facts = _facts(world, order, event, course, voucher)
    for target in targets:
        wanted = not target.events or event in target.events.split(",")
        concerned = target.institution in ("", course.institution)
        if not target.stopped and wanted and concerned:
            promise(world, target, event, order.id, VERSIONS[event], facts)


def promise(
    world: Unit,
    target: WebhookTarget,
    event: str,
    about: str,
    version: int,
    facts: Mapping[str, object],
) -> None:
    """Promise to tell one target something; part of whoever's step it is that causes it."""
    key = f"{world.now.isoformat(timespec='microseconds')}|{about}|{version}|{target.key}"
    told = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
    status = WebhookStatus.HELD if target.held else WebhookStatus.DUE
    whom = (key, target.key, target.party)
    world.put(Webhook(*whom, event, OrderId(about), version, told, status, world.now))


def due(world: Unit) -> list[Webhook]:
    """What is to be delivered now, in the order in which it happened."""
    return world.find(Webhook, status=WebhookStatus.DUE)


@refuses(Reason.WEBHOOK_UNKNOWN)
def webhook_of(world: Unit, *, webhook: str) -> Webhook:
    """A webhook by its key."""
    found = world.get(Webhook, webhook)
    if found is None:
        raise Rejected(Reason.WEBHOOK_UNKNOWN, webhook=webhook)
    return found


@command("webhooks.attempted")
@refuses(webhook_of)
def attempted(world: Unit, *, webhook: str, outcome: str, delivered: bool, retry_after: int | None) -> None:
    """An attempt was made; a failed one is made again so many seconds later, or given up with None."""
    found = webhook_of(world, webhook=webhook)
    if found.status is not WebhookStatus.DUE:
        return

    world.subject = subject(found.party)
    event = Event.DELIVER if delivered else Event.GIVE_UP if retry_after is None else Event.MISS
    next_at = world.now + timedelta(seconds=retry_after or 0) if event is Event.MISS else None
    status = lifecycle.WEBHOOK[found.status, event]
    attempts = found.attempts + 1
    world.put(found.but(status=status, attempts=attempts, next_at=next_at, outcome=outcome))
    if next_at is not None:
        schedule.schedule(world, next_at, "webhook_retry", found.key)


@command("webhooks.arrive")
@refuses(webhook_of)
def arrive(world: Unit, *, webhook: str, headers: str, body: str) -> None:
    """The built-in inbox receives a webhook."""
    found = webhook_of(world, webhook=webhook)
    world.subject = subject(found.party)
    world.append(Arrived(found.target, world.now, found.key, found.event, headers, body))


@due_event("webhook_retry", about="webhook", done="a webhook is delivered again")
def retry(world: Unit, *, webhook: str) -> None:
    """The wait after a failed attempt is over; nothing if it was held or dropped meanwhile."""
    found = webhook_of(world, webhook=webhook)
    world.subject = subject(found.party)
    if found.status is WebhookStatus.WAITING and found.next_at is not None and found.next_at <= world.now:
        world.put(found.but(status=lifecycle.WEBHOOK[found.status, Event.RETRY], next_at=None))


@command("webhooks.hold")
@refuses(target_of)
def hold(world: Unit, *, target: str) -> WebhookTarget:
    """Keep back what this target is to be told, from now on and what waits already."""
    found = target_of(world, target=target)

    world.subject = subject(found.party)
    held = found.but(held=True)
    world.put(held)
    for status in (WebhookStatus.DUE, WebhookStatus.WAITING):
        for webhook in world.find(Webhook, status=status):
            if webhook.target == target:
                world.put(webhook.but(status=lifecycle.WEBHOOK[status, Event.HOLD], next_at=None))
    return held


@command("webhooks.unhold")
@refuses(target_of)
def unhold(world: Unit, *, target: str) -> WebhookTarget:
    """Keep nothing back any more; what is held already waits to be released."""
    found = target_of(world, target=target)

    world.subject = subject(found.party)
    free = found.but(held=False)
    world.put(free)
    return free


def held(world: Unit, *, target: str) -> list[Webhook]:
    """What is kept back, in the order in which it happened."""
    return [webhook for webhook in world.find(Webhook, status=WebhookStatus.HELD) if webhook.target == target]


@command("webhooks.move")
@refuses(webhook_of, Reason.WEBHOOK_NOT_SO)
def move(world: Unit, *, webhook: str, event: Event) -> Webhook:
    """Release, repeat or drop one webhook by hand; refused where its status does not allow it."""
    found = webhook_of(world, webhook=webhook)
    if (found.status, event) not in lifecycle.WEBHOOK:
        raise Rejected(Reason.WEBHOOK_NOT_SO, status=found.status.value, asked=event.value)

    world.subject = subject(found.party)
    moved = found.but(status=lifecycle.WEBHOOK[found.status, event], next_at=None)
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
