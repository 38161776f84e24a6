"""What single operations and whole flows reach, on each store and server."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import buying, cases, servers, table
from prakerja_sim.loadtests.bench.results import Figure, Part, Row, Table, Verdict
from prakerja_sim.loadtests.bench.rounds import Case, interleaved
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.bench.wanted import Wanted, in_file
from prakerja_sim.mocks.http.timeline import KEPT

LONGER = 3
"""A whole flow takes so long that its runs are that much longer."""
ASKED = 100 * KEPT
"""So many requests the timeline's memory is watched for."""
CORE = "the core alone, memory, journal on"


def payments(wanted: Wanted) -> Part:
    """A payment's two requests, signed, beside applications that do nothing."""
    part = wanted.begun("payments")
    with wanted.each_store() as ours, ExitStack() as stack:
        people = {name: wanted.buyers(server) for name, server in ours.items()}
        cases_of: dict[str, Case] = {}
        for kind in wanted.kinds:
            for app, what in (("raw", "raw WSGI"), ("app", "empty Flask")):
                idle = stack.enter_context(servers.yardstick(kind, app, pinned=True))
                cases_of[f"{what}, {kind}"] = partial(
                    cases.empty, idle, seconds=wanted.seconds, connections=wanted.connections
                )
        for name, server in ours.items():
            cases_of[name] = _payments(wanted, server, people[name])
        runs = interleaved(cases_of, wanted.rounds)
    part.tables.append(_table("Payments", runs))
    if "LMDB, granian" in runs and wanted.connections == 16:
        part.verdicts.append(Verdict.of("p99", [run.p99_ms or 0.0 for run in runs["LMDB, granian"]]))
    for name in ours:
        empty = runs[f"empty Flask, {name.rpartition(', ')[2]}"]
        cpu = table.ratio(table.server_us(runs[name]), table.server_us(empty))[0]
        part.notes.append(f"{name}: a request takes {cpu:.1f} times the server's CPU of an empty Flask one")
    return part


def free(wanted: Wanted) -> Part:
    """The same on all cores that there are, as everybody starts it (decision D3d)."""
    part = wanted.begun("free", "nothing pinned")
    cases_of: dict[str, Case] = {}
    with ExitStack() as stack:
        for kind in wanted.kinds:
            server = stack.enter_context(in_file(kind, pinned=False))
            idle = stack.enter_context(servers.yardstick(kind, "app", pinned=False))
            cases_of[f"LMDB, {kind}"] = _payments(wanted, server, wanted.buyers(server))
            cases_of[f"empty Flask, {kind}"] = partial(
                cases.empty, idle, seconds=wanted.seconds, connections=wanted.connections
            )
        runs = interleaved(cases_of, wanted.rounds)
    part.tables.append(_table("Payments, nothing pinned", runs))
    for kind in wanted.kinds:
        ratios = table.ratios(runs[f"LMDB, {kind}"], runs[f"empty Flask, {kind}"])
        part.verdicts.append(Verdict.of(f"payment/empty {kind}", ratios))
    return part


def operations(wanted: Wanted) -> Part:
    """Enrolling, a second purchase, and a look at one's orders."""
    part = wanted.begun("operations")
    with wanted.each_store() as ours:
        people = {name: wanted.buyers(server) for name, server in ours.items()}

        def second(server: Server, name: str) -> Run:
            return cases.second_purchases(
                *(server, wanted.name()),
                people=people[name],
                seconds=wanted.seconds,
                connections=wanted.connections,
            )

        def simple(case: Callable[..., Run], server: Server, _: str) -> Run:
            return case(server, wanted.name(), seconds=wanted.seconds, connections=wanted.connections)

        for title, case in (
            ("Enrolment, one person a request", partial(simple, cases.enrolments)),
            ("Second purchase, two requests each", second),
            ("Order history at the shop", partial(simple, cases.history)),
        ):
            runs = interleaved(
                {name: partial(case, server, name) for name, server in ours.items()}, wanted.rounds
            )
            part.tables.append(_table(title, runs))
    return part


def flows(wanted: Wanted) -> Part:
    """Whole flows: enrol, sign up, buy, learn, review."""
    part = wanted.begun("flows")
    with wanted.each_store() as ours:

        def case(server: Server) -> Run:
            return cases.flows(server, wanted.name(), seconds=LONGER * wanted.seconds)

        runs = interleaved({name: partial(case, server) for name, server in ours.items()}, wanted.rounds)
    part.tables.append(_table("Whole flows; a row's requests are flows", runs))
    return part


def in_process(wanted: Wanted) -> Part:
    """The whole application without a socket, and the core alone, one caller."""
    part = wanted.begun("process", "one caller, in one process on one core")
    cases_of: dict[str, Case] = {
        "in process, memory": partial(cases.in_process, "memory"),
        "in process, LMDB": partial(cases.in_process, "lmdb"),
        CORE: cases.core,
    }
    with cores.pinned(cores.SERVER):
        runs = interleaved(cases_of, wanted.rounds)
    part.tables.append(_table("In one process", runs))
    part.verdicts.append(Verdict.of("core", table.rates(runs[CORE])))
    return part


def timeline(wanted: Wanted) -> Part:
    """What remembering every exchange costs, in payments and in memory."""
    part = wanted.begun("timeline")
    with in_file("granian") as on, in_file("granian", "--timeline", "0") as off:
        people = wanted.buyers(off)
        both = {"timeline on": _payments(wanted, on, people), "timeline off": _payments(wanted, off, people)}
        runs = interleaved(both, wanted.rounds)
    part.tables.append(_table("Payments with the timeline and without it", runs))
    part.verdicts.append(Verdict.of("timeline", table.ratios(runs["timeline on"], runs["timeline off"])))
    with in_file("granian") as server:
        shop = servers.opened(server, wanted.name())
        held = []
        for asked in (ASKED // 10, ASKED - ASKED // 10):
            each = asked // wanted.connections
            cases.all_of(server, [buying.questions(shop, each) for _ in range(wanted.connections)])
            held.append(cores.megabytes_of_group(server.group, "RssAnon"))
    marks = (ASKED // 10, ASKED)
    figures = [Figure(f"memory after {n:,} requests", "MB", [mb]) for n, mb in zip(marks, held, strict=True)]
    part.tables.append(Table("Memory of the timeline", figures=figures))
    part.verdicts.append(Verdict.of("timeline memory", [held[1] / held[0]]))
    return part


def _payments(wanted: Wanted, server: Server, people: int) -> Case:
    def case() -> Run:
        return cases.payments(
            *(server, wanted.name()),
            people=people,
            seconds=wanted.seconds,
            connections=wanted.connections,
        )

    return case


def _table(title: str, runs: dict[str, list[Run]]) -> Table:
    return Table(title, [Row(name, of) for name, of in runs.items()])
