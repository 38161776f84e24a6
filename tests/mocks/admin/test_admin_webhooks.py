"""Admin operations on the outbox: register, hold, release in any order, repeat, drop; and refusals."""

import orjson
import pytest

from tests.mocks.market import Market

TARGET = "tokopedia/default"


@pytest.fixture
def market():
    made = Market("tokopedia")
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def admin_call(market, method, path, /, **body):
    wire = market.parties.transport("__admin", market.sandbox)
    answer = wire.send(method, path, {}, orjson.dumps(body) if body else b"")
    return answer.status, answer.json()


def registered(market, **more):
    status, told = admin_call(market, "POST", "/webhooks/targets", marketplace="tokopedia", **more)
    assert status == 201, told
    return told


def buys(market, *numbers):
    orders = []
    for number in numbers:
        ani = market.enrol(number)
        orders.append(market.bought(market.shopper(ani), ani).order)
    return orders


def arrived(market):
    return [one["webhook"] for one in admin_call(market, "GET", "/inbox/webhooks")[1]["messages"]]


def outbox(market, query=""):
    return admin_call(market, "GET", f"/webhooks{query}")[1]["webhooks"]


def test_a_target_is_the_inbox_and_all_events_unless_said_otherwise(market):
    told = registered(market)
    assert (told["target"], told["url"]) == (TARGET, "inbox:")
    assert told["events"] == ["order.created", "order.paid", "voucher.redeemed", "order.refunded"]
    assert registered(market, events=["order.paid"])["events"] == ["order.paid"]
    assert len(admin_call(market, "GET", "/webhooks")[1]["targets"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"marketplace": "gojek"}, 409, "webhook_target_refused"),
        ({"marketplace": "prakerja"}, 409, "webhook_target_refused"),
        ({"marketplace": "tokopedia", "url": "http://example.com/"}, 409, "webhook_target_refused"),
        ({"marketplace": "tokopedia", "events": ["order.eaten"]}, 409, "webhook_target_refused"),
        ({"marketplace": "tokopedia", "name": "A B"}, 400, "malformed"),
        ({"marketplace": "tokopedia", "x": 1}, 400, "malformed"),
        ({"url": "inbox:"}, 400, "malformed"),
    ],
)
def test_a_target_that_cannot_be_is_refused_and_nothing_is_kept(market, body, status, code):
    before = market.sandbox.digest()
    answer = admin_call(market, "POST", "/webhooks/targets", **body)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)
    assert market.sandbox.digest() == before


def test_what_is_held_is_released_in_the_order_that_one_names(market):
    registered(market, events=["order.paid"])
    admin_call(market, "POST", "/webhooks/hold", target=TARGET)
    buys(market, 0, 1, 2)
    held = [one["webhook"] for one in outbox(market, "?status=held")]
    assert (len(held), arrived(market)) == (3, [])
    chosen = [held[2], held[0]]
    assert admin_call(market, "POST", "/webhooks/release", target=TARGET, webhooks=chosen)[1] == {
        "released": chosen
    }
    assert arrived(market) == chosen
    admin_call(market, "POST", "/webhooks/release", target=TARGET)
    assert arrived(market) == [*chosen, held[1]]
    (more,) = buys(market, 3)
    assert outbox(market, f"?about={more}")[0]["status"] == "delivered"


def test_releasing_a_stranger_releases_nothing(market):
    registered(market, events=["order.paid"])
    admin_call(market, "POST", "/webhooks/hold", target=TARGET)
    buys(market, 0)
    (held,) = outbox(market)
    told = admin_call(market, "POST", "/webhooks/release", target=TARGET, webhooks=[held["webhook"], "x"])
    assert (told[0], told[1]["error"]["code"]) == (404, "webhook_unknown")
    assert outbox(market) == [held]


@pytest.mark.parametrize("path", ["hold", "release", "targets/stop"])
def test_an_unknown_target_is_refused(market, path):
    status, told = admin_call(market, "POST", f"/webhooks/{path}", target="tokopedia/x")
    assert (status, told["error"]["code"]) == (404, "webhook_target_unknown")


@pytest.mark.parametrize("path", ["repeat", "drop"])
def test_an_unknown_webhook_is_refused(market, path):
    status, told = admin_call(market, "POST", f"/webhooks/{path}", webhook="x")
    assert (status, told["error"]["code"]) == (404, "webhook_unknown")


def test_a_delivered_webhook_is_repeated_and_cannot_be_dropped(market):
    registered(market, events=["order.paid"])
    buys(market, 0)
    (one,) = outbox(market)
    status, told = admin_call(market, "POST", "/webhooks/repeat", webhook=one["webhook"])
    assert (status, told["status"], told["attempts"]) == (200, "delivered", 2)
    assert arrived(market) == [one["webhook"]] * 2
    status, told = admin_call(market, "POST", "/webhooks/drop", webhook=one["webhook"])
    assert (status, told["error"]["code"]) == (409, "webhook_not_so")


def test_a_stopped_target_hears_nothing_more(market):
    registered(market, events=["order.paid"])
    assert admin_call(market, "POST", "/webhooks/targets/stop", target=TARGET)[1]["stopped"] is True
    buys(market, 0)
    assert outbox(market) == []


def test_the_outbox_is_looked_through_by_marketplace_state_and_order(market):
    registered(market, events=["order.paid"])
    first, second = buys(market, 0, 1)
    assert [one["about"] for one in outbox(market, f"?about={second}")] == [second]
    assert len(outbox(market, "?marketplace=tokopedia&status=delivered")) == 2
    assert outbox(market, "?marketplace=pijar") == []
    status, told = admin_call(market, "GET", "/webhooks?status=lost")
    assert (status, told["error"]["code"]) == (400, "malformed")
    assert first != second


def test_a_reset_forgets_targets_and_what_was_told(market):
    registered(market)
    admin_call(market, "POST", "/reset")
    assert not market.sandbox.telling
    assert admin_call(market, "GET", "/webhooks")[1] == {"targets": [], "webhooks": []}
    assert arrived(market) == []
