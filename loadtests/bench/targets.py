"""What must be reached, in one table; a missed one makes `make bench` exit with 1."""

from dataclasses import dataclass

from prakerja_sim.loadtests.bench.results import Verdict

EARLIER = "what the same comparison gave before sandboxes were kept in LMDB"
PLAN = "set when the plan for load runs was made"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and its bound: `least` or `most` of it."""

    what: str
    source: str
    least: float | None = None
    most: float | None = None

    def reached(self, verdict: Verdict) -> bool:
        """Whether the median is within the bound."""
        return (self.least is None or verdict.middle >= self.least) and (
            self.most is None or verdict.middle <= self.most
        )

    @property
    def bound(self) -> str:
        """The bound in words."""
        return f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"


def _peer(name: str, least: float) -> Target:
    return Target(f"payments/s, ours over {name}", EARLIER, least=least)


TARGETS: dict[str, Target] = {
    "payment/empty gunicorn": Target(
        "payments/s over an empty Flask endpoint, gunicorn, nothing pinned", "decision D3d", least=0.4
    ),
    "payment/empty granian": Target(
        "payments/s over an empty Flask endpoint, granian, nothing pinned", "decision D3d", least=0.4
    ),
    "p99": Target(
        "p99 of a payment in ms, 16 connections, granian, LMDB, durable",
        "a user of a shop must not notice it",
        most=20,
    ),
    "core": Target("operations/s of the core alone", "a year of many people in minutes", least=20_000),
    "flows/before": Target("whole flows, ours over the tree beside", PLAN, least=1.25),
    "p99/before": Target("p99 of a payment, ours over the tree beside", PLAN, most=0.5),
    "people": Target("payments/s with most people over those with fewest", PLAN, least=0.9),
    "sandboxes": Target("payments/s over many sandboxes over those in one", PLAN, least=0.9),
    "POST /people": Target("ms of the server's CPU to enrol one with most people", PLAN, most=2.0),
    "memory": Target("memory at the end of a long run over that at its half", PLAN, most=1.05),
    "timeline": Target("payments/s with the timeline over those without it", "decision D17", least=0.9),
    "timeline memory": Target(
        "memory after all requests over that with a full timeline", "decision D17", most=1.05
    ),
    "start": Target("seconds from the command to the first answer, granian, LMDB", PLAN, most=1.0),
    "Prism": _peer("Prism", 1.32),
    "Mockoon": _peer("Mockoon", 2.64),
    "moto": _peer("moto", 4.64),
    "localstripe": _peer("localstripe", 9.8),
    "MockServer": _peer("MockServer", 1.56),
    "json-server": _peer("json-server", 5.3),
    "mountebank": _peer("mountebank", 0.28),
    "WireMock": _peer("WireMock, well warmed", 0.2),
}
