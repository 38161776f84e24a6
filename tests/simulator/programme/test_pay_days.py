"""On which days incentives are paid: when banks work, unless a source says otherwise (R23, R27, R37)."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import incentive_rows, operator_actions, surveys
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.holidays import is_working_day
from prakerja_sim.simulator.values.settings import Settings

LAST = wib(2022, 3, 5, 23, 59, 59)
"""The last second for payments of 2021, a Saturday."""
PLANNED = [
    (22, wib(2021, 12, 10, 9), wib(2021, 12, 10, 9)),
    (22, wib(2021, 12, 11, 0), wib(2021, 12, 13, 0)),
    (22, wib(2021, 12, 12, 23, 59, 59), wib(2021, 12, 13, 23, 59, 59)),
    (22, wib(2022, 2, 1, 9), wib(2022, 2, 2, 9)),  # Imlek, a Tuesday
    (22, wib(2022, 3, 4, 9), wib(2022, 3, 4, 9)),
    (22, wib(2022, 3, 5, 9), LAST),
    (22, wib(2022, 4, 1, 9), LAST),
    (10, wib(2020, 12, 13, 9), wib(2020, 12, 13, 9)),  # in 2020 hours counted, a Sunday too
    (10, wib(2021, 4, 1, 9), wib(2021, 3, 5, 23, 59, 59)),
]


@pytest.mark.parametrize(("number", "planned", "paid"), PLANNED)
def test_a_payment_waits_for_the_next_working_day_but_not_beyond_the_cohorts_last_one(number, planned, paid):
    assert incentive_rows.pay_day(wave(number), planned) == paid


SURVEYS = [
    (wib(2021, 11, 19, 9), 14, wib(2021, 12, 3, 9)),
    (wib(2021, 11, 20, 9), 14, wib(2021, 12, 3, 9)),
    (wib(2021, 11, 21, 9), 14, wib(2021, 12, 3, 9)),
    (wib(2021, 11, 22, 9), 14, wib(2021, 12, 6, 9)),
    (wib(2021, 11, 20, 9), 0, wib(2021, 11, 22, 9)),
    (wib(2021, 11, 20, 9), 1, wib(2021, 11, 22, 9)),
    (wib(2021, 11, 19, 9), 1, wib(2021, 11, 19, 9)),
]


@pytest.mark.parametrize(("filled", "within", "paid"), SURVEYS)
def test_a_survey_is_paid_on_the_last_working_day_of_its_promise(begin, filled, within, paid):
    story = begin(settings=Settings(survey_paid_within_days=within, instalment_days=1))
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(filled)
    story.do(surveys.fill, card=story.card, number=1)
    assert story.slot("survey-1").due_at == paid
    assert paid <= filled + timedelta(days=within) or not is_working_day(filled.date())


def test_every_instalment_and_survey_comes_on_a_working_day(story):
    """Also if the account is linked late, one payment fails, and payouts pause over a weekend."""
    story.finish(story.buy())
    story.sandbox.advance(wib(2021, 9, 24, 9))
    story.link_account()
    story.sandbox.arm("payout_rejected", "@ovo")
    story.sandbox.advance(wib(2021, 10, 28, 9))
    story.do(operator_actions.pause_payouts, until=wib(2021, 10, 30, 10))
    for number, at in ((1, wib(2021, 11, 1, 9)), (2, wib(2021, 11, 6, 9)), (3, wib(2021, 11, 7, 9))):
        story.sandbox.advance(at)
        story.do(surveys.fill, card=story.card, number=number)
    story.sandbox.advance(wib(2022, 3, 1))
    paid = [row.paid_at for row in story.find(Incentive)]
    assert len(paid) == 7
    assert None not in paid
    assert [at for at in paid if not is_working_day(at.date())] == []


def test_what_a_pause_held_up_over_a_weekend_is_paid_on_monday(story):
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(wib(2021, 9, 10, 9))
    story.do(operator_actions.pause_payouts, until=wib(2021, 9, 11, 10))  # a Saturday
    story.sandbox.advance(wib(2021, 9, 13, 10) - SECOND)
    assert story.balance(f"incentive:{story.card}") == 0
    story.after(SECOND)
    assert story.balance(f"incentive:{story.card}") == 600_000


def test_a_held_row_keeps_the_day_that_was_planned_and_its_rhythm(begin):
    """Linked on a Saturday: each month lands thirty days on, and then moves to a working day."""
    story = begin(start=wib(2021, 10, 5, 9), wave=21)
    story.finish(story.buy())
    story.sandbox.advance(wib(2021, 11, 20, 9))
    story.link_account()
    dues = [story.slot(f"job-{n}").due_at for n in (1, 2, 3, 4)]
    first = wib(2021, 11, 24, 9)
    assert dues == [incentive_rows.pay_day(wave(21), first + n * timedelta(days=30)) for n in range(4)]
    assert any(due != first + n * timedelta(days=30) for n, due in enumerate(dues))
