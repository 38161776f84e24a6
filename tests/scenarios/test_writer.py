"""What is written down reads back equal."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prakerja_sim.scenarios.engine.strict_yaml import read
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.writer import to_yaml
from prakerja_sim.scenarios.engine.yaml_story import stories
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings


class Toy:
    """A verb for every kind of argument."""

    def buy(
        self,
        *,
        course: str,
        price: Rupiah | None = None,
        seats: int = 1,
        online: bool = False,
        tags: list[str] | None = None,
    ) -> None: ...

    def advance(self, *, by: timedelta) -> None: ...

    def set_clock(self, *, to: datetime) -> None: ...

    def step_clock(self) -> None: ...

    def expect(self, *, balance: Rupiah | None = None) -> None: ...


VERBS = vocabulary(Toy, ["tokopedia", "pijar"])


def told(tmp_path, text):
    file = tmp_path / "story.yaml"
    file.write_text(text)
    (story,) = stories(file, VERBS)
    return story


def steps_of(story):
    steps = []
    story.play(steps.append)
    return steps


WRITTEN: list[tuple[str, dict[str, Any], Reason | None]] = [
    ("buy", {"course": "barista-101", "price": Rupiah(650_000), "seats": 10**18, "online": True}, None),
    ("buy", {"course": "012345", "price": None}, Reason.OTP_WRONG),
    ("advance", {"by": timedelta(seconds=90)}, None),
    ("advance", {"by": timedelta(days=30)}, Reason.NO_REPLY),
    ("advance", {"by": timedelta(0)}, None),
    ("set_clock", {"to": wib(2021, 9, 22, 23, 59, 59)}, None),
    ("step_clock", {}, None),
    ("step_clock", {}, Reason.CLOCK_FORWARD_ONLY),
    ("expect", {"balance": Rupiah(-5_000)}, None),
]


def test_a_written_story_reads_back_equal(tmp_path):
    text = to_yaml(
        WRITTEN,
        title='It: "works" {now} $5',
        why="Found by chance.\n\nTwice.",
        marketplaces=["pijar"],
        start=wib(2021, 9, 22, 10),
        settings={"otp_lifetime": 60, "fixed_otp": "012345"},
    )
    story = told(tmp_path, text)
    assert [(step.verb, step.arguments, step.fails) for step in steps_of(story)] == WRITTEN
    assert (story.title, story.why) == ('It: "works" {now} $5', "Found by chance.\nTwice.")
    assert (story.marketplaces, story.start) == (("pijar",), wib(2021, 9, 22, 10))
    assert story.settings == Settings(otp_lifetime=60, fixed_otp="012345")


def test_a_written_step_is_one_line_and_quotes_only_what_needs_it():
    text = to_yaml(WRITTEN[:2], title="T", why="W")
    assert text == (
        '# W\nscenario: "T"\nmarketplaces: each\n\nsteps:\n'
        "  - buy: {course: barista-101, price: 650_000, seats: 1_000_000_000_000_000_000, online: true}\n"
        '  - buy: {course: "012345", price: null}\n    fails: otp_wrong\n'
    )


ODD = ["", " ", "~", "null", "NO", "012", "1_0", "-", "- a", "a: b", "a #b", "#", "*a", "&a", "!a", "%a"]
ODD += ["@", "`", "<<", "$x", "$$", "a$", '"', "'", "\\", "\\n", "\n", "\t", "\0", "\x85", "\u2028", "\ufeff"]
ODD += ["😀", "é", "{}", "[", ",", "true", "1.5", "2021-08-24", "12:30", "a\r\nb", "=", "?", "|", ">", "---"]
ODD += ["...", "x" * 2000]


@pytest.mark.parametrize("text", ODD)
def test_any_text_survives_being_written_and_read(tmp_path, text):
    story = told(tmp_path, to_yaml([("buy", {"course": text, "tags": [text]}, None)], title="T", why="W"))
    (step,) = steps_of(story)
    assert step.arguments == {"course": text, "tags": [text]}


@pytest.mark.parametrize(
    "value", [1.5, b"x", "\ud800", timedelta(milliseconds=1), wib(2021, 1, 1).replace(microsecond=1)]
)
def test_what_no_file_can_carry_is_refused_by_the_writer(value):
    with pytest.raises(ValueError, match=r"cannot be written|no scenario can carry|a scenario can carry"):
        to_yaml([("expect", {"x": value}, None)], title="T", why="W")


def test_the_written_file_is_plain_yaml():
    root = read(to_yaml(WRITTEN, title="T", why="W").encode(), Path("x.yaml")).root.plain()
    assert len(root["steps"]) == len(WRITTEN)
