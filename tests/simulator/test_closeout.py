from datetime import UTC, datetime, timedelta

import pytest

from simulator import closeout
from simulator.clock import DAY, SECOND, wib
from simulator.closeout import Happened
from simulator.errors import Reason
from simulator.records import Clock, Due, Entry, Membership, Participant

DEADLINE = wib(2021, 9, 22, 23, 59, 59)
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)
WALL = datetime(2024, 1, 1, tzinfo=UTC)


def status(story):
    return story.get(Participant, story.card).status


def test_a_card_that_bought_nothing_is_revoked_one_second_after_the_deadline(story):
    assert story.sandbox.advance(DEADLINE) == []
    assert status(story) is Membership.ACTIVE
    assert story.balance() == 1_000_000

    happened = story.after(SECOND)

    assert happened == [Happened(DEADLINE + SECOND, "first_purchase_deadline", story.card)]
    assert status(story) is Membership.REVOKED
    assert story.balance() == 0
    assert story.balance("programme:18") == 0
    assert story.sandbox.check() == []


def test_who_bought_in_time_stays(story):
    story.buy()
    story.sandbox.advance(DEADLINE + DAY)
    assert status(story) is Membership.ACTIVE
    assert story.balance() == 350_000


def test_what_is_left_goes_back_to_the_programme_one_second_after_the_cut_off(story):
    story.buy()
    story.sandbox.advance(CUT_OFF)
    assert story.balance() == 350_000

    story.after(SECOND)

    assert story.balance() == 0
    assert story.balance("programme:18") == -650_000
    assert story.get(Participant, story.card).balance_closed
    assert status(story) is Membership.ACTIVE


def test_a_revoked_card_has_nothing_left_at_the_cut_off(story):
    story.sandbox.advance(CUT_OFF + SECOND)
    lapses = [e for e in story.find_logged(Entry) if "lapse" in e.transfers]
    assert len(lapses) == 1
    assert story.get(Participant, story.card).balance_closed


def test_an_event_that_happened_does_not_happen_again(story):
    key = story.find(Due, done=False)[0].key
    assert story.do(closeout.fire, key=key).event == "first_purchase_deadline"
    digest = story.sandbox.digest()

    assert story.do(closeout.fire, key=key) is None
    assert story.sandbox.digest() == digest


def test_an_event_finds_done_what_it_would_do(story):
    """A sweep that was interrupted is run again under another key and changes nothing more."""
    story.sandbox.advance(CUT_OFF + SECOND)
    now = story.sandbox.now()
    story.plant(
        Due("x-1", now, "first_purchase_deadline", story.card),
        Due("x-2", now, "spending_cut_off", story.card),
    )
    for key in ("x-1", "x-2"):
        assert story.do(closeout.fire, key=key) is not None
    assert story.balance("programme:18") == 0
    assert story.sandbox.check() == []


def test_an_event_that_was_due_before_happens_at_once_and_moves_no_clock(begin):
    story = begin(wave=12)
    now = story.sandbox.now()
    assert story.sandbox.advance(now) == [Happened(wib(2021, 4, 2), "first_purchase_deadline", story.card)]
    assert story.sandbox.now() == now


def test_a_fired_event_moves_the_clock_to_its_instant(story):
    story.do(closeout.fire, key=story.find(Due, done=False)[0].key)
    assert story.get(Clock, "clock").now == DEADLINE + SECOND


@pytest.mark.parametrize("back", [SECOND, timedelta(days=365), timedelta(microseconds=1)])
def test_the_clock_never_goes_back(story, back):
    to = story.sandbox.now() - back
    assert story.refusal(story.do, closeout.move_clock, to=to) is Reason.CLOCK_FORWARD_ONLY


def test_a_clock_that_stands_still_leaves_no_entry(story):
    digest = story.sandbox.digest()
    story.do(closeout.move_clock, to=story.sandbox.now())
    assert story.sandbox.digest() == digest


def test_the_next_event_is_the_earliest_up_to_and_including_an_instant(story):
    assert story.ask(closeout.next_due, until=DEADLINE) is None
    assert story.ask(closeout.next_due, until=DEADLINE + SECOND).event == "first_purchase_deadline"
    assert story.ask(closeout.next_due, until=None).event == "first_purchase_deadline"


def test_a_running_clock_knows_since_when(story):
    story.do(closeout.run_clock, scale=60, wall=WALL)
    assert story.get(Clock, "clock") == Clock("clock", story.sandbox.now(), 60, WALL, story.sandbox.now())
    story.do(closeout.run_clock, scale=0, wall=WALL)
    assert story.get(Clock, "clock") == Clock("clock", story.sandbox.now())


def test_events_of_many_happen_in_the_order_of_time(story):
    early = story.enrol(1, wave=17)
    late = story.enrol(2, wave=19)
    happened = story.sandbox.advance(wib(2021, 12, 31))

    assert [h.at for h in happened] == sorted(h.at for h in happened) or happened[0].about == early.card
    revoked = [h.about for h in happened if h.event == "first_purchase_deadline"]
    assert revoked == [early.card, story.card, late.card]
    assert len(happened) == 6
    assert story.sandbox.check() == []
