"""The report of a load run for people, its verdict last."""

from collections.abc import Iterator
from math import isnan

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.asked import Result
from prakerja_sim.loadtests.locust_counts import percentiles

RELAXED = "NOT DURABLE: --durability relaxed may lose answered purchases on a power cut"
MOST_LINES = 10
DISTURBED = "other programs keep the machine busy: their share is in the latencies"
SATURATED = "the client is the bottleneck: its own waiting is in the latencies; give it more --processes"


def text(result: Result) -> str:
    """The report in lines."""
    return "\n".join(f"{title:10}{line}".rstrip() for title, line in _lines(result))


def _lines(result: Result) -> Iterator[tuple[str, str]]:
    asked, counts = result.asked, result.counts
    yield from result.setting
    if asked.against is None:
        yield (
            "cores",
            cores.pinning() if asked.processes == 1 else f"{len(cores.CORES)} cores, nothing pinned",
        )
        yield "store", RELAXED if asked.durability == "relaxed" else "durability full"
    yield (
        "flows",
        f"{result.flows_a_second:,.1f}/s, {counts.flows:,} finished; {percentiles(result.flow_ms)}",
    )
    yield (
        "requests",
        f"{result.requests_a_second:,.0f}/s, {counts.requests:,}; {percentiles(result.request_ms)}",
    )
    yield "server", server(result)
    yield (
        "client",
        f"{result.client_percent:.0f} % of a core" + (f"; {SATURATED}" if result.saturated else ""),
    )
    if not isnan(result.others_cores):
        yield "others", others(result)
    yield "failures", f"{counts.failures:,}"
    for line in counts.worst[:MOST_LINES]:
        yield "", line
    yield from _people(result)
    for one in result.struck:
        yield "fault", f"{one.spec.text}: armed {one.armed}, struck {one.struck}"
    for judged in result.judged:
        yield "limit", f"{'kept' if judged.kept else 'MISSED'}: {judged.threshold.text}: {judged.told}"
    yield from _books(result)


def server(result: Result) -> str:
    """What the server took, if it tells."""
    seconds, requests = result.server_seconds, result.counts.requests
    if isnan(seconds):
        return "does not tell what it takes"
    each = seconds * 1e6 / requests if requests else 0.0
    return f"{result.server_cores:.2f} cores, {each:,.0f} us a request"


def others(result: Result) -> str:
    """What other programs on this machine took, and what that means."""
    return f"{result.others_cores:.2f} of {len(cores.CORES)} cores" + (
        f"; {DISTURBED}" if result.disturbed else ""
    )


def _people(result: Result) -> Iterator[tuple[str, str]]:
    if result.journeys:
        states = ", ".join(f"{count:,} {state}" for state, count in result.states.most_common())
        yield "people", f"{len(result.journeys):,}: {states}"
    for name, _, made, paid in result.mistakes:
        share = f"{paid / made:.0%} of them ended paid" if made else "so it was not tested"
        yield "", f"{name}: made by {made:,}, {share}"
    for (state, reason), count in result.reasons.most_common(MOST_LINES):
        yield "", f"{count:,} {state}: {reason}"


def _books(result: Result) -> Iterator[tuple[str, str]]:
    before, after, verdict = result.before, result.after, result.verdict
    yield (
        "books",
        f"{after.purchases - before.purchases:,} purchases, {after.vouchers - before.vouchers:,} vouchers, "
        f"{len(verdict.pending):,} pending, digest {after.digest}",
    )
    for one in verdict.pending[:MOST_LINES]:
        yield "", f"pending: {one}"
    for finding in verdict.wrong:
        first, *rest = finding.lines()
        yield "audit", f"FAILED: {first}"
        for line in rest:
            yield "", f"  {line}"
    if verdict.more:
        yield "audit", f"FAILED: {verdict.more:,} more findings"
    if verdict.clean:
        yield "audit", "books agree"
    told = {one.told for one in verdict.wrong}
    for line in result.wrong:
        if line not in told:
            yield "verdict", f"FAILED: {line}"
    if not result.wrong:
        yield "verdict", "passed"
