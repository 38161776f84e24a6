"""A tab of a headless Chromium that sees this machine only; what it shows is kept as a picture."""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Route, expect

HERE = Path(__file__).parent
PICTURES = HERE.parent.parent / "reports" / "console"
"""Not in the repository."""
LOOPBACK = ("127.0.0.1", "localhost")
SERIOUS = ("serious", "critical")
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


class Tab:
    """One tab; `page` is playwright's."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.strangers: list[str] = []
        """What was asked of other machines; all of it was stopped."""
        self.problems: list[str] = []
        """What the browser itself complained of: scripts, styles, the content security policy."""
        page.route("**/*", self._sees_loopback)
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        page.on("console", self._hears)

    def _hears(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.problems.append(f"{said.text} {said.location['url']}")

    def _sees_loopback(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOOPBACK:
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()

    def open(self, path: str = "/") -> None:
        """Type an address; whoever tests a task does it once, at the start."""
        self.page.goto(self.url + path)

    def go(self, name: str) -> None:
        """A page by its name in the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def type(self, label: str, text: str) -> None:
        """Type into the field with that label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from the list with that label."""
        self.page.get_by_label(label, exact=True).select_option(option)

    def press(self, name: str) -> None:
        """Press the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the link of that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def shows(self, text: str) -> None:
        """The text is on the page, or comes."""
        expect(self.page.locator("body")).to_contain_text(re.compile(re.escape(text)))

    def is_kept_as(self, name: str) -> None:
        """A picture of the whole page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True, caret="initial")

    def is_accessible(self) -> None:
        """axe-core finds nothing serious on the page."""
        self.page.evaluate(_axe())
        found = self.page.evaluate("async () => (await axe.run()).violations")
        serious = [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found
            if one["impact"] in SERIOUS
        ]
        assert not serious, f"{self.page.url}: {serious}"


@cache
def _axe() -> str:
    return gzip.decompress((HERE / "axe.min.js.gz").read_bytes()).decode()
