"""Buys, leases and drops in one process, with all parties in it, and marks in the disk's log what came back.

`python -m tests.crash.shop FILE DURABILITY PURCHASES`, under the library of `disk.c`.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from itertools import count

from prakerja_sim.loadtests.bench import buying, cases
from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.server import serve
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.simulator.stores import lmdb_checkpoint

BUYERS = 4
OFTEN = 0.02
"""Seconds between checkpoints here, so that a short run has many."""


def mark(text: str) -> None:
    ctypes.CDLL(None).disk_mark(text.encode())


def main(path: str, durability: str, purchases: int) -> None:
    lmdb_checkpoint.SECONDS = OFTEN
    options = Options(store=f"lmdb:{path}", durability=durability, empty=True, fixed_otp=buying.OTP)
    parties = serve.assembled(options)
    world = parties.sandboxes.get("default")
    assert world is not None
    cards, schedule = cases.furnished(world, purchases)
    mark("begun")
    ends = threading.Event()

    def buy(some: list[str]) -> None:
        client = PrakerjaClient.of(parties, world, cases.SHOP)
        for card in some:
            cases.buy(client, card, schedule)
            mark(f"paid INV/{card}")

    def lease(numbers: Iterator[int]) -> None:
        while not ends.is_set():
            name = f"apart-{next(numbers)}"
            parties.sandboxes.lease(name, 1, seed.START)
            mark(f"leased {name}")
            parties.sandboxes.drop(name)
            mark(f"dropped {name}")

    leasing = threading.Thread(target=lease, args=(count(),))
    buyers = [threading.Thread(target=buy, args=(cards[n::BUYERS],)) for n in range(BUYERS)]
    for thread in (leasing, *buyers):
        thread.start()
    for thread in buyers:
        thread.join()
    ends.set()
    leasing.join()
    mark("ended")
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
