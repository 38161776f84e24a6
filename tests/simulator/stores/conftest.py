"""The stores, each of which must pass the same tests; PostgreSQL only with --postgres."""

import pytest

from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.stores.postgres_store import PostgreSQL

IN_A_FOLDER = {"memory": lambda folder: Memory(), "lmdb": lambda folder: LMDB(folder / "kept.db")}


def pytest_generate_tests(metafunc):
    if "kept_in" in metafunc.fixturenames:
        more = ["postgres"] if metafunc.config.getoption("postgres") else []
        metafunc.parametrize("kept_in", [*IN_A_FOLDER, *more])


@pytest.fixture
def empty_database(database):
    """A database without our tables; its URL."""
    return database.emptied()


@pytest.fixture
def store(kept_in, tmp_path, request):
    """Each store in turn, empty."""
    store = made(kept_in, tmp_path, request)
    yield store
    store.close()


@pytest.fixture
def every_store(tmp_path, request):
    """All stores at once, empty."""
    more = ["postgres"] if request.config.getoption("postgres") else []
    stores = [made(kind, tmp_path, request) for kind in (*IN_A_FOLDER, *more)]
    yield stores
    for store in stores:
        store.close()


def made(kept_in, folder, request):
    if kept_in == "postgres":
        return PostgreSQL(request.getfixturevalue("empty_database"))
    return IN_A_FOLDER[kept_in](folder)
