"""The outbox: what is promised, to whom, and what becomes of each attempt."""

import json
from functools import partial

import pytest

from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook, WebhookStatus, WebhookTarget
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import CourseCode, InvoiceCode, OrderId, PartyCode, Phone
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

S = WebhookStatus
MARKET = PartyCode("tokopedia")


@pytest.fixture
def toko(story):
    """A story with an order that may be told about."""

    @command("test.begin")
    def begin(world):
        world.subject = "test"
        world.put(Shopper("tokopedia/1", MARKET, "1", "Ani", Phone("084"), "a@example.com"))
        told = (CourseCode("barista-101"), story.schedule.code, Rupiah(650_000), Rupiah(0))
        world.put(
            Order(
                OrderId("7"), MARKET, "tokopedia/1", *told, InvoiceCode("I-7"), OrderStatus.ISSUED, world.now
            )
        )

    story.do(begin)
    return story


@command("webhooks.tell")
def tell(world, event="order.paid"):
    world.subject = "test"
    webhooks_outbox.tell(world, world.need(Order, "7"), event)


def target(toko, **changed):
    arguments = {"party": "tokopedia", "name": "default", "url": "inbox:"} | changed
    return toko.do(webhooks_outbox.register, **arguments)


def webhooks(toko):
    return toko.ask(Unit.find, kind=Webhook)


def attempted(toko, webhook, delivered=False, retry_after=60):
    arguments = {"outcome": "200" if delivered else "500", "delivered": delivered, "retry_after": retry_after}
    toko.do(webhooks_outbox.attempted, webhook=webhook.key, **arguments)
    return toko.ask(webhooks_outbox.webhook_of, webhook=webhook.key)


def test_nothing_is_kept_where_nobody_listens(toko):
    before = toko.sandbox.digest()
    toko.do(tell)
    assert webhooks(toko) == []
    assert toko.sandbox.digest() == before


@pytest.mark.parametrize(
    ("registered", "told"),
    [
        ({}, True),
        ({"events": "order.paid"}, True),
        ({"events": "order.created,order.paid"}, True),
        ({"events": "order.refunded"}, False),
        ({"institution": "kopi-kita"}, True),
        ({"institution": "lp-lain"}, False),
        ({"party": "bukalapak"}, False),
    ],
)
def test_only_whom_it_concerns_is_told(toko, registered, told):
    target(toko, **registered)
    toko.do(tell)
    assert bool(webhooks(toko)) is told


def test_a_stopped_target_is_told_nothing_more_and_a_new_one_takes_its_place(toko):
    key = target(toko).key
    toko.do(webhooks_outbox.stop, target=key)
    toko.do(tell)
    assert webhooks(toko) == []
    assert not toko.ask(webhooks_outbox.anything)
    target(toko)
    assert toko.ask(webhooks_outbox.anything)


def test_what_is_told_is_kept_as_it_was(toko):
    target(toko)
    toko.do(tell)
    facts = json.loads(webhooks(toko)[0].told)
    assert (facts["event"], facts["order"], facts["total"], facts["version"]) == (
        "order.paid",
        "7",
        650_000,
        2,
    )
    assert len(facts["id"]) == 32
    toko.do(tell, event="order.refunded")
    first, second = webhooks(toko)
    assert (first.version, second.version) == (2, 4)
    assert json.loads(first.told) == facts
    assert json.loads(second.told)["id"] != facts["id"]


def test_a_secret_is_made_from_the_seed_unless_one_is_given(toko):
    made = target(toko).secret
    assert made.startswith("whsec_")
    assert target(toko).secret == made
    assert target(toko, secret="rahasia").secret == "rahasia"


def test_a_failed_attempt_waits_for_the_clock_and_a_last_one_gives_up(toko):
    target(toko)
    toko.do(tell)
    (webhook,) = webhooks(toko)
    waiting = attempted(toko, webhook)
    assert (waiting.status, waiting.attempts, waiting.outcome) == (S.WAITING, 1, "500")
    assert toko.ask(webhooks_outbox.due) == []
    toko.sandbox.advance(waiting.next_at - SECOND)
    assert webhooks(toko)[0].status is S.WAITING
    toko.sandbox.advance(waiting.next_at)
    assert [one.key for one in toko.ask(webhooks_outbox.due)] == [webhook.key]
    dead = attempted(toko, webhook, retry_after=None)
    assert (dead.status, dead.attempts, dead.next_at) == (S.DEAD, 2, None)


def test_an_attempt_that_was_reported_late_changes_nothing(toko):
    target(toko)
    toko.do(tell)
    (webhook,) = webhooks(toko)
    assert attempted(toko, webhook, delivered=True).status is S.DELIVERED
    assert attempted(toko, webhook).attempts == 1


def test_holding_keeps_nothing_back_from_another_target(toko):
    held, other = target(toko).key, target(toko, name="other").key
    toko.do(tell)
    toko.do(webhooks_outbox.hold, target=held)
    assert {one.target: one.status for one in webhooks(toko)} == {held: S.HELD, other: S.DUE}


def test_holding_keeps_back_what_waits_already_and_what_comes(toko):
    key = target(toko).key
    toko.do(tell, event="order.created")
    attempted(toko, webhooks(toko)[0])
    toko.do(tell)
    toko.do(webhooks_outbox.hold, target=key)
    toko.do(tell, event="order.refunded")
    assert [one.status for one in webhooks(toko)] == [S.HELD] * 3
    toko.sandbox.advance(toko.sandbox.now() + 60 * SECOND)
    assert [one.version for one in toko.ask(webhooks_outbox.held, target=key)] == [1, 2, 4]
    toko.do(webhooks_outbox.unhold, target=key)
    assert len(toko.ask(webhooks_outbox.held, target=key)) == 3


@pytest.mark.parametrize(
    ("event", "refused_in"),
    [
        (Event.RELEASE, set(S) - {S.HELD}),
        (Event.REPEAT, {S.DUE, S.WAITING, S.HELD}),
        (Event.DROP, {S.DELIVERED, S.DROPPED, S.DEAD}),
    ],
)
def test_a_hand_moves_a_webhook_only_from_where_that_makes_sense(toko, event, refused_in):
    target(toko)
    toko.do(tell)
    (webhook,) = webhooks(toko)
    for status in S:
        toko.sandbox.store.run(toko.sandbox.name, partial(Unit.put, record=webhook.but(status=status)))
        if status in refused_in:
            with pytest.raises(Rejected, match=Reason.WEBHOOK_NOT_SO):
                toko.do(webhooks_outbox.move, webhook=webhook.key, event=event)
        else:
            assert toko.do(webhooks_outbox.move, webhook=webhook.key, event=event).status is not status


def test_what_is_not_there_is_refused_and_changes_nothing(toko):
    before = toko.sandbox.digest()
    for operation in (webhooks_outbox.stop, webhooks_outbox.hold, webhooks_outbox.unhold):
        with pytest.raises(Rejected, match=Reason.WEBHOOK_TARGET_UNKNOWN):
            toko.do(operation, target="tokopedia/x")
    with pytest.raises(Rejected, match=Reason.WEBHOOK_UNKNOWN):
        toko.do(webhooks_outbox.move, webhook="x", event=Event.DROP)
    assert toko.sandbox.digest() == before


def test_the_inbox_keeps_everything_that_arrives(toko):
    target(toko)
    toko.do(tell)
    (webhook,) = webhooks(toko)
    for _ in range(2):
        toko.do(webhooks_outbox.arrive, webhook=webhook.key, headers="{}", body="{}")
    arrived = toko.ask(Unit.log, kind=Arrived, target="tokopedia/default")
    assert [one.webhook for one in arrived] == [webhook.key] * 2
    assert toko.ask(Unit.need, kind=WebhookTarget, key="tokopedia/default").url == "inbox:"
