import pytest

from prakerja_sim.simulator.programme import completion
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.clock import DAY, SECOND, last_second_of, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.records import Due

FINISH_UNTIL = wib(2021, 12, 5, 23, 59, 59)


@pytest.fixture
def bought(story):
    """The usual story after the course was bought and redeemed."""
    story.paid = story.buy()
    story.redeem(story.paid)
    return story


def training(story):
    return story.get(Training, story.paid.transaction)


def test_a_report_marks_the_training_and_its_certificate_comes_nine_working_days_later(bought):
    bought.report(bought.paid, score=55)

    assert training(bought).status is TrainingStatus.REPORTED
    assert (training(bought).score, training(bought).finished_at) == (55, bought.sandbox.now())
    due = [d.at for d in bought.find(Due, done=False) if d.event == "certificate"]
    assert due == [wib(2021, 9, 6, 15)]


@pytest.mark.parametrize("score", [0, 100])
def test_the_score_never_matters(bought, score):
    assert bought.report(bought.paid, score=score).status is TrainingStatus.REPORTED


def test_a_second_report_changes_nothing(bought):
    first = bought.report(bought.paid, score=80)
    digest = bought.sandbox.digest()

    assert bought.report(bought.paid, score=10, name="Somebody Else") == first
    assert bought.sandbox.digest() == digest


def test_the_name_must_be_the_participants_to_the_letter(bought):
    name = bought.participant.name
    for written in (name.upper(), name + " ", name.replace(" ", "  "), ""):
        assert bought.refusal(bought.report, bought.paid, name=written) is Reason.NAME_DIFFERS
    assert training(bought).status is TrainingStatus.BOUGHT


def test_a_report_needs_a_payment_of_that_marketplace_that_was_not_voided(story):
    paid = story.buy()
    assert story.refusal(story.report, paid, invoice="INV-2") is Reason.PAYMENT_UNKNOWN
    assert story.refusal(story.report, paid, marketplace="pijar") is Reason.PAYMENT_UNKNOWN
    story.void(paid)
    assert story.refusal(story.report, paid) is Reason.PAYMENT_UNKNOWN


def test_a_course_may_be_finished_in_the_last_second(bought):
    bought.sandbox.advance(FINISH_UNTIL)
    assert bought.report(bought.paid).status is TrainingStatus.REPORTED


def test_a_second_later_it_is_too_late_to_finish(bought):
    bought.sandbox.advance(FINISH_UNTIL + SECOND)
    assert bought.refusal(bought.report, bought.paid) is Reason.TOO_LATE_TO_FINISH


def test_the_certificate_shows_by_itself_and_not_a_second_sooner(bought):
    bought.report(bought.paid)
    bought.sandbox.advance(wib(2021, 9, 6, 15) - SECOND)
    assert training(bought).status is TrainingStatus.REPORTED

    bought.after(SECOND)

    assert training(bought).status is TrainingStatus.CERTIFIED
    assert training(bought).certified_at == bought.sandbox.now()


def test_a_training_is_rated_only_once_its_certificate_shows_and_only_once(bought):
    assert bought.refusal(bought.rate, bought.paid) is Reason.CERTIFICATE_MISSING
    bought.report(bought.paid)
    assert bought.refusal(bought.rate, bought.paid) is Reason.CERTIFICATE_MISSING
    bought.sandbox.step()

    bought.rate(bought.paid, stars=4, review="Lumayan")

    assert training(bought).status is TrainingStatus.RATED
    assert (training(bought).rating, training(bought).review) == (4, "Lumayan")
    assert training(bought).rated_at == bought.sandbox.now()
    assert bought.refusal(bought.rate, bought.paid) is Reason.ALREADY_RATED


def test_a_rating_is_for_ones_own_training_that_was_not_voided(story):
    paid = story.buy()
    other = story.enrol(1)
    assert story.refusal(story.rate, paid, transaction="NO-SUCH") is Reason.TRAINING_UNKNOWN
    assert story.refusal(story.rate, paid, card=other.card) is Reason.TRAINING_UNKNOWN
    story.void(paid)
    assert story.refusal(story.rate, paid) is Reason.TRAINING_UNKNOWN


def test_rating_opens_the_next_purchase(bought):
    schedule = bought.list_course("roti-1", 300_000)
    following = {"course": "roti-1", "schedule": schedule.code, "amount": 300_000}
    assert bought.refusal(bought.send_otp, **following) is Reason.PREVIOUS_UNFINISHED
    bought.report(bought.paid)
    bought.sandbox.step()
    assert bought.refusal(bought.send_otp, **following) is Reason.PREVIOUS_UNFINISHED

    bought.rate(bought.paid)

    assert bought.get(Participant, bought.card).unfinished is None
    assert bought.buy(invoice="INV-2", **following).invoice == "INV-2"


def test_only_the_first_training_leads_to_the_incentive(story):
    first = story.buy()
    story.finish(first)
    schedule = story.list_course("roti-1", 300_000)
    second = story.buy(invoice="INV-2", course="roti-1", schedule=schedule.code, amount=300_000)
    story.finish(second)

    plans = [
        d for d in story.find(Due, done=True) + story.find(Due, done=False) if d.event == "incentive_plan"
    ]

    assert len(plans) == 1
    assert plans[0].at == story.get(Training, first.transaction).rated_at + DAY


# Where the rating counts (R33)

SWITCH = wib(2021, 3, 18)


@pytest.fixture
def early(begin):
    """Bought and redeemed in wave 12, twelve days before the dashboard took the ratings over."""
    story = begin(start=wib(2021, 3, 3, 9), wave=12)
    story.paid = story.buy()
    story.redeem(story.paid)
    return story


def passed_on(story, **more):
    arguments = {"marketplace": story.paid.marketplace, "invoice": story.paid.invoice, "stars": 4}
    return story.do(completion.take_review, **arguments | {"review": "Jelas"} | more)


def certified(story):
    story.report(story.paid)
    while training(story).status is TrainingStatus.REPORTED:
        story.sandbox.step()


def test_before_the_switch_the_marketplaces_review_is_the_rating(early):
    certified(early)
    assert early.sandbox.now() < SWITCH
    assert early.refusal(early.rate, early.paid) is Reason.RATING_ELSEWHERE

    passed_on(early)

    assert (training(early).status, training(early).rating) == (TrainingStatus.RATED, 4)
    assert early.get(Participant, early.card).unfinished is None
    assert "incentive_plan" in {d.event for d in early.find(Due, done=False)}
    assert early.sandbox.check() == []


def test_a_review_that_came_before_the_certificate_counts_when_it_shows(early):
    early.sandbox.advance(SWITCH - SECOND)
    passed_on(early)
    assert training(early).status is TrainingStatus.BOUGHT
    certified(early)
    assert early.sandbox.now() > SWITCH
    assert (training(early).status, training(early).rated_at) == (TrainingStatus.RATED, early.sandbox.now())


@pytest.mark.parametrize(
    ("at", "dashboard", "marketplace"),
    [(SWITCH - SECOND, Reason.RATING_ELSEWHERE, 4), (SWITCH, None, None)],
)
def test_the_place_changes_at_midnight(early, at, dashboard, marketplace):
    certified(early)
    early.sandbox.advance(at)
    passed_on(early)
    assert training(early).rating == marketplace
    if dashboard is not None:
        assert early.refusal(early.rate, early.paid, transaction=early.paid.transaction) is not None
    else:
        early.rate(early.paid)
        assert training(early).rating == 5


def test_a_second_review_changes_nothing(early):
    passed_on(early)
    digest = early.sandbox.digest()
    passed_on(early, stars=1)
    assert early.sandbox.digest() == digest


def test_a_review_is_of_a_payment_that_stands(early):
    assert early.refusal(passed_on, early, invoice="INV-9") is Reason.PAYMENT_UNKNOWN


# The normal scheme closes what is left (R08)


def test_in_the_normal_scheme_the_remainder_lapses_fifteen_days_after_the_first_rating(begin):
    story = begin(start=wib(2023, 4, 28), wave=51)
    story.finish(story.buy())
    rated = story.sandbox.now()
    until = last_second_of(rated.date()) + 14 * DAY
    story.sandbox.advance(until)
    assert story.balance() == 3_500_000 - 650_000
    assert not story.get(Participant, story.card).balance_closed

    (closed,) = story.after(SECOND)

    assert (closed.event, closed.rules) == ("spending_cut_off", ("R08", "R09"))
    assert story.balance() == 0
    assert story.get(Participant, story.card).balance_closed
    assert story.sandbox.check() == []


def test_in_the_normal_scheme_only_the_first_rating_counts_for_that(begin):
    story = begin(start=wib(2023, 4, 28), wave=51)
    story.finish(story.buy())
    schedule = story.list_course("roti-1", 300_000)
    story.after(10 * DAY)
    second = story.buy(invoice="INV-2", course="roti-1", schedule=schedule.code, amount=300_000)
    closing = [d.at for d in story.find(Due, done=False) if d.event == "spending_cut_off"]
    story.finish(second)
    assert len(closing) == 2
    left = [d for d in story.find(Due) if d.event == "spending_cut_off"]
    assert len(left) == 2
