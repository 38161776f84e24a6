"""What the redo log promises: killed anywhere, everything acknowledged is there, once."""

import os
import resource
import shutil
import sqlite3
from contextlib import contextmanager

import pytest

from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores import redo
from prakerja_sim.simulator.stores import sqlite as module
from prakerja_sim.simulator.stores.redo import beside
from prakerja_sim.simulator.stores.sqlite import SQLite
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.world.records import Sms

NOW = wib(2021, 9, 1, 10)
PARTS = ("", "-wal", "-shm")


@pytest.fixture
def path(tmp_path):
    """Where the file will be."""
    return tmp_path / "kept.db"


@pytest.fixture
def store(path, monkeypatch):
    """An open store that folds only when it is told to."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 1_000)
    store = SQLite(path)
    yield store
    store.close()


def write(store, number):
    """A unit whose rows must arrive once: a log line, and an account that counts its moves."""

    def work(world):
        account = world.get(Account, "card:1")
        world.put(Account("card:1", number, account.moves + 1 if account else 1))
        world.append(Sms("0812", NOW, "PRAKERJA", f"text {number}", None))

    store.run("a", work)


def fold(store):
    store.run("", lambda _: store._fold())


def copy(path, folder, *files):
    """The files as a kill at this moment leaves them."""
    folder.mkdir(exist_ok=True)
    for file in files:
        for part in PARTS:
            if (one := path.with_name(file.name + part)).exists():
                shutil.copy(one, folder / one.name)
    return folder / path.name


def contents(path):
    store = SQLite(path)
    records = store.run("a", lambda world: (world.get(Account, "card:1"), world.log(Sms)))
    store.close()
    return records[0] and (records[0].balance, records[0].moves), [one.text for one in records[1]]


def query(path, statement):
    db = sqlite3.connect(path)
    try:
        with db:
            return db.execute(statement).fetchall()
    finally:
        db.close()


@contextmanager
def largest_file(size):
    """No file of this process grows beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def parts(log):
    """The log's first line, and its entries as they stand behind each other."""
    name, _, rest = log.read_bytes().partition(b"\n")
    entries = []
    while rest:
        _, length, _ = redo.FRONT.unpack(rest[: redo.FRONT.size])
        entries.append(rest[: redo.FRONT.size + length])
        rest = rest[redo.FRONT.size + length :]
    return name + b"\n", entries


class TestAKill:
    def test_before_the_tables_were_committed_loses_nothing(self, store, path, tmp_path):
        for number in (1, 2, 3):
            write(store, number)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        assert contents(killed) == ((3, 3), ["text 1", "text 2", "text 3"])

    def test_between_the_tables_commit_and_the_logs_emptying_writes_nothing_twice(
        self, store, path, tmp_path
    ):
        for number in (1, 2):
            write(store, number)
        killed = tmp_path / "killed"
        copy(path, killed, beside(path))
        fold(store)
        assert contents(copy(path, killed, path)) == ((2, 2), ["text 1", "text 2"])

    def test_after_a_fold_and_some_more_keeps_both(self, store, path, tmp_path):
        write(store, 1)
        fold(store)
        write(store, 2)
        assert contents(copy(path, tmp_path / "killed", path, beside(path))) == ((2, 2), ["text 1", "text 2"])

    def test_meanwhile_at_the_next_start_can_be_started_over(self, store, path, tmp_path):
        write(store, 1)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        again = copy(killed, tmp_path / "again", beside(killed))
        assert contents(killed) == ((1, 1), ["text 1"])
        assert contents(copy(killed, again.parent, killed)) == ((1, 1), ["text 1"])

    def test_keeps_what_came_after_a_removal(self, store, path, tmp_path):
        write(store, 1)
        store.drop("a")
        write(store, 2)
        assert contents(copy(path, tmp_path / "killed", path, beside(path))) == ((2, 1), ["text 2"])

    def test_keeps_a_sandbox_removed(self, store, path, tmp_path):
        write(store, 1)
        fold(store)
        store.drop("a")
        assert contents(copy(path, tmp_path / "killed", path, beside(path))) == (None, [])


class TestAnEntry:
    @pytest.mark.parametrize(("durability", "times"), [("full", 3), ("relaxed", 0)])
    def test_is_synchronized_before_anybody_is_answered(self, tmp_path, monkeypatch, durability, times):
        synchronized = []
        monkeypatch.setattr(os, "fdatasync", synchronized.append)
        store = SQLite(tmp_path / "kept.db", durability)
        for number in (1, 2, 3):
            write(store, number)
        assert len(synchronized) == times
        store.close()

    def test_that_was_written_in_part_is_nothing_and_what_came_before_it_stays(self, store, path, tmp_path):
        write(store, 1)
        write(store, 2)
        name, (first, second) = parts(beside(path))
        for length in (0, 1, redo.FRONT.size - 1, redo.FRONT.size, redo.FRONT.size + 1, len(second) - 1):
            killed = copy(path, tmp_path / f"killed-{length}", path)
            beside(killed).write_bytes(name + first + second[:length])
            assert contents(killed) == ((1, 1), ["text 1"])

    def test_of_which_a_byte_is_wrong_is_nothing(self, store, path, tmp_path):
        write(store, 1)
        write(store, 2)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        whole = bytearray(beside(killed).read_bytes())
        whole[-1] ^= 1
        beside(killed).write_bytes(whole)
        assert contents(killed) == ((1, 1), ["text 1"])

    def test_from_before_the_last_fold_is_not_taken_for_one_that_came_after(self, store, path, tmp_path):
        write(store, 1)
        fold(store)
        for number in (2, 3, 4):
            write(store, number)
        fold(store)
        write(store, 5)
        _, entries = parts(beside(path))
        assert len(entries) == 3  # the fifth stands where the second was; the third and fourth follow
        killed = copy(path, tmp_path / "killed", path, beside(path))
        assert contents(killed) == ((5, 5), [f"text {number}" for number in (1, 2, 3, 4, 5)])


class TestFolding:
    def test_a_rest_folds(self, path, monkeypatch):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0)
        store = SQLite(path)
        write(store, 1)
        store.close()
        assert query(path, "SELECT balance FROM account") == [(1,)]
        assert parts(beside(path))[1] == []

    @pytest.mark.parametrize(("units", "folded"), [(1, [(1,)]), (2, [])])
    def test_so_many_units_fold(self, store, path, monkeypatch, units, folded):
        monkeypatch.setattr(module, "FOLD_UNITS", units)
        write(store, 1)
        store.run("a", lambda world: None)  # the batch before this one is finished with
        assert query(path, "SELECT balance FROM account") == folded

    def test_what_the_tables_refuse_takes_nothing_acknowledged_with_it(self, store):
        write(store, 1)
        with pytest.raises(sqlite3.IntegrityError, match="no_overdraft"):
            write(store, -1)
        write(store, 2)
        assert store.run("a", lambda world: world.get(Account, "card:1")) == Account("card:1", 2, 2)
        assert [one.text for one in store.run("a", lambda world: world.log(Sms))] == ["text 1", "text 2"]

    def test_a_log_that_takes_no_more_fails_the_unit_and_nothing_before_it(self, store, path):
        write(store, 1)
        with largest_file(1_000_000), pytest.raises(OSError, match="No space left"):
            store.run("a", lambda world: world.append(Sms("0", NOW, "PRAKERJA", "9" * 1_000_000, None)))
        assert [one.text for one in store.run("a", lambda world: world.log(Sms))] == ["text 1"]
        write(store, 2)
        assert store.run("a", lambda world: world.get(Account, "card:1").moves) == 2

    def test_a_log_that_cannot_be_synchronized_fails_the_unit_and_nothing_before_it(
        self, store, path, tmp_path, monkeypatch
    ):
        def broken(file):
            raise OSError("the disk is gone")

        write(store, 1)
        with monkeypatch.context() as disk:
            disk.setattr(os, "fdatasync", broken)
            with pytest.raises(OSError, match="the disk is gone"):
                write(store, 2)
        assert store.run("a", lambda world: world.get(Account, "card:1").moves) == 1
        write(store, 3)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        assert contents(killed) == ((3, 2), ["text 1", "text 3"])


class TestALogThatDoesNotFit:
    def test_without_its_tables_it_is_of_no_use(self, store, path, tmp_path):
        write(store, 1)
        assert contents(copy(path, tmp_path / "alone", beside(path))) == (None, [])

    def test_of_another_schema_it_is_refused_and_both_stay(self, store, path, tmp_path, monkeypatch):
        write(store, 1)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        monkeypatch.setattr(redo, "HEAD", "0000")
        for _ in range(2):
            with pytest.raises(StoreUnusable, match="another store or version left"):
                SQLite(killed)
        monkeypatch.undo()
        assert contents(killed) == ((1, 1), ["text 1"])

    def test_of_another_store_it_is_refused_and_both_stay(self, store, path, tmp_path):
        write(store, 1)
        other = tmp_path / "other" / path.name
        copy(path, other.parent, beside(path))
        fresh = tmp_path / "fresh.db"
        SQLite(fresh).close()
        shutil.copy(fresh, other)
        for _ in range(2):
            with pytest.raises(StoreUnusable, match="another store or version left"):
                SQLite(other)

    def test_with_a_batch_missing_it_is_refused(self, store, path, tmp_path):
        for number in (1, 2):
            write(store, number)
        killed = copy(path, tmp_path / "killed", path, beside(path))
        name, entries = parts(beside(killed))
        beside(killed).write_bytes(name + entries[1])
        with pytest.raises(StoreUnusable, match="batch 1 is missing"):
            SQLite(killed)
