from pathlib import Path

from prakerja_sim.loadtests import journeys
from prakerja_sim.loadtests.journeys import Journey


def test_journeys_of_all_processes_are_read_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    first = Journey(
        person="A", card="1", marketplace="pijar", state="paid", began=1.0, mistakes=("wrong_otp",)
    )
    second = Journey(person="B", card="2", marketplace="pijar", state="waiting", reason="SMS", began=2.0)
    journeys.write(tmp_path, second)
    journeys.file_of(tmp_path, 1).write_bytes(journeys.file_of(tmp_path).read_bytes())
    journeys.file_of(tmp_path).unlink()
    journeys.write(tmp_path, first)
    assert journeys.read(tmp_path) == [first, second]


def test_a_line_that_is_cut_short_is_not_read(tmp_path: Path) -> None:
    whole = Journey(person="A", card="1", marketplace="pijar", state="lost")
    journeys.write(tmp_path, whole)
    with journeys.file_of(tmp_path).open("ab") as file:
        file.write(b'{"person": "B", "ca')
    assert journeys.read(tmp_path) == [whole]


def test_a_run_that_wrote_nothing_has_no_journeys(tmp_path: Path) -> None:
    assert journeys.read(tmp_path) == []
