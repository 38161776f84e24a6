"""`python -m prakerja_sim.loadtests.bench.timeline`: what the timeline costs, in payments and in memory.

Two servers run side by side, one that remembers what passes and one that does not, and are measured in turn.
Then one sandbox gets many requests, and the server's memory must not grow once its ring is full.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import buying, cases, servers, table
from prakerja_sim.loadtests.bench.client import Client
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.errors import BooksDisagree, NotServed, RequestFailed
from prakerja_sim.mocks.http.timeline import KEPT

LEAST_RATIO = 0.9
MOST_GROWTH = 1.05
"""How much more memory a server may hold after all requests than it held once its ring was full."""
ON, OFF = "timeline on", "timeline off"
SPARE = 3
"""How many more people are enrolled than the first short run needs: runs differ on a busy machine."""
PATIENCE_SECONDS = 3600.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1, 50), help="Of each of the two.")
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0.5, 60), help="Of a run.")
@click.option("--connections", default=16, show_default=True, type=click.IntRange(1, 256))
@click.option("--requests", default=200_000, show_default=True, type=click.IntRange(10 * KEPT))
@click.option(
    "--server", "kind", type=click.Choice(["gunicorn", "granian"]), default="granian", show_default=True
)
def main(runs: int, seconds: float, connections: int, requests: int, kind: str) -> None:
    """Measure what the timeline costs; exits 1 if it costs more than it may."""
    try:
        kept_up = costs(kind, runs, seconds, connections)
        bounded = remembers(kind, requests, connections)
    except (RequestFailed, BooksDisagree, NotServed) as problem:
        click.echo(f"FAILED: {problem}")
        sys.exit(1)
    sys.exit(0 if kept_up and bounded else 1)


def costs(kind: str, runs: int, seconds: float, connections: int) -> bool:
    """Payments with the timeline and without it, in turn."""
    measured: dict[str, list[Run]] = {ON: [], OFF: []}
    with _serving(kind) as of:
        trial = cases.payments(of[OFF], "trial", people=1000, seconds=0.5, connections=connections)
        people = int(trial.rate / 2 * (seconds + cases.WARM_UP_SECONDS) * SPARE) + connections
        for number in range(runs):
            for name in (ON, OFF) if number % 2 == 0 else (OFF, ON):
                run = cases.payments(
                    of[name], f"run-{number}", people=people, seconds=seconds, connections=connections
                )
                measured[name].append(run)
    click.echo(f"{kind}, {connections} connections, {seconds:g} s a run, each on one core, in turn")
    click.echo(table.of_runs(measured.items()))
    middle, least, most = table.ratio(table.rates(measured[ON]), table.rates(measured[OFF]))
    cpu = table.ratio(table.server_us(measured[OFF]), table.server_us(measured[ON]))[0]
    reached = middle >= LEAST_RATIO
    click.echo(
        f"payments/s on/off {middle:.2f} ({least:.2f}..{most:.2f}), must be {LEAST_RATIO}: "
        f"{'reached' if reached else 'NOT reached'}; by the server's CPU {cpu:.2f}; "
        f"{median(table.rates(measured[ON])) / 2:,.0f} purchases/s"
    )
    return reached


def remembers(kind: str, requests: int, connections: int) -> bool:
    """The memory of a server while one sandbox gets many requests."""
    with TemporaryDirectory() as folder:
        store = f"lmdb:{Path(folder) / 'bench.db'}"
        with servers.simulated(kind, store, pinned=True) as server:
            shop = servers.opened(server, "ring")
            held = {0: cores.megabytes_of_group(server.group, "RssAnon")}
            for asked in (requests // 10, requests // 2, requests):
                _ask(server, shop, asked - max(held), connections)
                held[asked] = cores.megabytes_of_group(server.group, "RssAnon")
    full, end = held[requests // 10], held[requests]
    bounded = end <= full * MOST_GROWTH
    steps = ", ".join(f"{megabytes:.1f} MB after {asked:,}" for asked, megabytes in held.items())
    click.echo(f"memory of its own: {steps} requests")
    verdict = "bounded" if bounded else "NOT bounded"
    click.echo(f"grown by {end / full - 1:+.1%} since {requests // 10:,} requests: {verdict}")
    return bounded


@contextmanager
def _serving(kind: str) -> Iterator[dict[str, Server]]:
    options: dict[str, tuple[str, ...]] = {ON: (), OFF: ("--timeline", "0")}
    with TemporaryDirectory() as folder, ExitStack() as stack:
        yield {
            name: stack.enter_context(
                servers.simulated(kind, f"lmdb:{Path(folder) / str(number)}.db", *more, pinned=True)
            )
            for number, (name, more) in enumerate(options.items())
        }


def _ask(server: Server, shop: buying.Shop, requests: int, connections: int) -> None:
    each = requests // connections
    client = Client(server.address, [buying.questions(shop, each) for _ in range(connections)])
    try:
        client.run(PATIENCE_SECONDS)
    finally:
        client.close()


if __name__ == "__main__":
    main()
