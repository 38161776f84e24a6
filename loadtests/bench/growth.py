"""`python -m prakerja_sim.loadtests.bench.growth`: what becomes slower when a store grows.

Whole flows, enrolling, a big question beside another sandbox's requests, starts and memory, at a few
people and at many.  With `--beside PYTHON STORE` the server of another checkout is measured in turn.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from prakerja_sim.loadtests import cores, served
from prakerja_sim.loadtests.bench import buying, servers
from prakerja_sim.loadtests.bench.client import Client
from prakerja_sim.loadtests.bench.flows import Flows
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import aligned
from prakerja_sim.loadtests.served import Admin

ENROLLED_FOR_CPU = 1_000
QUESTIONS = 5
BESIDE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Tree:
    """A checkout whose server is measured."""

    name: str
    python: str
    store: str
    """The kind of its store, before the colon."""

    @contextmanager
    def serving(self, kind: str, path: Path) -> Iterator[Server]:
        """Its server on one core, fully durable, over that file."""
        options = ("--server", kind, "--store", f"{self.store}:{path}", "--durability", "full")
        more = ("--fixed-otp", buying.OTP, "--empty")
        with served.simulator(*options, *more, python=(self.python, "-P")) as (url, pid):
            yield Server(kind, int(url.rpartition(":")[2]), pid, pinned=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--people", "sizes", multiple=True, type=int, default=(1_000, 20_000, 100_000), show_default=True
)
@click.option("--purchases", default=100_000, show_default=True, type=click.IntRange(100))
@click.option("--seconds", default=10.0, show_default=True, type=click.FloatRange(1, 600), help="Of flows.")
@click.option("--runs", default=2, show_default=True, type=click.IntRange(1, 20))
@click.option(
    "--server", "kind", type=click.Choice(["gunicorn", "granian"]), default="granian", show_default=True
)
@click.option(
    "--beside", nargs=2, type=str, metavar="PYTHON STORE", help="Another checkout's, and its store's kind."
)
def main(
    sizes: tuple[int, ...],
    purchases: int,
    seconds: float,
    runs: int,
    kind: str,
    beside: tuple[str, str] | None,
) -> None:
    """Measure what grows; every figure is the median of the runs, its extremes behind it."""
    trees = [Tree("here", sys.executable, "lmdb")]
    if beside is not None:
        trees.append(Tree("beside", *beside))
    figures: dict[tuple[str, str], list[float]] = {}
    for _ in range(runs):
        for tree in trees:
            for what, figure in measured(tree, kind, sizes, purchases, seconds):
                figures.setdefault((what, tree.name), []).append(figure)
                click.echo(f"{tree.name}: {what} {figure:.2f}", err=True)
    rows = [
        (what, *(_shown(figures.get((what, tree.name), [])) for tree in trees))
        for what in dict.fromkeys(what for what, _ in figures)
    ]
    click.echo(aligned([("what", *(tree.name for tree in trees)), *rows]))


def measured(
    tree: Tree, kind: str, sizes: tuple[int, ...], purchases: int, seconds: float
) -> Iterator[tuple[str, float]]:
    """All figures of one tree, each with its name and unit."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "growth.db"
        yield "start, empty: s", _start(tree, kind, path)
        for size in sizes:
            with tree.serving(kind, Path(folder) / f"people-{size}.db") as server:
                yield from _with_people(server, size, seconds)
        with tree.serving(kind, path) as server:
            yield from _purchases(server, purchases)
        yield f"start, {purchases:,} purchases: s", _start(tree, kind, path)


def _start(tree: Tree, kind: str, path: Path) -> float:
    """From the command to the first answer, on an existing file."""
    with tree.serving(kind, path):
        pass
    began = perf_counter()
    with tree.serving(kind, path):  # which is entered when /readyz was answered
        return perf_counter() - began


def _with_people(server: Server, size: int, seconds: float) -> Iterator[tuple[str, float]]:
    name = "many"
    shop = servers.opened(server, name)
    servers.enrolled(server, name, size)
    numbers = count(size + 1)

    used = cores.seconds_of_group(server.group)
    for _ in range(ENROLLED_FOR_CPU // 10):
        first, *_ = islice(numbers, 10)
        body = {"count": 10, "number": first, "wallet": False}
        Admin(server.url, name).do("/people", body)
    used = cores.seconds_of_group(server.group) - used
    yield f"{size:,} people, POST /people: ms of CPU each", used * 1000 / ENROLLED_FOR_CPU

    with cores.pinned(cores.CLIENT):
        flows = Flows(server.address, name, shop.course, numbers).rate(seconds)
    yield f"{size:,} people, whole flows: /s", flows
    yield from _beside_a_question(server, name, size)


def _beside_a_question(server: Server, name: str, size: int) -> Iterator[tuple[str, float]]:
    """The slowest request of another sandbox while this one is asked for its invariants."""
    servers.opened(server, "other")
    other = Admin(server.url, "other")

    def slowest() -> float:
        waits, until = [], perf_counter() + BESIDE_SECONDS
        while perf_counter() < until:
            began = perf_counter()
            other.do("/people", {"count": 1})
            waits.append(perf_counter() - began)
        return max(waits) * 1000

    alone = slowest()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(lambda: [Admin(server.url, name).ask("/invariants") for _ in range(QUESTIONS)])
        beside = slowest()
        asking.result()
    yield f"{size:,} people, slowest request of another sandbox, alone: ms", alone
    yield f"{size:,} people, the same beside GET /invariants: ms", beside


def _purchases(server: Server, purchases: int) -> Iterator[tuple[str, float]]:
    """Memory at half and at all of the purchases, and what a payment waits."""
    name, connections = "buying", 16
    shop = servers.opened(server, name)
    cards = iter(servers.enrolled(server, name, purchases))
    for part in ("half", "all"):
        some = iter([next(cards) for _ in range(purchases // 2)])
        paid: list[str] = []
        with cores.pinned(cores.CLIENT):
            client = Client(server.address, [buying.purchases(shop, some, paid) for _ in range(connections)])
            tally = client.run(3600)
            client.close()
        yield f"payments/s, {part} of {purchases:,}", tally.rate
        yield f"p99 at {connections} connections, {part} of {purchases:,}: ms", tally.percentile_ms(99)
        for memory, kind in (("memory of its own", "RssAnon"), ("pages of files", "RssFile")):
            figure = cores.megabytes_of_group(server.group, kind)
            yield f"{memory} at {part} of {purchases:,} purchases: MB", figure


def _shown(figures: list[float]) -> str:
    if not figures:
        return "-"
    return f"{median(figures):,.2f} ({min(figures):,.2f}..{max(figures):,.2f})"


if __name__ == "__main__":
    main()
