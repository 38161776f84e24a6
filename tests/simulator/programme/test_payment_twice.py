"""Buying when two things meet: asking twice, two buyers, a purchase and its void."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import payment, payout_accounts
from prakerja_sim.simulator.programme.records import Membership, Participant, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Training,
    TrainingStatus,
)
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings


def test_asking_again_after_a_lost_reply_books_nothing_and_answers_the_same(story):
    token = story.send_otp()
    first, digest = story.authorize(token), story.sandbox.digest()

    assert story.authorize(token) == first
    assert story.sandbox.digest() == digest
    assert story.balance() == 350_000


def test_asking_again_with_another_code_or_invoice_is_refused(story):
    token = story.send_otp()
    story.authorize(token)
    assert story.refusal(story.authorize, token, otp=story.wrong_otp()) is Reason.TOKEN_UNKNOWN
    assert story.refusal(story.authorize, token, invoice="INV-2") is Reason.TOKEN_UNKNOWN


def test_a_token_is_of_one_marketplace_and_not_invented(story):
    token = story.send_otp()
    assert story.refusal(story.authorize, token, marketplace="pijar") is Reason.TOKEN_UNKNOWN
    assert story.refusal(story.authorize, "0" * 32) is Reason.TOKEN_UNKNOWN


def test_one_invoice_is_one_debit(story):
    story.buy()
    other = story.enrol(1)
    token = story.send_otp(card=other.card, user="user-2")
    otp = story.get(Payment, token).otp

    assert story.refusal(story.authorize, token, otp=otp) is Reason.INVOICE_USED
    assert story.balance(f"card:{other.card}") == 1_000_000
    assert story.authorize(token, otp=otp, invoice="INV-2").status is PaymentStatus.PAID


def test_two_marketplaces_may_use_the_same_invoice_code(story):
    story.buy()
    other = story.enrol(1)
    token = story.send_otp(card=other.card, marketplace="pijar")
    paid = story.authorize(token, marketplace="pijar", otp=story.get(Payment, token).otp)
    assert paid.invoice == "INV-1"
    assert story.sandbox.check() == []


def test_an_account_pays_with_one_card_only(story):
    story.buy()
    other = story.enrol(1)
    assert story.refusal(story.send_otp, card=other.card) is Reason.ACCOUNT_BOUND
    assert story.send_otp(card=other.card, marketplace="pijar")


def test_a_course_is_bought_once_and_the_last_one_finished_first(story):
    story.buy()
    story.after(timedelta(minutes=1))
    assert story.refusal(story.send_otp, amount=1) is Reason.PREVIOUS_UNFINISHED
    story.finish(story.ask(payment.status, marketplace="tokopedia", invoice="INV-1"))
    assert story.refusal(story.send_otp, amount=1) is Reason.COURSE_BOUGHT_BEFORE


def test_two_open_tokens_of_one_card_pay_once(story):
    one, other = story.send_otp(), story.send_otp(marketplace="pijar")
    story.authorize(one, otp=story.get(Payment, one).otp)

    refused = story.refusal(story.authorize, other, marketplace="pijar", otp=story.get(Payment, other).otp)

    assert refused is Reason.PREVIOUS_UNFINISHED
    assert story.balance() == 350_000


def test_a_seat_lost_between_otp_and_authorize_is_refused_without_debit(story):
    schedule = story.list_course("small-1", 100_000, quota=1)
    arguments = {"course": "small-1", "schedule": schedule.code, "amount": 100_000}
    slow, quick = story.send_otp(**arguments), story.enrol(1)
    token = story.send_otp(card=quick.card, user="user-2", **arguments)
    story.authorize(token, otp=story.get(Payment, token).otp, invoice="INV-2")

    assert story.refusal(story.authorize, slow) is Reason.QUOTA_EXHAUSTED
    assert story.balance() == 1_000_000
    assert story.get(Payment, slow).status is PaymentStatus.AWAITING_OTP
    assert story.sandbox.check() == []


def test_the_status_of_an_invoice_is_its_payment(story):
    paid = story.buy()
    assert story.ask(payment.status, marketplace="tokopedia", invoice="INV-1") == paid
    for marketplace, invoice in [("tokopedia", "INV-2"), ("pijar", "INV-1")]:
        refused = story.refusal(story.ask, payment.status, marketplace=marketplace, invoice=invoice)
        assert refused is Reason.PAYMENT_UNKNOWN


def test_a_void_takes_everything_back(story):
    paid = story.buy()
    code = story.redeem_code(paid)
    story.void(paid)

    assert story.get(Payment, paid.token).status is PaymentStatus.VOIDED
    assert story.get(Training, paid.transaction).status is TrainingStatus.VOIDED
    assert story.get(Redeemable, code).status is RedeemStatus.CANCELLED
    participant = story.get(Participant, story.card)
    assert (participant.first, participant.unfinished) == (None, None)
    assert story.balance() == 1_000_000
    assert story.balance("institution:kopi-kita") == 0
    assert story.balance(f"seats:{story.schedule.code}") == 1_000_000
    assert story.sandbox.check() == []


def test_after_a_void_the_course_may_be_bought_again_with_another_invoice(story):
    token = story.send_otp()
    paid = story.authorize(token)
    story.void(paid)
    story.after(timedelta(minutes=1))

    assert story.refusal(story.authorize, token) is Reason.TOKEN_UNKNOWN
    again = story.send_otp()
    assert story.refusal(story.authorize, again) is Reason.INVOICE_USED
    assert story.authorize(again, invoice="INV-2").transaction != paid.transaction


def test_a_void_of_a_later_purchase_leaves_the_first_training_as_it_is(story):
    first = story.buy()
    story.finish(first)
    schedule = story.list_course("roti-1", 300_000)
    second = story.buy(invoice="INV-2", course="roti-1", schedule=schedule.code, amount=300_000)

    story.void(second)

    participant = story.get(Participant, story.card)
    assert (participant.first, participant.unfinished) == (first.transaction, None)


def test_a_void_names_the_invoice_and_its_transaction(story):
    paid = story.buy()
    arguments = {"marketplace": "tokopedia", "invoice": "INV-1", "transaction": paid.transaction}
    for change, reason in [
        ({"invoice": "INV-2"}, Reason.PAYMENT_UNKNOWN),
        ({"marketplace": "pijar"}, Reason.PAYMENT_UNKNOWN),
        ({"transaction": "NO-SUCH"}, Reason.TRANSACTION_UNKNOWN),
    ]:
        assert story.refusal(story.do, payment.void, **arguments | change) is reason


def test_a_purchase_is_voided_once(story):
    paid = story.buy()
    story.void(paid)
    digest = story.sandbox.digest()
    assert story.refusal(story.void, paid) is Reason.ALREADY_VOIDED
    assert story.sandbox.digest() == digest


@pytest.mark.parametrize("step", ["redeem", "report"])
def test_what_was_redeemed_or_finished_is_not_voided(story, step):
    paid = story.buy()
    getattr(story, step)(paid)
    assert story.refusal(story.void, paid) is Reason.VOID_AFTER_REDEEM
    assert story.balance() == 350_000


def test_a_void_in_the_last_second_to_buy_gives_the_money_back_to_the_card(story):
    paid = story.buy()
    story.sandbox.advance(wib(2021, 9, 22, 23, 59, 59))
    story.void(paid)
    assert story.balance() == 1_000_000
    assert story.get(Participant, story.card).status is Membership.ACTIVE


LAST_TO_BUY = wib(2021, 9, 22, 23, 59, 59)
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)


@pytest.mark.parametrize(
    ("voided", "until"),
    [
        (wib(2021, 8, 25), LAST_TO_BUY),  # the wave's own date is later than seven days after the void
        (LAST_TO_BUY, wib(2021, 9, 29, 23, 59, 59)),
        (wib(2021, 10, 1, 8), wib(2021, 10, 8, 23, 59, 59)),
        (wib(2021, 11, 29), CUT_OFF),  # never beyond the last day to spend
    ],
)
def test_who_bought_in_time_stays_after_a_void_and_may_buy_again_for_a_week(story, voided, until):
    """F18, F42: it was not the buyer's doing."""
    paid = story.buy()
    story.sandbox.advance(voided)
    story.void(paid)
    assert story.balance() == 1_000_000
    again = {"course": "barista-101", "schedule": story.schedule.code, "amount": 650_000}
    story.sandbox.advance(until)
    assert story.get(Participant, story.card).status is Membership.ACTIVE
    token = story.send_otp(**again)
    story.after(SECOND)
    assert story.refusal(story.authorize, token, invoice="INV-2") is Reason.BALANCE_CLOSED
    assert story.get(Participant, story.card).status is Membership.ACTIVE
    assert story.sandbox.check() == []


def test_a_class_bought_again_after_a_void_is_the_first_training(story):
    story.void(story.buy())
    story.sandbox.advance(wib(2021, 8, 31))
    again = story.buy(invoice="INV-2")
    assert story.get(Participant, story.card).first == again.transaction
    story.sandbox.advance(CUT_OFF + SECOND)
    assert story.get(Participant, story.card).status is Membership.ACTIVE


def test_how_long_a_class_may_be_bought_again_is_a_setting(begin):
    story = begin(settings=Settings(rebuy_days=2))
    paid = story.buy()
    story.sandbox.advance(wib(2021, 10, 1))
    story.void(paid)
    story.sandbox.advance(wib(2021, 10, 4))
    assert story.refusal(story.send_otp) is Reason.BALANCE_CLOSED


def test_a_code_is_void_once_the_phone_has_changed_and_the_next_goes_to_the_new_one(story):
    """A3: whoever holds the old phone cannot pay any more."""
    token = story.send_otp()
    old = story.otp()
    story.do(payout_accounts.change_phone, card=story.card, phone="084000000777")
    story.do(payout_accounts.confirm_phone, card=story.card, otp=story.otp_at("084000000777"))
    assert story.refusal(story.authorize, token, otp=old) is Reason.OTP_EXPIRED
    story.after(timedelta(minutes=1))
    again = story.send_otp()
    assert story.authorize(again, otp=story.otp_at("084000000777")).status is PaymentStatus.PAID


def test_a_void_after_the_cut_off_gives_the_money_on_to_the_programme(story):
    paid = story.buy()
    story.sandbox.advance(wib(2021, 11, 30, 23, 59, 59) + SECOND)
    assert story.balance() == 0

    story.void(paid)

    assert story.balance() == 0
    assert story.balance("programme:18") == 0
    assert story.sandbox.check() == []
