"""What an endpoint takes and gives, as code: the face of a party.

A request goes through the same stations everywhere: raw body, sender (signature or login),
validation, faults, handler.  Each party has its own envelope, in which it also words what is
malformed, unknown or broken; each serves the OpenAPI that follows from its contract.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Protocol

import orjson
from flask import Response, request
from pydantic import BaseModel
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from prakerja_sim.mocks.http import addresses, http_faults, secrets, sim_headers, timeline
from prakerja_sim.mocks.http.bodies import LARGEST_BODY, UNREADABLE, body_of, parsed
from prakerja_sim.mocks.http.bodies import Malformed as Malformed  # noqa: PLC0414  # a word of the contract too
from prakerja_sim.mocks.http.call import Call as Call  # noqa: PLC0414  # what handlers are given
from prakerja_sim.mocks.http.call import Unauthorized as Unauthorized  # noqa: PLC0414  # what they may raise
from prakerja_sim.mocks.http.credentials import Role, SandboxUnclear
from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.describe import Provenance as Provenance  # noqa: PLC0414  # a word of the contract
from prakerja_sim.mocks.http.http_faults import TurnedAway
from prakerja_sim.mocks.http.routes_only import RoutesOnly
from prakerja_sim.simulator.values.errors import (
    Dropped,
    Reason,
    Rejected,
    SandboxStopped,
    StoreUnusable,
    Unanswered,
    WorldGone,
)
from prakerja_sim.simulator.values.reason_texts import Text
from prakerja_sim.simulator.world.faults import ADMIN
from prakerja_sim.simulator.world.faults.http import ReplyFault, RequestFault
from prakerja_sim.simulator.world.refusals import Refusing, reasons_of

STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
UNKNOWN = (NotFound, MethodNotAllowed, RequestEntityTooLarge, UnsupportedMediaType)  # answered with `unknown`
log = logging.getLogger("prakerja_sim")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a party answers."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def exactly(body: Any) -> Reply:
    """An answer in which the addresses stay as they were written, since somebody compares its texts."""
    return Reply(orjson.dumps(body), headers={"Content-Type": "application/json"})


class Envelope(Protocol):
    """How a party wraps its refusals, in its own words; made for the request that it answers."""

    def refused(self, refusal: Rejected) -> Reply:
        """The programme, or the party's own rule, said no."""

    def malformed(self, problem: Malformed) -> Reply:
        """The request is not well formed."""

    def unauthorized(self) -> Reply:
        """The sender is unknown; the answer gives no details."""

    def unknown(self, status: int) -> Reply:
        """No such path (404), method (405), large (413), compressed (415), too often (429), no disk (503)."""

    def broken(self) -> Reply:
        """Our own bug, or a stopped sandbox."""


Environ = dict[str, Any]
Enveloping = Callable[[Environ], Envelope]
Handler = Callable[..., Reply]
Wire = tuple[int, list[tuple[str, str]], bytes]  # an answer as status, headers and body
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
    callers: Role
    raw: bool = False


class Face:
    """A party's Flask application and its contract."""

    hosts: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    """The real hosts under which it answers, and the paths that it answers at the root too."""
    pages: Mapping[str, str] = {}
    """Paths at the real hosts whose pages have another path in the simulator, and that path."""

    def __init__(
        self,
        code: str,
        title: str,
        envelope: Enveloping,
        sender: Sender | None = None,
        callers: Role | None = None,
    ) -> None:
        self.code, self.title = code, title
        self.at = ADMIN if code == "admin" else f"/{code}"
        self.envelope, self.sender, self.callers = envelope, sender, callers
        self.endpoints: list[Endpoint] = []
        self.described = Described()
        self.check_query: Callable[[Call, Mapping[str, str]], None] = lambda _, __: None
        """Checks the query of a GET request against the names in `described`; raises Malformed."""
        self.limits: Callable[[int], Mapping[str, str]] = lambda seconds: {"Retry-After": str(seconds)}
        """The headers of a 429 that say how long to wait."""
        self._named: dict[str, Endpoint] = {}
        self.app = RoutesOnly(f"prakerja_sim.mocks.{code}", static_folder=None)
        self.app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        self.app.config["PROPAGATE_EXCEPTIONS"] = True  # a lost message reaches the dispatcher as Dropped
        self.app.url_map.strict_slashes = False
        self.app.register_error_handler(Exception, self._failed)

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        provenance: Provenance,
        body: type[BaseModel] | None = None,
        answer: type[BaseModel] | None = None,
        refuses: Iterable[Refusing] = (),
        callers: Role | None = None,
        open_to_all: bool = False,
        sender: Sender | None = None,
        raw: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register a handler; its docstring's first line is the summary.

        The handler gets the call and the validated body, if there is a model.  `callers` says whom it is
        for, else the face says it.  `open_to_all` leaves out the face's sender check, `sender` replaces it;
        with `raw` the handler reads the body by itself.
        What it refuses is what `refuses` and the handler's own `@refuses` say.
        """

        def register(handler: Handler) -> Handler:
            summary = (handler.__doc__ or handler.__name__).split("\n")[0]
            about = (method, path, summary, provenance, body, answer, reasons_of(*refuses, handler), handler)
            role = callers or (Role.ANYBODY if open_to_all else self.callers)
            if role is None:
                raise TypeError(f"{self.code}: {method} {path} does not say who may call it")
            checked = None if open_to_all else sender or self.sender
            one = Endpoint(handler.__name__, *about, checked, role, raw)
            self.endpoints.append(one)
            self.app.add_url_rule(path, f"{method} {path}", self._view(one), methods=[method])
            self._named[f"{method} {path}"] = one
            return handler

        return register

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request: an endpoint's at once, since Flask's way there costs more than a payment."""
        with environ["sim.parties"].timeline.exchange(self.code, environ):
            endpoint, path = self._found(environ["REQUEST_METHOD"], environ["PATH_INFO"])
            if endpoint is None:
                return self.app(environ, start_response)
            status, headers, body = self._answer(endpoint, environ, path)
            start_response(STATUS_LINES.get(status, f"{status} Unassigned"), headers)
            return [body]

    def _found(self, method: str, path: str) -> tuple[Endpoint | None, Mapping[str, str]]:
        """The endpoint of a request and the values in its path; none for what only Flask answers."""
        exact = self._named.get(f"{method} {path}")
        if exact is not None and "<" not in path:  # else it is a name, not a path
            return exact, {}
        name, values = self.app.found(method, path)
        return self._named.get(name), values

    def _view(self, endpoint: Endpoint) -> Callable[..., Response]:
        def view(**path: str) -> Response:
            status, headers, body = self._answer(endpoint, request.environ, path)
            return Response(body, status, headers)

        return view

    def _answer(self, endpoint: Endpoint, environ: dict[str, Any], path: Mapping[str, str]) -> Wire:
        """The steps of a request, in order; every error is answered in the party's envelope."""
        call = Call(environ, environ["sim.sandbox"], environ["sim.parties"], b"", path=path)
        call.callers = endpoint.callers
        timeline.of(environ).operation = endpoint.name
        try:
            call.raw = environ["sim.body"] = body_of(environ)
            if endpoint.sender is not None:
                endpoint.sender(call)
                timeline.of(environ).sender = call.sender
            if endpoint.method == "GET":
                self.check_query(call, self.described.queries.get(("GET", endpoint.path), {}))
            arguments = () if endpoint.body is None or endpoint.raw else (parsed(call.raw, endpoint.body),)
            at = self.at + environ["PATH_INFO"]
            http_faults.strike(RequestFault, call.sandbox, at, environ)
            reply = endpoint.handler(call, *arguments)
            http_faults.strike(ReplyFault, call.sandbox, at, environ)
        except WorldGone:
            raise
        except Dropped as lost:
            timeline.of(environ).lost = str(lost)
            raise
        except Exception as problem:
            timeline.of(environ).refusal = problem
            named = reasons_of(*endpoint.refuses, endpoint.sender or endpoint.handler)
            return self._wire(self._refusal(problem, environ, named), Provenance.SIMULATED, environ)
        finally:
            call.parties.webhook_delivery.after_request(call.sandbox)
        return self._wire(reply, endpoint.provenance, environ, call.head)

    def _failed(self, problem: Exception) -> Response:
        if isinstance(problem, Unanswered):
            raise problem
        timeline.of(request.environ).refusal = problem
        return self.response_of(self._refusal(problem, request.environ))

    def response_of(self, reply: Reply) -> Response:
        """An answer beside the endpoints, from a Flask view."""
        status, headers, body = self._wire(reply, Provenance.SIMULATED, request.environ)
        return Response(body, status, headers)

    def _refusal(self, problem: Exception, environ: dict[str, Any], named: tuple[Reason, ...] = ()) -> Reply:
        """The party's answer to an error; a refusal that its contract does not name is a bug."""
        envelope = self.envelope(environ)
        if isinstance(problem, Rejected) and problem.reason in named:
            return envelope.refused(problem)
        if isinstance(problem, Malformed):
            return envelope.malformed(problem)
        if isinstance(problem, Unauthorized):
            return envelope.unauthorized()
        if isinstance(problem, SandboxUnclear):  # no party is asked before that is clear
            return Reply(str(problem), 409, {"Content-Type": "text/plain; charset=utf-8"})
        if isinstance(problem, TurnedAway):
            return http_faults.answered(problem, envelope, self.limits, environ)
        if isinstance(problem, UNKNOWN):
            reply = envelope.unknown(problem.code)
            allowed = isinstance(problem, MethodNotAllowed) and problem.valid_methods
            return replace(reply, headers={"Allow": ", ".join(sorted(allowed))}) if allowed else reply
        if isinstance(problem, HTTPException):
            return envelope.malformed(Malformed(Text(problem.description or "bad request", UNREADABLE)))
        now = timeline.of(environ)
        where = secrets.line(f"{now.method} {now.path.partition('?')[0]}")
        if isinstance(problem, SandboxStopped | StoreUnusable):
            log.error("%s refused: %s (exchange %s)", where, problem, now.id)
            return envelope.unknown(503) if isinstance(problem, StoreUnusable) else envelope.broken()
        log.exception("a bug in %s (exchange %s)", where, now.id, exc_info=problem)
        bug = f"{where}: {secrets.text(repr(problem))}"
        environ["sim.parties"].bugs.append((environ["sim.sandbox"].name, bug))
        return envelope.broken()

    def _wire(
        self, reply: Reply, provenance: Provenance, environ: dict[str, Any], head: str | None = None
    ) -> Wire:
        """A reply as status, headers and bytes."""
        body, kind, ours = reply.body, "text/html; charset=utf-8", not isinstance(reply.body, bytes)
        if isinstance(body, str):
            body = body.encode()
        elif ours:
            body, kind = orjson.dumps(body), "application/json"
        if ours and b"https://" in body and "sim.in_process" not in environ:
            body = addresses.reachable(environ, body.decode()).encode()
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))] if reply.status != 304 else []
        if reply.headers:
            headers = [pair for pair in headers if pair[0] not in reply.headers]
            headers += reply.headers.items()
            if "Location" in reply.headers:
                place = headers.index(("Location", reply.headers["Location"]))
                headers[place] = ("Location", addresses.of_redirect(environ, reply.headers["Location"]))
        now = timeline.answering(environ, reply.status, body)
        if not environ["sim.parties"].strict_wire:
            headers += sim_headers.of(now, provenance.value, head)
        now.end(reply.status, headers, body, provenance.value)
        return reply.status, headers, body
