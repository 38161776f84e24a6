"""Guessing: every code against one payment, and only the allowed tries are ever looked at.

`make brute` sends all 1,000,000 codes; the suite sends a slice of them.
"""

from collections import Counter
from datetime import timedelta

import pytest

from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.programme import payment
from prakerja_sim.simulator.programme.records import Payment
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import World, told

TRIES = 5
SLICE = 10_000


@pytest.fixture
def codes(request):
    return range(1_000_000 if request.config.getoption("--brute") else SLICE)


def opened(world):
    ani = world.enrol()
    return ani, world.opened(ani), world.otp(ani)


def guess(world, token, otp):
    """One guess at the core, without the wire around it."""
    told = {
        "marketplace": "tokopedia",
        "token": token,
        "invoice": "INV-1",
        "invoice_url": "https://dp.example/1",
    }
    try:
        world.sandbox.do(payment.authorize, otp=otp, **told)
    except Rejected as refusal:
        return refusal.reason
    return None


def kept(world, token):
    return world.sandbox.ask(Unit.need, kind=Payment, key=token)


@pytest.mark.timeout(300)
def test_of_all_codes_only_the_allowed_tries_are_evaluated(world, codes):
    ani, token, right = opened(world)
    outcomes = Counter(guess(world, token, f"{code:06}") for code in codes if f"{code:06}" != right)
    assert set(outcomes) == {Reason.OTP_WRONG, Reason.OTP_TRIES_EXHAUSTED}
    assert outcomes[Reason.OTP_WRONG] == TRIES
    assert outcomes[Reason.OTP_TRIES_EXHAUSTED] == len(codes) - TRIES - (int(right) in codes)
    assert kept(world, token).wrong_otps == TRIES
    assert guess(world, token, right) is Reason.OTP_TRIES_EXHAUSTED
    assert world.balance(ani) == 1_000_000
    assert [entry.outcome for entry in world.sandbox.journal()].count("otp_wrong") == TRIES


@pytest.mark.parametrize("wrong", range(TRIES + 1))
def test_the_right_code_after_so_many_wrong_ones(world, wrong):
    ani, token, right = opened(world)
    for _ in range(wrong):
        assert guess(world, token, world.wrong_otp(ani)) is Reason.OTP_WRONG
    assert guess(world, token, right) is (None if wrong < TRIES else Reason.OTP_TRIES_EXHAUSTED)


def test_a_resent_code_gives_no_new_tries(world):
    ani, token, _ = opened(world)
    for done in range(TRIES):
        assert guess(world, token, world.wrong_otp(ani)) is Reason.OTP_WRONG
        assert kept(world, token).wrong_otps == done + 1
        if done < TRIES - 1:
            world.after(timedelta(seconds=60))
            assert world.opened(ani) == token
    assert guess(world, token, world.otp(ani)) is Reason.OTP_TRIES_EXHAUSTED


def test_new_tokens_give_a_card_no_more_than_fifteen_tries_an_hour(world):
    ani = world.enrol()
    outcomes = Counter()
    for user in range(10):
        token = world.opened(ani, user=f"user-{user}")
        for _ in range(10):
            outcomes[guess(world, token, world.wrong_otp(ani))] += 1
    assert outcomes == {Reason.OTP_WRONG: 15, Reason.OTP_TRIES_EXHAUSTED: 85}


@pytest.mark.parametrize(
    "who", ["another marketplace", "a token that does not exist", "a token of another card"]
)
def test_the_right_code_from_the_wrong_place_buys_nothing(world, who):
    ani, token, right = opened(world)
    other, theirs, _ = opened(world)
    answer = {
        "another marketplace": lambda: world.authorize(token, right, by=world.dp2),
        "a token that does not exist": lambda: world.authorize("0" * 32, right),
        "a token of another card": lambda: world.authorize(theirs, right),
    }[who]()
    assert told(answer)[1] == ("ERRPLT40094" if "card" in who else "ERRPLT40097")
    assert (world.balance(ani), world.balance(other)) == (1_000_000, 1_000_000)
    assert kept(world, token).wrong_otps == 0


def test_what_a_guesser_is_answered_differs_in_code_and_text_only(world):
    """Status, headers, fields and length of headers tell nothing that the documented code does not."""
    ani, token, right = opened(world)
    answers = {"wrong": world.authorize(token, world.wrong_otp(ani))}
    answers |= {
        "unknown": world.authorize("0" * 32, right),
        "foreign": world.authorize(token, right, by=world.dp2),
    }
    for _ in range(TRIES - 1):
        world.authorize(token, world.wrong_otp(ani))
    answers |= {
        "exhausted": world.authorize(token, world.wrong_otp(ani)),
        "right": world.authorize(token, right),
    }
    budi, late, code = opened(world)
    world.after(timedelta(seconds=301))
    answers |= {
        "expired": world.authorize(late, code),
        "expired, wrong": world.authorize(late, world.wrong_otp(budi)),
    }
    assert {answer.status for answer in answers.values()} == {400}
    assert {tuple(answer.json()) for answer in answers.values()} == {("code", "message", "success")}
    names = {tuple(sorted(answer.headers)) for answer in answers.values()}
    assert len(names) == 1
    bodies = {name: answer.body for name, answer in answers.items()}
    assert bodies["unknown"] == bodies["foreign"]
    assert bodies["exhausted"] == bodies["right"], "an ended token does not tell whether a guess was right"
    assert bodies["expired"] == bodies["expired, wrong"], "nor does an expired one"
    assert [told(answers[name])[1] for name in ("wrong", "unknown", "exhausted", "expired")] == [
        "ERRPLT40094", "ERRPLT40097", "ERRPLT40096", "ERRPLT40095",
    ]  # fmt: skip


def test_the_count_survives_closing_and_opening_the_store(tmp_path):
    file = tmp_path / "sim.db"
    world = World(store=LMDB(file))
    ani, token, right = opened(world)
    for _ in range(3):
        assert guess(world, token, world.wrong_otp(ani)) is Reason.OTP_WRONG
    world.sandboxes.store.close()
    again = World.__new__(World)
    again.sandboxes, again.name = Sandboxes(LMDB(file)), "default"
    assert kept(again, token).wrong_otps == 3
    assert guess(again, token, again.wrong_otp(ani)) is Reason.OTP_WRONG
    assert guess(again, token, again.wrong_otp(ani)) is Reason.OTP_WRONG
    assert guess(again, token, right) is Reason.OTP_TRIES_EXHAUSTED
    assert again.sandbox.check() == []
    again.sandboxes.store.close()
