"""What an endpoint takes and gives, as code: the face of a party.

A request goes through the same stations everywhere: raw body, sender (signature or login),
validation, faults, handler.  Each party has its own envelope, in which it also words what is
malformed, unknown or broken; each serves the OpenAPI that follows from its contract.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import orjson
from flask import Flask, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from simulator import VERSION
from simulator.errors import Dropped, Reason, Rejected
from simulator.faults import Point
from simulator.sandbox import Sandbox, Stopped

LARGEST_BODY = 64 * 1024
LARGEST_INTEGER = 2**53
DEEPEST = 32
log = logging.getLogger("prakerja_sim")


class Provenance(StrEnum):
    """How well something is known: see the provenance header and the OpenAPI."""

    DOCUMENTED = "documented"
    SEEN = "seen"
    INFERRED = "inferred"
    SIMULATED = "simulated"


class Malformed(Exception):
    """A request that is not well formed; the problems name place and remedy, never the value."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Unauthorized(Exception):
    """A sender who is not who he says he is; the text is for the log, not for the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a party answers."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Envelope(Protocol):
    """How a party wraps its refusals, in its own words."""

    def refused(self, refusal: Rejected) -> Reply:
        """The programme, or the party's own rule, said no."""

    def malformed(self, problem: Malformed) -> Reply:
        """The request is not well formed."""

    def unauthorized(self) -> Reply:
        """The sender is unknown; nothing more is told."""

    def unknown(self, status: int) -> Reply:
        """No such path (404), method (405), or too large (413)."""

    def broken(self) -> Reply:
        """Our own bug, or a stopped sandbox."""


@dataclass(slots=True)
class Call:
    """One request on its way through a face."""

    sandbox: Sandbox
    parties: Any
    """The other parties, as this one reaches them: `mocks.app.Parties`."""
    raw: bytes
    named: bool = False
    """Whether the URL named the sandbox."""
    sender: str = ""
    """Who asks, as its face established it: a partner's code, a card, a user."""
    head: str | None = None
    """The journal's head after the command, for `X-Ledger-Head`."""
    path: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Mapping[str, str]:
        """The query's first values."""
        return request.args

    @property
    def headers(self) -> Headers:
        """The request's headers, whatever their capitals."""
        return request.headers

    def do(self, operation: Callable[..., Any], **arguments: Any) -> Any:
        """Do a command in the call's sandbox."""
        done = self.sandbox.perform(operation, **arguments)
        self.head = done.head
        return done.result

    def ask(self, question: Callable[..., Any], **arguments: Any) -> Any:
        """Ask a question of the call's sandbox."""
        return self.sandbox.ask(question, **arguments)


Handler = Callable[..., Reply]
Sender = Callable[[Call], None]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of a party."""

    name: str
    method: str
    path: str
    summary: str
    provenance: Provenance
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    refuses: tuple[Reason, ...]
    handler: Handler
    sender: Sender | None
    raw: bool = False


class Face:
    """A party's Flask application and its contract."""

    def __init__(self, code: str, title: str, envelope: Envelope, sender: Sender | None = None) -> None:
        self.code = code
        self.title = title
        self.envelope = envelope
        self.sender = sender
        self.endpoints: list[Endpoint] = []
        self.app = Flask(f"mocks.{code}", static_folder=None)
        self.app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        self.app.config["PROPAGATE_EXCEPTIONS"] = True  # a lost message reaches the dispatcher as Dropped
        self.app.url_map.strict_slashes = False
        self.app.register_error_handler(Exception, self._failed)
        self.app.add_url_rule("/openapi.json", "openapi", self._openapi)

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        provenance: Provenance,
        body: type[BaseModel] | None = None,
        answer: type[BaseModel] | None = None,
        refuses: tuple[Reason, ...] = (),
        open_to_all: bool = False,
        raw: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register a handler; its docstring's first line is the summary.

        The handler gets the call and, if there is a body model, the validated body.  With
        `open_to_all` the face's sender check is left out.  With `raw` the model only documents
        the body, and the handler reads it from the call.
        """

        def register(handler: Handler) -> Handler:
            summary = (handler.__doc__ or handler.__name__).split("\n")[0]
            sender = None if open_to_all else self.sender
            told = (provenance, body, answer, refuses)
            one = Endpoint(handler.__name__, method, path, summary, *told, handler, sender, raw)
            self.endpoints.append(one)
            self.app.add_url_rule(path, f"{method} {path}", self._view(one), methods=[method])
            return handler

        return register

    def _view(self, endpoint: Endpoint) -> Callable[..., Response]:
        def view(**path: str) -> Response:
            environ = request.environ
            call = Call(
                environ["sim.sandbox"],
                environ["sim.parties"],
                request.get_data(),
                "sim.named" in environ,
                path=path,
            )
            if endpoint.sender is not None:
                endpoint.sender(call)
            arguments = () if endpoint.body is None or endpoint.raw else (parsed(call.raw, endpoint.body),)
            if call.sandbox.faulty and call.sandbox.strike(Point.REQUEST, at=request.path):
                raise Dropped
            reply = endpoint.handler(call, *arguments)
            if call.sandbox.faulty and call.sandbox.strike(Point.REPLY, at=request.path):
                raise Dropped
            return self._response(reply, endpoint.provenance, call.head)

        return view

    def _failed(self, problem: Exception) -> Response:
        provenance = Provenance.SIMULATED
        if isinstance(problem, Dropped):
            raise problem
        if isinstance(problem, Rejected):
            return self._response(self.envelope.refused(problem), provenance)
        if isinstance(problem, Malformed):
            return self._response(self.envelope.malformed(problem), provenance)
        if isinstance(problem, Unauthorized):
            return self._response(self.envelope.unauthorized(), provenance)
        if isinstance(problem, HTTPException):
            return self._http(problem)
        if isinstance(problem, Stopped):
            log.error("sandbox stopped: %s", problem)
        else:
            log.exception("a bug in %s %s", request.method, request.path, exc_info=problem)
            where = request.environ["sim.sandbox"].name
            request.environ["sim.parties"].bugs.append(
                (where, f"{request.method} {request.path}: {problem!r}")
            )
        return self._response(self.envelope.broken(), provenance)

    def _http(self, problem: HTTPException) -> Response:
        if isinstance(problem, NotFound | MethodNotAllowed | RequestEntityTooLarge):
            reply = self.envelope.unknown(problem.code)
        else:
            reply = self.envelope.malformed(Malformed(problem.description or "bad request"))
        response = self._response(reply, Provenance.SIMULATED)
        if isinstance(problem, MethodNotAllowed) and problem.valid_methods:
            response.headers["Allow"] = ", ".join(problem.valid_methods)
        return response

    def _response(self, reply: Reply, provenance: Provenance, head: str | None = None) -> Response:
        body = reply.body
        if not isinstance(body, str | bytes):
            response = Response(orjson.dumps(body), reply.status, mimetype="application/json")
        else:
            response = Response(body, reply.status, mimetype="text/html")
        headers = response.headers
        for name, value in reply.headers.items():
            headers[name] = value
        if not request.environ["sim.parties"].strict_wire:
            headers["X-Sim-Version"] = VERSION
            headers["X-Sim-Provenance"] = provenance.value
            if head is not None:
                headers["X-Ledger-Head"] = head
        return response

    def _openapi(self) -> Response:
        from mocks.openapi import document  # noqa: PLC0415  # it imports this module

        return self._response(Reply(document(self)), Provenance.SIMULATED)


def parsed(raw: bytes, model: type[BaseModel]) -> Any:
    """The body as its model; raises Malformed naming every problem, up to twenty."""
    return validated(loaded(raw), model)


def loaded(raw: bytes) -> Any:
    """The body's JSON, within the limits of size and depth; raises Malformed."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise Malformed(f"body is not JSON: {problem.msg} at byte {problem.pos}") from None
    _check_limits(value, "", 1)
    return value


def validated(value: Any, model: type[BaseModel]) -> Any:
    """A JSON object as its model; raises Malformed naming every problem, up to twenty."""
    if not isinstance(value, dict):
        raise Malformed("body must be a JSON object")
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        errors = problem.errors(include_context=False, include_url=False, include_input=False)[:20]
        raise Malformed(*(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors)) from None


def _check_limits(value: Any, place: str, depth: int) -> None:
    kind = type(value)
    if kind is str:
        return
    if kind is dict or kind is list:
        if depth > DEEPEST:
            raise Malformed(f"{place or 'body'}: nested deeper than {DEEPEST}")
        items = value.items() if kind is dict else enumerate(value)
        for name, inner in items:
            _check_limits(inner, f"{place}.{name}" if place else str(name), depth + 1)
    elif (kind is int or kind is float) and abs(value) > LARGEST_INTEGER:
        raise Malformed(f"{place}: beyond the largest whole number, {LARGEST_INTEGER}")
