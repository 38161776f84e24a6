"""What was asked of a load run, and what came of it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from prakerja_sim.loadtests import locust_counts
from prakerja_sim.loadtests.audit import Books, Verdict
from prakerja_sim.loadtests.fault_specs import FaultSpec, Struck
from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.locust_counts import Counts
from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.loadtests.samples import Sample
from prakerja_sim.loadtests.thresholds import FAILED, Judged, Threshold
from prakerja_sim.mocks.http import secrets

_IDS = re.compile(r"(?<==)\d+|\b(?=[A-Z0-9-]*\d)[A-Z0-9-]{8,}\b|\b[0-9a-f-]{16,}\b")
"""What differs from one person to the next in an error: numbers, codes, tokens."""
DISTURBED = 0.5
"""From so many cores on other programs are in the latencies."""
SATURATED = 90
"""From so many percent of a core on a process of Locust measures itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is to do; `plan` is what its users do."""

    plan: Plan
    users: int = 20
    seconds: int = 20
    arrivals: float = 0.0
    """So many flows begin a second; 0: each user begins the next one at once."""
    shape: str = "steady"
    faults: Sequence[FaultSpec] = ()
    processes: int = 1
    thresholds: Sequence[Threshold] = ()
    against: str | None = None
    """The address of a running server; None: one of our own."""
    file: Path | None = None
    """A locustfile in the place of ours."""
    server: str = "gunicorn"
    durability: str = "full"
    store: str | None = None

    @property
    def judges_failures(self) -> bool:
        """Whether a threshold says how much may fail."""
        return any(one.metric == FAILED for one in self.thresholds)


@dataclass(frozen=True, slots=True)
class Result:
    """All that a run's reports are made of."""

    asked: Asked
    counts: Counts
    before: Books
    after: Books
    verdict: Verdict
    judged: Sequence[Judged]
    struck: Sequence[Struck] = ()
    samples: Sequence[Sample] = ()
    journeys: Sequence[Journey] = ()
    server_seconds: float = float("nan")
    """CPU seconds of the server during the run; not a number if it does not tell."""
    others_cores: float = float("nan")
    """How many cores neither server nor client, but other programs of this machine took in the mean.

    Not a number if the server may be on another machine.
    """
    stopped: bool = False
    """Whether somebody ended it before its time."""

    @property
    def wrong(self) -> list[str]:
        """All that fails the run, a line each; what the audit found is told at length elsewhere."""
        wrong = [one.told for one in self.verdict.wrong]
        wrong += [f"{self.verdict.more:,} more findings"] if self.verdict.more else []
        wrong += [f"{one.threshold.text}: {one.told}" for one in self.judged if not one.kept]
        if self.counts.failures and not self.asked.judges_failures and not self.asked.faults:
            wrong.append(f"{self.counts.failures:,} requests failed, and no --threshold says how many may")
        if self.asked.file is None and not self.counts.flows:
            wrong.append("no flow was finished; give it more --seconds")
        elif not self.counts.requests:
            wrong.append("no request was made; look at the locustfile, or give it more --seconds")
        if self.stopped:
            wrong.append("stopped by Ctrl-C before its time")
        return wrong

    @property
    def requests_a_second(self) -> float:
        """Requests in the mean of the run."""
        return self.counts.requests / self.counts.seconds

    @property
    def flows_a_second(self) -> float:
        """Finished flows in the mean of the run."""
        return self.counts.flows / self.counts.seconds

    @property
    def server_cores(self) -> float:
        """How many cores the server took in the mean."""
        return self.server_seconds / self.counts.seconds

    @property
    def disturbed(self) -> bool:
        """Whether other programs took so much that latencies are theirs, too; not if it is not known."""
        return self.others_cores >= DISTURBED

    @property
    def client_percent(self) -> float:
        """The most that a process of Locust took of a core, in percent, once the run was under way."""
        return max((value for one in self.samples for value in one.cpu.values()), default=0.0)

    @property
    def saturated(self) -> bool:
        """Whether the client was the bottleneck, so that latencies are its own."""
        return self.client_percent >= SATURATED

    @property
    def errors(self) -> dict[str, int]:
        """Failed requests and broken flows by what went wrong, masked, the most frequent first."""
        counted: Counter[str] = Counter()
        for text, times in (self.samples[-1].errors if self.samples else {}).items():
            counted[_IDS.sub("*", secrets.text(text))] += times
        return dict(counted.most_common())

    @property
    def states(self) -> Counter[str]:
        """How many people are in which state at the end."""
        return Counter(one.state for one in self.journeys)

    @property
    def reasons(self) -> Counter[tuple[str, str]]:
        """Why people were not paid, with their states; cards and NIKs are masked."""
        return Counter((one.state, secrets.text(one.reason)) for one in self.journeys if one.reason)

    @property
    def mistakes(self) -> list[tuple[str, str, int, int]]:
        """Each mistake, made or asked for: its name, what it is, how many made it, how many ended paid."""
        found = []
        for name, mistake in MISTAKES.items():
            made = [one for one in self.journeys if name in one.mistakes]
            if made or self.asked.plan.mistakes.get(name):
                found.append((name, mistake.says, len(made), sum(one.state == "paid" for one in made)))
        return found

    @property
    def flow_ms(self) -> dict[float, int]:
        """The latencies of whole flows."""
        return locust_counts.merged(self.counts.flow_rows)

    @property
    def request_ms(self) -> dict[float, int]:
        """The latencies of requests."""
        return locust_counts.merged(self.counts.request_rows)

    @property
    def setting(self) -> list[tuple[str, str]]:
        """What was asked, in words."""
        asked = self.asked
        if asked.against:
            server = f"{asked.against}, sandbox {asked.plan.sandbox}"
        else:
            server = f"own, {asked.server}, store {(asked.store or 'lmdb').partition(':')[0]}"
        weights = asked.plan.weights()
        lines = [
            ("users", f"{asked.users} {asked.shape}, {asked.seconds} s, {asked.processes} process(es)"),
            ("server", server),
            ("at", ", ".join(f"{code} {weight}" for code, weight in weights.items())),
            ("until", f"{asked.plan.until}, the clock is {asked.plan.clock}"),
        ]
        if asked.file:
            lines[2:] = [("file", str(asked.file))]
        if asked.arrivals:
            lines.append(("arrivals", f"{asked.arrivals:g} flows a second"))
        if asked.plan.mistakes:
            lines.append(("mistakes", ", ".join(f"{k} {v:.0%}" for k, v in asked.plan.mistakes.items())))
        return lines
