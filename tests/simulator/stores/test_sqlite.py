"""What only the file can show: what is on the disk, who may open it, and how units share a commit."""

import sqlite3
import threading

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.ledger.ledger import FAMILIES, Account
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Survey
from prakerja_sim.simulator.programme.records import Schedule
from prakerja_sim.simulator.stores import migrate
from prakerja_sim.simulator.stores import sqlite as module
from prakerja_sim.simulator.stores.sqlite import SQLite, _Job
from prakerja_sim.simulator.stores.tables import METADATA
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Sms, Transfer

NOW = wib(2021, 9, 1, 10)


@pytest.fixture
def path(tmp_path):
    """Where the file will be; the name holds what URLs and configuration files trip over."""
    return tmp_path / "100% kept?.db"


@pytest.fixture
def store(path):
    """An open, empty store."""
    store = SQLite(path)
    yield store
    store.close()


def query(path, statement):
    """Ask the file as any other program would."""
    db = sqlite3.connect(path)
    try:
        with db:
            return db.execute(statement).fetchall()
    finally:
        db.close()


def fold(store):
    """Let the file have what the log holds, as it would after a moment's rest."""
    store.run("", lambda _: store._fold())


def account(name="card:1", balance=1):
    return lambda world: world.put(Account(name, balance, 1))


def names(store):
    return [one.name for one in store.run("a", lambda world: world.find(Account))]


def together(store, *works):
    """Let the writer find all these units waiting at once, and answer their errors."""
    gate = threading.Event()
    jobs = [_Job("a", work, 0, Settings()) for work in (lambda world: gate.wait(), *works)]
    for job in jobs:
        store._queue.put(job)
    gate.set()
    for job in jobs:
        job.wait()
    return [job.error for job in jobs[1:]]


class TestTheFile:
    @pytest.mark.parametrize(("durability", "synchronous"), [("full", 2), ("relaxed", 1)])
    def test_it_is_written_ahead_and_synchronously(self, path, durability, synchronous):
        store = SQLite(path, durability)
        assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store._db.execute("PRAGMA synchronous").fetchone() == (synchronous,)
        store.close()

    def test_it_is_marked_as_ours_and_only_its_own_file_is_made(self, store, path):
        assert query(path, "PRAGMA application_id") == [(migrate.APPLICATION_ID,)]
        made = {one.name.removeprefix(path.name) for one in path.parent.iterdir()}
        assert made <= {f"{log}{part}" for log in ("", ".redo") for part in ("", "-wal", "-shm")} | {".lock"}

    def test_opened_again_it_shows_everything(self, path, begin):
        store = SQLite(path)
        story = begin(store=store)
        story.finish(story.buy())
        digest, accounts, now = story.sandbox.digest(), story.find(Account), story.sandbox.now()
        store.close()

        store = SQLite(path)
        again = sandbox.reopen(store, "story")
        assert again.digest() == digest
        assert again.ask(lambda world: world.find(Account)) == accounts
        assert again.now() == now
        assert again.check() == []
        store.close()


class TestHistory:
    @pytest.mark.parametrize("table", ["entry", "transfer"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET at = at + 1", "DELETE FROM {}"])
    def test_what_happened_is_neither_changed_nor_erased(self, store, path, begin, table, statement):
        begin(store=store)
        fold(store)
        with pytest.raises(sqlite3.IntegrityError, match="the log is append only"):
            query(path, statement.format(table))

    def test_a_dropped_sandbox_goes_with_its_history(self, store, path, begin):
        begin(store=store, name="gone")
        stays = begin(store=store, name="stays")
        store.drop("gone")
        fold(store)
        for table in METADATA.sorted_tables:
            if "sandbox" in table.c:
                assert query(path, f"SELECT 1 FROM \"{table.name}\" WHERE sandbox = 'gone'") == []
        assert query(path, "SELECT count(*) FROM entry")[0][0] == len(stays.sandbox.journal())


class TestConstraints:
    def test_an_overdraft_is_refused_and_takes_only_its_own_unit_with_it(self, store):
        def overdraft(world):
            world.put(Account("card:2", 5, 1))
            world.append(Sms("0", NOW, "PRAKERJA", "lost", None))
            world.put(Account("card:3", -1, 1))

        errors = together(store, account("card:1"), overdraft, account("card:4"))

        assert [type(error) for error in errors] == [type(None), sqlite3.IntegrityError, type(None)]
        assert names(store) == ["card:1", "card:4"]
        assert store.run("a", lambda world: (world.get(Account, "card:2"), world.log(Sms))) == (None, [])

    @pytest.mark.parametrize(
        ("name", "good"),
        [(f"{family}:x", known.source) for family, known in FAMILIES.items()],
    )
    def test_only_a_source_may_be_below_zero(self, store, name, good):
        if good:
            store.run("a", account(name, -1))
        else:
            with pytest.raises(sqlite3.IntegrityError, match="no_overdraft"):
                store.run("a", account(name, -1))

    def test_the_file_refuses_by_itself_what_another_program_writes(self, store, path):
        store.run("a", account())
        fold(store)
        with pytest.raises(sqlite3.IntegrityError, match="no_overdraft"):
            query(path, "UPDATE account SET balance = -1")

    def test_a_slot_is_kept_once(self, store):
        slot = (Rupiah(1), IncentiveStatus.HELD, NOW)
        store.run("a", lambda world: world.put(Incentive("k-1", "9900", "job-1", *slot)))
        with pytest.raises(sqlite3.IntegrityError, match=r"incentive\.slot"):
            store.run("a", lambda world: world.put(Incentive("k-2", "9900", "job-1", *slot)))

    def test_a_chain_does_not_fork(self, store, begin):
        story = begin(store=store)
        entry = story.sandbox.journal()[-1]
        with pytest.raises(sqlite3.IntegrityError, match=r"entry\.n"):
            story.plant(entry)

    def test_a_transfer_is_balanced(self, store, path):
        store.run("a", lambda world: world.append(Transfer("e#1", "grant", NOW, "programme:1", "card:1", 1)))
        fold(store)
        for change in ("0, 'x', 'y'", "1, 'x', 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="balanced"):
                query(
                    path,
                    "INSERT INTO transfer (sandbox, entry, event, at, amount, source, target) "
                    f"VALUES ('a', 'e#2', 'grant', 0, {change})",
                )

    @pytest.mark.parametrize(
        ("record", "error"),
        [
            (Account("card:2", 2**63, 1), OverflowError),
            (Survey("s", "9900", -(2**63) - 1, NOW), OverflowError),
            (Account("card:\ud800", 1, 1), UnicodeEncodeError),
            (Account("card:2", 1, None), sqlite3.IntegrityError),
        ],
        ids=["too-large", "too-small", "no-text", "missing"],
    )
    def test_a_value_that_no_column_can_hold_takes_only_its_own_unit_with_it(self, store, record, error):
        errors = together(store, account(), lambda world: world.put(record))
        assert [type(one) for one in errors] == [type(None), error]
        assert names(store) == ["card:1"]


class TestTheWriter:
    def test_units_that_wait_together_share_a_commit_in_their_order(self, store):
        works = [account(f"card:{n:03}") for n in range(module.MOST_IN_A_BATCH + 5)]
        assert set(together(store, *works)) == {None}
        assert names(store) == [f"card:{n:03}" for n in range(module.MOST_IN_A_BATCH + 5)]

    def test_many_threads_lose_no_update(self, store):
        store.run("a", account(balance=0))

        def add(world):
            account = world.need(Account, "card:1")
            world.put(Account("card:1", account.balance + 1, account.moves))

        threads = [
            threading.Thread(target=lambda: [store.run("a", add) for _ in range(25)]) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.run("a", lambda world: world.need(Account, "card:1").balance) == 200

    def test_tables_that_are_full_fail_whoever_searches_them_and_take_it_all_later(self, store, path):
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")

        def large(key):
            return lambda world: world.put(Survey(key, "9" * 100_000, 1, NOW))

        assert together(store, large("a"), account(), large("b")) == [None, None, None]
        fold(store)
        errors = together(store, large("c"), lambda world: world.find(Survey), account("card:2"))

        assert [type(error) for error in errors] == [sqlite3.OperationalError] * 3
        store._db.execute("PRAGMA max_page_count = 1000000")
        assert [one.key for one in store.run("a", lambda world: world.find(Survey))] == ["a", "b"]
        fold(store)
        assert query(path, "SELECT key FROM survey") == [("a",), ("b",)]
        assert query(path, "SELECT name FROM account") == [("card:1",)]

    def test_what_was_written_by_half_is_not_written_twice(self, store):
        def two_lines(world):
            world.append(Sms("0", NOW, "PRAKERJA", "once", None))
            world.append(Transfer("e#1", "grant", NOW, "programme:1", "card:1", 1))

        def look(world):
            written = store._db.total_changes
            store._db.set_progress_handler(lambda: store._db.total_changes > written, 1)
            try:
                world.log(Sms)  # the first line is written, the second interrupted
            finally:
                store._db.set_progress_handler(None, 0)

        store.run("a", account())
        errors = together(store, two_lines, look)

        assert errors[0] is None
        assert [one.text for one in store.run("a", lambda world: world.log(Sms))] == ["once"]

    def test_a_file_that_another_program_holds_is_an_error_and_not_for_ever(self, store, path):
        store._db.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        store.run("a", account())
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            names(store)
        fold(store)
        other.execute("ROLLBACK")
        other.close()
        assert names(store) == ["card:1"]

    def test_what_waits_when_the_store_closes_is_still_done(self, path):
        store = SQLite(path)
        gate = threading.Event()
        jobs = [_Job("a", work, 0, Settings()) for work in (lambda world: gate.wait(), account())]
        for job in (*jobs, None):
            store._queue.put(job)
        gate.set()
        store.close()
        assert query(path, "SELECT name FROM account") == [("card:1",)]

    def test_whoever_comes_after_the_close_is_turned_away(self, path):
        store = SQLite(path)
        store.close()
        with pytest.raises(StoreUnusable, match="closed"):
            store.run("a", account())
        store.close()

    def test_whoever_waits_behind_the_close_is_turned_away(self, path):
        store = SQLite(path)
        late = _Job("a", account(), 0, Settings())
        for job in (None, late):
            store._queue.put(job)
        store.close()
        late.wait()
        assert isinstance(late.error, StoreUnusable)
        assert query(path, "SELECT name FROM account") == []

    def test_a_full_cache_is_emptied_and_nothing_is_lost(self, store, monkeypatch):
        monkeypatch.setattr(module, "LEARNED_AT_MOST", 3)
        for n in range(9):
            store.run("a", account(f"card:{n}"))
        assert len(store._caches["a"].records) <= 4
        assert all(store.run("a", lambda world, n=n: world.get(Account, f"card:{n}")) for n in range(9))

    def test_a_record_read_from_the_file_is_remembered(self, path):
        store = SQLite(path)
        store.run("a", lambda world: world.put(Schedule("s-1", "c-1", 1)))
        store.close()
        store = SQLite(path)
        one = store.run("a", lambda world: world.get(Schedule, "s-1"))
        assert one is store.run("a", lambda world: world.get(Schedule, "s-1"))
        store.close()
