"""What stands in front of a party: limits, addresses that may not ask, answers that hang (traps 8 and 13)."""

import socket
import time
from datetime import timedelta
from select import select

import orjson
import pytest

from prakerja_sim.mocks.http import http_faults
from prakerja_sim.mocks.http.transport import InProcess, NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.mocks.shop.prakerja_client import Refused as Unpaid
from prakerja_sim.simulator.values.errors import Dropped
from prakerja_sim.simulator.values.settings import Settings, changed
from tests.mocks.market import INSTITUTION, Market
from tests.mocks.tokopedia_b2b.distributors import AT, Distributor

RATE_LIMIT_HEADERS = {
    "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "X-Ratelimit-Reset-After", "X-Ratelimit-Full-Reset-After",
}  # fmt: skip
PURE = "Terlalu banyak permintaan"
SAYS = {
    "bukalapak": (PURE, {"Retry-After"}),
    "kariermu": (PURE, {"Retry-After"}),
    "kemnaker": (PURE, {"Retry-After"}),
    "pijar": (PURE, {"Retry-After"}),
    "tokopedia": ("Too Many Requests", RATE_LIMIT_HEADERS),
}


class Watched:
    """A wire that remembers its last answer."""

    def __init__(self, wire):
        self._wire = wire

    def send(self, *request):
        self.answer = self._wire.send(*request)
        return self.answer


@pytest.fixture
def reseller():
    """A distributor, and a way to give him a list of addresses."""
    market = Market("tokopedia")
    market.admin = lambda method, path, **body: admin(market, method, path, body)
    return market, Distributor(market)


def admin(market, method, path, body):
    wire = InProcess(market.parties.application, "/__admin")
    return wire.send(method, path, {"Content-Type": "application/json"}, orjson.dumps(body)).json()


@pytest.mark.parametrize("code", registry.codes())
def test_a_limit_is_told_in_the_sites_own_envelope_with_its_headers_and_is_over_after_that(code):
    market = Market(code, changed({"throttle_seconds": 7}))
    text, headers = SAYS[code]
    wire = market.wire = Watched(market.wire)
    shopper = market.shopper(market.enrol())
    market.sandbox.arm("rate_limited", f"/{code}/*", 2)
    for _ in range(2):
        with pytest.raises(Refused):
            shopper.search("kartu prakerja")
        assert wire.answer.status == 429
        told = {name: wire.answer.headers[name] for name in headers}
        assert {told.get("Retry-After", "7"), told.get("X-Ratelimit-Reset-After", "7.0")} == {"7", "7.0"}
        assert text in str(wire.answer.json())
    assert shopper.search("kartu prakerja")
    assert market.is_sound()


def test_prakerja_and_an_institution_have_limits_too():
    market = Market("tokopedia")
    market.sandbox.arm("rate_limited", "redeem-code/status")
    with pytest.raises(Unpaid) as said:
        PrakerjaClient.of(market.parties, market.sandbox, INSTITUTION).redeem_status(redeem_code="X")
    assert (said.value.status, said.value.code) == (429, "ERR42980")
    market.sandbox.arm("rate_limited", "/forgotten")
    site = market.parties.transport("institution", market.sandbox)
    answer = site.send("POST", f"/{INSTITUTION}/accounts/forgotten", {}, b'{"email":"a@example.com"}')
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["error"]["code"] == "too_often"
    assert market.is_sound()


def test_a_seller_who_waits_as_the_four_headers_say_is_let_in(reseller):
    """As known clients do: read the limits, wait, ask again."""
    market, toko = reseller
    market.sandbox.arm("rate_limited", "/b2b/api/v2/account", 2)
    tries = 0
    while True:
        answer = market.send("GET", "/b2b/api/v2/account", headers={"Authorization": f"Bearer {toko.token}"})
        tries += 1
        if answer.status != 429:
            break
        assert answer.headers.keys() >= RATE_LIMIT_HEADERS
        assert int(answer.headers["X-Ratelimit-Remaining"]) == 0
        market.after(timedelta(seconds=float(answer.headers["X-Ratelimit-Reset-After"])))
    assert (answer.status, tries) == (200, 3)


@pytest.mark.parametrize("code", registry.codes())
def test_a_limit_at_prakerja_costs_nobody_money(code):
    """The payment was not looked at: it failed for certain, and is made again by hand."""
    market = Market(code)
    ani = market.enrol()
    shopper = market.shopper(ani)
    order = market.carded(shopper, ani)
    market.sandbox.arm("rate_limited", "payment/authorize")
    with pytest.raises(Refused):
        shopper.enter_otp(order, market.otp(ani))
    assert market.balance(ani) == 1_000_000
    assert shopper.enter_otp(order, market.otp(ani)) == "paid"
    assert market.balance(ani) == 350_000
    assert market.is_sound()


# Addresses


def resell_from(market, toko, addresses):
    own = {"client_code": "toko1", "sign_key": "rahasia", "party": "toko-lain", "addresses": addresses}
    public = admin(market, "GET", "/distributor", {})["platform_public_key"]
    told = admin(market, "POST", "/clients", own | {"public_key": public})
    toko.told |= {"client_id": "toko1", "client_secret": "rahasia"}
    return told


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        ("", 200),
        ("127.0.0.1", 200),
        ("52.74.35.225/32, 127.0.0.0/8", 200),
        ("52.74.35.225/32", 403),
        ("127.0.0.2", 403),
        ("::1", 403),
    ],
)
def test_a_distributor_may_be_let_in_from_some_addresses_only(reseller, addresses, status):
    market, toko = reseller
    resell_from(market, toko, addresses)
    toko.token = toko.new_token()
    before = market.sandbox.digest()
    for method, path in (("GET", "/v2/account"), ("GET", "/v2/product-list"), ("GET", "/v2/order/R-1")):
        answer = toko.send(method, path)
        assert answer.status == (status if path != "/v2/order/R-1" or status == 403 else 400)
        if status == 403:
            assert answer.headers["Content-Type"].startswith("text/html")
            assert b"<h1>403 Forbidden</h1>" in answer.body
    assert toko.send("GET", "/ping").status == 200
    assert market.sandbox.digest() == before


def test_who_has_no_address_is_not_among_them():
    with pytest.raises(http_faults.TurnedAway):
        http_faults.check_address({"REMOTE_ADDR": ""}, "127.0.0.1")
    http_faults.check_address({"REMOTE_ADDR": ""}, "")


@pytest.mark.parametrize("addresses", ["x", "300.0.0.1", "10.0.0.0/33", "127.0.0.1;10.0.0.1"])
def test_addresses_that_are_none_are_told(reseller, addresses):
    market, toko = reseller
    assert resell_from(market, toko, addresses)["error"]["code"] == "malformed"
    assert market.sandboxes.holders("toko1") == []


@pytest.mark.parametrize("status", [403, 429])
def test_the_edge_of_the_distributors_surface_answers_in_html(reseller, status):
    """Which its clients take for an answer of somebody else's."""
    market, toko = reseller
    if status == 403:
        resell_from(market, toko, "10.0.0.1")
        toko.token = toko.new_token()
    else:
        market.sandbox.arm("rate_limited", AT + "/v2/account")
    answer = toko.send("GET", "/v2/account")
    assert (answer.status, answer.body[:6]) == (status, b"<html>")


# Answers that hang


def test_within_the_process_an_answer_that_hangs_is_none():
    market = Market("pijar")
    market.sandbox.arm("reply_hangs", "/pijar/*")
    with pytest.raises(NoReply):
        market.somebody().search("kartu prakerja")
    assert market.somebody().search("kartu prakerja")


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (300, True), (301, False)])
def test_no_answer_hangs_longer_than_five_minutes(seconds, good):
    if good:
        assert changed({"hang_seconds": seconds}).hang_seconds == seconds
    else:
        with pytest.raises(ValueError, match="hang_seconds must be a whole number from 0 to 300, not 301"):
            changed({"hang_seconds": seconds})


def test_most_of_the_threads_never_hang():
    began = []
    exchange = http_faults.Exchange({"sim.hangs": lambda: began.append("now")}, Settings())
    for _ in range(http_faults.AT_ONCE):
        assert http_faults._HANGING.acquire(blocking=False)
    try:
        with pytest.raises(Dropped):
            exchange.hold(0)
    finally:
        http_faults._HANGING.release(http_faults.AT_ONCE)
    assert not began
    exchange.hold(0)
    assert began


@pytest.mark.parametrize(("patience", "answered"), [(59.9, False), (60, False), (60.1, True), (None, True)])
def test_who_says_how_long_he_waits_is_answered_within_the_process_as_if_he_had_waited(patience, answered):
    exchange = http_faults.Exchange({"sim.in_process": True, "sim.patience": patience}, Settings())
    if answered:
        exchange.hold(60)
    else:
        with pytest.raises(Dropped):
            exchange.hold(60)


def test_an_answer_that_hangs_comes_at_last_and_stops_nobody_else(live):
    """Trap 8: a known client waits for ever, so the wait must end by itself."""
    lease = {"name": "hanging", "settings": {"hang_seconds": 2}}
    assert live.send("POST", "/__admin/sandboxes", lease)[0] == 201
    try:
        live.send("POST", "/s/hanging/__admin/faults", {"fault": "reply_hangs"})
        host, _, port = live.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), 30) as patient:
            begun = time.monotonic()
            patient.sendall(
                f"GET /s/hanging/kariermu/program/prakerja HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()
            )
            assert live.send("GET", "/healthz")[0] == 200
            (hanging,) = live.send("GET", "/s/hanging/__admin/timeline?party=kariermu")[1]["exchanges"]
            assert (hanging["status"], hanging["lost"]) == (0, "reply_hangs")
            assert select([patient], [], [], 0) == ([], [], [])  # it still hangs
            assert patient.recv(100).startswith(b"HTTP/1.0 200 ")
            assert time.monotonic() - begun > 1.9
        (done,) = live.send("GET", "/s/hanging/__admin/timeline?party=kariermu")[1]["exchanges"]
        assert (done["id"], done["status"], done["lost"]) == (hanging["id"], 200, None)
    finally:
        live.send("DELETE", "/__admin/sandboxes/hanging")
