"""What only the file can show: what is on the disk, who may open it, and how units share a commit."""

import resource
import shutil
import sqlite3
import stat
import threading
from contextlib import closing, contextmanager

import lmdb
import pytest
from msgspec import msgpack

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.ledger.ledger import FAMILIES, Account
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Survey
from prakerja_sim.simulator.stores import lmdb_store as module
from prakerja_sim.simulator.stores.documents import FORMAT, IntegrityError
from prakerja_sim.simulator.stores.lmdb_file import FORMAT_KEY, MAP_BYTES, READERS, SPARE_READERS
from prakerja_sim.simulator.stores.lmdb_store import LMDB, _Job
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Damaged, StoreUnusable
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Sms, Transfer

NOW = wib(2021, 9, 1, 10)
MEGABYTE = 2**20


@pytest.fixture
def path(tmp_path):
    """Where the file will be; the name holds what URLs and configuration files trip over."""
    return tmp_path / "100% kept?.db"


@pytest.fixture
def store(path):
    """An open, empty store."""
    store = LMDB(path)
    yield store
    store.close()


@contextmanager
def engine(path):
    """The file as any other program sees it."""
    with lmdb.open(str(path), subdir=False, map_size=MAP_BYTES) as env, env.begin(write=True) as txn:
        yield txn


@contextmanager
def largest_file(size):
    """No file of this process grows beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def account(name="card:1", balance=1):
    return lambda world: world.put(Account(name, balance, 1))


def text(number, size=0):
    return lambda world: world.append(Sms("0812", NOW, "PRAKERJA", f"text {number}" + "9" * size, None))


def names(store):
    return [one.name for one in store.ask("a", lambda world: world.find(Account))]


def texts(store):
    return [one.text for one in store.ask("a", lambda world: world.log(Sms))]


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


def kinds(errors):
    return [type(error) for error in errors]


class TestTheFile:
    @pytest.mark.parametrize(("durability", "synchronized"), [("full", True), ("relaxed", False)])
    def test_each_commit_is_synchronized_unless_told_otherwise(self, path, durability, synchronized):
        with closing(LMDB(path, durability)) as store:
            flags = store._env.flags()
        assert (flags["sync"], flags["metasync"]) == (synchronized, synchronized)

    def test_it_is_one_file_and_its_lock_file_for_nobody_else_to_read(self, store, path):
        assert {one.name for one in path.parent.iterdir()} == {path.name, f"{path.name}-lock"}
        assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}

    def test_it_is_as_large_as_what_is_in_it(self, store, path):
        store.run("a", account())
        assert path.stat().st_size < MEGABYTE

    def test_opened_again_it_shows_everything(self, path, begin):
        with closing(LMDB(path)) as store:
            story = begin(store=store)
            story.finish(story.buy())
            digest, found, now = story.sandbox.digest(), story.find(Account), story.sandbox.now()

        with closing(LMDB(path)) as store:
            again = sandbox.reopen(store, "story")
            assert again.digest() == digest
            assert again.ask(lambda world: world.find(Account)) == found
            assert again.now() == now
            assert again.check() == []

    def test_what_was_answered_is_in_it_as_a_kill_leaves_it(self, store, path, tmp_path):
        for number in (1, 2, 3):
            store.run("a", text(number))
            killed = tmp_path / f"killed-{number}.db"
            shutil.copy(path, killed)
            with closing(LMDB(killed)) as found:
                assert texts(found) == [f"text {n}" for n in range(1, number + 1)]

    def test_logs_go_on_where_they_were(self, path):
        for numbers in (range(300), range(300, 302)):
            with closing(LMDB(path)) as store:
                store.run("a", lambda world, numbers=numbers: [text(number)(world) for number in numbers])
        with closing(LMDB(path)) as store:
            assert texts(store) == [f"text {number}" for number in range(302)]

    def test_a_dropped_sandbox_leaves_nothing_in_it(self, path, begin):
        with closing(LMDB(path)) as store:
            begin(store=store, name="gone")
            begin(store=store, name="gone too")
            store.drop("gone")
        with engine(path) as txn:
            assert {key.partition(b"\0")[0] for key, _ in txn.cursor()} == {b"gone too", FORMAT_KEY}


class TestKeys:
    LONG = "9" * 600

    def test_what_is_too_long_for_a_key_is_kept_and_found_and_ordered(self, store):
        keys = [self.LONG + "b", self.LONG + "a", "8", "99" + self.LONG, "99"]
        store.run("a", lambda world: [world.put(Survey(key, "9900", 1, NOW)) for key in keys])
        assert store.ask("a", lambda world: [world.get(Survey, key).key for key in keys]) == keys
        found = [one.key for one in store.ask("a", lambda world: world.find(Survey))]
        assert set(found) == set(keys)
        assert found[0] == "8"

    def test_long_values_are_told_apart_by_an_index(self, store):
        for phone in (self.LONG + "a", self.LONG + "b"):
            store.run("a", lambda world, phone=phone: world.append(Sms(phone, NOW, "P", phone[-1], None)))
        found = store.ask("a", lambda world: world.log(Sms, phone=self.LONG + "b"))
        assert [one.text for one in found] == ["b"]

    def test_names_of_sandboxes_may_be_long_and_begin_alike(self, store):
        for name in ("x", "xy", self.LONG + "a", self.LONG + "b"):
            store.run(name, account(f"card:{name}"))
        store.drop("x")
        store.drop(self.LONG + "a")
        found = [len(store.ask(n, lambda world: world.find(Account))) for n in ("xy", self.LONG + "b", "x")]
        assert found == [1, 1, 0]


class TestConstraints:
    def test_an_overdraft_is_refused_and_takes_only_its_own_unit_with_it(self, store):
        def overdraft(world):
            world.put(Account("card:2", 5, 1))
            world.append(Sms("0", NOW, "PRAKERJA", "lost", None))
            world.put(Account("card:3", -1, 1))

        errors = together(store, account("card:1"), overdraft, account("card:4"))

        assert kinds(errors) == [type(None), IntegrityError, type(None)]
        assert names(store) == ["card:1", "card:4"]
        assert store.ask("a", lambda world: (world.get(Account, "card:2"), world.log(Sms))) == (None, [])

    @pytest.mark.parametrize(
        ("name", "good"),
        [(f"{family}:x", known.source) for family, known in FAMILIES.items()],
    )
    def test_only_a_source_may_be_below_zero(self, store, name, good):
        if good:
            store.run("a", account(name, -1))
        else:
            with pytest.raises(IntegrityError, match="overdrawn"):
                store.run("a", account(name, -1))

    def test_a_slot_is_kept_once(self, store):
        slot = (Rupiah(1), IncentiveStatus.HELD, NOW)
        store.run("a", lambda world: world.put(Incentive("k-1", "9900", "job-1", *slot)))
        with pytest.raises(IntegrityError, match=r"Incentive!card\+slot is given twice"):
            store.run("a", lambda world: world.put(Incentive("k-2", "9900", "job-1", *slot)))
        store.run("a", lambda world: world.put(Incentive("k-1", "9900", "job-2", *slot)))
        store.run("a", lambda world: world.put(Incentive("k-2", "9900", "job-1", *slot)))

    def test_a_chain_does_not_fork(self, store, begin):
        story = begin(store=store)
        entry = story.sandbox.journal()[-1]
        with pytest.raises(IntegrityError, match=r"Entry!subject\+n is given twice"):
            story.plant(entry)
        assert story.sandbox.journal()[-1] == entry

    @pytest.mark.parametrize("change", [{"amount": 0}, {"target": "programme:1"}])
    def test_a_transfer_is_balanced_also_when_it_is_read(self, path, change):
        transfer = Transfer("e", "grant", NOW, "programme:1", "card:1", 1)
        with closing(LMDB(path)) as store:
            store.run("a", lambda world: world.append(transfer))
        with engine(path) as txn:
            key, kept = next(item for item in txn.cursor() if item[0].startswith(b"a\0Transfer\0"))
            txn.put(key, msgpack.encode(msgpack.decode(kept) | change))
        unread = pytest.raises(Damaged, match="a Transfer in the store cannot be read")
        with closing(LMDB(path)) as store, unread:
            store.ask("a", lambda world: world.log(Transfer))

    @pytest.mark.parametrize(
        ("record", "error"),
        [
            (Account("card:2", 2**64, 1), OverflowError),
            (Survey("s", "9900", -(2**63) - 1, NOW), OverflowError),
            (Account("card:\ud800", 1, 1), UnicodeEncodeError),
            (Account("card:2", 1, None), IntegrityError),
        ],
        ids=["too-large", "too-small", "no-text", "missing"],
    )
    def test_a_value_that_cannot_be_kept_takes_only_its_own_unit_with_it(self, store, record, error):
        errors = together(store, account(), lambda world: world.put(record))
        assert kinds(errors) == [type(None), error]
        assert names(store) == ["card:1"]


class TestTheWriter:
    def test_units_that_wait_together_share_a_commit_in_their_order(self, store):
        before = store._env.info()["last_txnid"]
        works = [account(f"card:{n:03}") for n in range(module.MOST_IN_A_BATCH + 5)]
        assert set(together(store, *works)) == {None}
        assert names(store) == [f"card:{n:03}" for n in range(module.MOST_IN_A_BATCH + 5)]
        assert store._env.info()["last_txnid"] - before == 2

    def test_units_of_a_batch_see_those_before_them_and_not_those_undone(self, store):
        def undone(world):
            account("card:2")(world)
            raise ZeroDivisionError

        seen = []
        together(store, account(), undone, lambda world: seen.extend(a.name for a in world.find(Account)))
        assert seen == ["card:1"]

    def test_many_threads_lose_no_update(self, store):
        store.run("a", account(balance=0))

        def add(world):
            kept = world.need(Account, "card:1")
            world.put(Account("card:1", kept.balance + 1, kept.moves))

        threads = [
            threading.Thread(target=lambda: [store.run("a", add) for _ in range(25)]) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.ask("a", lambda world: world.need(Account, "card:1").balance) == 200

    def test_what_waits_when_the_store_closes_is_still_done(self, path):
        store = LMDB(path)
        gate = threading.Event()
        jobs = [_Job("a", work, 0, Settings()) for work in (lambda world: gate.wait(), account())]
        for job in (*jobs, None):
            store._queue.put(job)
        gate.set()
        store.close()
        with closing(LMDB(path)) as store:
            assert names(store) == ["card:1"]

    def test_whoever_comes_after_the_close_is_turned_away(self, path):
        store = LMDB(path)
        store.close()
        for refused in (store.run, store.ask):
            with pytest.raises(StoreUnusable, match="closed"):
                refused("a", account())
        for look in (store.names, lambda: store.contents("a"), lambda: store.loose_ends("a")):
            with pytest.raises(StoreUnusable, match="closed"):
                look()
        store.close()

    def test_whoever_waits_behind_the_close_is_turned_away(self, path):
        store = LMDB(path)
        late = _Job("a", account(), 0, Settings())
        for job in (None, late):
            store._queue.put(job)
        store.close()
        late.wait()
        assert isinstance(late.error, StoreUnusable)
        with closing(LMDB(path)) as store:
            assert names(store) == []


class TestQuestions:
    def test_they_see_what_was_answered_and_wait_for_nobody(self, store):
        store.run("a", account("card:1"))
        gate, begun = threading.Event(), threading.Event()

        def slow(world):
            account("card:2")(world)
            begun.set()
            gate.wait()

        writing = threading.Thread(target=store.run, args=("a", slow))
        writing.start()
        begun.wait()
        assert names(store) == ["card:1"]
        gate.set()
        writing.join()
        assert names(store) == ["card:1", "card:2"]

    def test_one_sees_the_same_from_its_begin_to_its_end(self, store):
        store.run("a", account("card:1"))

        def question(world):
            before = world.find(Account)
            writing = threading.Thread(target=store.run, args=("a", account("card:2")))
            writing.start()
            writing.join()
            return before == world.find(Account)

        assert store.ask("a", question)

    def test_a_kept_exception_keeps_no_snapshot(self, store):
        store.run("a", account())
        kept = []

        def question(world):
            raise LookupError(world, world.find(Account))

        for _ in range(READERS + SPARE_READERS + 1):  # more than there may be questions at once
            with pytest.raises(LookupError) as raised:
                store.ask("a", question)
            kept.append(raised)
        assert names(store) == ["card:1"]

    def test_the_close_waits_for_them(self, path):
        store = LMDB(path)
        store.run("a", account())
        closing_thread = threading.Thread(target=store.close)

        def question(world):
            closing_thread.start()
            store._writer.join()
            return [one.name for one in world.find(Account)]

        assert store.ask("a", question) == ["card:1"]
        closing_thread.join()


class TestADiskThatTakesNoMore:
    def test_a_full_map_refuses_its_unit_with_the_remedy_and_keeps_the_rest(self, path):
        with closing(LMDB(path, map_bytes=MEGABYTE)) as store:
            errors = together(store, text(1), text(2, size=2 * MEGABYTE), text(3))
            assert kinds(errors) == [type(None), StoreUnusable, type(None)]
            assert "is full; drop or reset a sandbox, or begin with another file" in str(errors[1])
            assert texts(store) == ["text 1", "text 3"]

    def test_a_full_map_takes_more_when_a_sandbox_was_dropped(self, path):
        with closing(LMDB(path, map_bytes=MEGABYTE)) as store:
            store.run("b", text(1, size=MEGABYTE // 2))
            with pytest.raises(StoreUnusable, match="is full"):
                store.run("a", text(2, size=MEGABYTE // 2))
            store.drop("b")
            store.run("b", account())  # what a commit frees the one after the next may use
            store.run("a", text(3, size=MEGABYTE // 2))
            assert len(texts(store)) == 1

    def test_a_failed_commit_refuses_all_its_units_and_nothing_comes_back(self, store, path, tmp_path):
        store.run("a", text(1))
        with largest_file(path.stat().st_size):
            errors = together(store, text(2), account(), text(3, size=MEGABYTE))
        assert kinds(errors) == [StoreUnusable] * 3
        assert "mend the disk" in str(errors[0])
        assert (texts(store), names(store)) == (["text 1"], [])

        killed = tmp_path / "killed.db"
        shutil.copy(path, killed)
        with closing(LMDB(killed)) as found:
            assert (texts(found), names(found)) == (["text 1"], [])
        store.run("a", text(4))
        assert texts(store) == ["text 1", "text 4"]


class TestOpening:
    def refused(self, path, complaint):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(StoreUnusable, match=complaint):
            LMDB(path)
        assert (path.read_bytes() if path.is_file() else None) == before

    def test_a_directory_is_refused(self, tmp_path):
        self.refused(tmp_path, "is a directory; name a file, for example .*prakerja-sim.db")

    def test_a_missing_folder_is_refused(self, tmp_path):
        self.refused(tmp_path / "missing" / "kept.db", "missing does not exist; create it")

    def test_a_place_that_cannot_be_written_is_refused(self, tmp_path):
        with pytest.raises(StoreUnusable, match="cannot be written: File name too long; name another file"):
            LMDB(tmp_path / ("x" * 300))

    def test_a_lock_file_that_cannot_be_used_is_told(self, path):
        path.with_name(f"{path.name}-lock").mkdir()
        with pytest.raises(StoreUnusable, match=r"is not a usable store .*Is a directory"):
            LMDB(path)

    def test_another_kind_of_file_is_refused(self, path):
        path.write_bytes(b"Kartu Prakerja\n" * 1_000)
        self.refused(path, "is not a usable store")

    def test_an_sqlite_database_is_refused_with_the_remedy(self, path):
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE account (name)")
        self.refused(
            path, "is an SQLite database, as older versions kept one; remove it or name another file"
        )

    def test_another_programs_file_is_refused_until_it_is_mended(self, path):
        with engine(path) as txn:
            txn.put(b"recipes", b"soto ayam")
        self.refused(path, "is another program's database")
        with engine(path) as txn:
            txn.delete(b"recipes")
        LMDB(path).close()

    def test_another_format_is_refused(self, path):
        LMDB(path).close()
        with engine(path) as txn:
            txn.put(FORMAT_KEY, b"9-cafe")
        self.refused(
            path, rf"was made by another version \(format 9-cafe, here {FORMAT}\); use that version or"
        )

    def test_a_start_that_was_killed_can_be_repeated(self, path):
        path.touch()
        LMDB(path).close()

    def test_a_second_opener_is_refused_until_the_first_is_gone(self, store, path):
        self.refused(path, "is in use by another server")
        store.close()
        LMDB(path).close()

    @pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
    def test_another_name_leads_to_the_same_lock(self, store, path, link):
        other = path.with_name("other.db")
        getattr(other, link)(path)
        self.refused(other, "is in use by another server")
        store.run("a", account())
        store.close()
        with closing(LMDB(other)) as again:
            assert names(again) == ["card:1"]


def test_a_field_that_was_not_there_yet_has_its_default(path):
    LMDB(path).close()
    amount = {"amount": 1}
    kept = {"key": "k", "card": "99", "slot": "job-1", "amount": amount, "status": "held", "due_at": NOW}
    with engine(path) as txn:
        txn.put(b"a\0Incentive\0k", msgpack.encode(kept))
    with closing(LMDB(path)) as store:
        found = store.ask("a", lambda world: world.get(Incentive, "k"))
    assert found == Incentive("k", "99", "job-1", Rupiah(1), IncentiveStatus.HELD, NOW)
    assert found.due_at.tzinfo is NOW.tzinfo
