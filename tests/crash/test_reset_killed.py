"""Killed at any moment of a reset, a lease or a drop, a store has the old world or the new one, whole."""

import multiprocessing
import threading
from contextlib import closing

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.verify import verify
from prakerja_sim.simulator.values.chance import below

FORK = multiprocessing.get_context("fork")


def at_work(path, done):
    """Reset, lease and drop without end; tell how many resets are done."""
    sandboxes = Sandboxes(LMDB(path))
    while True:
        done.send(sandboxes.reset(DEFAULT, seed.fill).life)
        if sandboxes.get("other") is None:
            sandboxes.lease("other", 7, seed.START, fill=seed.fill)
        sandboxes.drop("other")


def test_a_kill_within_a_reset_a_lease_or_a_drop_loses_no_sandbox_and_halves_none(tmp_path, request):
    path, kills = tmp_path / "sim.db", 4 * request.config.getoption("--kills")
    with closing(LMDB(path)) as store:
        Sandboxes(store).lease(DEFAULT, 42, seed.START, fill=seed.fill)
    moment, lives = threading.Event(), [0]
    for kill in range(kills):
        told, done = FORK.Pipe(duplex=False)
        worker = FORK.Process(target=at_work, args=(path, done))
        worker.start()
        done.close()
        lives.append(told.recv())
        moment.wait(below(150, b"reset", kill) / 1000)
        worker.kill()
        worker.join()
        while told.poll():
            try:
                lives.append(told.recv())
            except EOFError:
                break
        with closing(LMDB(path)) as store:
            sandboxes = Sandboxes(store)
            assert DEFAULT in sandboxes.names()
            assert sandboxes.get(DEFAULT).life >= lives[-1], "an acknowledged reset is lost"
            for name in sandboxes.names():
                kept = store.contents(name)
                verdict = verify(kept)
                assert (verdict.differences, verdict.violations, verdict.note) == ([], [], "")
                assert len(kept.records[Course]) == len(seed.COURSES)
    assert lives[-1] >= kills
