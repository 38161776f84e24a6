"""A page of the console, and somebody's visit to it.

A page asks the admin API's own operations and does them; it knows no other way to change anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from prakerja_sim.mocks.admin.console import operations
from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.face import Call, Face, Malformed
from prakerja_sim.mocks.http.http_faults import TurnedAway
from prakerja_sim.simulator.values.errors import Rejected, SandboxStopped, StoreUnusable
from prakerja_sim.simulator.values.reason_texts import Text as Text  # noqa: PLC0414  # what words are made of

Words = Mapping[str, Text]
"""What a page says, by a name that its template uses."""
REFUSED = (Rejected, Malformed, TurnedAway, SandboxStopped, StoreUnusable)
"""What an operation may answer instead of doing what it was asked for."""
OPERATION = "do"
"""The field of a form that names the operation: its method and its path at the admin API."""
GUARD = "guard"


@dataclass(slots=True)
class Visit:
    """One request for a page: what was asked, typed and done."""

    call: Call
    face: Face
    base: str
    """What stands before every path of this sandbox: empty, or /s/NAME."""
    language: str
    typed: Mapping[str, list[str]] = field(default_factory=dict)
    """The fields of the form that was sent."""
    done: str = ""
    """The operation that the form has done."""
    result: Any = None
    """What it answered."""
    refused: dict[str, Any] | None = None
    """Why something was refused: see `why.explained`."""

    def query(self, name: str, otherwise: str = "") -> str:
        """A value of the page's query, else one that a form sent."""
        sent = self.typed.get(name, [""])[-1]
        return self.call.query.get(name, sent or otherwise).strip()

    @property
    def here(self) -> str:
        """This page with its query, but for the language, which a browser remembers."""
        return self.with_()

    def with_(self, **changed: str) -> str:
        """This page with another query; an empty value leaves its name out."""
        query = {**self.call.query, "lang": "", **changed}
        told = urlencode({name: value for name, value in query.items() if value != ""})
        return f"{self.base}{self.call.environ['PATH_INFO']}" + (f"?{told}" if told else "")

    def kept(self, operation: str, name: str, otherwise: object = "") -> object:
        """What was typed into a field of a form that was refused, so that nobody types it twice."""
        if self.refused is None or self.typed.get(OPERATION, [""])[-1] != operation:
            return otherwise
        return self.typed.get(name, [otherwise])[-1]

    def offers(self, method: str, path: str) -> bool:
        """Whether the admin API has this operation."""
        return operations.endpoint_of(self.face, method, path) is not None

    def ask(self, path: str, /, **query: object) -> Any:
        """What the admin API answers to a GET; a query without a value is left out.

        Raises what it refuses with.
        """
        asked = {name: str(value) for name, value in query.items() if value not in ("", None)}
        return operations.perform(self.face, self.call, "GET", path, asked)

    def tried(self, path: str, /, **query: object) -> Any:
        """The same; a refusal is shown on the page, and the answer is None."""
        try:
            return self.ask(path, **query)
        except REFUSED as problem:
            self.refused = why.explained(problem)
        except operations.Answered as answer:
            self.refused = answer.explained()
        return None

    def act(self) -> None:
        """Do what the form asks for; a refusal is shown on the page, and nothing was changed."""
        method, _, path = self.typed.get(OPERATION, [""])[-1].partition(" ")
        fields = {name: values for name, values in self.typed.items() if name not in (OPERATION, GUARD)}
        try:
            self.result = operations.perform(self.face, self.call, method, path, fields)
            self.done = f"{method} {path}"
        except REFUSED as problem:
            self.refused = why.explained(problem)
        except operations.Answered as answer:
            self.refused = answer.explained()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name is its path below /console/ and its template's name; the first one is at /."""

    name: str
    words: Words
    show: Callable[[Visit], dict[str, Any]]
    """What the template is given."""
    listed: bool = True
    """Whether it stands in the navigation."""
    framed: bool = False
    """Whether it is shown within another page, and only there."""
