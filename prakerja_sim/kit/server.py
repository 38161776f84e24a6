"""A simulator that runs: in this process (`serve`), or anywhere (`connect`)."""

import os
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from prakerja_sim.kit.admin import Admin, quoted
from prakerja_sim.kit.errors import Unreachable
from prakerja_sim.kit.sandbox import Sandbox
from prakerja_sim.kit.wires import InProcess, OverHttp, Wire

__tracebackhide__ = True  # pytest shows the line of the test

TOKEN = "PRAKERJA_SIM_TOKEN"
"""The environment variable with the token of a server beyond this machine."""
Rows = Iterable[Mapping[str, Any]]


class Server:
    """A running simulator, from which sandboxes are leased; a context that ends what `serve` began."""

    def __init__(
        self,
        wire: Wire,
        url: str,
        token: str | None = None,
        *,
        close: Callable[[], None] = lambda: None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.url = url
        self.admin = Admin(wire, url, token)
        self.environment = {"PRAKERJA_BASE_URL": url, **(environment or {})}
        """What a program reads from its environment to find this server."""
        self.close = close

    def lease(
        self,
        name: str | None = None,
        *,
        seed: int | None = None,
        start: str | None = None,
        settings: Mapping[str, Any] | None = None,
        fill: bool | None = None,
        people: Rows | None = None,
        courses: Rows | None = None,
        clients: Rows | None = None,
        faults: Rows | None = None,
        ttl: str | None = None,
        snapshot: str | None = None,
    ) -> Sandbox:
        """A new sandbox, a whole world of its own.

        Without a name it gets one that is new; with `fill` it holds the demo's courses and people. `start` is
        its first moment (WIB), `settings` are in docs/settings.md, `ttl` is how long it stays, `snapshot` is
        what it begins as. Raises Refused.
        """
        given = {
            "name": name,
            "seed": seed,
            "start": start,
            "settings": None if settings is None else dict(settings),
            "fill": fill,
            "people": people and list(people),
            "courses": courses and list(courses),
            "clients": clients and list(clients),
            "faults": faults and list(faults),
            "ttl": ttl,
            "from": snapshot,
        }
        leased = self.admin.post("/sandboxes", {key: one for key, one in given.items() if one is not None})
        return Sandbox(self.admin, leased, self.environment)

    def sandbox(self, name: str) -> Sandbox:
        """One that is there already, such as `default`. Raises Refused."""
        return Sandbox(self.admin, self.admin.get(f"/sandboxes/{quoted(name)}"), self.environment)

    def sandboxes(self) -> list[str]:
        """The names of all."""
        names: list[str] = self.admin.get("/sandboxes")["sandboxes"]
        return names

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def serve(port: int = 0, *, seed: int = 42, tls: bool = False) -> Server:
    """Start a simulator in this process, in memory, on this port of 127.0.0.1 (0: a free one).

    With `tls` it also answers as `https://` the real hosts, and `Sandbox.env` says who signs its
    certificates. It ends with `close()`, or with the context.
    """
    from prakerja_sim.kit.in_process import Served  # noqa: PLC0415  # with all that a server needs

    served = Served(port, seed=seed, tls=tls)
    wire = InProcess(served.application)
    return Server(wire, served.url, close=served.close, environment=served.environment)


def connect(url: str, token: str | None = None) -> Server:
    """A simulator that somebody has started; `token` is `PRAKERJA_SIM_TOKEN` unless given.

    Raises Unreachable if none answers there.
    """
    url = url.rstrip("/")
    if "://" not in url:
        raise Unreachable(f"{url!r} is no address; write it as http://127.0.0.1:8420", reason="unreachable")
    server = Server(OverHttp(url), url, os.environ.get(TOKEN) if token is None else token)
    server.sandboxes()
    return server
