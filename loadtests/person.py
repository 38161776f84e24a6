"""A person of a load run: what he holds, and how he asks the parties.

Whatever a party refuses ends his life, unless he expected it; a request without an answer is made again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import orjson

from prakerja_sim.loadtests.choices import Choices
from prakerja_sim.loadtests.connection import Connection
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused, Shopper
from prakerja_sim.mocks.shop.passed_on import passed_on
from prakerja_sim.simulator.values.errors import Reason

T = TypeVar("T")
TRIES = 4
"""How often a request is made that is not answered, or answered by "ask later"."""
BUSY = (Reason.SERVICE_UNAVAILABLE, Reason.NO_REPLY)
"""Refusals by which a party says that another one behind it could not be asked."""
PAUSE_SECONDS = 0.2
NO_CODE_WITHIN = "2s"


class SaidNo(Exception):
    """A party refused: for these reasons, if its words tell them, and in its words."""

    def __init__(self, reasons: tuple[Reason, ...], said: str) -> None:
        super().__init__(said)
        self.reasons = reasons


class Time(Protocol):
    """How time passes for a person."""

    @property
    def waited(self) -> float:
        """For how many seconds of the wall the clock was awaited so far."""

    def now(self) -> datetime:
        """The sandbox's time."""

    def wait(self, until: datetime) -> None:
        """Wait until then by the sandbox's clock. Raises RunEnds."""

    def think(self) -> None:
        """Think before the next step."""

    def pause(self, seconds: float) -> None:
        """Wait by the wall."""


class Caller:
    """Somebody who asks the parties; whatever they refuse is an error, unless it is expected."""

    def __init__(self, connection: Connection, time: Time) -> None:
        self.connection, self.time = connection, time

    def ask(
        self,
        party: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        expects: tuple[Reason, ...] = (),
    ) -> Any:
        """What a party answers to a JSON request. Raises SaidNo and NoReply as `shop` does."""
        raw = orjson.dumps(body) if body is not None else b""
        sent = {"Content-Type": "application/json", **(headers or {})}

        def ask() -> Any:
            answer = self.connection.to(party).send(method, path, sent, raw)
            if answer.status < 400:
                return answer.json()
            text = answer.body.decode(errors="replace")
            reasons = tuple(one for one in Reason if any(f'"{code}"' in text for code in _codes(one)))
            raise SaidNo(reasons, f"{method} /{party}{path} answers {answer.status}: {text[:200]}")

        return self.asked(ask, expects)

    def asked(self, ask: Callable[[], T], expects: tuple[Reason, ...] = (), *, safe_again: bool = True) -> T:
        """What a request gives, which is made again while somebody is busy, or nobody answers.

        One that is not `safe_again` raises NoReply at once; whoever asked finds out what was done.
        """
        for left in reversed(range(TRIES)):
            try:
                gives = ask()
            except SaidNo as no:
                if left and (self.connection.was_busy() or set(no.reasons) & set(BUSY)):
                    self.time.pause(PAUSE_SECONDS)
                    continue
                self.connection.judge("" if set(no.reasons) & set(expects) else str(no))
                raise
            except NoReply as silence:
                if left and safe_again:
                    self.time.pause(PAUSE_SECONDS)
                    continue
                self.connection.judge(str(silence) if safe_again else "")
                raise
            self.connection.judge()
            return gives
        raise AssertionError("at least one try")

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """What the admin API answers."""
        return self.ask("__admin", method, path, body)


def _codes(reason: Reason) -> tuple[str, str]:
    """A refusal's code in the plain envelope, and on the dashboard."""
    return reason.value, f"DASHBOARD_{reason.value.upper()}"


@dataclass
class Person(Caller):
    """Somebody who was enrolled."""

    connection: Connection
    time: Time
    row: Mapping[str, Any]
    """The participant as the admin API shows him."""
    choices: Choices
    shopper: Shopper = field(init=False)
    order: str = ""
    course: str = ""
    institution: str = ""
    voucher: str = ""
    token: str = ""
    """His login at the dashboard."""
    mistakes: list[str] = field(default_factory=list)
    """Those that he made."""
    invoice: str = ""
    price: int = 0
    """What the card paid and did not get back."""
    refunded: int = 0
    waits_for: str = ""
    waits_until: datetime | None = None
    texts_seen: int = 0

    def __post_init__(self) -> None:
        """He begins as somebody whom the marketplace does not know."""
        self.shopper = self.another_device()

    def another_device(self) -> Shopper:
        """A shopper at the marketplace who is not logged in."""
        place = self.choices.marketplace
        return registry.shopper(place, self.connection.to(place))

    # Asking

    def shop(
        self,
        action: Callable[..., T],
        *arguments: Any,
        expects: tuple[Reason, ...] = (),
        safe_again: bool = True,
    ) -> T:
        """What an action of his shopper gives. Raises SaidNo, and NoReply as `asked` does."""
        place = self.choices.marketplace

        def ask() -> T:
            try:
                return action(*arguments)
            except Refused as no:
                found = [reason for reason, code in registry.rejections(place) if code == no.code]
                reasons = tuple(found or passed_on(no.message or no.code))
                raise SaidNo(reasons, f"{place} {action.__name__}: {no}") from None

        return self.asked(ask, expects, safe_again=safe_again)

    def dashboard(self, method: str, path: str, body: Any = None, *, already: Reason | None = None) -> Any:
        """What the dashboard answers him, once logged in; `already` is said of what was done before."""
        if not self.token:
            login = {"email": self.row["email"], "password": self.row["password"]}
            self.token = self.ask("prakerja", "POST", "/dashboard/login", login)["data"]["token"]
        headers, expects = {"Authorization": f"Bearer {self.token}"}, (already,) if already else ()
        with self.done_before(already):
            path = f"/dashboard{path}"
            return self.ask("prakerja", method, path, body, headers=headers, expects=expects).get("data")

    @contextmanager
    def done_before(self, reason: Reason | None) -> Iterator[None]:
        """Get over that refusal: what is asked for was done, and its answer got lost."""
        try:
            yield
        except SaidNo as no:
            if reason not in no.reasons:
                raise

    # His phone and his mail

    def next_code(self, wait: str = NO_CODE_WITHIN) -> str:
        """The code of the next text message; empty if none comes within that time of the wall."""
        query = urlencode({"to": self.row["phone"], "otp": "true", "wait": wait, "after": self.texts_seen})
        inbox = self.admin("GET", f"/inbox/sms?{query}")
        self.texts_seen = inbox["seen"]
        return str(inbox["otp"] or "")

    def code(self, again: Callable[[], object], after: timedelta | None = None) -> str:
        """The code of the next text message; if none comes, another one is asked for, `after` so long.

        Raises SaidNo if none comes ever.
        """
        for left in reversed(range(TRIES)):
            code = self.next_code()
            if code:
                return code
            if left and after is not None:
                self.wait(after, "another OTP may be asked for")
            if left:
                again()
        raise SaidNo((), f"no code has come to the phone, asked for {TRIES} times")

    def mailed(self, label: str) -> str:
        """What his e-mails say last behind a label; empty if none does."""
        mails = self.admin("GET", f"/inbox/mail?{urlencode({'to': self.row['email']})}")["messages"]
        lines: list[str] = [line for mail in mails for line in mail["text"].splitlines()]
        found = [line.removeprefix(label) for line in lines if line.startswith(label)]
        return found[-1] if found else ""

    # Time

    def wait(self, span: timedelta, what: str) -> None:
        """Wait so long by the sandbox's clock, for something."""
        self.wait_until(self.time.now() + span, what)

    def wait_until(self, until: datetime, what: str) -> None:
        """Wait until then by the sandbox's clock, for something."""
        self.waits_for, self.waits_until = what, until
        self.time.wait(until)
        self.waits_for, self.waits_until = "", None

    def makes(self, mistake: str) -> bool:
        """Whether he makes that mistake now; from then on it is one that he made."""
        if not self.choices.makes(mistake):
            return False
        self.mistakes.append(mistake)
        return True
