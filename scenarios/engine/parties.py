"""How a story reaches its parties: requests over the wire, in process or over HTTP alike.

Nothing here knows a party from inside. A refusal comes back as `StepRefused` with the programme's
reasons, whatever the party called them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, ParamSpec, Protocol, TypeVar

import orjson

from prakerja_sim.mocks.http.transport import Answer, NoReply, Transport
from prakerja_sim.mocks.shop.buyer import Refused, Shopper
from prakerja_sim.mocks.shop.passed_on import passed_on
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.mocks.shop.prakerja_client import Refused as RefusedByPrakerja
from prakerja_sim.scenarios.engine.browsing import Browser, reasons_of
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason

P = ParamSpec("P")
T = TypeVar("T")


class Connections(Protocol):
    """What leads into one story's sandbox."""

    sandbox: str
    """Its name."""

    def transport(self, party: str) -> Transport:
        """The connection to a party."""

    @property
    def url(self) -> str:
        """Where its simulator can be reached over HTTP."""

    def shopper(self, marketplace: str) -> Shopper:
        """A new shopper of a marketplace."""

    def reasons(self, marketplace: str, code: str) -> list[Reason]:
        """What a marketplace may mean by a code of its own."""


class Parties:
    """The parties of one story, with one of the marketplaces."""

    def __init__(self, connections: Connections, marketplace: str) -> None:
        self._connections = connections
        self.marketplace = marketplace
        """Where people buy now."""
        self.own_shoppers: dict[str, Callable[[], Shopper]] = {}
        """What buys at a marketplace in place of our shopper."""
        self.secrets: dict[str, str] = {}
        """With which the webhooks to each target are signed."""

    def ask(
        self, party: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """What a party answers to a JSON request."""
        raw = orjson.dumps(body) if body is not None else b""
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        try:
            answer = self._connections.transport(party).send(method, path, all_headers, raw)
        except NoReply as silence:
            raise StepRefused("no_reply", str(silence)) from None
        try:
            content = answer.json()
        except ValueError:
            content = answer.body.decode(errors="replace")
        if answer.status >= 400:
            code, message = error_of(content)
            raise StepRefused.either(reasons_of(code), f"{party} answers {answer.status} {code}: {message}")
        if not isinstance(content, dict):
            raise AssertionError(
                f"{party} answers {method} {path} with what is no JSON object: {content!r:.200}"
            )
        return content

    def send(self, party: str, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Answer:
        """A party's whole answer to any request. Raises NoReply."""
        return self._connections.transport(party).send(method, path, headers, raw)

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """What the simulator's admin API answers."""
        return self.ask("__admin", method, path, body)

    def shop(self, action: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What an action of a shopper gives."""
        try:
            return action(*arguments, **named)
        except Refused as refusal:
            reasons = self._connections.reasons(self.marketplace, refusal.code) or passed_on(
                refusal.message or refusal.code
            )
            raise StepRefused.either(reasons, refusal.message) from None
        except NoReply as silence:
            raise StepRefused("no_reply", str(silence)) from None

    @property
    def sandbox(self) -> str:
        """The name of the story's sandbox."""
        return self._connections.sandbox

    @property
    def url(self) -> str:
        """Where the simulator can be reached over HTTP."""
        return self._connections.url

    def credential(self, party: str) -> dict[str, str]:
        """A partner's client code and sign key, which are let in for it."""
        code = f"{party}-{sha256(self._connections.sandbox.encode()).hexdigest()[:16]}"  # one sandbox's only
        credential = {"client_code": code, "sign_key": f"{party}-key", "party": party}
        if code not in [one["client_code"] for one in self.admin("GET", "/clients")["clients"]]:
            self.admin("POST", "/clients", credential)
        return credential

    def partner(self, party: str) -> PrakerjaClient:
        """A partner's own server in front of Prakerja, with a credential that is let in for it."""
        credential = self.credential(party)
        now = datetime.fromisoformat(self.admin("GET", "/clock")["now"])
        prakerja = self._connections.transport("prakerja")
        signed = (credential["client_code"], credential["sign_key"])
        return PrakerjaClient(prakerja, *signed, lambda: unix_seconds(now))

    def asked(self, call: Callable[[], Any]) -> Any:
        """What Prakerja answers a partner's server."""
        try:
            return call()
        except RefusedByPrakerja as refusal:
            raise StepRefused.either(reasons_of(refusal.code), str(refusal)) from None
        except NoReply as silence:
            raise StepRefused("no_reply", str(silence)) from None

    def shopper(self) -> Shopper:
        """A new shopper of the marketplace, who is not logged in."""
        own = self.own_shoppers.get(self.marketplace)
        return own() if own is not None else self._connections.shopper(self.marketplace)

    @property
    def has_own_shopper(self) -> bool:
        """Whether people buy here with a shopper of the story, which has an account already."""
        return self.marketplace in self.own_shoppers

    def browser(self) -> Browser:
        """A new browser window at Prakerja."""
        return Browser(self._connections.transport("prakerja"))

    def texts(self, phone: str) -> list[dict[str, Any]]:
        """The text messages to a phone, the oldest first."""
        messages: list[dict[str, Any]] = self.admin("GET", f"/inbox/sms?to={phone}")["messages"]
        return messages

    def mails(self, address: str) -> list[dict[str, Any]]:
        """The e-mails to an address, the oldest first."""
        messages: list[dict[str, Any]] = self.admin("GET", f"/inbox/mail?to={address}")["messages"]
        return messages

    def webhooks(self, order: str = "") -> list[dict[str, Any]]:
        """The webhooks about an order, or all, the oldest first."""
        webhooks: list[dict[str, Any]] = self.admin("GET", "/webhooks")["webhooks"]
        return [one for one in webhooks if not order or one["about"] == order]


def error_of(content: Any) -> tuple[str, str]:
    """Code and message of a refusal in the plain envelope or in Prakerja's."""
    error = content.get("error", content) if isinstance(content, dict) else content
    if not isinstance(error, dict):  # a server that is no party of ours
        return "", str(error)[:200]
    return str(error.get("code", "")), str(error.get("message", ""))
