from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import operator_actions
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason

RESUMES = wib(2021, 12, 1, 9)


def test_a_blocked_account_buys_nothing_until_it_is_freed(story):
    token = story.send_otp()
    story.do(operator_actions.block, card=story.card, blocked=True)
    assert story.refusal(story.authorize, token) is Reason.CARD_INACTIVE
    assert story.balance() == 1_000_000
    story.do(operator_actions.block, card=story.card, blocked=False)
    assert story.authorize(token).status == "paid"


def test_the_days_to_buy_run_while_an_account_is_blocked(story):
    story.do(operator_actions.block, card=story.card, blocked=True)
    story.after(timedelta(days=31))
    assert story.get(Participant, story.card).status == "revoked"


def test_nobody_and_nothing_is_not_decided_over(story):
    assert story.refusal(story.do, operator_actions.block, card="x", blocked=True) is Reason.PERSON_UNKNOWN
    assert story.refusal(story.do, operator_actions.withdraw_content, course="x") is Reason.COURSE_UNKNOWN


def test_content_that_is_withdrawn_leaves_the_debit_as_it_is(story):
    story.buy()
    story.do(operator_actions.withdraw_content, course="barista-101")
    assert story.get(Course, "barista-101").withdrawn
    assert story.balance() == 350_000
    assert story.sandbox.check() == []


@pytest.mark.parametrize(("at", "paid"), [(RESUMES - SECOND, 0), (RESUMES, 3)])
def test_what_falls_due_during_a_pause_is_sent_when_it_is_over(story, at, paid):
    story.link_account()
    story.finish(story.buy())
    story.do(operator_actions.pause_payouts, until=RESUMES)
    story.sandbox.advance(at)
    rows = story.find(Incentive, card=story.card)
    assert sum(row.status is IncentiveStatus.PAID for row in rows) == paid
    assert story.sandbox.check() == []


def test_after_a_pause_every_instalment_has_come_once(story):
    story.link_account()
    story.finish(story.buy())
    story.do(operator_actions.pause_payouts, until=RESUMES)
    story.sandbox.advance(wib(2022, 3, 31))
    assert story.balance(f"incentive:{story.card}") == 2_400_000
