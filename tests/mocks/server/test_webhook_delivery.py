"""Webhooks as they leave: where they may go, what they carry, and what becomes of them over real sockets."""

import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from prakerja_sim.mocks.http import exchanges, timeline
from prakerja_sim.mocks.server import webhook_sending
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry, webhook_dialect
from prakerja_sim.mocks.shop.webhook_dialect import (
    PLAIN,
    Dialect,
    check_target,
    chosen_events,
    facts_of,
    signed_message,
)
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook, WebhookStatus
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.faults.webhook import WebhookFault
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market

PARTIES, ALLOWED = ("institution", "tokopedia"), ("hooks.example.com", "10.0.0.5:8080")
S = WebhookStatus


# Where they may go


@pytest.mark.parametrize(
    "url",
    [
        "inbox:",
        "party:institution/lp-kopi/webhooks",
        "http://127.0.0.1:8000/hook",
        "http://127.8.9.10/",
        "http://localhost:9/x?y=1",
        "HTTP://LOCALHOST/",
        "https://[::1]:8443/",
        "https://hooks.example.com/a",
        "https://Hooks.Example.com:8443/a",
        "http://10.0.0.5:8080/",
    ],
)
def test_a_target_on_this_machine_our_own_or_allowed_is_taken(url):
    check_target(url, PARTIES, ALLOWED)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "give http"),
        ("inbox", "give http"),
        ("inbox:x", "give http"),
        ("ftp://127.0.0.1/", "give http"),
        ("file:///etc/passwd", "give http"),
        ("http://", "give http"),
        ("http:///x", "give http"),
        ("//127.0.0.1/", "give http"),
        ("party:admin/clock", "there is no party 'admin'"),
        ("party:", "there is no party ''"),
        ("http://user:pw@127.0.0.1/", "no user and no password"),
        ("http://127.0.0.1@example.com/", "no user and no password"),
        ("http://example.com/", "--allow-target example.com"),
        ("http://localhost.example.com/", "--allow-target"),
        ("http://sub.localhost/", "--allow-target"),
        ("http://hooks.example.com.evil.test/", "--allow-target"),
        ("http://10.0.0.5/", "--allow-target"),
        ("http://10.0.0.5:8081/", "--allow-target"),
        ("http://192.168.1.1/", "--allow-target"),
        ("http://169.254.169.254/latest", "--allow-target"),
        ("http://0.0.0.0/", "--allow-target"),
        ("http://[fe80::1]/", "--allow-target"),
        ("http://[::ffff:10.0.0.1]/", "--allow-target"),
        ("http://2130706433/", "--allow-target"),
        ("http://0x7f.1/", "--allow-target"),
        ("http://127.1/", "--allow-target"),
        ("http://127.0.0.1:99999/", "Port out of range"),
        ("http://[::1/", "Invalid IPv6"),
        ("http://127.0.0.1/ x", "none of them blank"),
        ("http://127.0.0.1/\n", "none of them blank"),
        ("http://127.0.0.1/é", "none of them blank"),
        ("http://127.0.0.1/" + "x" * 2000, "at most 2000"),
    ],
)
def test_every_other_target_is_refused_with_the_remedy(url, why):
    with pytest.raises(Rejected) as refusal:
        check_target(url, PARTIES, ALLOWED)
    assert refusal.value.reason is Reason.WEBHOOK_TARGET_REFUSED
    assert why in str(refusal.value)


# What they carry


@pytest.mark.parametrize("code", registry.codes())
def test_every_marketplace_tells_the_same_bytes_at_every_attempt_and_signs_them(code):
    market = Market(code)
    told = {"party": code, "name": "default", "url": "inbox:", "secret": "rahasia"}
    market.sandbox.do(webhooks_outbox.register, **told)
    ani = market.enrol()
    market.bought(market.shopper(ani), ani)
    dialect = registry.dialect(code)
    for webhook in market.sandbox.ask(Unit.find, kind=Webhook):
        if webhook.event not in dialect.names:
            continue
        first = signed_message(dialect, webhook, "default", "rahasia")
        assert signed_message(dialect, webhook, "default", "rahasia") == first
        headers, body = first
        other, _ = signed_message(dialect, webhook, "default", "anders")
        assert headers != other, "the signature does not depend on the secret"
        assert json.loads(body)
    assert market.is_sound()


@pytest.mark.parametrize("code", registry.codes())
def test_the_signature_is_an_hmac_of_the_raw_body(code):
    dialect = registry.dialect(code)
    headers = dict(dialect.sign(b'{"a": 1}', "rahasia"))
    expected = hmac.new(b"rahasia", b'{"a": 1}', hashlib.sha256).hexdigest()
    assert any(expected in value for value in headers.values())


def test_events_are_chosen_by_either_name_in_the_order_of_an_orders_life():
    assert chosen_events(PLAIN, []) == "order.created,order.paid,voucher.redeemed,order.refunded"
    assert chosen_events(PLAIN, ["order.refunded", "order.paid"]) == "order.paid,order.refunded"
    named = Dialect(names={"order.paid": "transaction.paid"}, body=PLAIN.body, sign=PLAIN.sign, waits=())
    assert chosen_events(named, ["transaction.paid"]) == "order.paid"
    with pytest.raises(Rejected, match=r"events=order\.refunded"):
        chosen_events(named, ["order.refunded"])


# Over real sockets


class Receiver:
    """A receiver on this machine that answers as it is told."""

    def __init__(self):
        self.got, self.answers, self.arrived = [], [], threading.Event()
        self.came, self.slow = threading.Event(), None
        """Whether a request is here, and what its answer waits for."""
        receiver = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                status, body = receiver.answers.pop(0) if receiver.answers else (200, b"")
                receiver.got.append((dict(self.headers), raw))
                receiver.came.set()
                if receiver.slow is not None:
                    receiver.slow.wait(10)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                receiver.arrived.set()

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def receiving():
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture
def market():
    made = Market("tokopedia")
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def registered(market, url, name="default", events="order.paid", **more):
    told = {"party": market.code, "name": name, "url": url, "events": events} | more
    market.sandbox.do(webhooks_outbox.register, **told)
    market.sandbox.telling = True


def buys(market, number=0):
    ani = market.enrol(number)
    return market.bought(market.shopper(ani), ani)


def kept(market):
    return market.sandbox.ask(Unit.find, kind=Webhook)


def settle(market):
    """Wait for what is under way."""
    market.parties.webhook_delivery.deliver_all(market.sandbox)


def statuses(market):
    return [(one.status, one.attempts, one.outcome) for one in kept(market)]


def test_a_receiver_gets_the_signed_body_while_nobody_waits_for_him(market, receiver):
    registered(market, receiver.url, secret="rahasia")
    buys(market)
    assert receiver.arrived.wait(5)
    settle(market)
    assert statuses(market) == [(S.DELIVERED, 1, "200")]
    headers, raw = receiver.got[0]
    assert headers["Authorization-Hmac"] == hmac.new(b"rahasia", raw, hashlib.sha256).hexdigest()
    assert json.loads(raw)["order_status"] == 220
    assert headers["Content-Type"] == "application/json"
    [sent] = [one for one in timeline.remembered(market.sandbox) if one.path == receiver.url]
    assert (sent.asker, sent.party, sent.status, sent.body) == (market.code, exchanges.CLIENT, 200, raw)
    assert sent.cause == f"webhook {kept(market)[0].key}"


@pytest.mark.parametrize("near", [True, False])
def test_a_bug_in_a_delivery_is_noted_and_ends_nothing(market, receiver, monkeypatch, near):
    """Neither the request that caused it, nor the thread that carries what is far."""
    monkeypatch.setitem(FAULTS, "webhook_lost", type("Unfinished", (WebhookFault,), {"name": "webhook_lost"}))
    registered(market, "inbox:" if near else receiver.url)
    market.sandbox.arm("webhook_lost")
    buys(market)
    buys(market, number=1)
    assert near or receiver.arrived.wait(5)
    ((sandbox, said),) = market.parties.bugs
    market.parties.bugs.clear()
    settle(market)
    assert sandbox == "default"
    assert said.startswith("delivery: NotImplementedError('the fault webhook_lost has no behaviour")
    assert [status for status, _, _ in statuses(market)] == [S.DELIVERED, S.DELIVERED]


@pytest.mark.parametrize("answer", [500, 404, 201, 302])
def test_whatever_is_not_accepted_is_tried_again_to_the_second(market, receiver, answer):
    registered(market, receiver.url)
    receiver.answers = [(answer, b"")]
    buys(market)
    assert receiver.arrived.wait(5)
    settle(market)
    assert statuses(market) == [(S.WAITING, 1, str(answer))]
    due = kept(market)[0].next_at
    market.sandbox.advance(due - SECOND)
    assert len(receiver.got) == 1
    market.sandbox.advance(due)
    settle(market)
    assert statuses(market) == [(S.DELIVERED, 2, "200")]
    assert receiver.got[0][1] == receiver.got[1][1]


def test_nobody_there_is_tried_as_often_as_the_table_says_and_then_listed(market, receiver):
    registered(market, f"{receiver.url.rpartition(':')[0]}:9/")
    buys(market)
    waits = registry.dialect("tokopedia").waits
    for wait in (*waits, SECOND):
        settle(market)
        market.sandbox.advance(market.sandbox.now() + wait)
    assert statuses(market) == [(S.DEAD, len(waits) + 1, "ConnectionError")]


def test_gone_stops_the_target_and_what_comes_later_is_not_kept(market, receiver):
    registered(market, receiver.url)
    receiver.answers = [(410, b"")]
    buys(market)
    assert receiver.arrived.wait(5)
    settle(market)
    assert statuses(market) == [(S.DEAD, 1, "410")]
    buys(market, 1)
    assert len(kept(market)) == 1


def test_a_huge_answer_is_cut_and_its_status_decides(market, receiver):
    registered(market, receiver.url)
    receiver.answers = [(200, b"x" * 300_000)]
    buys(market)
    assert receiver.arrived.wait(5)
    settle(market)
    assert statuses(market) == [(S.DELIVERED, 1, "200")]


def test_a_target_that_is_not_allowed_any_more_is_not_told(market):
    registered(market, "http://hooks.example.com/")
    buys(market)
    settle(market)
    assert {outcome for _, _, outcome in statuses(market)} == {"refused"}


def test_the_clock_never_waits_for_a_real_receiver(market, receiver):
    receiver.slow = threading.Event()
    registered(market, receiver.url)
    buys(market)
    try:
        assert receiver.came.wait(5)
        market.after(86_400 * SECOND)  # returns while the receiver still holds his answer back
        assert statuses(market) == [(S.DUE, 0, "")]
    finally:
        receiver.slow.set()
    settle(market)
    assert statuses(market) == [(S.DELIVERED, 1, "200")]


def promised(sandbox, receiver, facts):
    """Let a webhook wait for that receiver."""
    target = sandbox.do(webhooks_outbox.register, party="tokopedia", name="default", url=receiver.url)
    promise = partial(
        webhooks_outbox.promise, target=target, event="order.paid", about="1", version=1, facts=facts
    )
    sandbox.store.run(sandbox.name, promise)
    sandbox.telling = True


def test_a_slow_receiver_holds_up_no_other_sandbox(market, receiver):
    receiver.slow = threading.Event()
    registered(market, receiver.url)
    buys(market)
    assert receiver.came.wait(5)
    neighbour = market.sandboxes.lease("neighbour", 1, market.sandbox.now())
    with receiving() as quick:
        promised(neighbour, quick, json.loads(kept(market)[0].told))
        try:
            market.parties.webhook_delivery.after_request(neighbour)
            assert quick.arrived.wait(5)
        finally:
            receiver.slow.set()
        market.parties.webhook_delivery.deliver_all(neighbour)
    settle(market)


def test_a_slow_receiver_of_a_world_that_was_reset_holds_up_nobody_in_the_new_one(market, receiver):
    receiver.slow = threading.Event()
    registered(market, receiver.url)
    buys(market)
    assert receiver.came.wait(5)
    facts = json.loads(kept(market)[0].told)
    fresh = market.sandboxes.reset("default")
    with receiving() as quick:
        promised(fresh, quick, facts)
        try:
            market.parties.webhook_delivery.after_request(fresh)
            assert quick.arrived.wait(5)
        finally:
            receiver.slow.set()
        market.parties.webhook_delivery.deliver_all(fresh)
    assert market.parties.bugs == []


@contextmanager
def raw_receiver(talk):
    """A socket that takes one connection and does with it what `talk` says until it is told to stop."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            taken, _ = server.accept()
            with taken, suppress(OSError):
                talk(taken, stop)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/hook?a=1"
        finally:
            stop.set()
            thread.join(5)


def drips(head):
    def talk(taken, stop):
        taken.sendall(head)
        while not stop.wait(0.02):
            taken.sendall(b"x")

    return talk


@pytest.mark.parametrize(
    ("talk", "noted"),
    [
        (drips(b"HTTP/1.1 200 OK\r\nX-Slow: "), "Timeout"),  # a head that never ends
        (drips(b"HTT"), "Timeout"),  # not even a status line
        (lambda _, stop: stop.wait(10), "Timeout"),  # takes the request and is silent
        (drips(b"HTTP/1.1 204 No Content\r\nContent-Length: 99999\r\n\r\n"), "204"),
        (drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"), "200"),  # the status decides
        (lambda taken, _: taken.close(), "ConnectionError"),
        (drips(b"HTTP/1.1 two hundred\r\n\r\n"), "BadStatusLine"),
    ],
)
def test_a_send_has_a_deadline_as_a_whole(talk, noted):
    with raw_receiver(talk) as url:
        began = time.monotonic()
        outcome = webhook_sending.send(url, {"A": "b"}, b"{}", seconds=0.5)
        assert time.monotonic() - began < 5
    assert outcome == noted


def test_what_waits_survives_a_restart(receiver):
    market = Market("tokopedia")
    registered(market, receiver.url)
    receiver.answers = [(500, b"")]
    buys(market)
    assert receiver.arrived.wait(5)
    settle(market)
    again = reopened(market)
    assert again.telling
    again.advance(kept(market)[0].next_at)
    again.parties.webhook_delivery.deliver_all(again)
    assert [one.status for one in again.ask(Unit.find, kind=Webhook)] == [S.DELIVERED]
    assert receiver.got[0][1] == receiver.got[1][1]


def reopened(market):
    """The sandbox as another process would find it."""
    sandboxes = Sandboxes(market.sandboxes.store)
    Parties(sandboxes, wall=wall)
    return sandboxes.get("default")


# In this process


def test_a_party_of_ours_is_told_over_the_wire(market):
    registered(market, "party:institution/kopi-kita/nothing-here")
    buys(market)
    ((status, attempts, outcome),) = statuses(market)
    assert (status, attempts) == (S.WAITING, 1)
    assert outcome in ("404", "405")


def test_a_fault_in_one_marketplaces_webhooks_never_shows_in_another(market):
    other = "pijar"
    for party in ("tokopedia", other):
        told = {"party": party, "name": "default", "url": "inbox:", "events": "order.paid"}
        market.sandbox.do(webhooks_outbox.register, **told)
    market.sandbox.telling = True
    market.sandbox.arm("webhook_lost", "tokopedia/order.paid", 100)
    buys(market)
    elsewhere = Market.__new__(Market)
    elsewhere.__dict__.update(market.__dict__, code=other)
    elsewhere.wire = market.parties.transport(other, market.sandbox)
    buys(elsewhere, 1)
    got = market.sandbox.ask(Unit.log, kind=Arrived)
    assert [one.target for one in got] == [f"{other}/default"]
    assert {(one.party, one.status) for one in kept(market)} == {
        ("tokopedia", S.WAITING),
        (other, S.DELIVERED),
    }


def test_orders_at_once_are_each_told_once(market):
    registered(market, "inbox:")
    people = [market.enrol(number) for number in range(6)]
    shoppers = [market.shopper(one) for one in people]
    orders = [market.carded(shopper, one) for shopper, one in zip(shoppers, people, strict=True)]
    codes = [market.otp(one) for one in people]
    threads = [
        threading.Thread(target=shopper.enter_otp, args=(order, code))
        for shopper, order, code in zip(shoppers, orders, codes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    market.after(0 * SECOND)
    told = [json.loads(one.body)["order_id"] for one in market.sandbox.ask(Unit.log, kind=Arrived)]
    assert sorted(told) == sorted(map(int, orders))


def test_what_is_told_can_be_read(market):
    registered(market, "inbox:")
    bought = buys(market)
    told = facts_of(kept(market)[0])
    assert (told["order"], told["voucher"], told["total"]) == (bought.order, bought.voucher, 650_000)
    assert webhook_dialect.refused("x", "y").reason is Reason.WEBHOOK_TARGET_REFUSED
