"""Many at once on one card, one class, one payment: as many win as may, and the books agree.

On LMDB at full durability, through the signed wire in this process.  The set-up of a round is
one unit of work, so that the seconds go into the races.
"""

import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.programme import payment
from prakerja_sim.simulator.programme.records import Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import World

OTP, WRONG = "123456", "654321"
COURSE, PRICE = "sepi", 100_000
UNFINISHED, FULL = "ERRPLT40090", "ERRPLT40083"
OTP_WRONG, OTP_ENDED = "ERRPLT40094", "ERRPLT40096"


@pytest.fixture
def world(tmp_path):
    store = LMDB(tmp_path / "sim.db", "full")
    made = World(Settings(fixed_otp=OTP), store=store, courses={COURSE: {"price": PRICE}})
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)
    store.close()


@command("test.open_payments")
def open_payments(world, *, marketplace, buyers, schedule):
    """Send-otp for many (card, user) in one unit of work."""
    about = {"marketplace": marketplace, "course": COURSE, "schedule": schedule, "amount": PRICE}
    return [payment.send_otp(world, card=card, user=user, **about) for card, user in buyers]


class Crowd:
    """So many clients, each with a thread of its own, who all let go at the same moment."""

    def __init__(self, world, size):
        self.world, self.size = world, size
        self.barrier = threading.Barrier(size)
        self.pool = ThreadPoolExecutor(size)

    def tokens(self, buyers, course=COURSE):
        schedule = self.world.schedule(course)
        told = {"marketplace": "tokopedia", "buyers": buyers, "schedule": schedule}
        return self.world.sandbox.do(open_payments, **told)

    def authorize(self, tries):
        """One (token, otp, invoice) for each client, all at once; their answers."""

        def one(attempt):
            self.barrier.wait(30)
            return self.world.authorize(*attempt)

        assert len(tries) == self.size
        return list(self.pool.map(one, tries))


@contextmanager
def crowd(world, size):
    made = Crowd(world, size)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        yield made
    finally:
        sys.setswitchinterval(interval)
        made.pool.shutdown()


def outcomes(answers):
    """How often each code was answered; a success is OK."""
    return Counter("OK" if a.status == 200 else a.json()["code"] for a in answers)


def received(world):
    return world.sandbox.ask(ledger.balance, account="institution:lp-kopi")


def test_of_64_clients_with_one_card_exactly_one_pays_a_hundred_times_over(world):
    with crowd(world, 64) as clients:
        for number in range(100):
            card = world.enrol().card
            tokens = clients.tokens([(card, f"{number}-{n}") for n in range(64)])
            answers = clients.authorize([(t, OTP, f"INV-{number}-{n}") for n, t in enumerate(tokens)])
            assert outcomes(answers) == {"OK": 1, UNFINISHED: 63}
            [training] = world.sandbox.ask(Unit.find, kind=Training, card=card)
            [paid] = [a.json()["data"] for a in answers if a.status == 200]
            assert (paid["transaction_code"], paid["invoice_code"]) == (
                training.transaction,
                training.invoice,
            )
            assert world.sandbox.ask(ledger.balance, account=f"card:{card}") == 1_000_000 - PRICE
            assert received(world) == (number + 1) * PRICE


def test_of_100_buyers_exactly_as_many_get_in_as_there_are_seats(world):
    world.list_course("sepuluh", price=PRICE, quota=10)
    with crowd(world, 100) as buyers:
        cards = [world.enrol().card for _ in range(100)]
        schedule = world.schedule("sepuluh")
        about = {"marketplace": "tokopedia", "course": "sepuluh", "schedule": schedule, "amount": PRICE}
        tokens = [world.sandbox.do(payment.send_otp, card=c, user=c, **about) for c in cards]
        answers = buyers.authorize([(t, OTP, f"INV-{n}") for n, t in enumerate(tokens)])
    assert outcomes(answers) == {"OK": 10, FULL: 90}
    assert world.seats("sepuluh") == 0
    assert world.sandbox.ask(ledger.balance, account=f"taken:{schedule}") == 10
    assert received(world) == 10 * PRICE
    for card, answer in zip(cards, answers, strict=True):
        spent = PRICE if answer.status == 200 else 0
        assert world.sandbox.ask(ledger.balance, account=f"card:{card}") == 1_000_000 - spent


def test_one_authorize_sent_32_times_at_once_is_booked_once_and_answered_alike(world):
    with crowd(world, 32) as senders:
        for number in range(20):
            card = world.enrol().card
            [token] = senders.tokens([(card, f"u{number}")])
            before = len(world.sandbox.journal())
            answers = senders.authorize([(token, OTP, f"INV-{number}")] * 32)
            assert {(a.status, a.body) for a in answers} == {(200, answers[0].body)}
            assert [e.outcome for e in world.sandbox.journal()[before:]] == ["ok"]
            assert received(world) == (number + 1) * PRICE


def test_one_invoice_claimed_by_32_cards_at_once_is_paid_by_one(world):
    with crowd(world, 32) as clients:
        cards = [world.enrol().card for _ in range(32)]
        tokens = clients.tokens([(card, card) for card in cards])
        answers = clients.authorize([(token, OTP, "INV-1") for token in tokens])
        assert outcomes(answers) == {"OK": 1, "ERRPLT40098": 31}
        assert received(world) == PRICE


def test_of_100_guesses_at_once_five_are_looked_at(world):
    with crowd(world, 100) as guessers:
        for number in range(5):
            card = world.enrol().card
            [token] = guessers.tokens([(card, f"u{number}")])
            answers = guessers.authorize([(token, WRONG, f"INV-{n}") for n in range(100)])
            assert outcomes(answers) == {OTP_WRONG: 5, OTP_ENDED: 95}
            kept = world.sandbox.ask(Unit.need, kind=Payment, key=token)
            assert (kept.status, kept.wrong_otps) == (PaymentStatus.ENDED, 5)
            assert world.authorize(token, OTP, "INV-X").json()["code"] == OTP_ENDED
        assert received(world) == 0


def test_a_right_code_among_99_wrong_ones_pays_once_or_comes_too_late(world):
    paid = 0
    with crowd(world, 100) as guessers:
        for number in range(5):
            card = world.enrol().card
            [token] = guessers.tokens([(card, f"u{number}")])
            tries = [(token, OTP if n == 50 else WRONG, f"INV-{number}") for n in range(100)]
            told = outcomes(guessers.authorize(tries))
            won = told.pop("OK", 0)
            paid += won
            assert told[OTP_WRONG] <= (4 if won else 5)
            assert set(told) <= {OTP_WRONG, OTP_ENDED, "ERRPLT40097"}
            assert (OTP_ENDED in told) is not bool(won)
    assert received(world) == paid * PRICE
