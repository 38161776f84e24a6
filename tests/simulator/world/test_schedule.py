from datetime import timedelta

from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Due


def fresh(story):
    """The usual world without anything due."""
    story.reset()
    return story


def put_down(story, at, event="certificate", about="T-1"):
    story.do(command("test.schedule")(schedule.schedule), at=at, event=event, about=about)


def test_events_come_in_the_order_of_time_and_then_of_name(story):
    now = fresh(story).sandbox.now()
    for at, event in [(now + DAY, "a"), (now + SECOND, "z"), (now + SECOND, "b")]:
        put_down(story, at, event)
    assert [d.event for d in story.find(Due, done=False)] == ["b", "z", "a"]


def test_microseconds_keep_their_order(story):
    now = fresh(story).sandbox.now()
    later = now + timedelta(microseconds=1)
    put_down(story, later, "a")
    put_down(story, now, "b")
    assert story.ask(schedule.next_due, until=None).event == "b"
    assert story.ask(schedule.next_due, until=now).event == "b"


def test_the_same_event_for_the_same_one_is_kept_once(story):
    now = fresh(story).sandbox.now()
    put_down(story, now)
    put_down(story, now)
    assert len(story.find(Due)) == 1


def test_an_event_is_due_up_to_and_including_its_second(story):
    at = fresh(story).sandbox.now() + DAY
    put_down(story, at)
    assert story.ask(schedule.next_due, until=at - SECOND) is None
    assert story.ask(schedule.next_due, until=at).at == at


def test_nothing_due_is_nothing(story):
    fresh(story)
    assert story.ask(schedule.next_due, until=None) is None
