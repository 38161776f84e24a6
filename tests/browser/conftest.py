"""A server and a browser for the tests of pages; both end with the tests."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.tabs import CHROMIUM, Tab
from tests.live import Live, serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Debian's chromium is needed: apt-get install -y chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield started
        started.close()


@pytest.fixture(scope="session")
def running() -> Iterator[Live]:
    with serving("--store", "memory") as server:
        yield server


@pytest.fixture
def served(running: Live) -> Live:
    """The server as it is at its start, so that no test sees what another one did."""
    assert running.send("POST", "/__admin/reset")[0] == 200
    for name in running.send("GET", "/__admin/sandboxes")[1]["sandboxes"]:
        assert name == "default" or running.send("DELETE", f"/__admin/sandboxes/{name}")[0] == 200
    return running


@pytest.fixture
def tab(browser: Browser, served: Live) -> Iterator[Tab]:
    """An English tab on the console; no page asks another machine for anything, or runs into an error."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    opened = Tab(context.new_page(), served.url)
    yield opened
    context.close()
    assert opened.strangers == []
    assert opened.problems == []
