"""What a browser does with Prakerja's pages: follow, keep a cookie, fill in forms.  No script."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from prakerja_sim.simulator.programme.account_password import first_password


class Page(HTMLParser):
    """An answer as a person sees it."""

    def __init__(self, answer):
        super().__init__()
        self.status = answer.status
        self.headers = answer.headers
        self.text, self.hidden, self.choices, self.code = "", {}, [], None
        self.feed(answer.body.decode())

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "input" and told.get("type") == "hidden":
            self.hidden[told["name"]] = told["value"]
        if tag == "button":
            self.choices.append(told["value"])
        self.code = told.get("data-code", self.code)

    def handle_data(self, data):
        self.text += data


class Browser:
    """One window on one simulator; it stops at the first address that is not the simulator's."""

    def __init__(self, world, host="localhost"):
        self.world, self.host = world, host
        self.cookie = ""
        self.at = ""
        self.page = None
        self.left_for = None

    def open(self, url):
        """Type an address."""
        parts = urlsplit(url)
        if parts.netloc and parts.netloc != self.host:
            self.left_for = url
            return self
        self.at = parts.path
        return self._got("GET", f"{parts.path}?{parts.query}")

    def press(self, button, **typed):
        """Press a button of the page, with what was typed or chosen."""
        assert button in self.page.choices, (button, self.page.choices)
        return self.post(do=button, **self.page.hidden, **typed)

    def post(self, **fields):
        """Send a form to where the browser is."""
        return self._got("POST", self.at, urlencode(fields).encode())

    def log_in(self, participant):
        """Log in with the dashboard's e-mail and password."""
        password = self.world.sandbox.ask(first_password, card=participant.card)
        return self.press("login", email=participant.email, password=password)

    def verify(self, participant, outcome="success"):
        """All the way from the login to the scan; answers where the browser went."""
        if "login" in self.page.choices:
            self.log_in(participant)
        if "consent" in self.page.choices:
            self.press("consent")
        self.press("scan", outcome=outcome)
        return self.left_for

    def _got(self, method, path, raw=b""):
        sent = {"Content_Type": "application/x-www-form-urlencoded"} if raw else {}
        if self.cookie:
            sent["Cookie"] = f"other=1; {self.cookie}"
        answer = self.world.send(method, path, raw, self.host, **sent)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        if answer.status == 303:
            return self.open(answer.headers["Location"])
        self.page = Page(answer)
        return self
