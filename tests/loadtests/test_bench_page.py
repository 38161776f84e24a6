"""What the benchmarks keep, judge and write; no measuring."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prakerja_sim.loadtests.bench import page, results, rounds, targets
from prakerja_sim.loadtests.bench.__main__ import PARTS
from prakerja_sim.loadtests.bench.peer import Peer
from prakerja_sim.loadtests.bench.peers import PEERS
from prakerja_sim.loadtests.bench.results import Figure, Machine, Part, Row, Table, Verdict
from prakerja_sim.loadtests.bench.rounds import ATTEMPTS, FOREIGN_CORES
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.errors import LoadTestError

MACHINE = Machine(2, "Made-up CPU", "Linux x86_64", "CPython 3.11.7", "flask 3.1.3")


def part(name: str, *verdicts: Verdict, machine: Machine = MACHINE) -> Part:
    at = datetime(2021, 11, 1, 9, tzinfo=UTC)
    tables = [
        Table("Rates", [Row("ours", [Run(100.0, 1.0, 2.0), Run(300.0, 3.0, 4.0)])]),
        Table("Sizes", figures=[Figure("memory", "MB", [167.0])]),
    ]
    return Part(name, "2 rounds", at, machine, 0.5, tables, list(verdicts), ["something to know"])


def test_the_page_has_each_part_with_its_day_its_figures_and_its_notes() -> None:
    text = page.written({"payments": part("payments"), "start": part("start")})
    assert text.index("## Payments") < text.index("## Start")
    assert "01 November 2021" in text
    assert "| ours | 200 | 100..300 | 2.00 | 3.00 |" in text
    assert "| memory | MB | 167.00 |" in text
    assert "- something to know." in text
    assert "- payments, start: 2 cores of Made-up CPU, Linux x86_64, CPython 3.11.7; flask 3.1.3." in text


def test_parts_that_were_measured_elsewhere_say_so() -> None:
    other = Machine(8, "Another CPU", "Linux x86_64", "CPython 3.12.1", "flask 3.1.3")
    text = page.written({"payments": part("payments"), "start": part("start", machine=other)})
    assert "- payments: 2 cores of Made-up CPU" in text
    assert "- start: 8 cores of Another CPU" in text


@pytest.mark.parametrize(
    ("target", "values", "reached"),
    [
        ("people", [0.9], True),
        ("people", [0.89], False),
        ("people", [0.5, 0.9, 2.0], True),  # the median decides
        ("p99", [20.0], True),
        ("p99", [20.1], False),
    ],
)
def test_a_target_is_judged_by_the_median_on_both_sides_of_its_bound(
    target: str, values: list[float], reached: bool
) -> None:
    one = part("payments", Verdict.of(target, values))
    assert bool(page.missed([one])) is not reached
    assert ("**missed**" in page.written({"payments": one})) is not reached


def test_a_missed_target_says_what_it_is_and_what_it_must_be() -> None:
    assert page.missed([part("time", Verdict.of("memory", [1.25]))]) == [
        "time: memory at the end of a long run over that at its half: 1.25, must be at most 1.05"
    ]


def test_every_target_has_one_bound_and_a_source() -> None:
    for name, target in targets.TARGETS.items():
        assert (target.least is None) != (target.most is None), name
        assert target.source, name


def test_every_peer_has_a_target_and_every_part_its_words() -> None:
    assert {peer.name for peer in PEERS} <= set(targets.TARGETS)
    assert set(page.ABOUT) == set(PARTS)


def test_a_part_that_is_measured_again_takes_its_old_ones_place(tmp_path: Path) -> None:
    kept = tmp_path / "reports" / "bench.json"
    assert results.read(kept) == {}
    before = {"payments": part("payments"), "start": part("start")}
    results.write(kept, before)
    assert results.read(kept) == before
    after = results.read(kept) | {"start": part("start", Verdict.of("start", [0.9]))}
    results.write(kept, after)
    assert results.read(kept)["start"].verdicts == [Verdict("start", 0.9, 0.9, 0.9)]
    assert results.read(kept)["payments"] == before["payments"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"payments": 1}', b"\xff"])
def test_results_that_cannot_be_read_are_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "bench.json"
    kept.write_bytes(content)
    with pytest.raises(LoadTestError, match=r"bench\.json holds no results of this version .*; remove it"):
        results.read(kept)


QUIET, LOUD = FOREIGN_CORES, FOREIGN_CORES + 0.01


@pytest.mark.parametrize(
    ("foreign", "counts", "attempts"),
    [
        ([QUIET], 0, 1),
        ([LOUD, QUIET], 1, 2),
        ([LOUD + 0.2, LOUD, LOUD + 0.1, QUIET], 1, ATTEMPTS),  # the least disturbed, and no fourth attempt
        ([None], 0, 1),
        ([float("nan")], 0, 1),
    ],
)
def test_a_disturbed_run_is_repeated_and_the_least_disturbed_one_counts(
    foreign: list[float | None], counts: int, attempts: int
) -> None:
    # Later runs are faster: the rate must not decide.
    runs = [Run(100.0 * number, foreign_cores=others) for number, others in enumerate(foreign, 1)]
    left = iter(runs)
    got = rounds.undisturbed(lambda: next(left))
    assert got.rate == runs[counts].rate
    assert got.attempts == attempts


def test_the_order_of_the_cases_is_turned_around_from_round_to_round() -> None:
    order: list[str] = []

    def case(name: str) -> Run:
        order.append(name)
        return Run(float(len(order)))

    runs = rounds.interleaved({"a": lambda: case("a"), "b": lambda: case("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert [run.rate for run in runs["b"]] == [2.0, 3.0, 6.0]


def test_a_run_of_several_attempts_shows_in_its_table() -> None:
    repeated = part("payments")
    run = replace(Run(100.0), attempts=3)
    repeated.tables = [Table("Rates", [Row("ours", [run, Run(100.0)])])]
    assert "| 2+2 |" in page.written({"payments": repeated})


def test_a_peer_that_is_not_installed_says_how_to_get_it(tmp_path: Path) -> None:
    peer = Peer("X", "x 1.0", "answers", tmp_path / "x", lambda port, folder: [])
    assert peer.missing == "x 1.0 is not installed; run make peers"
    (tmp_path / "x").touch()
    assert Peer("X", "x 1.0", "answers", tmp_path / "x", lambda port, folder: []).missing == ""


def test_a_peer_in_java_is_left_out_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = tmp_path / "x.jar"
    jar.touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Peer("X", "x 1.0", "answers", jar, lambda port, folder: []).missing == "there is no Java"


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_what_a_peer_is_given_is_written_into_its_folder(peer: Peer, tmp_path: Path) -> None:
    command = [str(word) for word in peer.command(12345, tmp_path)]
    assert any("12345" in text for text in [*command, *(f.read_text() for f in tmp_path.glob("*.json"))])
    assert next(peer.flow()).startswith(b"POST /")
