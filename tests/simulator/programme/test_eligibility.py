"""Who could buy some course now: judged by the rules of a purchase, at the price of each course."""

from prakerja_sim.simulator.programme import eligibility
from prakerja_sim.simulator.values.clock import SECOND, wib

BUY_UNTIL = wib(2021, 9, 22, 23, 59, 59)


def cards(story, most=None):
    return {one.card for one in story.ask(eligibility.buyers, most=most)}


def test_nobody_can_buy_what_costs_more_than_is_left(story):
    story.finish(story.buy())
    assert story.balance() == 350_000
    assert cards(story) == set()
    story.list_course("kue-1", 350_001)
    assert cards(story) == set()
    story.list_course("kue-2", 350_000)
    assert cards(story) == {story.card}


def test_who_must_finish_a_course_first_or_is_revoked_can_buy_nothing(story):
    budi, cici = story.enrol(1), story.enrol(2)
    story.list_course("kue-2", 100_000)
    assert cards(story) == {story.card, budi.card, cici.card}
    assert len(cards(story, most=2)) == 2
    story.buy()
    assert cards(story) == {budi.card, cici.card}
    story.sandbox.advance(BUY_UNTIL)
    assert cards(story) == {budi.card, cici.card}
    story.after(SECOND)
    assert cards(story) == set()
