"""One WSGI application in which every party is mounted: by path, by Host, some by root paths.

Through `Parties` they reach each other: over HTTP, in this process or at another URL, with
no unit of work open meanwhile.  A sandbox is named by the credential, else by `/s/NAME`, else
it is the default one.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from prakerja_sim.mocks.http import addresses as handed_out
from prakerja_sim.mocks.http import due_events, metrics
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.exchanges import CLIENT, Exchange
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.timeline import KEPT, Followed, Timeline, because_of
from prakerja_sim.mocks.http.transport import Http, InProcess, Transport
from prakerja_sim.mocks.prakerja.payout_client import PayoutClient
from prakerja_sim.mocks.server import real_parties
from prakerja_sim.mocks.server.beside import cut, plain
from prakerja_sim.mocks.server.mounts import addresses, discovered
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.server.webhook_delivery import WebhookDelivery
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values import clock
from prakerja_sim.simulator.values.errors import Damaged, Dropped, Rejected, WorldGone
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.journal import Done

StartResponse = Callable[..., Any]

LOCAL = re.compile(r"(localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?")
_DOUBLED = re.compile(r"/{2,}")
_PORT = re.compile(r":\d{1,5}$")
log = logging.getLogger("prakerja_sim")


class Parties:
    """The parties of one server and the connections between them."""

    def __init__(
        self,
        sandboxes: Sandboxes,
        *,
        wall: Callable[[], datetime],
        real: Mapping[str, str] | None = None,
        strict_wire: bool = False,
        allowed_hosts: Iterable[str] = (),
        admin_token: str | None = None,
        show_secrets: bool = False,
        about: Mapping[str, Any] | None = None,
        refill: Callable[[Sandbox], None] | None = None,
        allowed_targets: Iterable[str] = (),
        remembered: int = KEPT,
        heard: Callable[[Exchange], None] | None = None,
        stories: Callable[[], Any] | None = None,
    ) -> None:
        self.sandboxes = sandboxes
        self.wall = wall
        self.timeline = Timeline(wall, remembered, heard)
        self.strict_wire = strict_wire
        self.real = dict(real or {})
        self.admin_token = admin_token
        self.show_secrets = show_secrets
        """Whether books, journal and console show cards, OTPs, NIKs and tokens whole."""
        self.about = dict(about or {})
        self.refill = refill
        """What the default sandbox is filled with, again after a reset."""
        self.stories = stories
        """What the console may start and not import: `listed()`, `play(parties, title, marketplace)` and
        `recorded(recording, title)`."""
        self.allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self.bugs: list[tuple[str, str]] = []
        """Bugs of the server itself, as sandbox and message; one of them makes every story fail."""
        faces = discovered()
        self.faces = {face.code: face for face in faces}
        for face in faces:
            metrics.offer(face.code, (one.name for one in face.endpoints))
        self.hosts, self.roots = addresses(faces)
        self.written_addresses = handed_out.pattern(self.hosts)
        self._remote: dict[str, Http] = {}
        self.webhook_delivery = WebhookDelivery(self, tuple(allowed_targets))
        sandboxes.connect(self)
        self.application = Application(self)

    def transport(self, party: str, sandbox: Sandbox, asker: str = "") -> Transport:
        """The transport to a party: to its real URL if the options name one, else in process.

        `asker` is whose connection it is: a party, or an institution by its own code.  Without one, the
        party asks that is answering a request meanwhile; while the clock moves, that is none of them.
        """
        if asker and asker != CLIENT and asker not in self.faces:
            asker = "institution"
        if party in self.real:
            url = self.address_of(party, sandbox.name)
            wire = self._remote.setdefault(url, Http(url))
            return Followed(self.timeline, sandbox, party, wire, asker)
        return InProcess(self.application, f"/s/{sandbox.name}/{party}", within=sandbox, asker=asker)

    def sandbox(self, name: str) -> Sandbox | None:
        """The sandbox that a request from outside means; those whose time is over go first."""
        if self.sandboxes.expiring:
            self.sandboxes.drop_expired(self.wall())
        return self.sandboxes.get(name)

    def address_of(self, party: str, sandbox: str) -> str:
        """The URL of a party that is a real system in another place."""
        return real_parties.at(self.real[party], sandbox)

    def carry(self, sandbox: Sandbox, event: str, about: str) -> None:
        """Call the function that the owner of a due event has registered."""
        with because_of(f"{event} {about}"):
            due_events.carry(Call({}, sandbox, self, b""), event, about)

    def saw(self, sandbox: Sandbox, done: Done) -> None:
        """Note what a command did."""
        self.timeline.saw(sandbox, done)

    def resume(self) -> None:
        """Go on with what a process that was killed left under way between two parties."""
        for sandbox in filter(None, map(self.sandboxes.get, self.sandboxes.names())):
            self.resume_in(sandbox)

    def resume_in(self, sandbox: Sandbox) -> None:
        """Go on in one sandbox with what is under way between two parties."""
        if not sandbox.stopped:
            with suppress(WorldGone):  # somebody has reset it meanwhile, so nothing is under way
                self._resume(sandbox)

    def _resume(self, sandbox: Sandbox) -> None:
        try:
            cut_short = sandbox.ask(schedule.cut_short)
        except Damaged as damage:
            sandbox.stopped = [str(damage)]
            return
        for due in cut_short:
            try:
                self.carry(sandbox, due.event, due.about)
            except WorldGone:
                raise
            except Exception:  # the server starts all the same, and the clock comes to it again
                log.exception("a bug in the due event %s", due.event)
                self.bugs.append((sandbox.name, f"{due.event} after a start"))

    def deliver(self, sandbox: Sandbox) -> None:
        """Deliver the webhooks that are due in a sandbox."""
        self.webhook_delivery.deliver(sandbox)

    def payment_partners(self, sandbox: Sandbox) -> PayoutClient:
        """How a sandbox's programme reaches its payment partners."""
        return PayoutClient(self.transport("payout", sandbox, asker="prakerja"))

    def catch_up(self, sandbox: Sandbox) -> None:
        """Bring a clock that follows the wall to where it must be now."""
        if sandbox.running and not sandbox.stopped:
            with suppress(Rejected):  # another request has moved it further in the meantime
                sandbox.catch_up(self.wall())

    def stamp(self, party: str, sandbox: Sandbox) -> int:
        """The time that a signature to that party carries: the wall's to a real one, else the sandbox's."""
        return clock.unix_seconds(self.wall() if party in self.real else sandbox.now())


class Application:
    """Routes a request to its party and hands over the sandbox."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._apps = dict(parties.faces)
        self._host = lru_cache(maxsize=256)(self._admitted)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        parties = self._parties
        host = self._host(environ.get("HTTP_HOST", ""))
        if host is None:
            return self._turned_away(
                environ, start_response, "421 Misdirected Request", "unknown Host; allow it with --allow-host"
            )
        if handed_out.is_secure(environ, parties.about.get("tls_port")):
            environ["wsgi.url_scheme"] = "https"
            if environ["REMOTE_ADDR"] == handed_out.TLS_ADDRESS:
                environ["REMOTE_ADDR"] = handed_out.LOOPBACK
        path = environ["PATH_INFO"]
        if "//" in path:
            path = _DOUBLED.sub("/", path)
            environ["sim.doubled"] = True
        name, rest = DEFAULT, path
        if path.startswith("/s/"):
            name, _, rest = path[3:].partition("/")
            rest = "/" + rest
            environ["sim.named"] = True
        sandbox = environ.get("sim.within") or parties.sandbox(name)
        if sandbox is None:
            return self._turned_away(
                environ, start_response, "404 Not Found", "no such sandbox; lease it at /__admin/sandboxes"
            )
        code, mount = self._route(host, rest)
        app = self._apps.get(code)
        if app is None:
            mounts = ", ".join(f"/{party}" for party in sorted(self._apps) if party != "admin")
            said = f"no such party; there are {mounts}"
            return self._turned_away(environ, start_response, "404 Not Found", said)
        asked = environ.copy()
        environ["SCRIPT_NAME"] = path[: len(path) - len(rest)] + mount
        environ["PATH_INFO"] = rest[len(mount) :] or "/"
        environ["sim.sandbox"] = sandbox
        environ["sim.parties"] = parties
        try:
            parties.catch_up(sandbox)
            return app(environ, start_response)
        except Dropped as lost:
            return cut(environ, start_response, lost)
        except WorldGone:
            return self._anew(environ, asked, start_response)

    def _anew(
        self, environ: dict[str, Any], asked: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request again whose world was reset or dropped; nothing is left of what it did there."""
        if "sim.within" in environ:
            raise WorldGone  # the request that this one is part of is answered anew
        self._parties.sandboxes.renewed(environ["sim.sandbox"])
        if "sim.body" in environ:
            body = environ["sim.body"]
            asked |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self(asked, start_response)

    def _admitted(self, header: str) -> str | None:
        """The requested host, without its port; None if this server does not answer for it."""
        header = header.lower()
        host = _PORT.sub("", header)
        ours = host in self._parties.hosts or {host, header} & self._parties.allowed_hosts
        return host if ours or LOCAL.fullmatch(header) else None

    def _turned_away(
        self, environ: dict[str, Any], start_response: StartResponse, status: str, text: str
    ) -> Iterable[bytes]:
        """An answer before any party is reached: it has a request id, but is in no sandbox's log."""
        turned_away = self._parties.timeline.turned_away
        number = turned_away(environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3]))
        headers = () if self._parties.strict_wire else (("X-Sim-Request-Id", number),)
        return plain(start_response, status, text, headers)

    def _route(self, host: str, path: str) -> tuple[str, str]:
        """A path's party and the mount under which it sees the rest."""
        party = self._parties.hosts.get(host)
        if party is not None:
            mount = f"/{party}"  # addresses that we hand out carry it
            return party, mount if path.startswith(f"{mount}/") else ""
        for root, answers in self._parties.roots.items():
            if path == root or path.startswith(root + "/"):
                return answers, ""
        first = path[1:].partition("/")[0]
        if first in ("", "console", "healthz", "readyz", "metrics"):
            return "admin", ""
        if first == "__admin":
            return "admin", "/__admin"
        return first, "/" + first
