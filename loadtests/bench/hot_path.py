"""Where the time of a purchase or of a whole flow goes: one in-process loop over LMDB, profiled.

Both threads are looked at, the caller's and the store's writer; waiting for each other is left out.
"""

import cProfile
import pstats
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prakerja_sim.loadtests.bench import buying, cases
from prakerja_sim.loadtests.bench.flows import play
from prakerja_sim.loadtests.bench.servers import COURSE
from prakerja_sim.loadtests.bench.table import aligned
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.simulator.sandbox import Sandbox

WAITING = ("acquire", "SimpleQueue")
WHAT = ("purchase", "flow")
PURCHASES, FLOWS = 1_000, 300
SHOWN = 25


def profiled(what: str, lines: int = SHOWN) -> str:
    """The first lines by own time, of all functions but those that only wait."""
    with TemporaryDirectory() as folder:
        spec = f"lmdb:{Path(folder) / 'profile.db'}"
        parties = serve.build(Options(store=spec, empty=True, fixed_otp=buying.OTP))
        world = parties.sandboxes.get("default")
        assert world is not None
        times, do = doing(what, parties, world)
        caller, writer = cProfile.Profile(), cProfile.Profile()
        store = parties.sandboxes.store
        # A profile sees the thread on which it was switched on: here, as work of the writer.
        store.run("", lambda _: writer.enable())
        caller.enable()
        for number in range(times):
            do(number)
        caller.disable()
        store.run("", lambda _: writer.disable())
        store.close()
    return _table(pstats.Stats(caller).add(writer), times, lines)


def doing(what: str, parties: Parties, world: Sandbox) -> tuple[int, Callable[[int], None]]:
    """How often a purchase or a whole flow is done, and how, in this process."""
    cards, schedule = cases.furnished(world, PURCHASES)
    if what == "purchase":
        client = PrakerjaClient.of(parties, world, cases.SHOP)
        return PURCHASES, lambda number: cases.buy(client, cards[number], schedule)
    application = parties.application

    def flow(number: int) -> None:
        play(lambda mount: InProcess(application, mount), PURCHASES + 1 + number, COURSE)

    flow(FLOWS)  # what is built at first use
    return FLOWS, flow


def _table(stats: pstats.Stats, times: int, lines: int) -> str:
    rows_of: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = stats.stats  # type: ignore[attr-defined]
    busy = {place: row for place, row in rows_of.items() if not any(word in place[2] for word in WAITING)}
    total = sum(row[2] for row in busy.values())
    first = sorted(busy.items(), key=lambda item: -item[1][2])[:lines]
    rows = [("own time", "us each", "calls each", "share")]
    for (file, line, name), (_, calls, own, _, _) in first:
        place = f"{name} ({'/'.join(Path(file).parts[-2:])}:{line})" if line else name
        shares = f"{own * 1e6 / times:.1f}", f"{calls / times:.1f}", f"{own / total:.1%}"
        rows.append((place, *shares))
    return f"{aligned(rows)}\n{total * 1e6 / times:.0f} us each under the profiler, without waiting"
