"""What several folders of tests share: an option, and a real server on a free port."""

import gc
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from prakerja_sim.simulator.programme import waves
from tests.live import Live, serving
from tests.postgres import Database, running

HERE = Path(__file__).parent
BROWSER = HERE / "browser"
LOAD = HERE / "load"
ON_POSTGRES = (
    HERE / "simulator" / "stores" / "test_postgres.py",
    HERE / "mocks" / "server" / "test_on_postgres.py",
    HERE / "crash" / "test_database_restarted.py",
)
PARTNERS = (HERE / "kit" / "test_pages_run.py", HERE / "kit" / "test_examples.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--examples", type=int, default=10, help="requests made up for each operation")
    parser.addoption("--brute", action="store_true", help="guess with all codes, not a slice of them")
    parser.addoption("--browser", action="store_true", help="drive the pages in Chromium: make test-console")
    parser.addoption("--load", action="store_true", help="let Locust's users play: make test-load")
    parser.addoption("--partners", action="store_true", help="do what a partner does: make partners")
    parser.addoption("--runs", type=int, default=32, help="mixes of verbs that the property test plays")
    parser.addoption("--python", action="append", help="interpreters that must have the same digests")
    parser.addoption(
        "--kills", type=int, default=6, help="how often the crash test kills the server, or its database"
    )
    parser.addoption("--rounds", type=int, default=5, help="of each race over HTTP")
    parser.addoption("--flips", type=int, default=150, help="bits that flip in a store file")
    parser.addoption("--sandboxes", type=int, default=48, help="leased, used and dropped by sixteen clients")
    parser.addoption(
        "--postgres", action="store_true", help="tests on a PostgreSQL server: make test-postgres"
    )
    parser.addoption("--cuts", type=int, default=12, help="how often the power is cut")


def pytest_configure() -> None:
    """Programs that tests start hear Ctrl-C, also where a shell started all this in its background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without its option nothing of browser, load or PostgreSQL is imported, and no long way is gone."""
    if collection_path in ON_POSTGRES:
        return not config.getoption("postgres") or None
    if collection_path in PARTNERS:
        return not config.getoption("partners") or None
    if collection_path == LOAD:
        return not config.getoption("load") or None
    return (collection_path == BROWSER and not config.getoption("browser")) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Modules and tests stay to the end: looking for garbage among them takes a quarter of the collection."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True, scope="module")
def published_waves() -> Iterator[None]:
    """Waves of one's own are known to the whole process: here they end with the module that adds them."""
    before = dict(waves.WAVES)
    yield
    waves.WAVES.clear()
    waves.WAVES.update(before)


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """A PostgreSQL server."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    with serving("--store", "memory") as server:
        yield server
