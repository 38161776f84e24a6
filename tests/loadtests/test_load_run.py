from pathlib import Path

import pytest

from prakerja_sim.loadtests import run, served
from prakerja_sim.loadtests.audit import Books
from prakerja_sim.loadtests.errors import LoadFailed, NotServed
from prakerja_sim.loadtests.locust_counts import Counts

BOOKS = Books((), (), 5, 5, "abc")
COUNTS = Counts(5, 100, 0, 2.0, {5.0: 100}, {50.0: 5})


def test_a_short_run_ends_with_books_that_agree() -> None:
    report = run.load(users=3, seconds=3, server="gunicorn", durability="full", store=None)
    assert "audit     books agree" in report
    assert "failures  0" in report
    assert "durability full" in report


def test_a_simulator_that_cannot_start_fails_the_run(tmp_path: Path) -> None:
    missing = f"lmdb:{tmp_path / 'missing' / 'x.db'}"
    with pytest.raises(LoadFailed, match="did not start"):
        run.load(users=1, seconds=1, server="gunicorn", durability="full", store=missing)


def test_nobody_to_play_against_fails_the_run(tmp_path: Path) -> None:
    counts = run.play("http://127.0.0.1:9", users=1, seconds=1, folder=tmp_path)
    assert counts.flows == 0
    assert counts.failures > 0


@pytest.mark.parametrize(
    ("durability", "wrong", "told"),
    [
        ("full", [], "audit     books agree"),
        ("full", ["money is lost"], "audit     FAILED: money is lost"),
        ("relaxed", [], "NOT DURABLE"),
    ],
)
def test_the_report_says_what_was_found(durability: str, wrong: list[str], told: str) -> None:
    report = run.report(
        COUNTS, BOOKS, BOOKS, wrong, setting="3 users", durability=durability, server_seconds=1.0
    )
    assert told in report
    assert "digest abc" in report
    assert "flows     2.5/s, 5 finished; p50 50 ms" in report
    assert "requests  50/s, 100; p50 5 ms" in report


def test_an_answer_that_is_no_success_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = served.Admin("http://127.0.0.1:9")

    class Refusal:
        ok, url, status_code, text = False, "http://x/", 409, "no"

    monkeypatch.setattr(admin, "_session", type("Session", (), {"get": lambda *_, **__: Refusal()})())
    with pytest.raises(NotServed, match="answers 409: no"):
        admin.ask("/clock")
