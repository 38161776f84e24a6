import pytest

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import table
from prakerja_sim.loadtests.bench.table import Run


def test_a_row_tells_median_and_range() -> None:
    runs = [Run(100.0, 1.0, 2.0, 0.5, 0.1, 0.0), Run(300.0, 3.0, 4.0, 0.9, 0.2, 0.0), Run(200.0)]
    heading, row = table.of_runs([("payment, gunicorn", runs)]).splitlines()
    assert heading.split()[:2] == ["case", "req/s"]
    assert row.split() == [
        "payment,",
        "gunicorn",
        "200",
        "100..300",
        "2.00",
        "3.00",
        "0.70",
        "0.15",
        "0.00",
        "4000",
        "3",
    ]


def test_what_was_not_measured_is_a_dash() -> None:
    assert table.of_runs([("core", [Run(1_000.0)])]).splitlines()[1].split() == [
        "core",
        "1,000",
        "1,000..1,000",
        *["-"] * 6,
        "1",
    ]


def test_ratios_are_of_paired_runs() -> None:
    assert table.ratio([1.0, 2.0, 3.0], [2.0, 2.0, 2.0]) == (1.0, 0.5, 1.5)
    with pytest.raises(ValueError, match="zip"):
        table.ratio([1.0], [])
    assert table.ratios([Run(1.0), Run(3.0)], [Run(2.0), Run(2.0)]) == [0.5, 1.5]


def test_a_table_of_a_page_has_its_rule() -> None:
    assert table.markdown([("what", "is"), ("a", "1")]) == "| what | is |\n| --- | ---: |\n| a | 1 |"


def test_a_spread_of_one_value_is_that_value() -> None:
    assert table.spread([1.0, 1.0]) == "1.00"
    assert table.spread([1.0, 3.0, 2.0]) == "2.00 (1.00..3.00)"


def test_this_process_uses_cpu_of_the_machine() -> None:
    assert cores.seconds_of_this_process() > 0
    assert cores.seconds_of_machine() > 0


def test_pinning_ends_with_its_block() -> None:
    before = cores.pinning()
    with cores.pinned(cores.CLIENT):
        assert cores.pinning() == before
    assert sorted(cores.CORES) == sorted(cores.os.sched_getaffinity(0))
