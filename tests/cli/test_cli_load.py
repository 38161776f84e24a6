"""`prakerja-sim load`: what it refuses, with the place and the remedy, before anything is started."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from prakerja_sim.cli.load import _asked
from prakerja_sim.cli.main import main

NOWHERE = "http://127.0.0.1:9"
REFUSED = [
    (["--threshold", "p95(flow) < 30"], "--threshold 'p95(flow) < 30': a time has a unit"),
    (
        ["--threshold", "p95(authorisee) < 3s"],
        "there is no operation 'authorisee'; did you mean authorise?",
    ),
    (["--fault", "sms_lots"], "--fault 'sms_lots': there is no fault 'sms_lots'"),
    (["--marketplace", "toko"], "--marketplace: there is no 'toko'; write one of "),
    (["--marketplace", "pijar=x"], "--marketplace pijar=x: 'x' is no number; write such as pijar=1"),
    (["--marketplace", "pijar=0"], "--marketplace: nobody buys anywhere; give one a weight above 0"),
    (["--mistake", "wrong_otp=2"], "--mistake wrong_otp: 2 is no share; write a number from 0 to 1"),
    (["--mistake", "wrongotp"], "--mistake: there is no 'wrongotp'; write one of "),
    (["--think", "3", "1"], "--think: 3 to 1 s is no span"),
    (["-f", "missing.py"], "-f missing.py: there is no such file"),
    (["--html", "missing/load.html"], "--html missing/load.html"),
    (["--json", "/"], "--json"),
    (["--against", NOWHERE], f"nobody answers at {NOWHERE}; start it with: prakerja-sim serve"),
    (["--against", NOWHERE, "--store", "memory"], "--store: goes with a server of its own"),
    (["--shape", "waves"], "'waves' is not one of"),
    (["--users", "0"], "0 is not in the range 1<=x<=10000"),
    (["--arrivals", "0"], "0.0 is not in the range"),
]


@pytest.mark.parametrize(("options", "remedy"), REFUSED, ids=[" ".join(options) for options, _ in REFUSED])
def test_bad_input_is_refused_with_the_remedy(options: list[str], remedy: str) -> None:
    done = CliRunner().invoke(main, ["load", *options])
    assert done.exit_code == 2
    assert remedy in done.output
    assert "Traceback" not in done.output


def chosen(**more: object) -> dict[str, object]:
    nothing = dict.fromkeys(
        ("against", "file", "arrivals", "until", "think", "server", "durability", "store")
    )
    many = dict.fromkeys(("marketplaces", "mistakes", "faults", "thresholds"), ())
    return {
        **nothing,
        **many,
        "sandbox": "default",
        "users": 3,
        "seconds": 5,
        "shape": "steady",
        "processes": 1,
    } | more


def test_what_is_chosen_is_what_is_played() -> None:
    asked = _asked(**chosen(marketplaces=("mix", "pijar=3"), mistakes=("wrong_otp=0.25", "double_press")))
    assert asked.plan.weights()["pijar"] == 4
    assert asked.plan.mistakes == {"wrong_otp": 0.25, "double_press": 0.1}
    assert (asked.plan.until, asked.plan.clock) == ("purchase", "still")


@pytest.mark.parametrize("more", [{"until": "incentive"}, {"mistakes": ("refund",)}])
def test_the_clock_is_stepped_where_lives_need_time(more: dict[str, object]) -> None:
    assert _asked(**chosen(**more)).plan.clock == "stepped"


def test_a_locustfile_of_ones_own_may_have_operations_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("")
    (limit,) = _asked(**chosen(file=file, thresholds=("p95(my own) < 1s",))).thresholds
    assert limit.of == "my own"
