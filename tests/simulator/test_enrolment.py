from datetime import timedelta

import pytest

from simulator import enrolment
from simulator.chance import code, seed_bytes
from simulator.clock import SECOND, wib
from simulator.errors import Reason
from simulator.ids import DIGITS, is_card_number
from simulator.records import Due, Entry, Membership, Participant, Sms


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


@pytest.mark.parametrize("wave", [0, 24])
def test_a_wave_that_is_not_kept_takes_nobody(story, wave):
    digest = story.sandbox.digest()
    assert story.refusal(story.enrol, 1, wave=wave) is Reason.WAVE_UNKNOWN
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
