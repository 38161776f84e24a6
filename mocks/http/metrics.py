"""Counters for `/metrics`, of the whole process: requests, faults, messages, rupiah.

Each counter starts at zero with the server, so that a dashboard or an alarm can name it from the start.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from threading import Lock

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, Metric

from prakerja_sim.simulator.ledger.ledger import family
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.records import Logged, Mail, Sms, Transfer


class Requests:
    """Requests by party, operation, status and reason of the refusal.

    A counter of the library does more for the first request of its kind, and equal answers take equal work.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, str], int] = {}
        self._lock = Lock()

    def add(self, kind: tuple[str, str, str, str], number: int = 1) -> None:
        """Count so many of a kind; 0 only makes the kind known."""
        with self._lock:
            self._counts[kind] = self._counts.get(kind, 0) + number

    def collect(self) -> Iterator[Metric]:
        """What the library asks of a collector."""
        says = "Requests by party, operation, status (0: lost on purpose) and reason of the refusal."
        family = CounterMetricFamily(
            "prakerja_sim_requests", says, labels=["party", "operation", "status", "reason"]
        )
        with self._lock:
            counts = dict(self._counts)
        for kind, number in counts.items():
            family.add_metric(kind, number)
        yield family


REQUESTS = Requests()
REGISTRY.register(REQUESTS)
SECONDS = Histogram("prakerja_sim_request_seconds", "How long a request took, by party.", ["party"])
COMMIT_SECONDS = Histogram(
    "prakerja_sim_commit_seconds", "How long units of work that waited together took until they were durable."
)
FAULTS_STRUCK = Counter("prakerja_sim_faults_struck", "Faults that struck, by name.", ["fault"])
MESSAGES = Counter("prakerja_sim_messages", "Messages to people: otp, sms, mail.", ["kind"])
RUPIAH = Counter("prakerja_sim_rupiah", "Rupiah moved, by accounting event.", ["event"])
TRANSFERS = Counter("prakerja_sim_transfers", "Transfers of rupiah, by accounting event.", ["event"])
EVENTS = (
    "grant", "purchase", "passed_on", "given_back", "void", "lapse",
    "award", "sent", "undelivered", "incentive", "not_paid",
    "paid_in", "resale", "resale_failed",
)  # fmt: skip
"""The events that move rupiah; the others move seats and vouchers."""

for _name in FAULTS:
    FAULTS_STRUCK.labels(_name)
for _kind in ("otp", "sms", "mail"):
    MESSAGES.labels(_kind)
for _event in EVENTS:
    RUPIAH.labels(_event)
    TRANSFERS.labels(_event)


def offer(party: str, operations: Iterable[str]) -> None:
    """Begin to count a party's operations."""
    for operation in operations:
        REQUESTS.add((party, operation, "200", ""), 0)
    _seconds_of(party)


def answered(party: str, operation: str, status: int, reason: str, seconds: float) -> None:
    """Count a request."""
    REQUESTS.add((party, operation, str(status), reason))
    _seconds_of(party).observe(seconds)


@cache
def _seconds_of(party: str) -> Histogram:
    """The party's own histogram: to look it up takes the library as long as to count in it."""
    return SECONDS.labels(party)


def committed(seconds: float) -> None:
    """Count a commit of the store; one in memory has none."""
    COMMIT_SECONDS.observe(seconds)


def struck(fault: str) -> None:
    """Count a fault that struck."""
    FAULTS_STRUCK.labels(fault).inc()


def wrote(appended: Iterable[Logged]) -> None:
    """Count what a command wrote into the logs."""
    for one in appended:
        if isinstance(one, Transfer):
            if family(one.source).asset == "IDR":
                RUPIAH.labels(one.event).inc(one.amount)
                TRANSFERS.labels(one.event).inc()
        elif isinstance(one, Sms):
            MESSAGES.labels("otp" if one.otp else "sms").inc()
        elif isinstance(one, Mail):
            MESSAGES.labels("mail").inc()
