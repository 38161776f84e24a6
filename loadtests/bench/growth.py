"""What becomes slower or larger: with people, with sandboxes, with time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from itertools import count, cycle, islice
from time import perf_counter

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import buying, cases, servers, table
from prakerja_sim.loadtests.bench.buying import Shop
from prakerja_sim.loadtests.bench.client import Client, Flow
from prakerja_sim.loadtests.bench.results import Figure, Part, Row, Table, Verdict
from prakerja_sim.loadtests.bench.rounds import Case, counted, interleaved
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.bench.wanted import Wanted, in_file
from prakerja_sim.loadtests.served import Admin

FEWEST = 1_000
ENROLLED_FOR_CPU, AT_A_TIME = 1_000, 10
MOST_IN_ONE = 500_000
"""A sandbox knows 628,240 different people, so more than that live in several."""
BEYOND = 50_000
"""So many numbers of people are left for the newcomers."""
ASKABLE = 100_000
"""With more people than that nobody waits for the invariants."""
BESIDE_SECONDS = 3.0
LEASED_AT_ONCE = 8
SLICES = 10
"""In so many pieces the long run is looked at."""


def people(wanted: Wanted) -> Part:
    """Newcomers who enrol and buy where few people are, and where many are."""
    part = wanted.begun("people")
    sizes = [size for size in (FEWEST, 10_000, 100_000, 1_000_000) if size < wanted.people] + [wanted.people]
    figures: dict[str, list[Figure]] = {}
    with ExitStack() as stack:
        of = {size: stack.enter_context(in_file("granian")) for size in sizes}
        full = {size: _populated(wanted, server, size) for size, server in of.items()}
        runs = interleaved(
            {f"{size:,} people": _newcomers(wanted, of[size], full[size], size) for size in sizes},
            wanted.rounds,
        )
        for size, server in of.items():
            figures[f"{size:,}"] = list(_alone(wanted, server, full[size][0], size))
    part.tables.append(Table("Newcomers: enrol and buy", [Row(name, some) for name, some in runs.items()]))
    part.tables += [Table(f"With {size} people", figures=some) for size, some in figures.items()]
    few, many = (runs[f"{size:,} people"] for size in (sizes[0], sizes[-1]))
    part.verdicts.append(Verdict.of("people", table.ratios(many, few)))
    part.verdicts.append(Verdict.of("POST /people", figures[f"{sizes[-1]:,}"][0].values))
    return part


def sandboxes(wanted: Wanted) -> Part:
    """The same newcomers in one sandbox, and spread over many."""
    part = wanted.begun("sandboxes")
    with in_file("granian") as one, in_file("granian") as several:
        alone = [servers.opened(one, wanted.name())]
        names = [wanted.name() for _ in range(wanted.sandboxes)]
        with ThreadPoolExecutor(LEASED_AT_ONCE) as pool:
            began = perf_counter()
            shops = list(pool.map(partial(servers.opened, several), names))
            leased = (perf_counter() - began) * 1000 / wanted.sandboxes
        cases_of: dict[str, Case] = {
            "one sandbox": _spread(wanted, one, alone),
            f"{wanted.sandboxes:,} sandboxes": _spread(wanted, several, shops),
        }
        runs = interleaved(cases_of, wanted.rounds)
        memory = [cores.megabytes_of_group(server.group, "RssAnon") for server in (one, several)]
    part.tables.append(Table("Newcomers: enrol and buy", [Row(name, some) for name, some in runs.items()]))
    figures = [Figure("a lease with a course and a client", "ms", [leased])]
    figures += [Figure(f"memory, {name}", "MB", [mb]) for name, mb in zip(runs, memory, strict=True)]
    part.tables.append(Table("Sandboxes", figures=figures))
    both = list(runs.values())
    part.verdicts.append(Verdict.of("sandboxes", table.ratios(both[1], both[0])))
    return part


def time(wanted: Wanted) -> Part:
    """Newcomers for a long time: what it does to the rate and to the memory."""
    part = wanted.begun("time", f"{wanted.minutes:g} minutes; {cores.pinning()}")
    rows, held = [], []
    with in_file("granian") as server:
        shop = servers.opened(server, wanted.name())
        numbers, paid = count(1), list[str]()
        flows = [buying.newcomers(shop, numbers, paid) for _ in range(wanted.connections)]
        with cores.pinned(cores.CLIENT), closing(Client(server.address, flows)) as client:
            for number in counted(SLICES):
                run = cases.watched(server, partial(client.run, wanted.minutes * 60 / SLICES))
                rows.append(Row(f"after {number / SLICES:.0%}, {len(paid):,} purchases", [run]))
                held.append(cores.megabytes_of_group(server.group, "RssAnon"))
        cases.check_served(server, shop.base.rpartition("/")[2], paid)
    part.tables.append(Table("Newcomers: enrol and buy", rows))
    figures = [
        Figure(f"memory {row.case}", "MB", [megabytes]) for row, megabytes in zip(rows, held, strict=True)
    ]
    part.tables.append(Table("Memory of its own", figures=figures))
    part.verdicts.append(Verdict.of("memory", [held[-1] / held[SLICES // 2 - 1]]))
    return part


def _populated(wanted: Wanted, server: Server, size: int) -> list[Shop]:
    """So many people, in as many sandboxes as they need."""
    shops = []
    for _ in range(0, size, MOST_IN_ONE):
        name = wanted.name()
        shops.append(servers.opened(server, name))
        servers.enrolled(server, name, min(size, MOST_IN_ONE))
    return shops


def _newcomers(wanted: Wanted, server: Server, shops: list[Shop], size: int) -> Case:
    """Where few people are, each run has a sandbox of its own, so that they stay few."""
    numbers = count(min(size, MOST_IN_ONE) + 1)

    def case() -> Run:
        if size == FEWEST:
            return _spread(wanted, server, _populated(wanted, server, size), count(size + 1))()
        return _spread(wanted, server, shops, numbers)()

    return case


def _spread(wanted: Wanted, server: Server, shops: list[Shop], numbers: Iterator[int] | None = None) -> Case:
    """Newcomers, each in the sandbox after the one before."""
    turn, number = cycle(shops), numbers or count(1)

    def flow() -> Flow:
        while True:
            yield from buying.newcomers(next(turn), islice(number, 1), [])

    def case() -> Run:
        return cases.asked(server, [flow() for _ in range(wanted.connections)], wanted.seconds)

    return case


def _alone(wanted: Wanted, server: Server, shop: Shop, size: int) -> Iterator[Figure]:
    """What is measured on one server alone: enrolling, memory, others beside a big question."""
    name = shop.base.rpartition("/")[2]
    admin, each = Admin(server.url, name), list[float]()
    numbers = count(min(size, MOST_IN_ONE) + BEYOND, AT_A_TIME)
    for _ in range(wanted.rounds):
        used = cores.seconds_of_group(server.group)
        for number in islice(numbers, ENROLLED_FOR_CPU // AT_A_TIME):
            admin.do("/people", {"count": AT_A_TIME, "number": number, "wallet": False})
        each.append((cores.seconds_of_group(server.group) - used) * 1000 / ENROLLED_FOR_CPU)
    yield Figure("POST /people, the server's CPU for each", "ms", each)
    yield Figure("memory of its own", "MB", [cores.megabytes_of_group(server.group, "RssAnon")])
    if size <= ASKABLE:
        yield from _beside_a_question(wanted, server, name)


def _beside_a_question(wanted: Wanted, server: Server, name: str) -> Iterator[Figure]:
    """The slowest request of another sandbox while this one is asked for its invariants."""
    other = wanted.name()
    servers.opened(server, other)
    admin = Admin(server.url, other)

    def slowest() -> float:
        waits, until = [], perf_counter() + BESIDE_SECONDS
        while perf_counter() < until:
            began = perf_counter()
            admin.do("/people", {"count": 1})
            waits.append(perf_counter() - began)
        return max(waits) * 1000

    alone = slowest()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(Admin(server.url, name).ask, "/invariants")
        beside = slowest()
        asking.result()
    yield Figure("slowest request of another sandbox", "ms", [alone])
    yield Figure("the same beside GET /invariants", "ms", [beside])
