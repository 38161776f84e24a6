"""Shapes: how many users are there when, and what they are calibrated on."""

import pytest

from prakerja_sim.cli.load import SHAPES as OFFERED
from prakerja_sim.loadtests import shapes

AT = [
    # the shape, the moment, of 1,000 users so many
    ("steady", 0.0, 1000), ("steady", 0.999, 1000),
    ("ramp", 0.0, 1), ("ramp", 0.4, 500), ("ramp", 0.8, 1000), ("ramp", 0.9, 1000),
    ("spike", 0.0, 100), ("spike", 0.399, 100), ("spike", 0.4, 1000),
    ("spike", 0.599, 1000), ("spike", 0.6, 100),
    ("announcement", 0.0, 1000), ("announcement", 1.0, 20),
    ("last-evening", 0.0, 100), ("last-evening", 0.5, 316), ("last-evening", 1.0, 1000),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "moment", "users"), AT)
def test_a_shape_has_so_many_users(shape: str, moment: float, users: int) -> None:
    assert shapes.users_at(shape, 1000, moment) == users


def test_the_crowd_of_the_first_minute_is_the_published_share_of_its_day() -> None:
    level, day = shapes.SHAPES["announcement"].level, 24 * 60
    seconds = [level(at / 3600) for at in range(day * 60) if level(at / 3600) > shapes.FEW]
    share = sum(seconds[:60]) / sum(seconds)
    assert share == pytest.approx(80_000 / 1_100_000, rel=0.03)


def test_there_is_always_somebody_and_a_guess_is_marked() -> None:
    assert {shapes.users_at(name, 1, at / 10) for name in shapes.SHAPES for at in range(11)} == {1}
    assert [name for name, one in shapes.SHAPES.items() if one.source] == ["announcement", "last-evening"]
    assert all(one.inferred for one in shapes.SHAPES.values() if one.source)


def test_the_command_offers_each_shape() -> None:
    assert tuple(shapes.SHAPES) == OFFERED
