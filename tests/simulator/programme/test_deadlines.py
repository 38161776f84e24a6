import contextlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from prakerja_sim.simulator.programme.records import Membership, Participant, Recovery
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.records import Clock, Due, Entry

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

    (revoked,) = happened
    assert (revoked.at, revoked.event, revoked.about) == (
        DEADLINE + SECOND,
        "first_purchase_deadline",
        story.card,
    )
    assert revoked.rules == ("R06", "R07")
    assert "the card is off" in revoked.why
    assert revoked.whom == f"participant ************{story.card[-4:]}"
    assert revoked.moved == ((f"card:************{story.card[-4:]}", "programme:18", 1_000_000),)
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
    assert story.do(schedule.fire, key=key).event == "first_purchase_deadline"
    digest = story.sandbox.digest()

    assert story.do(schedule.fire, key=key) is None
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
        assert story.do(schedule.fire, key=key) is not None
    assert story.balance("programme:18") == 0
    assert story.sandbox.check() == []


def test_what_is_overdue_happens_at_once_and_moves_no_clock(story):
    now = story.sandbox.now()
    key = f"{(now - DAY).isoformat(timespec='microseconds')}|spending_cut_off|{story.card}"
    story.plant(Due(key, now - DAY, "spending_cut_off", story.card))
    (late,) = story.sandbox.step()
    assert (late.at, late.event, late.about) == (now - DAY, "spending_cut_off", story.card)
    assert story.sandbox.now() == now


def test_a_fired_event_moves_the_clock_to_its_instant(story):
    story.do(schedule.fire, key=story.find(Due, done=False)[0].key)
    assert story.get(Clock, "clock").now == DEADLINE + SECOND


@pytest.mark.parametrize("back", [SECOND, timedelta(days=365), timedelta(microseconds=1)])
def test_the_clock_never_goes_back(story, back):
    to = story.sandbox.now() - back
    assert story.refusal(story.do, schedule.move_clock, to=to) is Reason.CLOCK_FORWARD_ONLY


def test_a_clock_that_stands_still_leaves_no_entry(story):
    digest = story.sandbox.digest()
    story.do(schedule.move_clock, to=story.sandbox.now())
    assert story.sandbox.digest() == digest


def test_the_next_event_is_the_earliest_up_to_and_including_an_instant(story):
    assert story.ask(schedule.next_due, until=DEADLINE) is None
    assert story.ask(schedule.next_due, until=DEADLINE + SECOND).event == "first_purchase_deadline"
    assert story.ask(schedule.next_due, until=None).event == "first_purchase_deadline"


def test_a_running_clock_knows_since_when(story):
    story.do(schedule.run_clock, scale=60, wall=WALL)
    assert story.get(Clock, "clock") == Clock("clock", story.sandbox.now(), 60, WALL, story.sandbox.now())
    story.do(schedule.run_clock, scale=0, wall=WALL)
    assert story.get(Clock, "clock") == Clock("clock", story.sandbox.now())


def test_events_of_many_happen_in_the_order_of_time(story):
    story.sandbox.advance(wave(19).announced)
    late = story.enrol(2, wave=19)
    happened = story.sandbox.advance(wib(2021, 12, 31))

    assert [h.at for h in happened] == sorted(h.at for h in happened)
    revoked = [h.about for h in happened if h.event == "first_purchase_deadline"]
    assert revoked == [story.card, late.card]
    assert [h.event for h in happened].count("spending_cut_off") == 2
    assert len(happened) == 5  # with the recovery of wave 18 in wave 22
    assert story.sandbox.check() == []


def test_an_event_that_found_nothing_to_do_says_so(story):
    story.buy()
    (happened,) = story.sandbox.advance(DEADLINE + SECOND)
    assert happened.why == "the first training was bought in time: the membership stays"
    assert happened.moved == ()
    assert happened.whom.startswith("participant ****")


@pytest.mark.parametrize("event", schedule.EVENTS)
def test_every_event_says_why_it_happens(event):
    row = schedule.EVENTS[event]
    assert row.done
    assert all(re.fullmatch("R[0-4][0-9]", rule) for rule in row.rules)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("card:9900123456789012", "card:************9012"),
        ("incentive:9900123456789012", "incentive:************9012"),
        ("programme:18", "programme:18"),
        ("platform:tokopedia", "platform:tokopedia"),
    ],
)
def test_an_account_shows_no_card(name, shown):
    assert schedule._account(name) == shown


def test_at_midnight_of_wave_22_who_did_not_buy_is_revoked_before_all_balances_close(begin):
    story = begin(start=wib(2021, 11, 1, 9), wave=22)
    story.enrol(1, wave=22)
    happened = story.sandbox.advance(CUT_OFF + SECOND)
    assert {h.at for h in happened} == {CUT_OFF + SECOND}
    assert [h.event for h in happened] == ["first_purchase_deadline"] * 2 + ["spending_cut_off"] * 2
    assert story.sandbox.check() == []


# A recovery wave gives out revoked places (R40)

OPENS = wib(2021, 10, 25)


def test_a_revoked_place_comes_back_in_the_recovery_wave_as_a_new_card(begin):
    story = begin()
    buyer = story.enrol(1)
    story.plant(buyer.but(first="T-1"))
    story.enrol(2)
    happened = story.sandbox.advance(OPENS)

    (reopened,) = [h for h in happened if h.event == "recovery_quota"]
    assert (reopened.at, reopened.about, reopened.rules) == (OPENS, "22", ("R40",))
    assert reopened.moved == ()
    recovery = story.get(Recovery, "22")
    assert (recovery.freed, recovery.given) == (2, 0)

    story.sandbox.advance(wave(22).announced)
    fresh = story.enrol(3, wave=22)
    assert fresh.card not in (story.card, buyer.card)
    assert story.get(Recovery, "22").given == 1
    assert story.balance(f"card:{fresh.card}") == 1_000_000
    assert story.balance(f"card:{story.card}") == 0
    assert story.balance("programme:22") == -1_000_000
    assert story.refusal(story.enrol, 0, wave=22) is Reason.ALREADY_ENROLLED
    assert story.sandbox.check() == []


def test_no_more_places_are_counted_as_given_than_were_freed(story):
    story.sandbox.advance(wave(22).announced)
    for number in (1, 2):
        story.enrol(number, wave=22)
    recovery = story.get(Recovery, "22")
    assert (recovery.freed, recovery.given) == (1, 1)


def test_where_nobody_was_revoked_nothing_comes_back(story):
    story.plant(story.participant.but(first="T-1"))
    story.sandbox.advance(OPENS)
    assert story.get(Recovery, "22") is None


def test_a_void_frees_no_place(story):
    """Whoever bought in time stays in the programme, so nobody else gets the place (F18, F42)."""
    story.void(story.buy())
    story.sandbox.advance(OPENS)
    assert status(story) is Membership.ACTIVE
    assert story.get(Recovery, "22") is None


def test_a_place_of_a_wave_that_nobody_recovers_is_gone(begin):
    story = begin(start=wib(2022, 3, 9), wave=23)
    happened = story.sandbox.advance(wib(2022, 12, 31))
    assert [h.event for h in happened] == ["first_purchase_deadline", "spending_cut_off"]


def test_a_broken_recovery_is_found(story):
    story.plant(Recovery("22", 1, story.sandbox.now()))
    (wrong,) = story.sandbox.check()
    assert wrong.startswith("a_recovery_wave_gives_out_revoked_places: wave 22: 0 revoked, 1 freed, 0 given")


# A sweep that is interrupted


class Falls(Memory):
    """A store that falls over at one command or question, before anything of it is kept."""

    left = -1

    def run(self, sandbox, work, *more):
        self.fall()
        return super().run(sandbox, work, *more)

    def ask(self, sandbox, work, *more):
        self.fall()
        return super().ask(sandbox, work, *more)

    def fall(self):
        self.left -= 1
        if self.left == 0:
            raise OSError("the power is out")


def swept(begin, store):
    story = begin(store=store)
    for number in range(1, 4):
        story.enrol(number)
    story.buy()
    return story


@pytest.mark.parametrize("after", range(1, 40, 3))
def test_a_sweep_that_was_interrupted_goes_on_to_the_same_end(begin, after):
    whole = swept(begin, Memory())
    whole.sandbox.advance(CUT_OFF + SECOND)

    story = swept(begin, Falls())
    story.sandbox.store.left = after
    with contextlib.suppress(OSError):
        story.sandbox.advance(CUT_OFF + SECOND)
    story.sandbox.store.left = -1
    story.sandbox.advance(CUT_OFF + SECOND)

    assert story.sandbox.digest() == whole.sandbox.digest()
    assert story.sandbox.check() == []
