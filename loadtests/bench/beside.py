"""What stands beside us: the programs that partners might use instead, and another checkout of our own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from prakerja_sim.loadtests import cores, served
from prakerja_sim.loadtests.bench import buying, cases, table
from prakerja_sim.loadtests.bench.client import Flow
from prakerja_sim.loadtests.bench.peer import Peer, warm
from prakerja_sim.loadtests.bench.peers import PEERS
from prakerja_sim.loadtests.bench.results import Figure, Part, Row, Table, Verdict
from prakerja_sim.loadtests.bench.rounds import Case, interleaved
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.bench.wanted import STORES, Wanted, at, in_file
from prakerja_sim.loadtests.errors import NotServed, RequestFailed

WARM_SECONDS, SHORTLY = 60, 10
"""How long a program is warmed at most: one that goes on, and one that is started for each round."""
AMONG = 5_000
"""So many people are there already when the flows of two trees are compared, as in a load run."""
HERE, THERE = "this tree", "the tree beside"


def others(wanted: Wanted) -> Part:
    """Our payments and what each of the other programs does that is nearest, in turn."""
    part = wanted.begun("peers")
    figures: list[Figure] = []
    with ExitStack() as stack:
        ours = stack.enter_context(in_file("granian"))
        people = wanted.buyers(ours)
        cases_of: dict[str, Case] = {"ours": _ours(wanted, ours, people)}
        for peer in PEERS:
            if peer.missing:
                part.notes.append(f"{peer.name} was not measured: {peer.missing}")
                continue
            try:
                cases_of[peer.name] = _peer(wanted, peer, stack, part.notes, figures)
            except (NotServed, RequestFailed) as problem:
                part.notes.append(f"{peer.name} was not measured: {problem}")
        runs = interleaved(cases_of, wanted.rounds)
    part.tables.append(Table("Payments beside other programs", [Row(*one) for one in runs.items()]))
    part.tables.append(Table("Memory once warm", figures=figures))
    for name, of in runs.items():
        if name != "ours":
            part.verdicts.append(Verdict.of(name, table.ratios(runs["ours"], of)))
    return part


def _ours(wanted: Wanted, server: Server, people: int) -> Case:
    def case() -> Run:
        return cases.payments(
            *(server, wanted.name()),
            people=people,
            seconds=wanted.seconds,
            connections=wanted.connections,
        )

    return case


def _peer(wanted: Wanted, peer: Peer, stack: ExitStack, notes: list[str], figures: list[Figure]) -> Case:
    """Started once and warmed until steady; one that gets slower with what it keeps, for each run."""
    ask = partial(cases.asked, seconds=wanted.seconds)

    def flows() -> list[Flow]:
        return [peer.flow() for _ in range(wanted.connections)]

    if peer.grows:

        def afresh() -> Run:
            with TemporaryDirectory() as folder, peer.serving(Path(folder)) as server:
                warm(server, peer.flow, wanted.connections, SHORTLY)
                return ask(server, flows())

        notes.append(f"{peer.name}: {peer.package}; {peer.does}; started afresh for each run")
        afresh()
        return afresh
    folder = stack.enter_context(TemporaryDirectory())
    server = stack.enter_context(peer.serving(Path(folder)))
    took = warm(server, peer.flow, wanted.connections, WARM_SECONDS)
    notes.append(f"{peer.name}: {peer.package}; {peer.does}; steady after {took:g} s")
    figures.append(Figure(peer.name, "MB", [cores.megabytes_of_group(server.group, "RssAnon")]))
    return lambda: ask(server, flows())


def before(wanted: Wanted) -> Part:
    """Whole flows and payments of this tree and of another one, in turn."""
    part = wanted.begun("before")
    if wanted.beside is None:
        part.notes.append("not measured: no other tree was named (--beside PYTHON STORE)")
        return part
    with (
        TemporaryDirectory() as folder,
        _tree((served.PYTHON[0], "lmdb"), Path(folder) / "here.db") as here,
        _tree(wanted.beside, Path(folder) / "there.db") as there,
    ):
        trees = {HERE: here, THERE: there}
        people = max(wanted.buyers(server) for server in trees.values())
        payments = interleaved(
            {name: _ours(wanted, server, people) for name, server in trees.items()}, wanted.rounds
        )

        def flow(server: Server) -> Run:
            return cases.flows(server, wanted.name(), seconds=3 * wanted.seconds, among=AMONG)

        flows = interleaved({name: partial(flow, server) for name, server in trees.items()}, wanted.rounds)
    part.tables.append(Table("Payments", [Row(*one) for one in payments.items()]))
    part.tables.append(
        Table(
            f"Whole flows among {AMONG:,} people; a row's requests are flows",
            [Row(*one) for one in flows.items()],
        )
    )
    part.verdicts.append(Verdict.of("flows/before", table.ratios(flows[HERE], flows[THERE])))
    waits = [
        (ours.p99_ms or 0.0) / (theirs.p99_ms or 1.0)
        for ours, theirs in zip(payments[HERE], payments[THERE], strict=True)
    ]
    part.verdicts.append(Verdict.of("p99/before", waits))
    for what, of in (("payment's request", payments), ("flow", flows)):
        cpu = median(table.server_us(of[THERE])) / median(table.server_us(of[HERE]))
        part.notes.append(f"by the server's CPU a {what} takes the tree beside {cpu:.2f} times as much")
    return part


@contextmanager
def _tree(of: tuple[str, str], path: Path) -> Iterator[Server]:
    """A checkout's server: its Python, and the kind of its store."""
    python, store = of
    options = ("--server", "granian", "--store", at(store, path), "--durability", "full")
    more = ("--fixed-otp", buying.OTP, "--empty")
    with served.simulator(*options, *more, python=(python, "-P")) as (url, pid):
        yield Server("granian", int(url.rpartition(":")[2]), pid, pinned=True)


def start(wanted: Wanted) -> Part:
    """From the command to the first answer, on an existing store, and the memory that it takes."""
    part = wanted.begun("start", "nothing pinned")
    took: dict[str, list[tuple[float, float, float]]] = {}
    with TemporaryDirectory() as folder:
        for _ in range(wanted.rounds + 1):
            for kind in wanted.kinds:
                for store, (spec, durability) in STORES.items():
                    kept = at(spec, Path(folder) / f"{store}-{kind}.db")
                    took.setdefault(f"{store}, {kind}", []).append(_started(kind, kept, durability))
    figures = []
    for name, several in took.items():
        later = several[1:]  # the first one made the file
        for at_, (what, unit) in enumerate(
            (("to the first answer", "s"), ("CPU until then", "s"), ("memory of its own", "MB"))
        ):
            figures.append(Figure(f"{name}: {what}", unit, [one[at_] for one in later]))
    part.tables.append(Table("Start", figures=figures))
    if "LMDB, granian" in took:
        part.verdicts.append(Verdict.of("start", [one[0] for one in took["LMDB, granian"][1:]]))
    return part


def _started(kind: str, store: str, durability: str) -> tuple[float, float, float]:
    began = perf_counter()
    # It is entered when /readyz was answered; the demo is there, as for everybody.
    options = ("--server", kind, "--store", store, "--durability", durability)
    with served.simulator(*options, core=None) as (_, group):
        seconds = perf_counter() - began
        used, held = cores.seconds_of_group(group), cores.megabytes_of_group(group, "RssAnon")
    return seconds, used, held
