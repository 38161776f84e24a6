"""One request on its way through a face: what a handler is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import EnvironHeaders

from prakerja_sim.mocks.http.credentials import PARTNERS, Credential, Role
from prakerja_sim.simulator.sandbox import Sandbox


class Unauthorized(Exception):
    """A sender who is not who he says he is; the text is for the log, not for the answer."""


@dataclass(slots=True)
class Call:
    """One request on its way through a face."""

    environ: dict[str, Any]
    sandbox: Sandbox
    parties: Any
    """The other parties, as this one reaches them: `mocks.app.Parties`."""
    raw: bytes
    sender: str = ""
    """Who asks, as its face established it: a partner's code, a card, a user."""
    callers: Role = Role.ANYBODY
    """Whom the endpoint is for."""
    head: str | None = None
    """The journal's head after the command, for `X-Ledger-Head`."""
    path: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> bool:
        """Whether the URL named the sandbox."""
        return "sim.named" in self.environ

    @property
    def query(self) -> Mapping[str, str]:
        """The query's first values."""
        pairs = parse_qsl(self.environ.get("QUERY_STRING", ""), keep_blank_values=True)
        return dict(reversed(pairs))

    @property
    def headers(self) -> EnvironHeaders:
        """The request's headers, whatever their capitals."""
        return EnvironHeaders(self.environ)

    def admit(self, credential: Credential) -> None:
        """Let a partner in, and the call into his sandbox; raises Unauthorized for one of another role."""
        if self.callers in PARTNERS and not credential.acts_as(self.callers):
            raise Unauthorized(f"{credential.party} is no {self.callers}")
        self.sandbox, self.sender = credential.world(self.sandbox), credential.party

    def do(self, operation: Callable[..., Any], **arguments: Any) -> Any:
        """Do a command in the call's sandbox."""
        done = self.sandbox.perform(operation, **arguments)
        self.head = done.head
        return done.result

    def ask(self, question: Callable[..., Any], **arguments: Any) -> Any:
        """Ask a question of the call's sandbox."""
        return self.sandbox.ask(question, **arguments)
