"""The stores, each of which must pass the same tests."""

import pytest

from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory

STORES = {"memory": lambda folder: Memory(), "lmdb": lambda folder: LMDB(folder / "kept.db")}


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    """Each store in turn, empty."""
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


@pytest.fixture
def every_store(tmp_path):
    """All stores at once, empty."""
    stores = [make(tmp_path) for make in STORES.values()]
    yield stores
    for store in stores:
        store.close()
