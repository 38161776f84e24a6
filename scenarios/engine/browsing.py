"""What a participant's browser does with Prakerja's pages: log in, press buttons, be sent on.

It knows the pages as a person does, by their buttons; a page that says no is a refusal.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from prakerja_sim.mocks.http.transport import Answer, NoReply, Transport
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.simulator.values.errors import Reason

_BUTTON = re.compile(r'name="do" value="(\w+)"')
_CODE = re.compile(r'data-code="(\w+)"')
_PUBLISHED: dict[str, list[Reason]] = {}
for _reason, _rejection in REJECTIONS.items():
    _PUBLISHED.setdefault(_rejection[1], []).append(_reason)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """One window at Prakerja, with its cookie; it stops where it is sent to another site."""

    def __init__(self, prakerja: Transport) -> None:
        self._prakerja = prakerja
        self._cookie = ""
        self._path = ""
        self._buttons: list[str] = []
        self.sent_to = ""

    def open(self, address: str) -> None:
        """Go to an address at Prakerja, given as its path below the mount."""
        self._path, self.sent_to = address.partition("?")[0], ""
        self._got(self._send("GET", address))

    def log_in(self, account: Mapping[str, str], fields: Mapping[str, str]) -> None:
        """Log in if the page asks for it; the form also carries what it is about."""
        if "login" in self._buttons:
            login = {"email": account["email"], "password": account["password"]}
            self.press("login", {**fields, **login})

    def press(self, button: str, fields: Mapping[str, str]) -> None:
        """Press a button; a redirect back to the same page is followed."""
        if button not in self._buttons:
            raise AssertionError(f"the page has the buttons {self._buttons}, not {button}")
        raw = urlencode({**fields, "do": button}).encode()
        self._got(self._send("POST", self._path, raw))

    def _got(self, answer: Answer) -> None:
        for name, value in answer.headers.items():
            if name.lower() == "set-cookie":
                self._cookie = value.partition(";")[0]
        if answer.status == 303:
            location = answer.headers["Location"]
            here, at, rest = location.partition(f"{self._path}?")
            if "://" in here or not at:
                self.sent_to, self._buttons = location, []
            else:
                self.open(f"{self._path}?{rest}")
            return
        text = answer.body.decode()
        self._buttons = _BUTTON.findall(text)
        code = _CODE.search(text)
        if code is not None:
            raise StepRefused.either(reasons_of(code[1]), f"the page says {code[1]}")

    def _send(self, method: str, path: str, raw: bytes = b"") -> Answer:
        headers = {"Cookie": self._cookie, **(_FORM if raw else {})}
        try:
            return self._prakerja.send(method, path, headers, raw)
        except NoReply as silence:
            raise StepRefused("no_reply", str(silence)) from None


def reasons_of(code: str) -> list[Reason]:
    """What a code means: its own word, its form on dashboard or page, or a code of Prakerja's."""
    word = code.removeprefix("DASHBOARD_").removeprefix("PAGE_").lower()
    return [Reason(word)] if word in list(Reason) else _PUBLISHED.get(code, [])
