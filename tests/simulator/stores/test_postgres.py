"""What only a database can show: constraints, its planner, two processes at work, broken connections."""

import re
import signal
import socket
import threading
from contextlib import closing
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from prakerja_sim.simulator.ledger.ledger import FAMILIES, Account
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Survey
from prakerja_sim.simulator.stores import postgres_schema
from prakerja_sim.simulator.stores.documents import DOCUMENTS, IntegrityError
from prakerja_sim.simulator.stores.postgres_connections import QUESTIONS, Connections, told
from prakerja_sim.simulator.stores.postgres_sandbox import question_for
from prakerja_sim.simulator.stores.postgres_schema import FORMAT, SCHEMA
from prakerja_sim.simulator.stores.postgres_store import AT_WORK, PostgreSQL
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Chain, Entry, Sms, Transfer
from prakerja_sim.simulator.world.store import Unit

NOW = wib(2021, 9, 1, 10)
LONG = "9" * 600


@pytest.fixture
def url(empty_database):
    return empty_database


@pytest.fixture
def store(url):
    with closing(PostgreSQL(url)) as store:
        yield store


@pytest.fixture
def engine(url):
    """The database as any other program sees it."""
    with psycopg.connect(url, autocommit=True, options=f"-c search_path={SCHEMA}") as connection:
        yield connection


def account(name="card:1", balance=1):
    return lambda world: world.put(Account(name, balance, 1))


def text(number):
    return lambda world: world.append(Sms("0812", NOW, "PRAKERJA", f"text {number}", None))


def names(store):
    return [one.name for one in store.ask("a", lambda world: world.find(Account))]


def texts(store):
    return [one.text for one in store.ask("a", lambda world: world.log(Sms))]


def end_connections(url):
    """As a restart of the database, or somebody's firewall, ends them."""
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE application_name = 'prakerja-sim' AND pid <> pg_backend_pid()"
        ).fetchall()
    assert set(ended) == {(True,)}


def at_once(*works):
    errors_seen = []

    def tried(work):
        try:
            work()
        except Exception as problem:
            errors_seen.append(problem)

    threads = [threading.Thread(target=tried, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors_seen


class Relay:  # the database's side stays open, as behind a network that drops what it carries
    """Carries the bytes of a connection, and breaks it at the commit: before or after the database has it."""

    def __init__(self, port):
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.breaks = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listening.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        database = socket.create_connection(("127.0.0.1", self._port))
        threading.Thread(target=self._back, args=(database, client), daemon=True).start()
        with closing(client), closing(database):
            while said := self._read(client):
                if b"COMMIT" in said and self.breaks:
                    how, self.breaks = self.breaks, None
                    if how == "after":
                        self.swallowing = True
                        database.sendall(said)
                        self.swallowed.wait(10)
                    self.meanwhile()
                    client.shutdown(socket.SHUT_RDWR)
                    return
                database.sendall(said)

    swallowing = False

    def _back(self, database, client):
        while said := self._read(database):
            if self.swallowing:
                self.swallowing = False
                self.swallowed.set()
                return
            try:
                client.sendall(said)
            except OSError:
                return

    @staticmethod
    def _read(side):
        try:
            return side.recv(65536)
        except OSError:
            return b""

    def break_at_commit(self, how, meanwhile=lambda: None):
        self.swallowed, self.meanwhile = threading.Event(), meanwhile
        self.breaks = how


@pytest.fixture
def relay(database):
    with closing(Relay(database.port)) as relay:
        yield relay


EVERY_INDEX = [
    pytest.param(document, names, id=f"{document.kind.__name__}-{'+'.join(names)}")
    for document in DOCUMENTS.values()
    for names in document.by_names
]


class TestTheTables:
    @pytest.mark.parametrize(("document", "names"), EVERY_INDEX)
    @pytest.mark.parametrize("limit", [None, 1])
    def test_every_declared_index_is_used_for_all_its_values(self, store, engine, document, names, limit):
        question, values = question_for(document, b"a", dict.fromkeys(names, "x"), None, limit)
        engine.execute("SET enable_seqscan = off")
        engine.execute("SET enable_bitmapscan = off")
        plan = "\n".join(row[0] for row in engine.execute(f"EXPLAIN {question}", values))
        assert "Seq Scan" not in plan
        entered = re.search(r"Index Scan .*using entries_pkey on entries.*\n\s*Index Cond: (.*)", plan)
        for column in ("sandbox", "index", '"values"'):
            assert f"{column} = " in entered[1], plan
        assert "Sort" not in plan, plan

    def test_a_record_is_found_by_its_whole_key(self, store, engine):
        question = "EXPLAIN SELECT document FROM records WHERE sandbox = %s AND kind = %s AND key = %s"
        engine.execute("SET enable_seqscan = off")
        engine.execute("SET enable_bitmapscan = off")
        plan = "\n".join(row[0] for row in engine.execute(question, [b"a", "Wallet", b"k"]))
        assert re.search(r"Index Cond: .*sandbox = .*kind = .*key = ", plan)

    def test_what_is_too_long_for_a_key_is_kept_and_found(self, store):
        keys = [LONG + "b", LONG + "a", "8", "99"]
        store.run("a", lambda world: [world.put(Survey(key, "9900", 1, NOW)) for key in keys])
        store.run("a", lambda world: world.append(Sms(LONG + "a", NOW, "P", "a", None)))
        store.run("a", lambda world: world.append(Sms(LONG + "b", NOW, "P", "b", None)))
        found = [one.key for one in store.ask("a", lambda world: world.find(Survey))]
        assert (set(found), found[0]) == (set(keys), "8")
        assert [one.text for one in store.ask("a", lambda world: world.log(Sms, phone=LONG + "b"))] == ["b"]

    def test_names_of_sandboxes_may_be_long_and_begin_alike(self, store):
        for name in ("x", "xy", LONG + "a", LONG + "b"):
            store.run(name, account(f"card:{name}"))
        store.drop("x")
        store.drop(LONG + "a")
        found = [len(store.ask(n, lambda world: world.find(Account))) for n in ("xy", LONG + "b", "x")]
        assert found == [1, 1, 0]

    def test_a_dropped_sandbox_leaves_no_row(self, store, engine, begin):
        begin(store=store, name="gone")
        begin(store=store, name="stays")
        store.drop("gone")
        assert store.names() == ["stays"]
        for table in ("sandboxes", "records", "lines", "entries"):
            assert engine.execute(f"SELECT DISTINCT sandbox FROM {table}").fetchall() == [(b"stays",)]

    def test_a_unit_that_changes_nothing_leaves_no_row(self, store, engine):
        store.run("a", lambda world: world.find(Account))
        assert engine.execute("SELECT count(*) FROM sandboxes").fetchone() == (0,)

    def test_text_with_a_zero_byte_is_kept(self, store):
        store.run("a", lambda world: world.append(Sms("08\0", NOW, "P", "a\0b", None)))
        assert [one.text for one in store.ask("a", lambda world: world.log(Sms, phone="08\0"))] == ["a\0b"]


class TestConstraints:
    @pytest.mark.parametrize(
        ("name", "good"), [(f"{family}:x", known.source) for family, known in FAMILIES.items()]
    )
    def test_the_database_itself_lets_only_a_source_below_zero(self, store, engine, name, good):
        store.run("a", account(name))
        overdraw = "UPDATE records SET balance = -1 WHERE kind = 'Account'"
        if good:
            engine.execute(overdraw)
        else:
            with pytest.raises(errors.CheckViolation, match="no_account_is_overdrawn"):
                engine.execute(overdraw)

    def test_an_account_has_a_balance_and_nothing_else_has(self, store, engine):
        store.run("a", account())
        with pytest.raises(errors.CheckViolation, match="an_account_has_a_balance"):
            engine.execute("UPDATE records SET balance = NULL")

    def test_an_overdraft_takes_its_whole_unit_with_it(self, store):
        def overdraft(world):
            account("card:2", 5)(world)
            text(1)(world)
            account("card:3", -1)(world)

        with pytest.raises(IntegrityError, match="overdrawn"):
            store.run("a", overdraft)
        assert (names(store), texts(store)) == ([], [])

    def test_a_slot_is_kept_once(self, store):
        slot = (Rupiah(1), IncentiveStatus.HELD, NOW)
        store.run("a", lambda world: world.put(Incentive("k-1", "9900", "job-1", *slot)))
        with pytest.raises(IntegrityError, match=r"Incentive!card\+slot is given twice"):
            store.run("a", lambda world: world.put(Incentive("k-2", "9900", "job-1", *slot)))

        def swap(world):
            world.put(Incentive("k-1", "9900", "job-2", *slot))
            world.put(Incentive("k-2", "9900", "job-1", *slot))

        store.run("a", swap)

    def test_a_chain_does_not_fork(self, store, begin):
        story = begin(store=store)
        entry = story.sandbox.journal()[-1]
        with pytest.raises(IntegrityError, match=r"Entry!subject\+n is given twice"):
            story.plant(entry)
        assert story.sandbox.journal()[-1] == entry

    def test_a_line_takes_no_other_lines_place(self, store, engine):
        transfers = [Transfer("e", "grant", NOW, "programme:1", "card:1", amount) for amount in (1, 2)]
        store.run("a", lambda world: world.append(transfers[0]))
        engine.execute("UPDATE sandboxes SET lines = 0")  # as if a unit had not seen the one before it
        with pytest.raises(IntegrityError, match="lines_pkey is given twice"):
            store.run("a", lambda world: world.append(transfers[1]))
        assert store.ask("a", lambda world: world.log(Transfer)) == transfers[:1]


class TestAtOnce:
    @pytest.mark.parametrize("isolation", ["read\\ committed", "serializable"])
    def test_two_processes_lose_no_update(self, url, store, isolation):
        where = make_conninfo(url, options=f"-c default_transaction_isolation={isolation}")
        store.run("a", account(balance=0))

        def add(world):
            kept = world.need(Account, "card:1")
            world.put(Account("card:1", kept.balance + 1, kept.moves))
            text(kept.balance)(world)

        with closing(PostgreSQL(where, reading=True)) as other:
            add_some = [lambda one=one: [one.run("a", add) for _ in range(10)] for one in (store, other)]
            assert at_once(*(add_some * 4)) == []
        assert store.ask("a", lambda world: world.need(Account, "card:1").balance) == 80
        assert texts(store) == [f"text {n}" for n in range(80)]

    def test_what_is_remembered_is_forgotten_when_another_process_writes(self, url, store):
        def add(world):
            world.put(world.need(Account, "card:1").but(balance=world.need(Account, "card:1").balance + 1))

        store.run("a", account(balance=0))
        store.run("a", add)
        with closing(PostgreSQL(url, reading=True)) as other:
            other.run("a", add)
            store.run("a", add)
            other.drop("a")
            other.run("a", account(balance=10))
            store.run("a", add)
        assert store.ask("a", lambda world: world.need(Account, "card:1").balance) == 11

    def test_nothing_of_a_refused_unit_is_remembered(self, store):
        def refused(world):
            world.put(Account("card:1", 5, 1))
            world.put(Account("card:2", 1, None))

        with pytest.raises(IntegrityError):
            store.run("a", refused)
        assert store.run("a", lambda world: world.get(Account, "card:1")) is None

    def test_first_units_of_a_sandbox_at_once_are_all_kept(self, url, store):
        with closing(PostgreSQL(url, reading=True)) as other:
            works = [lambda n=n, one=one: one.run("a", text(n)) for n, one in enumerate([store, other] * 4)]
            assert at_once(*works) == []
        assert sorted(texts(store)) == [f"text {n}" for n in range(8)]

    def test_more_units_than_connections_are_all_done(self, store):
        works = [lambda n=n: store.run(f"s-{n}", account()) for n in range(4 * AT_WORK)]
        assert at_once(*works) == []
        assert len(store.names()) == 4 * AT_WORK

    def test_a_question_sees_one_moment_and_waits_for_nobody(self, store):
        store.run("a", account("card:1"))

        def question(world):
            before = world.find(Account)
            writing = threading.Thread(target=store.run, args=("a", account("card:2")))
            writing.start()
            writing.join()
            return before == world.find(Account)

        assert store.ask("a", question)
        assert names(store) == ["card:1", "card:2"]

    def test_a_question_changes_nothing_in_the_database(self, store, url):
        with (
            closing(Connections(url, 1, QUESTIONS)) as questions,
            questions.lent() as connection,
            pytest.raises(errors.ReadOnlySqlTransaction),
        ):
            connection.execute("DELETE FROM records")


class TestLostConnections:
    def test_idle_ones_are_made_anew_and_nobody_notices(self, store, url):
        store.run("a", account())
        assert names(store) == ["card:1"]
        end_connections(url)
        store.run("a", account("card:2"))
        assert names(store) == ["card:1", "card:2"]
        store.check()

    def test_a_unit_that_loses_its_own_is_refused_whole(self, store, url):
        def work(world):
            account("card:2")(world)
            end_connections(url)
            world.find(Account)

        with pytest.raises(StoreUnusable, match=r"cannot be used .*mend the database, and it goes on"):
            store.run("a", work)
        with pytest.raises(StoreUnusable, match="cannot be used"):
            store.ask("a", lambda world: (end_connections(url), world.find(Account)))
        store.run("a", account("card:3"))
        assert names(store) == ["card:3"]

    def test_a_database_that_is_away_refuses_everything_and_it_goes_on_by_itself(self, store, database):
        store.run("a", account())
        database.stop()
        try:
            for refused in (lambda: store.run("a", account("card:2")), lambda: names(store), store.check):
                with pytest.raises(StoreUnusable, match=r"cannot be used .*mend the database"):
                    refused()
        finally:
            database.start()
        store.check()
        assert names(store) == ["card:1"]
        store.run("a", account("card:3"))
        assert names(store) == ["card:1", "card:3"]

    def test_a_commit_whose_answer_was_lost_is_known_to_be_kept(self, url, relay):
        with closing(PostgreSQL(make_conninfo(url, port=relay.port))) as store:
            store.run("a", text(1))
            relay.break_at_commit("after")
            store.run("a", text(2))
            assert relay.breaks is None
            assert texts(store) == ["text 1", "text 2"]

    def test_a_commit_that_never_arrived_is_refused_and_nothing_is_kept(self, url, relay):
        with closing(PostgreSQL(make_conninfo(url, port=relay.port))) as store:
            store.run("a", text(1))
            relay.break_at_commit("before")
            with pytest.raises(StoreUnusable, match="cannot be used"):
                store.run("a", text(2))
            store.run("a", text(3))
            assert texts(store) == ["text 1", "text 3"]

    @pytest.mark.parametrize("given_again", [False, True])
    def test_a_commit_that_a_crash_undid_is_refused_whoever_got_its_number(
        self, url, relay, database, given_again
    ):
        numbers = []

        def work(world):
            numbers.append(int(world.source.transaction))
            text(2)(world)

        def crash():
            database.stop(signal.SIGQUIT)
            database.start()
            with psycopg.connect(url, autocommit=True) as other:
                while given_again and numbers[-1] <= numbers[0]:
                    row = other.execute("SELECT pg_current_xact_id()::text").fetchone()
                    numbers.append(int(row[0]) + 1)

        with closing(PostgreSQL(make_conninfo(url, port=relay.port))) as store:
            store.run("a", text(1))
            relay.break_at_commit("before", meanwhile=crash)
            with pytest.raises(StoreUnusable, match="cannot be used"):
                store.run("a", work)
            assert texts(store) == ["text 1"]

    @pytest.mark.parametrize("how", ["before", "after"])
    def test_of_a_sandbox_made_or_dropped_it_is_known_as_well(self, url, relay, how):
        with closing(PostgreSQL(make_conninfo(url, port=relay.port))) as store:
            there = []
            for work in (text(1), Unit.clear):
                store.check()
                relay.break_at_commit(how)
                if how == "after":
                    store.run("a", work)
                else:
                    with pytest.raises(StoreUnusable, match="cannot be used"):
                        store.run("a", work)
                    store.run("a", work)
                assert relay.breaks is None
                there.append(store.names())
            assert there == [["a"], []]

    def test_of_a_sandbox_that_another_server_wrote_since_it_is_not_known(self, url, relay):
        with (
            closing(PostgreSQL(make_conninfo(url, port=relay.port))) as store,
            closing(PostgreSQL(url, reading=True)) as other,
        ):
            relay.break_at_commit("after", meanwhile=lambda: other.run("a", text(2)))
            with pytest.raises(StoreUnusable, match="whether it was kept is not known"):
                store.run("a", text(1))
            assert texts(store) == ["text 1", "text 2"]

    def test_whoever_comes_after_the_close_is_turned_away(self, url):
        store = PostgreSQL(url)
        store.close()
        for late in (lambda: store.run("a", account()), lambda: names(store), store.names, store.check):
            with pytest.raises(StoreUnusable, match="closed"):
                late()
        store.close()


class TestOpening:
    def test_opened_again_it_shows_everything(self, url, begin):
        with closing(PostgreSQL(url)) as store:
            story = begin(store=store)
            story.finish(story.buy())
            digest, found = story.sandbox.digest(), story.find(Account)
        with closing(PostgreSQL(url)) as store:
            assert store.ask("story", lambda world: world.find(Account)) == found
            assert (store.contents("story").damage, store.loose_ends("story")) == ([], [])
        assert digest

    def test_a_second_server_is_refused_until_the_first_is_gone(self, url, store):
        with pytest.raises(StoreUnusable, match="in use by another server; stop it or name another database"):
            PostgreSQL(url)
        store.close()
        PostgreSQL(url).close()

    def test_a_server_that_lost_its_right_to_another_one_serves_no_more(self, url, store):
        store.run("a", account())
        end_connections(url)
        with closing(PostgreSQL(url)), pytest.raises(StoreUnusable, match="in use by another server"):
            store.run("a", account("card:2"))
        store.run("a", account("card:3"))
        assert names(store) == ["card:1", "card:3"]

    def test_another_format_is_refused_with_the_remedy(self, url, store, engine):
        engine.execute("UPDATE format SET version = '9-cafe'")
        with pytest.raises(
            StoreUnusable,
            match=rf"\(format 9-cafe, here {FORMAT}\); use that version, .* DROP SCHEMA {SCHEMA}",
        ):
            PostgreSQL(url, reading=True)

    def test_a_schema_of_another_program_is_refused(self, url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
        with pytest.raises(StoreUnusable, match="has a schema prakerja_sim that is not ours"):
            PostgreSQL(url)

    @pytest.mark.parametrize(("version", "served"), [(140_099, False), (150_000, True)])
    def test_a_server_that_is_too_old_is_refused_before_anything_is_asked(self, version, served):
        class Asked(Exception):
            pass

        class Server:
            info = SimpleNamespace(server_version=version)

            def execute(self, *_):
                raise Asked

        if served:
            with pytest.raises(Asked):
                postgres_schema.prepare(Server(), "postgresql://h/d", make=True)
        else:
            with pytest.raises(
                StoreUnusable, match=r"^postgresql://h/d is PostgreSQL 14; use version 15 or newer$"
            ):
                postgres_schema.prepare(Server(), "postgresql://h/d", make=True)

    def test_a_standby_is_read_and_not_served(self, url, database):
        with closing(PostgreSQL(url)) as store:
            store.run("a", account())
        with database.as_a_standby():
            with pytest.raises(StoreUnusable, match="is a standby, which takes no writes; name the primary"):
                PostgreSQL(url)
            with closing(PostgreSQL(url, reading=True)) as store:
                assert names(store) == ["card:1"]
        PostgreSQL(url).close()

    def test_a_user_without_the_right_to_make_the_schema_is_told(self, url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE guest LOGIN")
            try:
                with pytest.raises(
                    StoreUnusable, match=r"cannot be used \(permission denied for database postgres\)"
                ):
                    PostgreSQL(make_conninfo(url, user="guest"))
            finally:
                connection.execute("DROP ROLE guest")

    def test_a_database_without_an_encoding_serves(self, database):
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE plain TEMPLATE template0 ENCODING SQL_ASCII")
            try:
                for _ in range(2):  # made, and found
                    with closing(PostgreSQL(make_conninfo(database.url, dbname="plain"))) as store:
                        store.run("a", account())
                        assert (names(store), store.contents("a").damage) == (["card:1"], [])
            finally:
                connection.execute("DROP DATABASE plain")

    def test_messages_name_no_password(self, database):
        with pytest.raises(StoreUnusable) as refused:
            PostgreSQL(f"postgresql://me:rahasia@127.0.0.1:{database.port}/nowhere")
        assert f"postgresql://127.0.0.1:{database.port}/nowhere" in str(refused.value)
        assert "rahasia" not in str(refused.value)

    @pytest.mark.parametrize(
        ("address", "reason"),
        [
            ("[::1/x", "IPv6 host address"),
            ("me:rahasia@[::1/x", "IPv6 host address"),
            ("me:%rahasia@h/x", "invalid percent-encoded token"),
            ("me:rahasia@h/x?rahasia", 'missing key/value separator "="'),
            ("me:1/rahasia@h/x", "there is an @ behind the host"),
            ("me:1?/rahasia@h/x", 'missing key/value separator "="'),
        ],
    )
    def test_text_that_is_no_address_is_refused_and_not_quoted(self, address, reason):
        with pytest.raises(StoreUnusable, match=r"; name a database as .* as %25 %2F %40$") as refused:
            PostgreSQL(f"postgresql://{address}")
        assert reason in str(refused.value)
        assert "rahasia" not in str(refused.value)

    @pytest.mark.parametrize("database", ["/a%40b", "?dbname=a%40b&host=/tmp&user=a@b"])
    def test_an_at_sign_that_belongs_elsewhere_is_none_of_a_password(self, database):
        assert told(f"postgresql://{database}").endswith("/a@b")

    @pytest.mark.parametrize(("durability", "commit"), [("full", "on"), ("relaxed", "off")])
    def test_a_relaxed_store_waits_for_no_disk(self, url, durability, commit):
        with closing(PostgreSQL(url, durability)) as store:
            shown = store.run("a", lambda world: world.source._ask("SHOW synchronous_commit").fetchone())
            assert shown == (commit,)
            assert store.cautions == []

    def test_settings_that_may_lose_purchases_are_told(self, url, engine):
        with closing(PostgreSQL(make_conninfo(url, options="-c synchronous_commit=off"))) as store:
            assert [one.partition(";")[0] for one in store.cautions] == [
                "NOT DURABLE: synchronous_commit is off"
            ]
        engine.execute("ALTER SYSTEM SET fsync = off")
        try:
            engine.execute("SELECT pg_reload_conf()")
            while engine.execute("SHOW fsync").fetchone() != ("off",):
                pass
            with closing(PostgreSQL(url)) as store:
                assert "fsync=off and full_page_writes=on" in store.cautions[0]
        finally:
            engine.execute("ALTER SYSTEM RESET fsync")
            engine.execute("SELECT pg_reload_conf()")


class TestDamage:
    def test_every_kind_of_it_is_named(self, store, engine, begin):
        begin(store=store, name="a")
        store.run("a", lambda world: world.put(Wallet("k", "p", "1", "0", "n", "x", True)))
        engine.execute("UPDATE records SET document = '\\xc1' WHERE kind = 'Wallet'")
        engine.execute(
            "UPDATE records SET balance = balance + 1 WHERE kind = 'Account' AND key LIKE 'seats:%'::bytea"
        )
        engine.execute("INSERT INTO records VALUES ('a', 'Recipe', 'soto', '')")
        engine.execute("DELETE FROM entries WHERE index = 'Due.done'")
        damage = "\n".join(store.contents("a").damage)
        assert "Wallet k: a Wallet in the store cannot be read" in damage
        assert re.search(r"Account .* says \d+, its column says \d+", damage)
        assert "something is kept as 'Recipe'" in damage
        assert "the index Due.done lacks an entry" in damage

    def test_a_record_that_an_index_names_and_is_not_there_is_named(self, store, engine):
        store.run("a", text(1))
        engine.execute("DELETE FROM lines")
        with pytest.raises(StoreUnusable, match="it is missing"):
            store.ask("a", lambda world: world.log(Sms, phone="0812"))

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            (
                "DELETE FROM lines WHERE key = (SELECT max(key) FROM lines WHERE kind = 'Entry')",
                "its entries do not",
            ),
            ("DELETE FROM records WHERE kind = 'Wallet'", None),
        ],
    )
    def test_a_chain_whose_end_is_not_its_last_entry_is_named(self, store, engine, begin, change, wrong):
        begin(store=store, name="a")
        engine.execute(change)
        ends = store.loose_ends("a")
        assert ends == [] if wrong is None else wrong in ends[0]

    def test_a_chain_that_was_set_back_is_named(self, store, begin):
        story = begin(store=store, name="a")
        story.finish(story.buy())
        end = max(story.find(Chain), key=lambda chain: chain.length)
        before = next(
            e for e in story.find_logged(Entry) if (e.subject, e.n) == (end.subject, end.length - 1)
        )
        store.run("a", lambda world: world.put(end.but(length=before.n, head=before.head)))
        assert store.loose_ends("a") == [f"chain {end.subject} has entries after its end at {before.n}"]


def test_everything_is_told_with_its_sandbox(store):
    store.run("b", account())
    store.run("a", lambda world: (account()(world), text(1)(world)))
    told = [(name, type(record).__name__) for name, record in store.records()]
    assert told == [("a", "Account"), ("a", "Sms"), ("b", "Account")]
