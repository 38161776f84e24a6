"""Checkpoints of a relaxed store: when one is there, when it is put back, and when it is nobody's any more.

What a cut of the power does to the file itself is in `tests/crash/test_power_cuts.py`.
"""

import json
import shutil
import stat
import threading
from contextlib import closing

import pytest

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores import lmdb_checkpoint
from prakerja_sim.simulator.stores.lmdb_checkpoint import beside
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.errors import StoreUnusable


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sim.db"


def put(store, name):
    store.run("a", lambda world: world.put(Account(name, 1, 1)))


def names(path, durability="relaxed"):
    with closing(LMDB(path, durability)) as store:
        return [one.name for one in store.ask("a", lambda world: world.find(Account))]


@pytest.fixture
def killed(path):
    """A relaxed file as a kill leaves it: one account before its checkpoint, one after it."""
    store = LMDB(path, "relaxed")
    put(store, "card:1")
    store._checkpoints._taken_at = 0.0
    put(store, "card:2")  # the checkpoint that follows is of both
    store.run("a", lambda world: None)  # so that it has begun
    store._checkpoints._join()
    store._checkpoints._taken_at = float("inf")
    put(store, "card:3")
    for one in (path, beside(path)):
        shutil.copy(one, one.with_name(f"killed{one.name[3:]}"))
    store.close()
    left = path.with_name("killed.db")
    header, _, current = beside(left).read_bytes().partition(b"\n")
    told = json.loads(header) | {"file": left.stat().st_ino}

    def with_header(**changed):
        beside(left).write_bytes(json.dumps(told | changed).encode() + b"\n" + current)
        return left

    return with_header


def test_a_kill_loses_nothing(killed):
    assert names(killed()) == ["card:1", "card:2", "card:3"]


@pytest.mark.parametrize("durability", ["relaxed", "full"])
def test_after_a_start_of_the_system_the_file_is_put_back_to_its_checkpoint(killed, durability):
    left = killed(boot="another start")
    assert names(left, durability) == ["card:1", "card:2"]
    assert names(left, durability) == ["card:1", "card:2"]


def test_another_files_checkpoint_is_not_put_back(killed):
    assert names(killed(boot="another start", file=1)) == ["card:1", "card:2", "card:3"]


@pytest.mark.parametrize(
    "damaged",
    [
        lambda _: b"",
        lambda whole: whole[:-1],
        lambda whole: whole + b"x",
        lambda whole: whole.replace(b'"boot"', b'"b\xffot"'),
        lambda whole: whole.replace(b'"file"', b'"fire"'),
        lambda whole: b"[]" + whole,
    ],
)
@pytest.mark.parametrize("durability", ["relaxed", "full"])
def test_a_damaged_checkpoint_is_named_with_the_remedy(killed, damaged, durability):
    left = killed(boot="another start")
    beside(left).write_bytes(damaged(beside(left).read_bytes()))
    for _ in range(2):  # the first refusal leaves it as it is
        with pytest.raises(StoreUnusable, match=r"killed\.db-checkpoint cannot be read; remove it"):
            LMDB(left, durability)
    beside(left).unlink()
    assert names(left, durability) == ["card:1", "card:2", "card:3"]


def test_a_checkpoint_is_its_owners_and_gone_when_the_file_is_closed(path):
    with closing(LMDB(path, "relaxed")):
        assert stat.S_IMODE(beside(path).stat().st_mode) == 0o600
    assert {one.name for one in path.parent.iterdir()} == {path.name, f"{path.name}-lock"}


def test_a_synchronized_store_has_none(killed):
    with closing(LMDB(killed(), "full")) as store:
        assert not beside(store._path).exists()


def test_what_is_committed_last_is_in_a_checkpoint_soon_though_nothing_follows(path, monkeypatch):
    monkeypatch.setattr(lmdb_checkpoint, "SECONDS", 0.3)
    with closing(LMDB(path, "relaxed")) as store:
        put(store, "card:1")
        for _ in range(1000):
            kept, current = beside(path).read_bytes(), path.read_bytes()[: lmdb_checkpoint.CURRENT]
            if kept.endswith(b"\n" + current):
                return
            threading.Event().wait(0.01)
        pytest.fail("the last commit is in no checkpoint")


def test_a_store_whose_checkpoint_cannot_be_kept_does_not_begin(path):
    beside(path).with_name(f"{beside(path).name}.unfinished").mkdir()
    with pytest.raises(StoreUnusable, match="cannot be written; mend the disk"):
        LMDB(path, "relaxed")
    LMDB(path).close()
