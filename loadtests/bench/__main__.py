"""`python -m prakerja_sim.loadtests.bench`: the comparisons, interleaved A B A B, as a table of medians."""

import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click

from prakerja_sim.loadtests import cores
from prakerja_sim.loadtests.bench import cases, hot_path, servers, table
from prakerja_sim.loadtests.bench.servers import Server
from prakerja_sim.loadtests.bench.table import Run
from prakerja_sim.loadtests.errors import BooksDisagree, NotServed, RequestFailed
from prakerja_sim.mocks.server.serve import THREADS
from prakerja_sim.simulator import VERSION

KINDS = ("gunicorn", "granian")
LEAST_RATIO = 0.4
LEAST_CORE_RATE = 20_000
SPARE = 1.5
"""How many more people are enrolled than the measured rate needs."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1, 50), help="Runs of each case.")
@click.option(
    "--seconds", default=3.0, show_default=True, type=click.FloatRange(0.5, 60), help="Of each HTTP run."
)
@click.option("--connections", default=16, show_default=True, type=click.IntRange(1, 256))
@click.option("--server", "kinds", multiple=True, type=click.Choice(KINDS), default=KINDS, show_default=True)
@click.option("--no-http", is_flag=True, help="Only what runs in this process.")
@click.option("--profile", is_flag=True, help="Only show where the time of a purchase goes.")
def main(
    runs: int, seconds: float, connections: int, kinds: tuple[str, ...], no_http: bool, profile: bool
) -> None:
    """Measure purchases; exits 1 when a request failed or the books do not agree."""
    print(environment())
    try:
        if profile:
            print(hot_path.profiled())
            return
        if not no_http:
            for pinned in (False, True):
                over_http(runs, seconds, connections, kinds, pinned=pinned)
        in_process(runs)
    except (RequestFailed, BooksDisagree, NotServed) as problem:
        print(f"FAILED: {problem}")
        sys.exit(1)


def environment() -> str:
    """What the figures were measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("gunicorn", "granian", "flask", "werkzeug"))
    return (
        f"prakerja-sim {VERSION}, Python {platform.python_version()}, {packages}, "
        f"lmdb {version('lmdb')}\n"
        f"{platform.system()} {platform.machine()}, {len(cores.CORES)} core(s); "
        f"one server process, {THREADS} threads\n"
        "durability full: commits synchronized, group commit; in process and core: gc.freeze() after setup"
    )


def over_http(runs: int, seconds: float, connections: int, kinds: tuple[str, ...], *, pinned: bool) -> None:
    """Payments against the empty endpoint, on each server.

    The ratio to be reached is judged on a server that uses all cores, as it is usually started.
    Pinned to one core, the store's work for a payment cannot run beside other work, so that figure
    says what a payment costs.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        buying = {
            kind: stack.enter_context(
                servers.simulated(kind, f"lmdb:{Path(folder) / kind}.db", pinned=pinned)
            )
            for kind in kinds
        }
        doing_nothing = {kind: stack.enter_context(servers.empty(kind, pinned=pinned)) for kind in kinds}
        paid: dict[str, list[Run]] = {kind: [] for kind in kinds}
        blank: dict[str, list[Run]] = {kind: [] for kind in kinds}
        people = {kind: _people_needed(buying[kind], seconds, connections) for kind in kinds}
        for number in _counted(runs):
            for kind in kinds:
                blank[kind].append(cases.empty(doing_nothing[kind], seconds=seconds, connections=connections))
                paid[kind].append(
                    cases.payments(
                        buying[kind],
                        f"run-{number}",
                        people=people[kind],
                        seconds=seconds,
                        connections=connections,
                    )
                )
    rows = [(f"{what}, {kind}", of[kind]) for kind in kinds for what, of in _both(paid, blank)]
    where = cores.pinning() if pinned else "nothing pinned"
    print(f"\nOver HTTP, {connections} connections, {seconds:g} s a run, {where}; CPU in cores")
    print(table.of_runs(rows))
    for kind in kinds:
        _tell_ratio(kind, paid[kind], blank[kind], judged=not pinned)


def in_process(runs: int) -> None:
    """The whole application without a socket, and the core alone."""
    cases_of: dict[str, Callable[[], Run]] = {
        "in process, memory": lambda: cases.in_process("memory"),
        "in process, LMDB full": lambda: cases.in_process("lmdb"),
        "core, memory, journal on": cases.core,
    }
    runs_of: dict[str, list[Run]] = {name: [] for name in cases_of}
    with cores.pinned(cores.SERVER):
        for _ in _counted(runs):
            for name, case in cases_of.items():
                runs_of[name].append(case())
    print(f"\nIn this process, one caller\n{table.of_runs(runs_of.items())}")
    rate = median(table.rates(runs_of["core, memory, journal on"]))
    print(f"core {rate:,.0f} operations/s, must be {LEAST_CORE_RATE:,}: {_verdict(rate >= LEAST_CORE_RATE)}")


def _people_needed(server: Server, seconds: float, connections: int) -> int:
    # A short run tells how many will have bought; in a run that uses them up, all the rest is right too.
    trial = cases.payments(server, "trial", people=1000, seconds=0.5, connections=connections)
    return int(trial.rate / 2 * (seconds + cases.WARM_UP_SECONDS) * SPARE) + connections


def _both(
    paid: dict[str, list[Run]], blank: dict[str, list[Run]]
) -> tuple[tuple[str, dict[str, list[Run]]], ...]:
    return ("payment", paid), ("empty Flask", blank)


def _tell_ratio(kind: str, paid: list[Run], blank: list[Run], *, judged: bool) -> None:
    middle, least, most = table.ratio(table.rates(paid), table.rates(blank))
    verdict = f", must be {LEAST_RATIO}: {_verdict(middle >= LEAST_RATIO)}" if judged else ""
    cpu, _, _ = table.ratio(table.server_us(blank), table.server_us(paid))
    print(
        f"{kind}: payment/empty {middle:.2f} ({least:.2f}..{most:.2f}){verdict}; "
        f"by the server's CPU {cpu:.2f}; "
        f"{median(table.rates(paid)) / 2:,.0f} purchases/s"
    )


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT reached"


def _counted(runs: int) -> Iterator[int]:
    with click.progressbar(range(1, runs + 1), label="rounds", file=sys.stderr) as numbers:
        yield from numbers


if __name__ == "__main__":
    main()
