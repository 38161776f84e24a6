"""Due events at which a party asks another one: exactly what their owner registered runs, until it has."""

from datetime import timedelta

import orjson
import pytest

from prakerja_sim.mocks.http import exchanges, timeline
from prakerja_sim.mocks.http.due_events import CARRIERS, carries
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Due
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market

HOUR = timedelta(hours=1)


def sent(market):
    """How many requests have passed on the wires."""
    return sum(one.party != exchanges.ITSELF for one in timeline.remembered(market.sandbox))


@command("test.plan")
def plan(world, *, hours, event, about):
    schedule.schedule(world, world.now + hours * HOUR, event, about)


@pytest.fixture
def market():
    return Market("tokopedia")


@pytest.fixture
def owner():
    """Register events for a test; they are forgotten afterwards."""
    names = []

    def registers(name, carrier=None):
        names.append(name)
        schedule.job(name, done=f"{name} is carried")
        if carrier is not None:
            carries(name)(carrier)

    yield registers
    for name in names:
        del schedule.EVENTS[name]
        CARRIERS.pop(name, None)


def left(market):
    return [due.event for due in market.sandbox.ask(Unit.find, kind=Due, done=False)]


def test_every_event_that_asks_another_party_has_an_owner_who_says_how():
    discovered()
    assert set(CARRIERS) == {name for name, event in schedule.EVENTS.items() if event.carried}


def test_only_the_function_of_the_event_runs_at_its_time_and_may_change_the_world(market, owner):
    ran = []

    def carrier(call, about):
        call.do(plan, hours=5, event="other", about=about)  # no unit of work is open
        ran.append((about, call.sandbox.now() - began))

    owner("mine", carrier)
    owner("other", lambda call, about: ran.append("other"))
    began = market.sandbox.now()
    for hours, about in ((2, "b"), (1, "a")):
        market.sandbox.do(plan, hours=hours, event="mine", about=about)
    told = market.sandbox.advance(began + 3 * HOUR)
    assert ran == [("a", HOUR), ("b", 2 * HOUR)]
    assert [(one.event, one.about, one.why) for one in told] == [
        ("mine", "a", "mine is carried"),
        ("mine", "b", "mine is carried"),
    ]
    assert left(market) == ["other", "other"]


def test_an_event_that_nobody_carries_is_a_bug_that_says_so(market, owner):
    owner("orphan")
    market.sandbox.do(plan, hours=1, event="orphan", about="x")
    wire = market.parties.transport("__admin", market.sandbox)
    assert wire.send("POST", "/clock", {}, orjson.dumps({"advance": "2h"})).status == 500
    ((_, bug),) = market.parties.bugs
    assert "nobody carries the due event orphan" in bug
    assert "@carries('orphan')" in bug


def test_an_event_that_was_interrupted_comes_again_and_one_that_was_carried_does_not(market, owner):
    ran = []

    def falls_over_once(call, about):
        ran.append(about)
        if len(ran) == 1:
            call.sandbox.advance(call.sandbox.now() + HOUR)
            raise KeyboardInterrupt

    owner("mine", falls_over_once)
    market.sandbox.do(plan, hours=1, event="mine", about="x")
    with pytest.raises(KeyboardInterrupt):
        market.sandbox.step()
    assert left(market) == ["mine"]
    market.sandbox.step()
    market.sandbox.step()
    assert (ran, left(market)) == (["x", "x"], [])


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_start_goes_on_with_no_world_that_is_reset(market, owner, when):
    ran = []

    def asks(call, about):
        ran.append(about)
        if when == "meanwhile":
            market.sandboxes.reset("default")
        call.do(plan, hours=1, event="mine", about="again")

    owner("mine", asks)
    schedule.job("mine", done="mine is carried", resumes=True)
    for about in ("x", "y"):
        market.sandbox.do(plan, hours=0, event="mine", about=about)
    started = Parties(Sandboxes(market.sandboxes.store), wall=market.parties.wall)
    if when == "before":
        market.sandboxes.reset("default")
    started.resume()
    assert ran == (["x"] if when == "meanwhile" else [])
    assert started.bugs == []
    assert left(market) == []


def test_who_is_asked_may_move_the_clock(market, owner):
    ran = []

    def moves(call, about):
        ran.append(about)
        call.sandbox.advance(began + 9 * HOUR)

    owner("moves", moves)
    owner("after", lambda call, about: ran.append(about))
    began = market.sandbox.now()
    for hours, event in ((1, "moves"), (2, "after"), (8, "after"), (10, "after")):
        market.sandbox.do(plan, hours=hours, event=event, about=f"{event} {hours}")
    market.sandbox.advance(began + 3 * HOUR)
    assert ran == ["moves 1", "after 2", "after 8"]
    assert market.sandbox.now() == began + 9 * HOUR
    assert left(market) == ["after"]


def test_a_webhook_that_is_tried_again_asks_nobody_else(market, owner):
    """What waits for its own event stays where it is, whatever else the clock does."""
    ran = []
    owner("mine", lambda call, about: ran.append(about))
    market.sandbox.do(plan, hours=9, event="mine", about="x")
    told = {"party": "tokopedia", "name": "default", "url": "inbox:", "events": "order.paid"}
    market.sandbox.do(webhooks_outbox.register, **told)
    market.sandbox.telling = True
    market.sandbox.arm("webhook_lost", "", 1)
    ani = market.enrol()
    market.bought(market.shopper(ani), ani)
    before = sent(market)
    (happened,) = market.sandbox.step()
    assert happened.event == "webhook_retry"
    assert [one.status for one in market.sandbox.ask(Unit.find, kind=webhooks_outbox.Webhook)] == [
        "delivered"
    ]
    assert sent(market) == before
    assert ran == []
