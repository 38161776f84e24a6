"""The keepers, each of which must pass the same tests."""

import pytest

from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.stores.sqlite import SQLite

KEEPERS = {"memory": lambda folder: Memory(), "sqlite": lambda folder: SQLite(folder / "kept.db")}


@pytest.fixture(params=KEEPERS)
def store(request, tmp_path):
    """Each keeper in turn, empty."""
    store = KEEPERS[request.param](tmp_path)
    yield store
    store.close()


@pytest.fixture
def every_keeper(tmp_path):
    """All keepers at once, empty."""
    stores = [make(tmp_path) for make in KEEPERS.values()]
    yield stores
    for store in stores:
        store.close()
