"""What passed on the wires of a sandbox, and what came of it: one record for each exchange.

An exchange knows who asked whom, both sides' bytes, what caused it (the exchange or the due event in which
it was sent), which fault struck, why it was refused, and the commands that it did with all that they wrote.
The timeline stands beside the world: in this process only, not journalled, no part of the digest, forgotten
at a reset.  It keeps bytes as they came; whoever shows them hides what is secret (`mocks.http.secrets`).
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from itertools import count
from time import perf_counter
from typing import Any

from prakerja_sim.mocks.http import metrics, why
from prakerja_sim.mocks.http.exchanges import CLIENT, ITSELF, LONGEST_BODY, Effect, Exchange, Request
from prakerja_sim.mocks.http.transport import Answer, NoReply, Transport
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.errors import Damaged, Reason, Rejected, WorldGone
from prakerja_sim.simulator.world import faults
from prakerja_sim.simulator.world.commands import name_of
from prakerja_sim.simulator.world.journal import Done
from prakerja_sim.simulator.world.records import ArmedFault

KEPT = 2000
"""So many exchanges of a sandbox are remembered, the newest ones, if nobody says otherwise."""
EVIDENCE = "sim.evidence"
"""The WSGI key where a sender check stores what a refused signature was computed from."""
HANGS = "sim.hangs"
"""The WSGI key of a function that is called when the answer begins to hang: its client may soon give up."""
READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""
_EXCHANGE = "sim.exchange"
_ARMING = (name_of(faults.arm), name_of(faults.disarm))
_ASIDE = "timeline"
_WHOLE = "timeline is whole"
_CURRENT: ContextVar["Exchange | None"] = ContextVar("exchange", default=None)
_CAUSE: ContextVar[str] = ContextVar("cause", default="")


class Timeline:
    """The timelines of all sandboxes of one server; ids are numbered over all sandboxes."""

    def __init__(
        self, wall: Callable[[], datetime], kept: int = KEPT, heard: Callable[[Exchange], None] | None = None
    ) -> None:
        """Remember `kept` exchanges of each sandbox, 0 for none; `heard` is told of each that has ended.

        A look at the admin API is neither: it would push out what is looked for.  What makes, drops or
        restores a whole sandbox is no effect within one: it is told, and not remembered.
        """
        self._wall = wall
        self.kept = kept
        self._heard = heard
        self._numbers = count(1)

    def turned_away(self, method: str, path: str, status: int) -> str:
        """Number a request that no party answers; it is in no sandbox's timeline."""
        now = self._begun(None, "", method, path)
        now.status = status
        if self._heard is not None:
            self._heard(now)
        return now.id

    @contextmanager
    def exchange(self, party: str, environ: dict[str, Any]) -> Iterator[None]:
        """Follow a request through a party's face; it is remembered if it was answered or lost."""
        parent = _CURRENT.get()
        asker = environ.get("sim.asker", "")
        now = self._begun(parent, party, environ["REQUEST_METHOD"], _path(environ), asker)
        environ[_EXCHANGE], environ[HANGS] = now, lambda: self._hangs(environ, now)
        token = _CURRENT.set(now)
        began = perf_counter()
        try:
            yield
        finally:
            del environ[HANGS]  # it holds the request, which holds it
            _CURRENT.reset(token)
            now.seconds = perf_counter() - began
            if parent is not None:
                parent.refused_within = _why_not(now)
            if now.refusal is not None:  # its frames would keep all that the request held
                now.refusal.__traceback__ = now.refusal.__context__ = now.refusal.__cause__ = None
            if now.status or now.lost:
                reason = why.name_of(now.refusal) or ""
                metrics.answered(party, now.operation, now.status, reason, now.seconds)
                looks = _only_looks(now)
                if not looks:
                    self._keep_of(environ, now)
                if self._heard is not None and not (looks and now.method in READING):
                    self._heard(now)

    @contextmanager
    def sending(self, sandbox: Sandbox, party: str, request: Request, asker: str = "") -> Iterator[Exchange]:
        """Follow a request to another place; whoever sends it notes on the exchange what came back."""
        now = self._begun(_CURRENT.get(), party, request.method, request.path, asker)
        now.headers, now.body = request.headers, request.body[:LONGEST_BODY]
        began = perf_counter()
        try:
            yield now
        except NoReply as silence:
            now.lost = str(silence)
            raise
        finally:
            now.seconds = perf_counter() - began
            above = _CURRENT.get()
            if above is not None:
                above.refused_within = _why_not(now)
            if self.kept:
                self._keep(sandbox, now)
            if self._heard is not None:
                self._heard(now)

    def saw(self, sandbox: Sandbox, done: Done) -> None:
        """Note what a command did with the exchange in which it was done; without one, the simulator."""
        now = _CURRENT.get()
        if now is None:
            now = self._begun(None, ITSELF, "", "", ITSELF)
            _note(now, done)
            if self.kept and (now.effects or now.faults):
                self._keep(sandbox, now)
        else:
            _note(now, done)

    def _hangs(self, environ: Mapping[str, Any], now: Exchange) -> None:
        now.lost = "reply_hangs"
        self._keep_of(environ, now)

    def _keep_of(self, environ: Mapping[str, Any], now: Exchange) -> None:
        """Keep a request that came to a face, once, as it is by now."""
        if self.kept:
            now.headers, now.evidence = _headers(environ), environ.get(EVIDENCE)
            now.body = environ.get("sim.body", b"")[:LONGEST_BODY]
            self._keep(environ["sim.sandbox"], now)

    def _keep(self, sandbox: Sandbox, now: Exchange) -> None:
        try:
            now.at = sandbox.now()
        except WorldGone:  # while the request was on its way
            return
        except Damaged:
            now.at = None
        kept = sandbox.aside.get(_ASIDE)
        if kept is None:
            kept = sandbox.aside.setdefault(_ASIDE, deque(maxlen=self.kept))
        if not now.kept:
            kept.append(now)
            now.kept = True

    def _begun(
        self, parent: Exchange | None, party: str, method: str, path: str, asker: str = ""
    ) -> Exchange:
        """Without an asker it is the party that is answering, else somebody outside."""
        asker = asker or (parent.party if parent is not None else CLIENT)
        above = ""
        if parent is not None:
            above, parent.has_within = parent.id, True
        number = f"{next(self._numbers):010}"
        return Exchange(number, above, _CAUSE.get(), asker, party, method, path, self._wall(), None)


class Followed:
    """A transport to a party in another place whose requests are in the timeline."""

    def __init__(
        self, timeline: Timeline, sandbox: Sandbox, party: str, transport: Transport, asker: str
    ) -> None:
        self._timeline, self._sandbox, self._party, self._transport = timeline, sandbox, party, transport
        self._asker = asker

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait for the answer. Raises NoReply."""
        request = Request(method, path, headers or {}, body)
        with self._timeline.sending(self._sandbox, self._party, request, self._asker) as now:
            answer = self._transport.send(method, path, request.headers, body)
            now.end(answer.status, answer.headers.items(), answer.body)
            return answer


@contextmanager
def because_of(cause: str) -> Iterator[None]:
    """Whatever is sent meanwhile is sent for this due event or webhook."""
    was = _CAUSE.set(cause)
    try:
        yield
    finally:
        _CAUSE.reset(was)


def of(environ: Mapping[str, Any]) -> Exchange:
    """The exchange of a request that a face answers."""
    now: Exchange = environ[_EXCHANGE]
    return now


def answering(environ: Mapping[str, Any], status: int, body: bytes) -> Exchange:
    """The exchange of a request that a face answers so.

    A no that nobody has explained is explained by what was refused within it, else by what the answer says.
    """
    now = of(environ)
    if status >= why.FIRST_ERROR and now.refusal is None:
        now.refusal = now.refused_within or why.OwnAnswer(body)
    return now


def remembered(sandbox: Sandbox) -> list[Exchange]:
    """A sandbox's exchanges, in the order in which they began."""
    kept: deque[Exchange] = sandbox.aside.get(_ASIDE, deque())
    return sorted(kept, key=lambda one: one.id)


def begins(sandbox: Sandbox) -> None:
    """Note that nothing has passed in this world yet: its timeline is whole from now on."""
    sandbox.aside[_WHOLE] = True


def gap(sandbox: Sandbox) -> str:
    """Why the timeline may lack exchanges; empty if all are there since the world began."""
    if _WHOLE not in sandbox.aside:
        return (
            "the timeline does not reach back to its beginning, since the server was started again, or the "
            "sandbox was forked or restored"
        )
    kept: deque[Exchange] | None = sandbox.aside.get(_ASIDE)
    if kept is not None and kept.maxlen is not None and len(kept) >= kept.maxlen:
        return f"the timeline keeps only the newest {kept.maxlen:,} exchanges, and so many passed"
    return ""


def find(sandbox: Sandbox, number: str) -> Exchange | None:
    """The exchange of that id, if it is still remembered."""
    return next((one for one in remembered(sandbox) if one.id == number), None)


def _why_not(now: Exchange) -> Exception | None:
    """Why whoever sent this request did not get what he asked for; None if he did."""
    if now.lost:
        asked = f"{now.method} {now.path.partition('?')[0]}"
        return Rejected(Reason.NO_REPLY, party=now.party, request=asked, lost=now.lost)
    if now.refusal is None and now.status >= why.FIRST_ERROR:
        return why.OwnAnswer(now.answer)
    return now.refusal


def _only_looks(now: Exchange) -> bool:
    return now.party == "admin" and not now.effects and not now.has_within and now.refusal is None


def _note(now: Exchange, done: Done) -> None:
    if done.head is None:
        return
    metrics.wrote(done.appended)
    if done.command not in _ARMING:  # a fault that struck was counted down
        for one in done.put:
            if isinstance(one, ArmedFault):
                now.faults.append(one.fault)
                metrics.struck(one.fault)
    if done.command != name_of(faults.strike):
        now.effects.append(Effect(done.command, done.subject, done.head, done.put, done.appended))


def _path(environ: Mapping[str, Any]) -> str:
    query = environ.get("QUERY_STRING", "")
    path: str = environ["PATH_INFO"]
    return f"{path}?{query}" if query else path


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers; WSGI keeps neither capitals nor underscores, so names are as they are usual."""
    headers = {_usual(name): value for name, value in environ.items() if name[:5] == "HTTP_"}
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    return headers


@lru_cache(maxsize=1024)
def _usual(name: str) -> str:
    """A header's usual name, from the one that it has in WSGI; nearly all requests have the same ones."""
    return _UNDERSCORED.get(name) or name[5:].replace("_", "-").title()


_UNDERSCORED = {"HTTP_CLIENT_CODE": "client_code"}
"""Headers of the real wire that are written with an underscore."""
