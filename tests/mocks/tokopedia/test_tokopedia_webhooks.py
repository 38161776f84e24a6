"""Tokopedia's registration for webhooks: who is told what, what is blanked, whose order it is."""

import hmac
import json
from base64 import b64encode

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.simulator.marketplace.webhook_records import Arrived, Webhook, WebhookTarget
from prakerja_sim.simulator.world.store import Unit

URLS = {"order_status_url": "inbox:", "order_notification_url": "inbox:", "order_cancellation_url": "inbox:"}


class Partner:
    """An institution with an access token."""

    def __init__(self, market, institution="kopi-kita"):
        self.market = market
        credential = market.sandboxes.credential_of(market.sandbox, institution)
        pair = b64encode(f"{credential.client_code}:{credential.sign_key}".encode()).decode()
        path = "/accounts/token?grant_type=client_credentials"
        granted = market.wire.send("POST", path, {"Authorization": f"Basic {pair}"})
        self.token = granted.json()["access_token"]

    def send(self, method, path, /, **body):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self.market.wire.send(method, path, headers, orjson.dumps(body) if body else b"")

    def register(self, fs=13004, **urls):
        answer = self.send("POST", f"/fs/v1/fs/{fs}/register", **urls)
        assert answer.status == 200, answer.body
        return answer.json()


@pytest.fixture
def partner(market):
    return Partner(market)


def arrived(market):
    return market.sandbox.ask(Unit.log, kind=Arrived)


def buys(market, number=0, course="barista-101"):
    ani = market.enrol(number)
    shopper = market.shopper(ani)
    return shopper, market.bought(shopper, ani, course)


def test_each_url_is_told_of_its_own_in_the_life_of_an_order(market, partner):
    partner.register(**URLS)
    shopper, bought = buys(market)
    shopper.complain(bought.order, "Salah beli")
    told = [(one.target.rpartition("-")[2], json.loads(one.body)["order_status"]) for one in arrived(market)]
    assert told == [
        ("order_status", 103),
        ("order_notification", 220),
        ("order_status", 220),
        ("order_cancellation", 0),
        ("order_status", 0),
    ]


def test_a_used_voucher_finishes_the_order(market, partner):
    partner.register(order_status_url="inbox:")
    _, bought = buys(market)
    market.partner("voucher/redeem", voucher_code=bought.voucher)
    assert json.loads(arrived(market)[-1].body)["order_status"] == 700


def test_the_body_is_signed_with_the_registered_secret(market, partner):
    partner.register(order_status_url="inbox:", webhook_secret="rahasia")
    buys(market)
    for one in arrived(market):
        expected = hmac.new(b"rahasia", one.body.encode(), "sha256").hexdigest()
        assert json.loads(one.headers)["Authorization-Hmac"] == expected


def test_a_notification_names_product_and_buyer_as_its_clients_read_them(market, partner):
    partner.register(order_notification_url="inbox:")
    _, bought = buys(market)
    told = json.loads(arrived(market)[0].body)
    assert told["order_id"] == int(bought.order)
    assert told["products"][0]["Name"] == "Barista"
    assert told["amt"] == {"ttl_product_price": 650_000, "ttl_amount": 650_000}
    assert told["create_time"] == 1_629_792_000


def test_registering_again_blanks_what_is_not_repeated(market, partner):
    partner.register(**URLS)
    partner.register(order_status_url="inbox:")
    assert partner.send("GET", "/fs/v1/fs/13004").json()["data"] == {
        "fs_id": 13004,
        "order_status_url": "inbox:",
    }
    buys(market)
    assert {one.target.rpartition("-")[2] for one in arrived(market)} == {"order_status"}
    partner.register(webhook_secret="rahasia")
    assert partner.send("GET", "/fs/v1/fs/13004").json()["data"] == {"fs_id": 13004}


def test_an_institution_is_told_of_its_own_classes_only(market, partner):
    market.list_course("roti-1", 100_000, institution="lp-roti", title="Roti")
    other = Partner(market, "lp-roti")
    partner.register(order_notification_url="inbox:")
    other.register(order_notification_url="inbox:")
    buys(market, 0)
    buys(market, 1, "roti-1")
    told = [(one.target, json.loads(one.body)["products"][0]["id"]) for one in arrived(market)]
    assert told == [
        ("tokopedia/kopi-kita-13004-order_notification", "barista-101"),
        ("tokopedia/lp-roti-13004-order_notification", "roti-1"),
    ]


def test_a_webhook_is_sent_again_and_shown_beforehand_to_whom_it_was_for(market, partner):
    partner.register(order_status_url="inbox:")
    _, bought = buys(market)
    again = partner.send("POST", "/fs/v1/fs/13004/trigger", Type="order_status", order_id=int(bought.order))
    assert again.status == 200
    first, second = arrived(market)[-2:]
    assert (first.body, first.webhook) == (second.body, second.webhook)
    path = f"/fs/v1/order/{bought.order}/fs/13004/webhook?type=order_status"
    assert partner.send("GET", path).json()["data"] == json.loads(second.body)
    stranger = Partner(market, "lp-roti")
    for method, where, body in (
        ("GET", path, {}),
        ("POST", "/fs/v1/fs/13004/trigger", {"Type": "order_status", "order_id": bought.order}),
    ):
        answer = stranger.send(method, where, **body)
        assert (answer.status, answer.json()["error_message"]) == (404, ["Data Not Found"])


BAD = [
    {"order_status_url": "http://example.com/"},
    {"order_status_url": 1},
    {"order_status_url": "http://127.0.0.1/" + "x" * 3000},
    {"order_status_url": "inbox:", "order_notification_url": "ftp://127.0.0.1/"},
    {"webhook_secret": "x" * 256},
]


@pytest.mark.parametrize("body", BAD)
def test_a_registration_that_is_wrong_registers_nothing(market, partner, body):
    before = market.sandbox.digest()
    answer = partner.send("POST", "/fs/v1/fs/13004/register", **body)
    assert answer.status == 400
    assert (answer.json()["data"], answer.json()["status"]) == (None, "400 Bad Request")
    assert market.sandbox.digest() == before
    assert market.sandbox.ask(Unit.find, kind=WebhookTarget) == []


@pytest.mark.parametrize("fs", ["x", "-1", "1.5", "%C2%B2", "1234567890"])
def test_an_fs_id_is_a_whole_number(market, partner, fs):
    answer = partner.send("POST", f"/fs/v1/fs/{fs}/register", order_status_url="inbox:")
    assert answer.status == 400
    assert market.sandbox.ask(Unit.find, kind=WebhookTarget) == []


def test_without_a_token_nobody_registers(market, partner):
    partner.token = "c:nobody"
    answer = partner.send("POST", "/fs/v1/fs/13004/register", order_status_url="inbox:")
    assert answer.status == 401
    assert market.sandbox.ask(Unit.find, kind=Webhook) == []


def test_the_short_path_answers_under_the_real_host(market, partner):
    wire = InProcess(market.parties.application, host="fs.tokopedia.net")
    answer = wire.send("GET", "/v1/fs/13004", {"Authorization": f"Bearer {partner.token}"})
    assert answer.json()["data"] == {"fs_id": 13004}
