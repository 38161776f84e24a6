"""How what a person wrote becomes what a verb takes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NewType

import pytest

from prakerja_sim.scenarios.engine.vocabulary import reader_for, vocabulary
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah

Card = NewType("Card", str)


@pytest.mark.parametrize(
    ("hint", "written", "value"),
    [
        (Card, 9990, "9990"),
        (Any, ["x"], ["x"]),
        (Rupiah | str, "650_000", Rupiah(650_000)),
        (Rupiah | str, "much", "much"),
        (list, ["x", 1], ["x", 1]),
        (Sequence[Rupiah], ["1_000"], [Rupiah(1000)]),
        (dict, {"a": 1}, {"a": 1}),
        (Mapping[str, timedelta], {"a": "5m"}, {"a": timedelta(minutes=5)}),
        (timedelta, timedelta(1), timedelta(1)),
        (type(wib(2021, 1, 1)), wib(2021, 1, 1), wib(2021, 1, 1)),
        (Literal[1, 2], 2, 2),
        (Reason, Reason.OTP_WRONG, Reason.OTP_WRONG),
    ],
)
def test_a_value_is_read_by_its_type(hint, written, value):
    assert reader_for(hint)(written) == value


@pytest.mark.parametrize(
    ("hint", "written", "told"),
    [
        (dict, "x", "not a mapping; write {name: value}"),
        (Mapping[str, int], ["x"], "not a mapping; write {name: value}"),
        (None, 5, "5 is not null; leave it out"),
        (Rupiah | timedelta, "much", "whole number of rupiah.* or .*stretch of time"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_to_write(hint, written, told):
    with pytest.raises(ValueError, match=told):
        reader_for(type(None) if hint is None else hint)(written)


def test_a_stage_with_what_no_story_can_say_is_a_bug():
    class Foreign:
        def look(self, *, path: Path) -> None: ...

    class Ordered:
        def add(self, *numbers: int) -> None: ...

    with pytest.raises(TypeError, match="no way to write"):
        vocabulary(Foreign, [])
    with pytest.raises(TypeError, match="by position"):
        vocabulary(Ordered, [])
