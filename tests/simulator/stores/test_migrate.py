"""Who may open which file, and what tables a file gets."""

import sqlite3

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from prakerja_sim.simulator.stores import migrate
from prakerja_sim.simulator.stores.connection import opened
from prakerja_sim.simulator.stores.sqlite import SQLite
from prakerja_sim.simulator.stores.tables import METADATA
from prakerja_sim.simulator.values.errors import StoreUnusable


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


class TestTables:
    def test_it_has_exactly_the_tables_of_the_records(self, store, path):
        engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), METADATA) == []

    def test_a_start_that_was_killed_can_be_repeated(self, path):
        path.touch()
        SQLite(path).close()

    def test_all_tables_are_made_in_one_transaction(self, path):
        """A start that is killed in between must leave no half of them; page 1 counts the transactions."""
        migrate.migrate(path)
        assert int.from_bytes(path.read_bytes()[24:28], "big") <= 2


class TestOpening:
    def refused(self, path, complaint):
        before = path.read_bytes() if path.is_file() else None
        with pytest.raises(StoreUnusable, match=complaint):
            SQLite(path)
        assert (path.read_bytes() if path.is_file() else None) == before

    def test_a_directory_is_refused(self, tmp_path):
        self.refused(tmp_path, "is a directory; name a file, for example .*prakerja-sim.db")

    def test_a_missing_folder_is_refused(self, tmp_path):
        self.refused(tmp_path / "missing" / "kept.db", "missing does not exist; create it")

    def test_a_place_that_cannot_be_written_is_refused(self, path):
        path.with_name(f"{path.name}.lock").mkdir()
        self.refused(path, "cannot be written: Is a directory")

    def test_another_kind_of_file_is_refused(self, path):
        path.write_bytes(b"Kartu Prakerja\n" * 1_000)
        self.refused(path, "is not a usable SQLite file")

    def test_another_programs_database_is_refused(self, path):
        query(path, "CREATE TABLE recipes (id)")
        self.refused(path, "is another program's database")

    def test_another_programs_empty_database_is_refused(self, path):
        query(path, "PRAGMA application_id = 7")
        self.refused(path, "is another program's database")

    def test_a_newer_file_is_refused(self, path):
        SQLite(path).close()
        query(path, "UPDATE alembic_version SET version_num = '9999'")
        self.refused(path, "was made by a newer version .schema 9999, here 0001.; upgrade first")

    def test_a_second_opener_is_refused_until_the_first_is_gone(self, store, path):
        self.refused(path, "is in use by another server")
        store.close()
        SQLite(path).close()

    def test_a_refused_store_can_be_opened_once_it_is_mended(self, path):
        query(path, "CREATE TABLE recipes (id)")
        self.refused(path, "another program")
        query(path, "DROP TABLE recipes")
        SQLite(path).close()

    def test_a_place_without_write_ahead_log_is_refused(self):
        with pytest.raises(
            StoreUnusable, match="answers journal_mode memory, synchronous 2; use a local disk"
        ):
            opened(":memory:", "full")
