from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import enrolment
from prakerja_sim.simulator.programme.records import Membership, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.chance import code, seed_bytes
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import DIGITS, is_card_number
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Due, Entry, Sms


def test_a_new_participant_has_an_active_card_with_a_million_on_it(story):
    assert is_card_number(story.card)
    assert story.card.startswith(enrolment.CARD_PREFIX)
    assert story.get(Participant, story.card).status is Membership.ACTIVE
    assert story.balance() == 1_000_000
    assert story.balance("programme:18") == -1_000_000


def test_the_award_message_names_the_wave_and_the_deadline(story):
    message = story.find_logged(Sms, phone=story.participant.phone)[0]
    assert message.sender == "PRAKERJA"
    assert "gelombang 18" in message.text
    assert "22-09-2021 pukul 23.59 WIB" in message.text


def test_the_deadlines_are_set_one_second_after_the_last(story):
    due = {d.event: d.at for d in story.find(Due, done=False)}
    assert due == {
        "first_purchase_deadline": wib(2021, 9, 22, 23, 59, 59) + SECOND,
        "spending_cut_off": wib(2021, 11, 30, 23, 59, 59) + SECOND,
    }


def test_a_nik_gets_one_card_in_a_lifetime(story):
    assert story.refusal(story.enrol, 0) is Reason.ALREADY_ENROLLED
    assert story.refusal(story.enrol, 0, wave=19, phone="084000000000") is Reason.ALREADY_ENROLLED


def test_a_revoked_participant_gets_no_other_card(story):
    story.after(timedelta(days=31))
    assert story.get(Participant, story.card).status is Membership.REVOKED
    assert story.refusal(story.enrol, 0, wave=22) is Reason.ALREADY_ENROLLED


def test_nobody_is_in_a_wave_before_the_second_in_which_it_is_announced(story):
    announced = wave(19).announced
    story.sandbox.advance(announced - SECOND)
    digest = story.sandbox.digest()
    assert story.refusal(story.enrol, 1, wave=19) is Reason.WAVE_NOT_ANNOUNCED
    assert story.sandbox.digest() == digest
    story.after(SECOND)
    assert story.enrol(1, wave=19).status is Membership.ACTIVE


def test_after_the_last_second_to_buy_first_a_wave_takes_only_who_is_late_and_he_is_revoked(story):
    story.sandbox.advance(wave(18).buy_first_until)
    assert story.enrol(1).status is Membership.ACTIVE
    story.after(SECOND)
    assert story.refusal(story.enrol, 2) is Reason.WAVE_OVER
    late = story.enrol(2, late=True)
    assert (late.status, story.balance(f"card:{late.card}")) == (Membership.REVOKED, 0)
    assert story.find_logged(Sms, phone=late.phone) == []
    story.sandbox.advance(wib(2021, 12, 31))
    assert story.sandbox.check() == []


@pytest.mark.parametrize("number", [0, 24])
def test_a_wave_that_is_not_kept_takes_nobody(story, number):
    digest = story.sandbox.digest()
    assert story.refusal(story.enrol, 1, wave=number) is Reason.WAVE_UNKNOWN
    assert story.sandbox.digest() == digest


def test_a_card_number_that_is_taken_is_not_given_again(story):
    other = "1871010410760000"
    first_choice = enrolment.CARD_PREFIX + code(DIGITS, 12, seed_bytes(42), "card", other, 0)
    taken = story.participant
    story.plant(
        Participant(first_choice, "Budi", "1", "2", "budi@example.com", taken.born, 12, 18, *_active(story))
    )

    assert story.enrol(1, nik=other).card != first_choice


def test_watching_the_videos_again_changes_nothing(story):
    assert story.get(Participant, story.card).videos_watched
    entries = len(story.find_logged(Entry))

    story.do(enrolment.watch_videos, card=story.card)

    assert len(story.find_logged(Entry)) == entries


def test_the_videos_are_not_watched_by_themselves(story):
    other = story.enrol(1, watched=False)
    assert not other.videos_watched


def _active(story):
    return Membership.ACTIVE, story.sandbox.now()


# A balance that comes late (F06), marketplaces that have not heard of the card (F07)


def test_a_balance_that_comes_late_comes_while_the_days_run(begin):
    story = begin(settings=Settings(credit_delay=7 * 86_400))
    assert story.balance() == 0
    assert story.refusal(story.send_otp) is Reason.BALANCE_TOO_LOW
    (loaded,) = story.sandbox.advance(story.sandbox.now() + timedelta(days=7))
    assert (loaded.event, loaded.rules) == ("balance_loaded", ("R02",))
    assert story.balance() == 1_000_000
    story.buy()
    assert story.sandbox.check() == []


def test_a_balance_that_comes_after_the_deadline_does_not_come(begin):
    story = begin(settings=Settings(credit_delay=30 * 86_400))
    happened = story.after(timedelta(days=40))
    assert [h.event for h in happened] == ["first_purchase_deadline", "balance_loaded"]
    assert happened[-1].why == "the card is off by now"
    assert story.balance() == 0
    assert story.sandbox.check() == []


def test_a_card_is_sold_to_once_the_marketplaces_have_heard_of_it(begin):
    story = begin(settings=Settings(platform_sync=86_400))
    story.after(timedelta(days=1) - SECOND)
    assert story.refusal(story.send_otp) is Reason.CARD_UNKNOWN
    story.after(SECOND)
    story.buy()
