"""A run's writes and syncs are recorded, and the file is rebuilt as a cut of the power leaves it.

What was not synchronized is dropped, torn or there. `make crash` cuts two hundred times, the ordinary
run a few times.
"""

import json
import subprocess
import sys
from contextlib import closing

import pytest
from lmdb.verify import verify

from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.stores.lmdb_checkpoint import beside
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.chance import below
from tests.crash.disks import Disk, Operation, checkpoint, cut, operations
from tests.live import REPOSITORY

PURCHASES = 60


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Runs the shop and answers the log of its disk, and where the marks begin."""

    def run(durability):
        path = tmp_path / "sim.db"
        disk = Disk(tmp_path, path, monkeypatch)
        disk.record()
        shop = [sys.executable, "-m", "tests.crash.shop", str(path), durability, str(PURCHASES)]
        subprocess.run(shop, cwd=REPOSITORY, check=True, timeout=300)
        monkeypatch.undo()
        log = operations(disk.log)
        assert [o for o in log if o.kind == "!"][-1].bytes == b"ended"
        return log

    return run


def begun(log):
    return log.index(Operation("!", 0, b"begun"))


def answered(done):
    """Which purchases were acknowledged, and which sandboxes must be there and must not."""
    paid, leased, dropped = set(), set(), set()
    for one in done:
        word, _, name = one.bytes.decode(errors="replace").partition(" ") if one.kind == "!" else ("", "", "")
        if word == "paid":
            paid.add(name)
        elif word == "leased":
            leased.add(name)
        elif word == "dropped":
            dropped.add(name)
    return paid, leased, dropped


def found(path):
    """What a server finds that starts with the file: purchases and sandboxes; the books agree."""
    with closing(LMDB(path)) as store:
        sandboxes = Sandboxes(store)
        world = sandboxes.get("default")
        assert world.check() == []
        return {one.invoice for one in world.ask(lambda unit: unit.find(Training))}, set(sandboxes.names())


def cuts(log, request):
    first = begun(log) + 1
    for key in range(request.config.getoption("--cuts")):
        yield key, first + below(len(log) - first, b"cut", key) + 1


@pytest.mark.timeout(1800)
def test_after_a_cut_all_that_was_answered_is_there(recorded, tmp_path, request):
    log, path, lost = recorded("full"), tmp_path / "rebuilt.db", 0
    for key, end in cuts(log, request):
        path.write_bytes(cut(log[:end], key=key))
        paid, leased, dropped = answered(log[:end])
        invoices, names = found(path)
        assert paid <= invoices, (key, end)
        assert not dropped & names
        # One lease may be under way to its drop, which was not answered yet.
        assert len(leased - dropped - names) <= 1
        assert verify(str(path)) == []
        lost += len(answered(log)[0] - invoices)
    assert lost  # the cuts were somewhere in the middle


@pytest.mark.timeout(1800)
def test_a_relaxed_store_starts_after_a_cut_and_has_lost_its_tail_only(recorded, tmp_path, request):
    log, path = recorded("relaxed"), tmp_path / "rebuilt.db"
    needed = 0
    for key, end in cuts(log, request):
        done = log[:end]
        whole = cut(done, key=key)
        path.write_bytes(whole)
        header, _, current = checkpoint(done, key=key).partition(b"\n")
        told = json.loads(header) | {"file": path.stat().st_ino, "boot": "before the cut"}
        beside(path).write_bytes(json.dumps(told).encode() + b"\n" + current)
        needed += not whole.startswith(current)
        invoices, _ = found(path)
        # A checkpoint begins after the one before has ended, and one may not be sure yet.
        ended = [number for number, one in enumerate(done) if one.kind == "c"]
        assert answered(done[: ended[-3]])[0] <= invoices, (key, end)
        assert not beside(path).exists()
        assert verify(str(path)) == []
    assert needed
