"""The same races over HTTP, against a server as everybody starts it, on LMDB at full durability.

With --postgres it keeps its worlds in a database. `make races` plays many rounds, the ordinary run a few.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from requests.adapters import HTTPAdapter

from prakerja_sim.mocks.http.transport import Http
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from tests.crash.partner import COURSE, OPTIONS, OTP, PRICE, Partner, leased
from tests.live import serving

UNFINISHED, FULL = "ERRPLT40090", "ERRPLT40083"
PRESSES = 16
SMALL, SEATS = "sepuluh", 10


@pytest.fixture(scope="module")
def server(tmp_path_factory, request):
    store = f"lmdb:{tmp_path_factory.mktemp('races') / 'sim.db'}"
    if request.config.getoption("postgres"):
        store = request.getfixturevalue("database").emptied()
    with serving("--store", store, "--show-secrets", *OPTIONS) as running:
        yield running


@pytest.fixture
def rounds(request):
    return request.config.getoption("--rounds")


class Crowd:
    """So many clients, each with a thread and a connection of its own, who all let go at the same moment."""

    def __init__(self, server, sandbox, size):
        self.partners = [Partner(server, sandbox) for _ in range(size)]
        self.barrier = threading.Barrier(size)
        self.pool = ThreadPoolExecutor(size)

    def each(self, do, *of):
        """What each client's call answers, as they come to it; no answer is the server's failure."""
        answers = list(self.pool.map(do, self.partners, *of))
        assert not [a for a in answers if a.status >= 500]
        return answers

    def at_once(self, do, *of):
        def one(partner, *about):
            self.barrier.wait(60)
            return do(partner, *about)

        return self.each(one, *of)


@contextmanager
def crowd(server, sandbox, size):
    made = Crowd(server, sandbox, size)
    try:
        yield made
    finally:
        made.pool.shutdown()
        for partner in made.partners:
            partner.close()


def outcomes(answers):
    return Counter("OK" if a.status == 200 else a.body["code"] for a in answers)


def tokens(answers):
    assert {a.status for a in answers} == {200}
    return [a.body["data"]["payment_token"] for a in answers]


def balances(partner, family):
    accounts = partner.admin("GET", "/ledger?limit=1").body["accounts"]
    return {a["account"]: a["balance"] for a in accounts if a["account"].startswith(f"{family}:")}


def sound(partner):
    assert partner.admin("GET", "/invariants").body == {"ok": True, "violations": []}
    assert partner.admin("GET", "/bugs").body["bugs"] == []


@pytest.mark.timeout(900)
def test_of_64_clients_with_one_card_exactly_one_pays(server, rounds):
    leased(server, "one-card").close()
    with crowd(server, "one-card", 64) as clients:
        first = clients.partners[0]
        for number in range(1, rounds + 1):
            card = first.enrol(number)
            users = [f"{number}-{n}" for n in range(64)]
            opened = tokens(clients.each(lambda p, user, card=card: p.send_otp(card, user), users))
            invoices = [f"INV-{user}" for user in users]
            assert outcomes(clients.at_once(Partner.authorize, opened, invoices)) == {"OK": 1, UNFINISHED: 63}
            assert balances(first, "card")[f"card:{card}"] == 1_000_000 - PRICE
            assert sum(balances(first, "taken").values()) == number
        sound(first)


@pytest.mark.timeout(300)
def test_of_100_buyers_exactly_as_many_get_in_as_there_are_seats(server):
    leased(server, "seats").close()
    with crowd(server, "seats", 100) as buyers:
        first = buyers.partners[0]
        first.list_course(SMALL, quota=SEATS)
        for partner in buyers.partners:
            partner.course, partner.schedule = SMALL, first.schedule
        cards = [first.enrol(number) for number in range(1, 101)]
        opened = tokens(buyers.each(Partner.send_otp, cards))
        answers = buyers.at_once(Partner.authorize, opened, [f"INV-{card}" for card in cards])
        assert outcomes(answers) == {"OK": SEATS, FULL: 100 - SEATS}
        assert balances(first, "seats")[f"seats:{first.schedule}"] == 0
        assert balances(first, "taken") == {f"taken:{first.schedule}": SEATS}
        spent = {card: PRICE if a.status == 200 else 0 for card, a in zip(cards, answers, strict=True)}
        left = balances(first, "card")
        assert {card: 1_000_000 - left[f"card:{card}"] for card in cards} == spent
        sound(first)


@pytest.mark.timeout(300)
def test_one_authorize_sent_16_times_at_once_is_booked_once_and_answered_alike(server, rounds):
    leased(server, "repeated").close()
    with crowd(server, "repeated", PRESSES) as senders:
        first = senders.partners[0]
        for number in range(1, rounds + 1):
            [token] = tokens([first.send_otp(first.enrol(number))])
            invoices = [f"INV-{number}"] * PRESSES
            answers = senders.at_once(Partner.authorize, [token] * PRESSES, invoices)
            assert [(a.status, a.body) for a in answers] == [(200, answers[0].body)] * PRESSES
            assert sum(balances(first, "taken").values()) == number
        sound(first)


class Wire(Http):
    """A wire for as many threads as press, and the statuses that came over it."""

    def __init__(self, url):
        super().__init__(url)
        self._session.mount("http://", HTTPAdapter(pool_maxsize=PRESSES))
        self.statuses = []

    def send(self, *request):
        answer = super().send(*request)
        self.statuses.append(answer.status)
        return answer

    def close(self):
        self._session.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("market", registry.codes())
def test_whoever_presses_pay_16_times_at_a_marketplace_pays_once(server, rounds, market):
    name = f"presses-{market}"
    barrier = threading.Barrier(PRESSES)
    with (
        closing(leased(server, name)) as partner,
        closing(Wire(f"{server.url}/s/{name}/{market}")) as wire,
        ThreadPoolExecutor(PRESSES) as fingers,
    ):
        for number in range(1, max(rounds // 5, 2) + 1):
            person = partner.admin("POST", "/people", {"wave": 22, "number": number}).body["people"][0]
            shopper = registry.shopper(market, wire)
            shopper.sign_up(person["name"], person["phone"], person["email"])
            shopper.enter_phone_code(partner.code(person["phone"]))
            shopper.add_to_cart(COURSE)
            order = shopper.check_out()
            shopper.enter_card(order, person["prakerja_id"])

            def press(_, shopper=shopper, order=order):
                barrier.wait(60)
                try:
                    return shopper.enter_otp(order, OTP)
                except Refused as refusal:
                    return refusal.code

            answers = Counter(fingers.map(press, range(PRESSES)))
            assert answers["paid"] >= 1, answers
            assert [one.status for one in shopper.history()] == ["issued"]
            left = balances(partner, "card")[f"card:{person['prakerja_id']}"]
            assert left == 1_000_000 - PRICE
        assert not [status for status in wire.statuses if status >= 500]
        assert sum(balances(partner, "taken").values()) == number
        sound(partner)
