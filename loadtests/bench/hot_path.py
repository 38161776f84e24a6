"""Where the time of a purchase goes: one in-process loop over LMDB, profiled.

Both threads are looked at, the caller's and the store's writer; waiting for each other is left out.
"""

import cProfile
import pstats
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prakerja_sim.loadtests.bench import buying, cases
from prakerja_sim.loadtests.bench.table import aligned
from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient

WAITING = ("acquire", "SimpleQueue")
PURCHASES = 1_000
SHOWN = 5


def profiled(lines: int = SHOWN) -> str:
    """The first lines by own time, of all functions but those that only wait."""
    with TemporaryDirectory() as folder:
        spec = f"lmdb:{Path(folder) / 'profile.db'}"
        parties = serve.build(Options(store=spec, empty=True, fixed_otp=buying.OTP))
        world = parties.sandboxes.get("default")
        assert world is not None
        cards, schedule = cases.furnished(world, PURCHASES)
        client = PrakerjaClient.of(parties, world, cases.SHOP)
        caller, writer = cProfile.Profile(), cProfile.Profile()
        store = parties.sandboxes.store
        # A profile sees the thread on which it was switched on: here, as work of the writer.
        store.run("", lambda _: writer.enable())
        caller.enable()
        for card in cards:
            cases.buy(client, card, schedule)
        caller.disable()
        store.run("", lambda _: writer.disable())
        store.close()
    return _table(pstats.Stats(caller).add(writer), lines)


def _table(stats: pstats.Stats, lines: int) -> str:
    rows_of: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = stats.stats  # type: ignore[attr-defined]
    busy = {place: row for place, row in rows_of.items() if not any(word in place[2] for word in WAITING)}
    total = sum(row[2] for row in busy.values())
    first = sorted(busy.items(), key=lambda item: -item[1][2])[:lines]
    rows = [("own time", "us/purchase", "calls/purchase", "share")]
    for (file, line, name), (_, calls, own, _, _) in first:
        place = f"{name} ({'/'.join(Path(file).parts[-2:])}:{line})" if line else name
        shares = f"{own * 1e6 / PURCHASES:.1f}", f"{calls / PURCHASES:.1f}", f"{own / total:.1%}"
        rows.append((place, *shares))
    return f"{aligned(rows)}\n{total * 1e6 / PURCHASES:.0f} us a purchase under the profiler, without waiting"
