"""When time alone ends a refusal: found by asking the rules about later moments."""

from datetime import datetime, timedelta

import pytest
from msgspec import Struct

from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import FARTHEST, check, over_at, rule

NOW = wib(2021, 9, 1, 10)


class Visit(Struct, frozen=True):
    """The facts of somebody at a door."""

    now: datetime
    opens: datetime
    closes: datetime
    invited: bool = True


@rule(Visit, Reason.SURVEY_NOT_OPEN)
def is_open(visit: Visit) -> bool:
    return visit.opens <= visit.now <= visit.closes


@rule(Visit, Reason.PERSON_UNKNOWN)
def is_invited(visit: Visit) -> bool:
    return visit.invited


class Timeless(Struct, frozen=True):
    """Facts without a time."""

    good: bool = False


@rule(Timeless, Reason.PERSON_UNKNOWN)
def is_good(one: Timeless) -> bool:
    return one.good


@pytest.mark.parametrize("seconds", [1, 2, 59, 60, 61, 7199, 86_400, 90 * 86_400, FARTHEST // 2])
def test_the_very_second_is_found(seconds):
    opens = NOW + timedelta(seconds=seconds)
    assert over_at(Visit(NOW, opens, opens + timedelta(days=900))) == opens


def test_a_window_is_found_while_it_is_open():
    opens = NOW + timedelta(days=90)
    assert over_at(Visit(NOW, opens, opens + timedelta(days=30))) == opens


@pytest.mark.parametrize(
    "visit",
    [
        Visit(NOW, NOW + timedelta(1), NOW + timedelta(9), invited=False),  # another rule stays broken
        Visit(NOW, NOW - timedelta(9), NOW - timedelta(1)),  # it is over
        Visit(NOW, NOW + timedelta(days=9_000), NOW + timedelta(days=9_999)),  # too far away
        Timeless(),
    ],
)
def test_what_time_alone_does_not_end_has_no_time(visit):
    assert over_at(visit) is None


def test_a_refusal_carries_the_question_and_not_the_answer():
    with pytest.raises(Rejected) as refused:
        check(Visit(NOW, NOW + timedelta(1), NOW + timedelta(9)))
    assert refused.value.facts == {}
    assert refused.value.over is not None
    assert refused.value.over() == NOW + timedelta(1)
