from datetime import UTC, datetime, timedelta

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.programme import enrolment
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason, SandboxStopped, WorldGone
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import journal, schedule
from prakerja_sim.simulator.world.faults.http import ReplyFault, RequestFault, RequestLost
from prakerja_sim.simulator.world.records import Due, Entry, Sms

WALL = datetime(2024, 1, 1, tzinfo=UTC)
START = wib(2021, 8, 24, 15)


def test_a_sandbox_begins_at_its_start_with_a_frozen_clock(story):
    assert story.sandbox.now() == START
    story.sandbox.catch_up(WALL)
    assert story.sandbox.now() == START


def test_advancing_lets_everything_due_happen_in_order(story):
    happened = story.sandbox.advance(wib(2021, 12, 31))
    assert [h.event for h in happened] == [
        "first_purchase_deadline",
        "recovery_quota",
        "spending_cut_off",
    ]
    assert story.sandbox.now() == wib(2021, 12, 31)


class Rival(Memory):
    """A store in which another thread fires each due event just after we have asked for it."""

    def ask(self, sandbox, work, *more):
        result = super().ask(sandbox, work, *more)
        if isinstance(result, Due) and not self.done:
            self.done.append(result)
            arguments = {"key": result.key}
            super().run(sandbox, lambda world: journal.perform(world, schedule.fire, arguments), *more)
        return result


def test_of_two_who_advance_at_once_only_one_lets_an_event_happen(begin):
    rival = Rival()
    rival.done = []
    story = begin(store=rival)
    happened = story.sandbox.advance(wib(2021, 12, 31))
    assert [due.event for due in rival.done] == ["first_purchase_deadline"]
    assert [one.event for one in happened] == ["recovery_quota", "spending_cut_off"]
    assert story.sandbox.check() == []


def test_what_is_due_in_the_very_instant_happens_too(story):
    assert story.sandbox.advance(wib(2021, 9, 23) - SECOND) == []
    assert len(story.sandbox.advance(wib(2021, 9, 23))) == 1


def test_the_clock_is_not_set_back_and_nothing_happens(story):
    digest = story.sandbox.digest()
    assert story.refusal(story.sandbox.advance, START - SECOND) is Reason.CLOCK_FORWARD_ONLY
    assert story.sandbox.digest() == digest


def test_a_step_goes_to_the_next_event_and_no_further(story):
    story.enrol(1)
    assert [h.event for h in story.sandbox.step()] == ["first_purchase_deadline"] * 2
    assert story.sandbox.now() == wib(2021, 9, 23)
    assert [h.event for h in story.sandbox.step()] == ["recovery_quota"]
    assert [h.event for h in story.sandbox.step()] == ["spending_cut_off"] * 2
    assert story.sandbox.step() == []


def test_a_reset_begins_the_same_world_again(story):
    fresh = sandbox.create(Memory(), "other", 42, START).digest()
    story.buy()
    story.sandbox.advance(wib(2021, 12, 31))
    story.sandbox.arm("sms_lost")

    story.reset()

    assert story.sandbox.now() == START
    assert story.sandbox.digest() == fresh
    assert (story.find(Participant), story.find_logged(Sms)) == ([], [])
    assert [entry.command for entry in story.find_logged(Entry)] == ["sandbox.begin"]
    assert (story.sandbox.stopped, story.sandbox.faulty, story.sandbox.running) == ([], False, False)


def test_whoever_is_at_work_in_a_world_that_was_reset_or_dropped_is_told(story):
    old, store = story.sandbox, story.sandbox.store
    story.reset()
    with pytest.raises(WorldGone, match="sandbox story was reset or dropped"):
        old.arm("sms_lost")
    with pytest.raises(WorldGone):
        old.digest()
    story.sandbox.arm("sms_lost")
    store.drop("story")
    for act in (story.sandbox.disarm, story.sandbox.digest):
        with pytest.raises(WorldGone):
            act()


def test_a_broken_invariant_stops_commands_and_not_questions(story):
    story.plant(Account("card:stolen", 1, 1))
    broken = story.sandbox.check()
    assert broken == story.sandbox.stopped
    assert broken[0].startswith("balances_follow_from_the_transfers: card:stolen holds 1")

    with pytest.raises(SandboxStopped, match="card:stolen"):
        story.enrol(1)
    with pytest.raises(SandboxStopped):
        story.after(DAY)
    assert story.balance() == 1_000_000

    story.reset()
    assert story.sandbox.check() == []
    story.enrol(1)


def test_a_question_that_changes_something_is_a_bug_and_changes_nothing(story):
    digest = story.sandbox.digest()
    with pytest.raises(AssertionError, match="is a question"):
        story.ask(lambda world: world.put(Account("card:x", 1, 1)))
    assert story.get(Account, "card:x") is None
    assert story.sandbox.digest() == digest


def test_a_command_tells_its_chain_and_its_head(story):
    done = story.sandbox.perform(enrolment.watch_videos, card=story.enrol(1, watched=False).card)
    entry = story.sandbox.journal()[-1]
    assert (done.subject, done.head) == (entry.subject, entry.head)
    again = story.sandbox.perform(enrolment.watch_videos, card=story.card)
    assert again.head is None


def test_the_journal_is_told_from_its_newest_entries_oldest_first(story):
    everything = story.sandbox.journal()
    assert [e.command.rpartition(".")[2] for e in everything] == [
        "begin",
        "list_course",
        "enrol",
        "watch_videos",
    ]
    assert story.sandbox.journal(2) == everything[-2:]
    assert story.sandbox.journal(99) == everything
    assert story.sandbox.journal(0) == []


@pytest.mark.parametrize(
    ("scale", "wall_seconds", "moved"),
    [(1, 0.999, 0), (1, 1, 1), (1, 1.999, 1), (60, 1, 60), (86_400, 40, 40 * 86_400), (1, -5, 0)],
)
def test_a_running_clock_follows_the_wall_in_whole_seconds(story, scale, wall_seconds, moved):
    story.sandbox.run_clock(scale, WALL)
    story.sandbox.catch_up(WALL + timedelta(seconds=wall_seconds))
    assert story.sandbox.now() == START + timedelta(seconds=moved)


def test_what_is_due_happens_when_a_running_clock_comes_by(story):
    story.sandbox.run_clock(86_400, WALL)
    story.sandbox.catch_up(WALL + timedelta(seconds=30))
    assert story.balance() == 0


def test_a_clock_is_frozen_where_it_is(story):
    story.sandbox.run_clock(1, WALL)
    story.sandbox.run_clock(0, WALL + timedelta(seconds=10))
    assert not story.sandbox.running
    story.sandbox.catch_up(WALL + timedelta(seconds=99))
    assert story.sandbox.now() == START + timedelta(seconds=10)


def test_a_fault_strikes_as_often_as_it_was_armed(story):
    assert story.sandbox.strike(RequestFault, "/payment/send-otp") is None
    story.sandbox.arm("request_lost", where="/send-otp", times=2)

    assert story.sandbox.strike(RequestFault, "/payment/authorize") is None
    assert story.sandbox.strike(ReplyFault, "/payment/send-otp") is None
    assert isinstance(story.sandbox.strike(RequestFault, "/payment/send-otp"), RequestLost)
    assert isinstance(story.sandbox.strike(RequestFault, "/payment/send-otp"), RequestLost)
    assert not story.sandbox.faulty
    assert story.sandbox.strike(RequestFault, "/payment/send-otp") is None


def test_disarming_ends_all_faults(story):
    story.sandbox.arm("request_lost", times=9)
    story.sandbox.disarm()
    assert not story.sandbox.faulty
    assert story.sandbox.strike(RequestFault, "/x") is None


def test_a_sandbox_is_reopened_as_the_store_has_kept_it(begin):
    store = Memory()
    story = begin(store=store, settings=Settings(otp_digits=4))
    story.sandbox.arm("sms_lost")
    story.sandbox.run_clock(5, WALL)

    again = sandbox.reopen(store, "story")

    assert (again.seed, again.settings) == (42, Settings(otp_digits=4))
    assert (again.faulty, again.running) == (True, True)
    assert again.digest() == story.sandbox.digest()
    assert again.now() == START


def test_a_sandbox_that_nobody_made_is_not_reopened():
    assert sandbox.reopen(Memory(), "nobody") is None


def test_sandboxes_in_one_store_never_meet(begin):
    store = Memory()
    one, other = begin(store=store, name="one"), begin(store=store, name="other")
    one.buy()
    assert one.participant.card == other.participant.card
    assert (one.balance(), other.balance()) == (350_000, 1_000_000)


def test_a_running_clock_that_was_moved_by_hand_goes_on_from_there(story):
    wall = datetime(2024, 1, 1, tzinfo=UTC)
    story.sandbox.go_on(wall)
    assert not story.sandbox.running

    story.sandbox.run_clock(60, wall)
    story.after(DAY)
    story.sandbox.go_on(wall)
    story.sandbox.catch_up(wall + SECOND)

    assert story.sandbox.now() == START + DAY + 60 * SECOND
