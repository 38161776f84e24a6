from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import incentive_payments, incentives, surveys
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Survey
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.holidays import by_working_day
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Due

FIRST_TRANSFER = wib(2021, 9, 10, 15)
"""Reported on 24 August: certificate 6 September, rows a day later, paid three working days later."""
INSTALMENTS = (FIRST_TRANSFER, wib(2021, 10, 11, 15), wib(2021, 11, 9, 15), wib(2021, 12, 9, 15))
"""Thirty days apart; 10 October is a Sunday."""
CLOSING = wib(2022, 3, 5, 23, 59, 59)
"""The last second in which incentives of 2021 are paid."""
SURVEYS_CLOSE = wib(2021, 12, 10, 23, 59, 59)
HOUR = timedelta(hours=1)


def rated(story, *, linked):
    """The first training is rated; the account is linked before that or not at all."""
    if linked:
        story.link_account()
    story.finish(story.buy())
    return story


def fill(story, number):
    return story.do(surveys.fill, card=story.card, number=number)


def slots(story):
    return {i.slot: i.status.value for i in story.find(Incentive, card=story.card)}


def paid_to(story):
    return story.balance(f"incentive:{story.card}")


def test_the_rows_appear_a_day_after_the_rating_and_are_paid_month_by_month(story):
    rated(story, linked=True)
    story.sandbox.advance(wib(2021, 9, 7, 15) - SECOND)
    assert slots(story) == {}
    story.after(SECOND)
    assert slots(story) == dict.fromkeys(("job-1", "job-2", "job-3", "job-4"), "scheduled")

    for month, due in enumerate(INSTALMENTS):
        story.sandbox.advance(due - SECOND)
        assert paid_to(story) == 600_000 * month
        story.after(SECOND)
        assert paid_to(story) == 600_000 * (month + 1)
        assert story.slot(f"job-{month + 1}").paid_at == due


@pytest.mark.parametrize(
    ("wave", "start", "surveys", "fourth"),
    [
        (
            18,
            wib(2021, 8, 24, 15),
            (wib(2021, 10, 10, 15), wib(2021, 10, 20), wib(2021, 11, 1)),
            wib(2021, 12, 9, 15),
        ),
        (22, wib(2021, 11, 1, 15), (wib(2021, 11, 17, 15),) * 3, wib(2022, 2, 15, 15)),
    ],
)
def test_whoever_finishes_and_answers_gets_two_million_five_hundred_and_fifty_thousand(
    begin, wave, start, surveys, fourth
):
    story = rated(begin(wave=wave, start=start), linked=True)
    story.sandbox.advance(surveys[0] - SECOND)
    for number, opens in enumerate(surveys, 1):
        if story.sandbox.now() < opens - SECOND:
            story.sandbox.advance(opens - SECOND)
        if story.sandbox.now() < opens:
            assert story.refusal(fill, story, number) is Reason.SURVEY_NOT_OPEN
            story.sandbox.advance(opens)
        fill(story, number)
        assert story.slot(f"survey-{number}").due_at == by_working_day(opens + timedelta(days=14))
    story.sandbox.advance(fourth - SECOND)
    assert story.slot("job-4").status is IncentiveStatus.SCHEDULED

    story.after(SECOND)

    assert set(slots(story).values()) == {"paid"}
    assert paid_to(story) == 2_550_000
    assert len(story.find(Survey)) == 3
    assert story.sandbox.check() == []


def test_rows_are_held_while_no_account_is_linked_and_keep_their_rhythm_once_it_is(story):
    rated(story, linked=False)
    story.sandbox.advance(wib(2021, 10, 4, 9))
    assert set(slots(story).values()) == {"held"}
    assert story.slot("job-1").due_at == FIRST_TRANSFER

    story.link_account()

    dues = [wib(2021, 10, 7, 9), wib(2021, 11, 8, 9), wib(2021, 12, 6, 9), wib(2022, 1, 5, 9)]
    assert set(slots(story).values()) == {"scheduled"}
    assert [story.slot(f"job-{n + 1}").due_at for n in range(4)] == dues  # 6 November is a Saturday
    story.sandbox.advance(dues[0])
    assert paid_to(story) == 600_000


@pytest.mark.parametrize(
    ("linked_at", "dues"),
    [
        # Three working days later, then month by month; what lies beyond the last day comes on it.
        (wib(2022, 2, 1, 9), [wib(2022, 2, 4, 9)] + [wib(2022, 3, 5, 23, 59, 59)] * 3),
        (wib(2021, 12, 1, 9), [wib(2021, 12, 6, 9), wib(2022, 1, 5, 9), wib(2022, 2, 4, 9), CLOSING]),
        (wib(2022, 3, 4, 23, 59, 59), [CLOSING] * 4),
    ],
)
def test_money_that_was_held_comes_by_the_cohorts_last_day(story, linked_at, dues):
    rated(story, linked=False)
    story.sandbox.advance(linked_at)
    story.link_account()
    assert [story.slot(f"job-{n}").due_at for n in (1, 2, 3, 4)] == dues

    story.sandbox.advance(CLOSING)

    assert paid_to(story) == 2_400_000
    assert story.sandbox.check() == []


def test_linking_one_second_too_late_is_refused_and_the_money_goes_to_the_treasury(story):
    rated(story, linked=False)
    story.open_wallet()
    story.sandbox.advance(wib(2022, 3, 5))
    assert story.refusal(story.link) is Reason.LINK_CLOSED
    story.sandbox.advance(CLOSING)
    assert set(slots(story).values()) == {"held"}
    assert story.balance(f"owed:{story.card}") == 2_400_000

    story.after(SECOND)

    assert set(slots(story).values()) == {"undelivered"}
    assert (story.balance(f"owed:{story.card}"), story.balance("treasury:18")) == (0, 2_400_000)
    assert story.slot("job-1").trouble is Reason.NOT_LINKED
    assert story.sandbox.check() == []


def test_linking_that_was_begun_in_time_counts_when_its_code_is_entered(story):
    story.open_wallet()
    story.sandbox.advance(wib(2022, 3, 4, 23, 59, 59))
    story.link()
    story.after(SECOND)
    assert story.refusal(story.confirm_link) is Reason.LINK_CLOSED


def test_the_close_out_is_done_once(story):
    rated(story, linked=False)
    story.sandbox.advance(CLOSING + SECOND)
    before = story.sandbox.digest()
    story.do(incentive_payments.close_out, card=story.card)
    assert story.sandbox.digest() == before


@pytest.mark.parametrize(("sync", "rows"), [(86_400, ["paid"] * 4), (86_401, [])])
def test_rows_appear_as_long_as_anything_may_be_paid(begin, sync, rows):
    """Rated in the last second for it; the rows appear in the last second for payments, or not at all."""
    story = begin(settings=Settings(incentive_sync=sync))
    story.link_account()
    bought = story.buy()
    story.report(bought)
    story.sandbox.advance(wib(2022, 3, 4, 23, 59, 59))
    story.rate(bought)
    story.after(timedelta(days=10))
    assert list(slots(story).values()) == rows
    assert paid_to(story) == 600_000 * len(rows)
    assert story.sandbox.check() == []


def test_a_slot_is_paid_once(story):
    rated(story, linked=True)
    story.sandbox.advance(FIRST_TRANSFER)
    digest = story.sandbox.digest()

    story.do(incentive_payments.transfer, slot=f"{story.card}/job-1")

    assert paid_to(story) == 600_000
    assert story.sandbox.digest() == digest


@pytest.mark.parametrize(
    ("wallet", "reason"),
    [
        (None, Reason.WALLET_UNKNOWN),
        ({"number": "081"}, Reason.WALLET_UNKNOWN),
        ({"partner": "dana"}, Reason.WALLET_UNKNOWN),
        ({"nik": "1" * 16, "phone": "0", "upgraded": False}, Reason.NIK_DIFFERS),
        ({"phone": "084000000000", "upgraded": False}, Reason.PHONE_DIFFERS),
        ({"upgraded": False}, Reason.WALLET_NOT_UPGRADED),
    ],
)
def test_only_ones_own_upgraded_account_with_the_same_phone_is_linked(story, wallet, reason):
    if wallet is not None:
        story.open_wallet(**wallet)
    assert story.refusal(story.link) is reason


def test_a_partner_that_pays_no_incentives_has_no_wallets(story):
    assert story.refusal(story.open_wallet, partner="paypal") is Reason.PARTNER_UNKNOWN


def test_an_account_is_linked_once(story):
    assert story.refusal(story.confirm_link, "123456") is Reason.LINK_NOT_BEGUN
    story.link_account()
    assert story.refusal(story.link) is Reason.ALREADY_LINKED
    assert story.refusal(story.confirm_link) is Reason.ALREADY_LINKED


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False)])
def test_a_linking_code_is_good_up_to_and_including_its_last_second(story, age, good):
    story.open_wallet()
    story.link()
    story.after(timedelta(seconds=age))
    if good:
        assert story.confirm_link().linked_at == story.sandbox.now()
    else:
        assert story.refusal(story.confirm_link) is Reason.CODE_EXPIRED


def test_three_wrong_linking_codes_are_forgiven(story):
    story.open_wallet()
    story.link()
    for _ in range(3):
        assert story.refusal(story.confirm_link, story.wrong_otp()) is Reason.CODE_WRONG
    assert story.confirm_link().linked_at is not None


def test_more_than_three_wrong_linking_codes_mean_an_hours_wait(story):
    story.open_wallet()
    story.link()
    for _ in range(4):
        assert story.refusal(story.confirm_link, story.wrong_otp()) is Reason.CODE_WRONG
    assert story.refusal(story.confirm_link) is Reason.CODE_TRIES_EXHAUSTED
    story.after(HOUR - SECOND)
    assert story.refusal(story.link) is Reason.CODE_TRIES_EXHAUSTED
    story.after(SECOND)
    assert story.refusal(story.confirm_link) is Reason.CODE_TRIES_EXHAUSTED

    story.link()

    assert story.refusal(story.confirm_link, story.wrong_otp()) is Reason.CODE_WRONG
    assert story.confirm_link().attempts == 2


def test_asking_for_another_linking_code_forgives_no_wrong_one(story):
    story.open_wallet()
    story.link()
    for _ in range(3):
        story.refusal(story.confirm_link, story.wrong_otp())
    old = story.otp()
    story.link()
    assert story.otp() != old
    assert story.refusal(story.confirm_link, old) is Reason.CODE_WRONG
    assert story.refusal(story.confirm_link) is Reason.CODE_TRIES_EXHAUSTED


@pytest.mark.parametrize("number", [0, 4, -1])
def test_there_are_three_surveys(story, number):
    assert story.refusal(fill, story, number) is Reason.SURVEY_NOT_OPEN


def test_surveys_wait_for_the_first_incentive_and_come_in_order_and_once(story):
    assert story.refusal(fill, story, 1) is Reason.SURVEY_NOT_OPEN
    rated(story, linked=True)
    story.sandbox.advance(FIRST_TRANSFER - SECOND)
    assert story.refusal(fill, story, 1) is Reason.SURVEY_NOT_OPEN
    story.sandbox.advance(wib(2021, 11, 5))
    assert story.refusal(fill, story, 2) is Reason.SURVEY_NOT_OPEN
    fill(story, 1)
    assert story.refusal(fill, story, 1) is Reason.SURVEY_DONE
    fill(story, 2)


@pytest.mark.parametrize(("at", "good"), [(SURVEYS_CLOSE, True), (SURVEYS_CLOSE + SECOND, False)])
def test_surveys_close_after_the_last_second_of_their_last_day(story, at, good):
    rated(story, linked=True)
    story.sandbox.advance(at)
    if good:
        fill(story, 1)
        story.after(timedelta(days=14))
        assert story.slot("survey-1").amount == Rupiah(50_000)
        assert story.slot("survey-1").status is IncentiveStatus.PAID
    else:
        assert story.refusal(fill, story, 1) is Reason.SURVEY_CLOSED


def test_a_held_row_waits_without_an_event(story):
    rated(story, linked=False)
    story.after(timedelta(days=3))
    assert not [d for d in story.find(Due, done=False) if d.event == "incentive_transfer"]


def test_a_step_of_the_way_back_finds_a_paid_slot_done(story):
    story.link_account()
    story.finish(story.buy())
    while (row := story.slot("job-1")) is None or row.status is not IncentiveStatus.PAID:
        story.sandbox.step()
    story.plant(row.but(next_at=story.sandbox.now()))
    digest = story.sandbox.digest()
    story.do(incentives.proceed, slot=row.key)
    assert story.sandbox.digest() == digest
