"""How what a person wrote becomes what a verb takes."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import pytest

from prakerja_sim.scenarios.engine.vocabulary import reader_for, vocabulary
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah


@pytest.mark.parametrize(
    ("hint", "written", "value"),
    [
        (str, 9990, "9990"),
        (Rupiah | None, "650_000", Rupiah(650_000)),
        (list[Rupiah], ["1_000"], [Rupiah(1000)]),
        (int | None, None, None),
        (timedelta, timedelta(1), timedelta(1)),
        (datetime, wib(2021, 1, 1), wib(2021, 1, 1)),
    ],
)
def test_a_value_is_read_by_its_type(hint, written, value):
    assert reader_for(hint)(written) == value


@pytest.mark.parametrize(
    ("hint", "written", "told"),
    [
        (list[int], "3", "'3' is not a list"),
        (list[int], ["x"], "not a whole number"),
        (Rupiah, None, "whole number of rupiah"),
        (Rupiah | None, "much", "whole number of rupiah"),
    ],
)
def test_a_value_that_does_not_fit_is_told_what_to_write(hint, written, told):
    with pytest.raises(ValueError, match=told):
        reader_for(hint)(written)


def test_a_stage_with_what_no_story_can_say_is_a_bug():
    class Foreign:
        def look(self, *, path: Path) -> None: ...

    class Undecided:
        def look(self, *, until: datetime | timedelta) -> None: ...

    class Ordered:
        def add(self, *numbers: int) -> None: ...

    class Anything:
        def compare(self, **sums: int) -> None: ...

    for stage in (Foreign, Undecided):
        with pytest.raises(TypeError, match="no way to write"):
            vocabulary(stage, [])
    with pytest.raises(TypeError, match="by position"):
        vocabulary(Ordered, [])
    with pytest.raises(TypeError, match="takes any name"):
        vocabulary(Anything, [])


def price(shop: object) -> Rupiah: ...


def seats(shop: object) -> int: ...


CLAIMS = {"price": price, "seats": seats}


class Claiming:
    def expect(self, *, person: str = "ani", **claims: Annotated[object, CLAIMS]) -> None:
        """Compare."""


@pytest.mark.parametrize(
    ("written", "arguments", "wrong"),
    [
        ({"price": "650_000", "seats": 3}, {"price": Rupiah(650_000), "seats": 3}, []),
        ({"seats": None, "person": "budi"}, {"seats": None, "person": "budi"}, []),
        ({"prise": 1}, {}, ["expect takes no 'prise'; did you mean 'price'?"]),
        ({"seats": "many"}, {}, ["expect: seats: 'many' is not a whole number; write 3 or 1_000"]),
    ],
)
def test_a_verb_takes_the_claims_of_its_table(written, arguments, wrong):
    verb = vocabulary(Claiming, []).verbs["expect"]
    assert list(verb.arguments) == ["price", "seats", "person"]
    assert verb.needed == set()
    assert verb.read(written) == (arguments, wrong)
