from dataclasses import replace

import pytest

from prakerja_sim.loadtests import audit, locust_counts
from prakerja_sim.loadtests.audit import Books

BEFORE = Books((), (), purchases=10, vouchers=8)
GOOD = Books((), (), purchases=15, vouchers=13)


@pytest.mark.parametrize(
    ("after", "finished", "failures", "wrong"),
    [
        (GOOD, 5, 0, None),
        (GOOD, 4, 0, None),
        (replace(GOOD, violations=("I1 money is lost",)), 5, 0, "invariant broken: I1 money is lost"),
        (replace(GOOD, bugs=("POST /x: KeyError",)), 5, 0, "bug: POST /x: KeyError"),
        (replace(GOOD, vouchers=12), 4, 0, "5 purchases are booked, 4 vouchers were handed out"),
        (replace(GOOD, vouchers=14), 5, 0, "5 purchases are booked, 6 vouchers were handed out"),
        (GOOD, 6, 0, "users finished 6 flows, only 5 purchases are booked"),
        (GOOD, 5, 2, "2 requests failed"),
        (GOOD, 0, 0, "no flow was finished; give it more seconds"),
    ],
)
def test_books_are_judged(after: Books, finished: int, failures: int, wrong: str | None) -> None:
    found = audit.complaints(BEFORE, after, finished=finished, failures=failures)
    assert found == ([] if wrong is None else [wrong])


def test_all_that_is_wrong_is_told_at_once() -> None:
    after = Books(("one", "two"), ("three",), purchases=11, vouchers=8)
    assert len(audit.complaints(BEFORE, after, finished=2, failures=1)) == 6


def row(name: str, requests: int, failures: int, times: dict[str, int]) -> dict[str, object]:
    return {
        "name": name,
        "method": "POST",
        "num_requests": requests,
        "num_failures": failures,
        "response_times": times,
        "start_time": 100.0,
        "last_request_timestamp": 102.0,
    }


def test_locusts_counts_are_read() -> None:
    rows = [
        row("/gql", 90, 1, {"5": 60, "7": 30}),
        row("/pay", 10, 0, {"5": 9, "100": 1}),
        row("flow", 6, 1, {"50": 6}),
    ]
    counts = locust_counts.read(rows)
    assert (counts.flows, counts.requests, counts.failures, counts.seconds) == (5, 100, 2, 2.0)
    assert counts.worst == ("1 x POST /gql", "1 x POST flow")
    assert counts.latencies_ms == {5.0: 69, 7.0: 30, 100.0: 1}
    assert locust_counts.percentiles(counts.latencies_ms) == "p50 5 ms, p95 7 ms, p99 7 ms"
    assert locust_counts.percentiles(counts.flow_ms) == "p50 50 ms, p95 50 ms, p99 50 ms"


def test_nothing_counted_is_nothing_finished() -> None:
    counts = locust_counts.read([])
    assert (counts.flows, counts.requests, counts.failures) == (0, 0, 0)
    assert locust_counts.percentile(counts.latencies_ms, 99) == 0.0
