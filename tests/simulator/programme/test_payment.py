from datetime import date, timedelta

import pytest

from prakerja_sim.simulator.programme import payment
from prakerja_sim.simulator.programme.records import BoundAccount, Participant, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.records import Entry, Sms

LAST_SECOND = wib(2021, 9, 22, 23, 59, 59)
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)


def seconds(count):
    return timedelta(seconds=count)


def test_send_otp_moves_nothing_and_texts_the_code_to_the_participants_phone(story):
    token = story.send_otp()

    message = story.find_logged(Sms, phone=story.participant.phone)[-1]
    assert message.text == f"Kode OTP: {message.otp}. Berlaku 5 menit. Jangan berikan kepada siapa pun."
    assert story.get(Payment, token).status is PaymentStatus.AWAITING_OTP
    assert story.balance() == 1_000_000
    assert story.balance(f"seats:{story.schedule.code}") == 1_000_000


def test_authorize_takes_money_and_a_seat_and_binds_the_account(story):
    paid = story.buy()

    assert (paid.status, paid.amount, paid.paid_at) == (
        PaymentStatus.PAID,
        Rupiah(650_000),
        story.sandbox.now(),
    )
    assert story.balance() == 350_000
    assert (story.balance("platform:tokopedia"), story.balance("institution:kopi-kita")) == (0, 650_000)
    assert story.balance(f"taken:{story.schedule.code}") == 1
    assert story.get(BoundAccount, "tokopedia/user-1").card == story.card
    participant = story.get(Participant, story.card)
    assert participant.first == participant.unfinished == paid.transaction
    assert story.get(Training, paid.transaction).invoice == "INV-1"
    assert len(story.redeem_code(paid)) == 12
    assert story.sandbox.check() == []


def test_a_promo_may_lower_the_price(story):
    paid = story.buy(amount=1)
    assert paid.amount == Rupiah(1)
    assert story.balance() == 999_999


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schedule": "0" * 16}, Reason.SCHEDULE_UNKNOWN),
        ({"course": "barista-102"}, Reason.SCHEDULE_OF_OTHER_COURSE),
        ({"card": "9900000000000000"}, Reason.CARD_UNKNOWN),
        ({"amount": 0}, Reason.AMOUNT_UNFIT),
        ({"amount": 650_001}, Reason.AMOUNT_UNFIT),
    ],
)
def test_a_purchase_that_breaks_a_rule_gets_no_otp_and_leaves_no_trace(story, changes, reason):
    digest = story.sandbox.digest()
    assert story.refusal(story.send_otp, **changes) is reason
    assert story.sandbox.digest() == digest


def test_too_young_too_little_schooled_too_poor_or_sold_out_is_refused(story):
    seats = {"quota": 0}
    for code, price, more, reason in [
        ("adults-1", 1, {"min_age": 90}, Reason.AGE_UNFIT),
        ("degree-1", 1, {"min_education": 16}, Reason.EDUCATION_UNFIT),
        ("dear-1", 1_000_001, {}, Reason.BALANCE_TOO_LOW),
        ("full-1", 1, seats, Reason.QUOTA_EXHAUSTED),
        ("started-1", 1, {"kind": 2, "starts": story.sandbox.now()}, Reason.COURSE_STARTED),
    ]:
        schedule = story.list_course(code, price, **more)
        arguments = {"course": code, "schedule": schedule.code, "amount": price}
        assert story.refusal(story.send_otp, **arguments) is reason


def test_a_resend_replaces_the_code_and_keeps_the_token(story):
    token = story.send_otp()
    first = story.otp()
    story.after(seconds(60))

    assert story.send_otp() == token
    assert story.otp() != first
    assert story.refusal(story.authorize, token, otp=first) is Reason.OTP_WRONG
    assert story.authorize(token).status is PaymentStatus.PAID


def test_a_resend_comes_sixty_seconds_later_and_not_a_second_sooner(story):
    story.send_otp()
    story.after(seconds(59))
    assert story.refusal(story.send_otp) is Reason.OTP_TOO_SOON
    story.after(SECOND)
    assert story.send_otp()


def test_after_five_resends_there_is_a_wait_of_two_hours(story):
    story.send_otp()
    for _ in range(5):
        story.after(seconds(60))
        story.send_otp()
    story.after(seconds(60))
    assert story.refusal(story.send_otp) is Reason.OTP_REQUESTS_EXHAUSTED
    story.after(seconds(7_200 - 60 - 1))
    assert story.refusal(story.send_otp) is Reason.OTP_REQUESTS_EXHAUSTED

    story.after(SECOND)

    story.send_otp()
    for _ in range(5):
        story.after(seconds(60))
        assert story.send_otp()
    story.after(seconds(60))
    assert story.refusal(story.send_otp) is Reason.OTP_REQUESTS_EXHAUSTED


def test_another_amount_or_an_expired_code_opens_another_token(story):
    first = story.send_otp()
    story.after(seconds(60))
    second = story.send_otp(amount=600_000)
    story.after(seconds(300))
    assert story.send_otp(amount=600_000) == second
    story.after(seconds(301))
    third = story.send_otp(amount=600_000)
    assert len({first, second, third}) == 3


def test_a_token_for_another_amount_ends_the_older_one(story):
    older = story.send_otp()
    code = story.get(Payment, older).otp
    story.after(seconds(60))
    newer = story.send_otp(amount=600_000)
    assert story.get(Payment, older).status is PaymentStatus.REPLACED
    assert story.refusal(story.authorize, older, otp=code) is Reason.TOKEN_UNKNOWN
    assert story.authorize(newer).amount == Rupiah(600_000)


def test_an_expired_token_stays_expired_when_another_takes_its_place(story):
    older = story.send_otp()
    code = story.get(Payment, older).otp
    story.after(seconds(301))
    story.send_otp(amount=600_000)
    assert story.refusal(story.authorize, older, otp=code) is Reason.OTP_EXPIRED


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False)])
def test_an_otp_is_good_up_to_and_including_its_last_second(story, age, good):
    token = story.send_otp()
    story.after(seconds(age))
    if good:
        assert story.authorize(token).status is PaymentStatus.PAID
    else:
        assert story.refusal(story.authorize, token) is Reason.OTP_EXPIRED


def test_five_wrong_tries_end_the_token_and_a_new_otp_opens_another(story):
    token = story.send_otp()
    for _ in range(5):
        assert story.refusal(story.authorize, token, otp=story.wrong_otp()) is Reason.OTP_WRONG
    assert story.get(Payment, token).status is PaymentStatus.ENDED
    assert story.refusal(story.authorize, token) is Reason.OTP_TRIES_EXHAUSTED

    story.after(seconds(60))
    another = story.send_otp()

    assert another != token
    assert story.authorize(another).status is PaymentStatus.PAID


def test_a_wrong_try_is_told_how_many_are_left(story):
    token = story.send_otp()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Rejected) as refused:
            story.authorize(token, otp=story.wrong_otp())
        assert refused.value.facts == {"left": left}


def test_the_fifth_try_may_still_be_right(story):
    token = story.send_otp()
    for _ in range(4):
        assert story.refusal(story.authorize, token, otp=story.wrong_otp()) is Reason.OTP_WRONG
    assert story.authorize(token).status is PaymentStatus.PAID


def test_a_resend_resets_no_count_of_wrong_tries(story):
    token = story.send_otp()
    for _ in range(4):
        story.refusal(story.authorize, token, otp=story.wrong_otp())
    story.after(seconds(60))
    story.send_otp()
    assert story.refusal(story.authorize, token, otp=story.wrong_otp()) is Reason.OTP_WRONG
    assert story.refusal(story.authorize, token) is Reason.OTP_TRIES_EXHAUSTED


def test_fifteen_wrong_tries_in_an_hour_rest_the_card_until_the_hour_is_over(story):
    for _ in range(3):
        token = story.send_otp()
        for _ in range(5):
            story.refusal(story.authorize, token, otp=story.wrong_otp())
        story.after(seconds(60))
    story.after(seconds(3_600 - 180 - 120))
    token = story.send_otp()
    story.after(seconds(119))
    assert story.refusal(story.authorize, token) is Reason.OTP_TRIES_EXHAUSTED

    story.after(SECOND)

    assert story.authorize(token).status is PaymentStatus.PAID


def test_a_wrong_try_is_counted_and_journalled_and_moves_nothing_else(story):
    token = story.send_otp()
    story.refusal(story.authorize, token, otp=story.wrong_otp())

    assert story.get(Payment, token).wrong_otps == 1
    assert story.get(Participant, story.card).otp_failures == 1
    assert story.find_logged(Entry)[-1].outcome == "otp_wrong"
    assert story.balance() == 1_000_000


def test_one_code_for_everybody_can_be_set(begin):
    story = begin(settings=Settings(fixed_otp="246810"))
    assert story.authorize(story.send_otp(), otp="246810").status is PaymentStatus.PAID


def test_the_number_of_digits_can_be_set(begin):
    story = begin(settings=Settings(otp_digits=4))
    story.send_otp()
    assert len(story.otp()) == 4


def test_an_otp_differs_from_seed_to_seed_and_does_not_from_run_to_run(begin):
    otps = []
    for seed in (42, 42, 43):
        story = begin(seed=seed)
        story.send_otp()
        otps.append(story.otp())
    assert otps[0] == otps[1] != otps[2]


def test_the_least_age_is_reached_on_the_birthday(begin):
    story = begin(start=wib(2021, 8, 31, 23, 59, 59))
    young = story.enrol(1, born=date(2003, 9, 1))
    assert story.refusal(story.send_otp, card=young.card, user="user-2") is Reason.AGE_UNFIT
    story.after(SECOND)
    assert story.send_otp(card=young.card, user="user-2")


@pytest.mark.parametrize(("at", "good"), [(LAST_SECOND, True), (LAST_SECOND + SECOND, False)])
def test_the_first_purchase_is_made_by_the_last_second_of_its_window(begin, at, good):
    story = begin()
    # As the clock stands when the deadline's own event has yet to be carried out.
    story.do(schedule.move_clock, to=at)
    if good:
        assert story.buy().paid_at == LAST_SECOND
    else:
        assert story.refusal(story.send_otp) is Reason.CARD_INACTIVE


@pytest.mark.parametrize(("at", "good"), [(CUT_OFF, True), (CUT_OFF + SECOND, False)])
def test_a_balance_is_spent_by_the_last_second_of_its_year(story, at, good):
    story.finish(story.buy())
    schedule = story.list_course("roti-1", 300_000)
    following = {"course": "roti-1", "schedule": schedule.code, "amount": 300_000}
    story.sandbox.advance(at)
    if good:
        assert story.buy(invoice="INV-2", **following).paid_at == CUT_OFF
    else:
        assert story.refusal(story.send_otp, **following) is Reason.BALANCE_CLOSED


def test_an_otp_asked_for_in_time_and_entered_too_late_debits_nothing(begin):
    story = begin(start=LAST_SECOND)
    token = story.send_otp()
    story.after(SECOND)
    assert story.refusal(story.authorize, token) is Reason.CARD_INACTIVE
    assert story.balance("institution:kopi-kita") == 0


def test_quota_counts_the_seats_that_are_left(story):
    arguments = {"course": "barista-101", "schedule": story.schedule.code}
    assert story.ask(payment.quota, **arguments) == 1_000_000
    story.buy()
    assert story.ask(payment.quota, **arguments) == 999_999
    refused = story.refusal(story.ask, payment.quota, course="roti-1", schedule=story.schedule.code)
    assert refused is Reason.SCHEDULE_OF_OTHER_COURSE
    refused = story.refusal(story.ask, payment.quota, course="barista-101", schedule="0" * 16)
    assert refused is Reason.SCHEDULE_UNKNOWN
