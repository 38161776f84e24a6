"""The pytest plugin: a sandbox for each test, checked at its end, and its story in the report of a failure.

It is loaded in every run of whoever has installed us, so nothing else of ours is imported before a fixture
is used.
"""

import os
from collections.abc import Generator, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prakerja_sim.kit.sandbox import Sandbox
    from prakerja_sim.kit.server import Server

URL = "PRAKERJA_SIM_URL"
"""The environment variable with the address of a running simulator; without it one starts in the process."""
MARKER = "prakerja"
SETTINGS = ("start", "settings", "seed", "fill")
TITLE = "prakerja sandbox"
_BOX = pytest.StashKey["Sandbox"]()
_STORY = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--prakerja-keep`."""
    parser.getgroup("prakerja-sim").addoption(
        "--prakerja-keep",
        action="store_true",
        help=f"keep the sandboxes of failed tests on the simulator at {URL}, to look at them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; keeping needs a server that outlives the tests."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(start=, settings=, seed=, fill=): how the sandbox of the fixture `prakerja` begins",
    )
    if config.getoption("--prakerja-keep") and not os.environ.get(URL):
        raise pytest.UsageError(
            f"--prakerja-keep: the simulator ends with this run; start `prakerja-sim serve` and set {URL}"
        )


@pytest.fixture(scope="session")
def prakerja_server() -> Iterator["Server"]:
    """The simulator of this session: the one at PRAKERJA_SIM_URL, else one in this process.

    Each worker of pytest-xdist is a process and has one of its own, or all use the one at PRAKERJA_SIM_URL.
    """
    import prakerja_sim  # noqa: PLC0415  # only who uses it pays for it

    url = os.environ.get(URL)
    with prakerja_sim.connect(url) if url else prakerja_sim.serve() as server:
        yield server


@pytest.fixture
def prakerja(request: pytest.FixtureRequest, prakerja_server: "Server") -> Iterator["Sandbox"]:
    """A sandbox of this test alone, seeded by the test's id, checked at its end and dropped.

    The marker `prakerja` says how it begins: start, settings, seed, fill.
    """
    item = request.node
    box = prakerja_server.lease(**{"seed": _seed(item.nodeid), **_asked(item)})
    item.stash[_BOX] = box
    if _STORY in item.stash:  # of an earlier run of the same test
        del item.stash[_STORY]
    yield box

    failed = _STORY in item.stash
    try:
        if not failed:
            box.check()
    except AssertionError:
        failed = True
        _tell(item, box)
        raise
    finally:
        if not (failed and item.config.getoption("--prakerja-keep")):
            box.drop()


@pytest.fixture
def prakerja_responses(prakerja: "Sandbox") -> Iterator["Sandbox"]:
    """The sandbox of this test, into which everything goes that requests sends to the real hosts."""
    with prakerja.intercepted("requests"):
        yield prakerja


@pytest.fixture
def prakerja_httpx(prakerja: "Sandbox") -> Iterator["Sandbox"]:
    """The sandbox of this test, into which everything goes that httpx sends to the real hosts."""
    with prakerja.intercepted("httpx"):
        yield prakerja


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the story of the sandbox where a test failed."""
    report = yield
    if report.failed:
        if report.when != "teardown" and _BOX in item.stash:
            _tell(item, item.stash[_BOX])
        if _STORY in item.stash:
            report.sections.append((TITLE, item.stash[_STORY]))
    return report


def _asked(item: pytest.Item) -> dict[str, Any]:
    """What the markers say, the nearest first."""
    asked: dict[str, Any] = {}
    for marker in item.iter_markers(MARKER):
        unknown = [*map(repr, marker.args), *sorted(marker.kwargs.keys() - set(SETTINGS))]
        if unknown:
            raise pytest.UsageError(
                f"{item.nodeid}: the marker {MARKER} does not know {', '.join(unknown)}; "
                f"it takes {', '.join(f'{name}=' for name in SETTINGS)}"
            )
        asked = {**marker.kwargs, **asked}
    return asked


def _seed(nodeid: str) -> int:
    return int.from_bytes(sha256(nodeid.encode()).digest()[:6])


def _tell(item: pytest.Item, box: "Sandbox") -> None:
    """Write down what happened in the sandbox, before it is dropped."""
    from prakerja_sim.kit import checking, errors  # noqa: PLC0415  # only if a test fails

    try:
        story = checking.dossier(box.admin)
    except errors.SimulatorError as problem:
        story = f"nothing is known of it: {problem}"
    kept = f"it is kept at {box.url}\n" if item.config.getoption("--prakerja-keep") else ""
    item.stash[_STORY] = f"sandbox {box.name}\n{kept}{story}"
