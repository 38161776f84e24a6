"""Whoever is killed between reserving, instructing and settling loses no payment and pays none twice."""

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.payout.instructions import WithoutWire
from prakerja_sim.simulator.payout.partners import OUTCOMES, SUCCESS
from prakerja_sim.simulator.payout.records import Payout, PayoutStatus
from prakerja_sim.simulator.programme import incentive_payments
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib

DUE = wib(2021, 9, 10, 15)
CLOSING = wib(2022, 3, 5, 23, 59, 59)


class Elsewhere:
    """The other parties of a sandbox, of which only the payment partners matter here."""

    def __init__(self, payment_partners):
        self.payment_partners = lambda _: payment_partners

    def carry(self, *_):
        """Nothing else is asked of anybody."""

    deliver = saw = carry


class Killed(BaseException):
    """The process is gone; nothing more of it is done."""


class Dying:
    """The partners of a process that is killed at its n-th call, before it goes out or after its answer."""

    def __init__(self, world, call, moment):
        self.partners, self.left, self.moment = WithoutWire(world), call, moment

    def call(self, ask, instruction):
        self.left -= 1
        if self.left == 0 and self.moment == "before":
            raise Killed
        try:
            return ask(instruction)
        finally:
            if self.left == 0:
                raise Killed

    def pay(self, instruction):
        return self.call(self.partners.pay, instruction)

    def status(self, instruction):
        return self.call(self.partners.status, instruction)

    def recall(self, instruction):
        return self.call(self.partners.recall, instruction)


class Silent:
    """Partners that do not even answer."""

    def pay(self, instruction):
        return None

    status = recall = pay


@pytest.fixture
def story(begin):
    """Linked at OVO and rated; the first instalment is due."""
    story = begin()
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(DUE - SECOND)
    return story


def killed(story, until, call, moment):
    """The clock is moved by a process that is killed, and the store opened by another one."""
    story.sandbox.parties = Elsewhere(Dying(story.sandbox, call, moment))
    with pytest.raises(Killed):
        story.sandbox.advance(until)
    again = sandbox.reopen(story.sandbox.store, story.sandbox.name)
    story.sandbox, story.do, story.ask = again, again.do, again.ask
    assert story.sandbox.check() == []


def settled(story):
    """What each account holds when all is over, every slot having been paid at most once."""
    story.sandbox.advance(CLOSING + 7 * DAY)
    assert story.sandbox.check() == []
    paid = [p.reference.partition("#")[0] for p in story.find(Payout) if p.status is PayoutStatus.PAID]
    assert sorted(paid) == [row.key for row in story.find(Incentive) if row.status.value == "paid"]
    accounts = (f"owed:{story.card}", "payout:ovo", f"incentive:{story.card}", "treasury:18")
    return [story.balance(account) for account in accounts]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_payment_that_was_cut_short_is_settled_by_asking_for_it(story, outcome, call, moment):
    if outcome != SUCCESS:
        story.sandbox.arm(outcome, "@ovo", times=2)
    killed(story, CLOSING, call, moment)
    assert settled(story) == [0, 0, 2_400_000, 0]


def test_what_was_being_sent_is_asked_for_in_the_same_second_and_booked_as_if_nothing_had_been(story):
    killed(story, DUE, 1, "after")
    assert (story.slot("job-1").status.value, story.slot("job-1").attempts) == ("sending", 1)
    assert [p.status.value for p in story.find(Payout)] == ["paid"]
    assert story.balance(f"owed:{story.card}") == 2_400_000
    story.sandbox.advance(DUE)
    assert (story.slot("job-1").status.value, story.slot("job-1").paid_at) == ("paid", DUE)
    assert story.balance(f"incentive:{story.card}") == 600_000


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("fault", "left"), [("payout_reply_lost", 0), ("payout_request_lost", 600_000), ("payout_late", 600_000)]
)
def test_a_close_out_that_was_cut_short_recalls_again(begin, fault, left, moment):
    """The fourth instalment is due in the last second: no answer to it is in sight."""
    story = begin()
    story.link_account()
    paid = story.buy()
    story.report(paid)
    story.sandbox.advance(wib(2021, 12, 20))
    story.rate(paid)
    story.sandbox.advance(CLOSING - SECOND)
    story.sandbox.arm(fault)
    killed(story, CLOSING + SECOND, 2, moment)
    assert story.slot("job-4").status.value == "sent"
    assert settled(story) == [0, 0, 2_400_000 - left, left]


def test_money_of_a_partner_that_is_silent_at_the_close_out_waits_for_its_answer(story):
    """Nobody may send it to the treasury: it may have been paid."""
    story.sandbox.advance(wib(2021, 12, 9))
    story.sandbox.arm("payout_reply_lost")
    story.sandbox.advance(wib(2021, 12, 9, 15))
    story.sandbox.parties = Elsewhere(Silent())
    story.sandbox.advance(CLOSING + 5 * DAY)
    assert story.slot("job-4").status.value == "sent"
    assert story.balance("payout:ovo") == 600_000
    assert story.sandbox.check() == []
    story.sandbox.parties = None
    assert settled(story) == [0, 0, 2_400_000, 0]


def test_an_answer_is_settled_once(story):
    story.sandbox.advance(DUE)
    before = story.slot("job-1")
    for reference in (f"{before.key}#1", f"{before.key}#2"):
        arguments = {"slot": before.key, "reference": reference, "refusal": "payout_rejected"}
        story.do(incentive_payments.settle, status="refused", **arguments)
    assert story.slot("job-1") == before
    assert story.sandbox.check() == []
