from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.training_records import Redeemable, RedeemStatus
from prakerja_sim.simulator.values.chance import code, seed_bytes
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import ALPHANUMERIC
from prakerja_sim.simulator.values.settings import Settings

START = wib(2021, 9, 10, 9)
HOUR = timedelta(hours=1)
OURS = {"institution": "kopi-kita"}


@pytest.fixture
def bought(story):
    """The usual story after the course was bought."""
    story.paid = story.buy()
    story.code = story.redeem_code(story.paid)
    return story


def issue_test_code(story):
    return story.do(redemption.issue_test_code, marketplace="tokopedia", schedule=story.schedule.code).code


def test_a_code_is_shown_to_its_institution_and_stays_as_it_is(bought):
    redeemable = bought.ask(redemption.find, **OURS, redeem_code=bought.code)
    assert (redeemable.status, redeemable.card, redeemable.course) == (
        RedeemStatus.ISSUED,
        bought.card,
        "barista-101",
    )


def test_a_code_is_redeemed_once(bought):
    done = bought.do(redemption.commit, **OURS, redeem_code=bought.code)

    assert (done.status, done.redeemed_at) == (RedeemStatus.REDEEMED, bought.sandbox.now())
    assert bought.get(Redeemable, bought.code) == done
    assert bought.refusal(bought.redeem, bought.paid) is Reason.REDEEM_CODE_USED


@pytest.mark.parametrize("act", [redemption.find, redemption.commit])
def test_an_unknown_code_and_another_institutions_code_are_told_apart(bought, act):
    unknown = {"redeem_code": "ABCDEFGHIJKL", **OURS}
    assert bought.refusal(bought.do, act, **unknown) is Reason.REDEEM_CODE_UNKNOWN
    foreign = {"institution": "dapur", "redeem_code": bought.code}
    assert bought.refusal(bought.do, act, **foreign) is Reason.REDEEM_CODE_OF_OTHER_INSTITUTION


def test_the_code_of_a_voided_purchase_is_cancelled(bought):
    bought.void(bought.paid)
    assert bought.get(Redeemable, bought.code).status is RedeemStatus.CANCELLED
    assert bought.refusal(bought.redeem, bought.paid) is Reason.REDEEM_CODE_CANCELLED


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (START - HOUR - SECOND, True),
        (START - HOUR, False),
        (START, False),
        (START + HOUR, False),
        (START + HOUR + SECOND, True),
    ],
    ids=["too early", "first second", "start", "last second", "too late"],
)
def test_a_webinar_is_redeemed_from_an_hour_before_to_an_hour_after_its_start(story, at, refused):
    schedule = story.list_course("webinar-1", 250_000, kind=2, starts=START)
    paid = story.buy(course="webinar-1", schedule=schedule.code, amount=250_000)
    story.sandbox.advance(at)

    if refused:
        assert story.refusal(story.redeem, paid) is Reason.OUTSIDE_REDEMPTION_WINDOW
    else:
        assert story.redeem(paid).redeemed_at == at


@pytest.mark.parametrize("course", [{"kind": 1, "starts": START}, {"kind": 3, "starts": START}, {"kind": 2}])
def test_other_courses_are_redeemed_at_any_time(story, course):
    schedule = story.list_course("other-1", 250_000, **course)
    paid = story.buy(course="other-1", schedule=schedule.code, amount=250_000)
    story.sandbox.advance(wib(2021, 9, 20))

    assert story.redeem(paid).status is RedeemStatus.REDEEMED


def test_a_test_code_can_be_used_again_after_a_reset(story):
    test_code = issue_test_code(story)
    story.do(redemption.commit, **OURS, redeem_code=test_code)

    before = story.do(redemption.reset, **OURS, redeem_code=test_code)

    assert before.status is RedeemStatus.REDEEMED
    assert story.get(Redeemable, test_code).redeemed_at is None
    assert story.do(redemption.commit, **OURS, redeem_code=test_code).status is RedeemStatus.REDEEMED


def test_a_fresh_test_code_may_be_reset_too(story):
    before = story.do(redemption.reset, **OURS, redeem_code=issue_test_code(story))
    assert before.status is RedeemStatus.ISSUED


def test_a_participants_code_is_never_reset(bought):
    bought.redeem(bought.paid)
    arguments = {**OURS, "redeem_code": bought.code}
    assert bought.refusal(bought.do, redemption.reset, **arguments) is Reason.NOT_A_TEST_CODE
    assert bought.get(Redeemable, bought.code).status is RedeemStatus.REDEEMED


def test_a_reset_looks_at_the_institution_too(story):
    arguments = {"institution": "dapur", "redeem_code": issue_test_code(story)}
    assert story.refusal(story.do, redemption.reset, **arguments) is Reason.REDEEM_CODE_OF_OTHER_INSTITUTION
    arguments = {**OURS, "redeem_code": "PRAT-000000"}
    assert story.refusal(story.do, redemption.reset, **arguments) is Reason.REDEEM_CODE_UNKNOWN


def test_every_test_code_is_another_one_and_belongs_to_nobody(story):
    one, two = issue_test_code(story), issue_test_code(story)
    assert one != two
    assert [story.get(Redeemable, c).invoice for c in (one, two)] == ["testing-0000001", "testing-0000002"]
    assert story.get(Redeemable, one).card is None
    assert story.sandbox.check() == []


def test_the_test_codes_of_a_schedule_are_listed_and_no_other(bought):
    one, two = issue_test_code(bought), issue_test_code(bought)
    listed = bought.ask(redemption.test_codes, schedule=bought.schedule.code)
    assert {listed.code for listed in listed} == {one, two}
    assert bought.ask(redemption.test_codes, schedule="0" * 16) == []


def test_a_redeem_code_that_is_taken_is_not_given_again(story):
    token = story.send_otp()
    first_choice = code(ALPHANUMERIC, 12, seed_bytes(42), "redeem", token, 0)
    story.plant(Redeemable(first_choice, "x", "x", "x", "x", "x", RedeemStatus.ISSUED))

    paid = story.authorize(token)

    assert story.redeem_code(paid) != first_choice


@pytest.mark.parametrize(("code", "reason"), redemption.MAGIC.items())
def test_an_errors_code_typed_as_redeem_code_is_that_error_unless_it_means_nothing(begin, code, reason):
    arguments = {"institution": "kopi-kita", "redeem_code": code}
    assert begin().refusal(begin().do, redemption.commit, **arguments) is reason
    plain = begin(settings=Settings(magic=False))
    assert plain.refusal(plain.do, redemption.commit, **arguments) is Reason.REDEEM_CODE_UNKNOWN
