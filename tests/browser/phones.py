"""A phone's browser: 390 by 844; no page may be wider than its screen, and every step leaves a picture."""

from playwright.sync_api import expect

from tests.browser.tabs import Tab

SIZE = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
SMALLEST = """Math.min(...[...document.querySelectorAll('button, a.button')]
  .map(one => one.getBoundingClientRect().height))"""
REFUSED = "Failed to load resource"
"""What the browser says of a page with a status of its own, which a refusal has."""


class Phone(Tab):
    """A tab on a phone, held by somebody who buys."""

    def __init__(self, page, url, name):
        super().__init__(page, url)
        self.name, self.steps = name, []

    def step(self, number, words):
        """The article's step that begins; the page of the one before was as it must be."""
        if self.steps:
            self.fits()
        self.steps.append(number)
        self.words = words

    def fits(self):
        """The page is no wider than the screen, and its buttons are large enough for a thumb."""
        self.is_kept_as(f"shop-{self.name}-{self.steps[-1] if self.steps else 'page'}")
        assert not self.page.evaluate(TOO_WIDE), f"{self.page.url} is wider than the screen"
        assert self.page.evaluate(SMALLEST) >= 40, f"{self.page.url} has a button too small for a thumb"

    def open(self, path="/"):
        super().open(path)
        assert not self.page.evaluate(TOO_WIDE), f"{path} is wider than the screen"

    def newest_code(self):
        """The newest code on the buyer's phone, read from its inbox, to which the page leads."""
        with self.page.expect_popup() as opened:
            self.follow("Buka pesan masuk di simulator")
        inbox = opened.value
        code = inbox.locator("#newest-code").inner_text()
        inbox.close()
        return code

    def refuses(self, text):
        """An alert says this."""
        expect(self.page.get_by_role("alert")).to_contain_text(text)

    @property
    def real_problems(self):
        """What the browser complained of, without the statuses of refusals."""
        return [one for one in self.problems if not one.startswith(REFUSED)]
