"""A server of one process: gunicorn by default, granian for load.

gunicorn can reset a connection, so it can stage every fault; granian answers faster.  Both let
the header `client_code` through, which most servers drop.
"""

import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from mocks import seed
from mocks.app import Parties
from mocks.sandboxes import DEFAULT, Sandboxes
from simulator.clock import WIB
from simulator.keepers.memory import Memory
from simulator.keepers.migrate import StoreRefused
from simulator.settings import changed
from simulator.store import Store

ENVIRONMENT = "PRAKERJA_SIM_SERVE"
"""Where the options travel to a worker that is a new interpreter."""
THREADS = {"gunicorn": 8, "granian": 4}
READY_WITHIN_SECONDS = 30


class CannotServe(Exception):
    """The server cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a server is started with."""

    host: str = "127.0.0.1"
    port: int = 8420
    store: str = "sqlite:prakerja-sim.db"
    seed: int = 42
    server: str = "gunicorn"
    durability: str = "full"
    strict_wire: bool = False
    fixed_otp: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    admin_token: str | None = None
    empty: bool = False

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104


def open_store(spec: str, durability: str = "full") -> Store:
    """The keeper that a --store text names; raises StoreRefused for one that cannot be used."""
    if spec == "memory":
        return Memory()
    if spec.startswith("sqlite:"):
        from simulator.keepers.sqlite import SQLite  # noqa: PLC0415  # SQLAlchemy is slow to import

        return SQLite(Path(spec.removeprefix("sqlite:")), durability)
    raise StoreRefused(f"--store {spec} is not known; use memory or sqlite:PATH (PostgreSQL comes later)")


def wall() -> datetime:
    """Wall time, for signatures of real clients and for clocks that follow it."""
    return datetime.now(WIB)  # noqa: TID251  # the one place that may


def build(options: Options) -> Parties:
    """All parties over a store, with the default sandbox ready."""
    store = open_store(options.store, options.durability)
    sandboxes = Sandboxes(store)
    default = sandboxes.get(DEFAULT)
    if default is None:
        settings = changed({"fixed_otp": options.fixed_otp} if options.fixed_otp else {})
        default = sandboxes.lease(DEFAULT, options.seed, seed.START, settings)
    refill = None if options.empty else seed.fill
    if refill is not None:
        refill(default)
    for party in ("tokopedia", *sorted({course[3] for course in seed.COURSES})):
        sandboxes.credential_of(default, party)
    about = {
        "url": options.url,
        "store": options.store,
        "durability": options.durability,
        "server": options.server,
        "faults": "all" if options.server == "gunicorn" else "no connection resets",
    }
    return Parties(
        sandboxes,
        wall=wall,
        strict_wire=options.strict_wire,
        allowed_hosts=options.allowed_hosts,
        admin_token=options.admin_token,
        about=about,
        refill=refill,
    )


def from_environment() -> Callable[..., Any]:
    """The application of a worker that knows its options from the environment only."""
    told = json.loads(os.environ[ENVIRONMENT])
    return build(Options(**{**told, "allowed_hosts": tuple(told["allowed_hosts"])})).application


def check(options: Options) -> None:
    """Refuse what cannot be served, before anything listens; the store is opened once to see."""
    _check_port(options)
    changed({"fixed_otp": options.fixed_otp})
    if options.store != "memory":
        open_store(options.store, options.durability).close()


def run(options: Options, announce: Callable[[Options], None]) -> None:
    """Serve until stopped; `announce` is called once the server answers."""
    os.environ[ENVIRONMENT] = json.dumps(asdict(options))
    threading.Thread(target=_announce_when_ready, args=(options, announce), daemon=True).start()
    (_run_granian if options.server == "granian" else _run_gunicorn)(options)


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _run_gunicorn(options: Options) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415  # not on every system

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        def load_config(self) -> None:
            settings = {
                "bind": f"{options.host}:{options.port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": THREADS["gunicorn"],
                "header_map": "dangerous",  # lets client_code through; no forwarding header is trusted
                "forwarded_allow_ips": "",
                "keepalive": 30,
                "timeout": 0,
                "graceful_timeout": 5,
                "loglevel": "error",
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            return build(options).application

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    Server().run()


def _run_granian(options: Options) -> None:
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "mocks.serve:from_environment",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS["granian"],
        websockets=False,
        factory=True,
        log_level=LogLevels.error,
        backpressure=256,
    ).serve()


def _announce_when_ready(options: Options, announce: Callable[[Options], None]) -> None:
    pause = threading.Event()
    for _ in range(READY_WITHIN_SECONDS * 50):
        try:
            if requests.get(f"{options.url}/readyz", timeout=1).ok:
                announce(options)
                return
        except requests.RequestException:
            pass
        pause.wait(0.02)


def _check_port(options: Options) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as problem:
            raise CannotServe(
                f"{options.host}:{options.port} cannot be bound ({problem.strerror}); choose another --port"
            ) from None
