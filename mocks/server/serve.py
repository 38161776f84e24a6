"""A server of one process: gunicorn by default, granian for load.

gunicorn can reset a connection, so it can stage every fault; granian answers faster.  Both let
the header `client_code` through, which most servers drop.
"""

import gc
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prakerja_sim.mocks.admin import leasing, seed
from prakerja_sim.mocks.http import metrics
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.http_faults import AT_ONCE
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server import listening, real_parties, request_lines
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.mounts import addresses, discovered, known_faces
from prakerja_sim.mocks.server.options import CannotServe, Options, as_kept, open_store, shown_store
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.settings import changed
from prakerja_sim.simulator.world import setup

ENVIRONMENT = "PRAKERJA_SIM_SERVE"
"""Where the options travel to a worker that is a new interpreter."""
THREADS = 5 * AT_ONCE
"""Threads for answers that wait, answers that hang, unfinished heads and bodies, and for work.

They are started as they are needed.
"""
CONNECTIONS = 4096
"""More than a load run has users; idle ones cost no thread."""
STALLED_SECONDS = 30
"""How long a client may take to send a request, to take an answer, or to say nothing at all."""
READY_WITHIN_SECONDS = 30
GC_ALLOCATIONS = 5_000
"""Containers made before a collection looks for cycles; records are not counted among them.

To look at so many takes 2 to 7 ms, in which nobody is answered.  Once the timeline is full, what it forgets
counts against what is made, so a collection comes seldom and may look at all that it holds, for 20 ms.
"""

log = logging.getLogger("prakerja_sim")


def wall() -> datetime:
    """Wall time, for signatures of real clients and for clocks that follow it."""
    return datetime.now(WIB)  # noqa: TID251  # the one place that may


def build(options: Options) -> Parties:
    """All parties over a store, with the default sandbox ready, in a process that will serve them."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    gc.disable()
    parties = assembled(options)
    if parties.real:  # a party elsewhere may let us wait
        threading.Thread(target=parties.resume, daemon=True).start()
    else:
        parties.resume()
    # What is loaded by now stays for ever, so the collector need not look at it, now or later.
    gc.freeze()
    gc.enable()
    gc.set_threshold(GC_ALLOCATIONS, 100, 100)
    return parties


def assembled(options: Options) -> Parties:
    """The same for a process that makes many worlds, each of which the collector may have afterwards."""
    store = open_store(options.store, options.durability)
    if hasattr(store, "committed"):
        store.committed = metrics.committed
    for caution in getattr(store, "cautions", ()):
        log.warning(caution)
    sandboxes = Sandboxes(store)
    sandboxes.add_waves(json.loads(options.waves))
    try:
        options = as_kept(options, sandboxes)
    except CannotServe:
        store.close()
        raise
    default = sandboxes.get(DEFAULT)
    refill = None if options.empty else seed.fill
    if default is None:
        default = _begun(options, sandboxes, refill)
    if not default.stopped and default.ask(setup.leased) is None:
        for party in (*registry.codes(), *sorted({course[3] for course in seed.COURSES})):
            sandboxes.credential_of(default, party)
    about = {
        "url": options.url,
        "tls_port": options.tls_port,
        "store": shown_store(options.store),
        "durability": options.durability,
        "server": options.server,
        "parties": real_parties.read(options.parties),
        "faults": "no connection resets" if options.server == "granian" else "all",
    }
    return Parties(
        sandboxes,
        wall=wall,
        real=real_parties.read(options.parties),
        allowed_targets=options.allowed_targets,
        strict_wire=options.strict_wire,
        allowed_hosts=options.allowed_hosts,
        admin_token=options.admin_token,
        show_secrets=options.show_secrets,
        about=about,
        refill=refill,
        remembered=options.timeline,
        heard=None if options.quiet else request_lines.writer(),
        stories=partial(import_module, options.stories) if options.stories else None,
    )


def _begun(options: Options, sandboxes: Sandboxes, refill: Callable[[Sandbox], None] | None) -> Sandbox:
    """The default sandbox of a new store: with the demo, without anything, or as a seed file says."""
    own: dict[str, object] = {"fixed_otp": options.fixed_otp, "magic": options.magic}
    of_the_demo, number = {"commission": seed.commission()}, options.seed or 0
    if not options.fill:
        settings = changed(own | of_the_demo)
        return sandboxes.lease(DEFAULT, number, seed.START, settings, refill, empty=options.empty)
    content = leasing.Content.model_validate_json(options.fill)
    demo = leasing.demo_clients(number) if content.fill else []
    own |= of_the_demo if content.fill else {}
    filling = leasing.Filling(content, demo, known_faces())
    start, settings = leasing.start_of(content), leasing.settings_of(content, own)
    return sandboxes.lease(DEFAULT, number, start, settings, filling)


def from_environment() -> Callable[..., Any]:
    """The application of a worker that knows its options from the environment only."""
    values = json.loads(os.environ[ENVIRONMENT])
    lists = ("allowed_hosts", "allowed_targets", "parties")
    options = Options(**values | {name: tuple(values.get(name, ())) for name in lists})
    application = build(options).application
    if options.server != "granian":
        return application
    from prakerja_sim.mocks.server import on_granian  # noqa: PLC0415  # only if it was asked for

    return on_granian.swept(application, options.port, STALLED_SECONDS)


def check(options: Options) -> Options:
    """The options as they hold for the store, which is opened once to see.

    Refuses what cannot be served, before anything listens.
    """
    _check_port(options)
    changed({"fixed_otp": options.fixed_otp})
    real_parties.read(options.parties)
    with closing(open_store(options.store, options.durability)) as store:
        sandboxes = Sandboxes(store, look_over=False)  # it is looked over by whoever serves it
        sandboxes.add_waves(json.loads(options.waves))
        return as_kept(options, sandboxes)


def run(options: Options, *announce: Callable[[Options], None]) -> None:
    """Serve until stopped; each `announce` is called once the server answers."""
    listening.allow_many_files(4 * CONNECTIONS)
    with _fronted(options) as served:
        os.environ[ENVIRONMENT] = json.dumps(asdict(served))
        threading.Thread(target=_announce_when_ready, args=(served, announce), daemon=True).start()
        (_run_granian if served.server == "granian" else _run_gunicorn)(served)


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    with socket.socket(listening.family(host)) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _fronted(options: Options) -> Iterator[Options]:
    """Start TLS and the proxy, if the options say so; the result has their real ports and the certificate."""
    if options.tls_port is None:
        yield options
        return
    from prakerja_sim.mocks.server import tls  # noqa: PLC0415  # cryptography is slow to import

    named = {host for host in options.allowed_hosts if ":" not in host}
    try:
        front = tls.Front(
            tls_port=options.tls_port,
            proxy_port=options.proxy_port,
            upstream=(urlsplit(options.url).hostname or options.host, options.port),
            hosts={*addresses(discovered())[0], *named},
            ca_file=_beside(options.store),
            now=wall(),
        )
    except (tls.CannotSecure, OSError) as problem:
        raise CannotServe(str(problem)) from None
    with closing(front):
        yield replace(options, tls_port=front.tls_port, proxy_port=front.proxy_port, ca=str(front.ca))


def _beside(store: str) -> Path | None:
    """Where the certificate authority of a store in a file is kept."""
    return Path(store.removeprefix("lmdb:") + ".ca.pem") if store.startswith("lmdb:") else None


def _run_gunicorn(options: Options) -> None:
    from prakerja_sim.mocks.server import on_gunicorn  # noqa: PLC0415  # granian serves without it

    on_gunicorn.run(
        f"{listening.in_url(options.host)}:{options.port}",
        threads=THREADS,
        connections=CONNECTIONS,
        patience=STALLED_SECONDS,
        load=lambda: build(options).application,
    )


def _run_granian(options: Options) -> None:
    from prakerja_sim.mocks.server import on_granian  # noqa: PLC0415  # only if it was asked for

    on_granian.run(
        "prakerja_sim.mocks.server.serve:from_environment",
        options.host,
        options.port,
        threads=THREADS,
        connections=CONNECTIONS,
        patience=STALLED_SECONDS,
    )


def _announce_when_ready(options: Options, announcing: Iterable[Callable[[Options], None]]) -> None:
    pause = threading.Event()
    host = urlsplit(options.url).hostname or options.host
    for _ in range(READY_WITHIN_SECONDS * 50):
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection(host, options.port, timeout=1)) as asking,
        ):
            asking.request("GET", "/readyz")
            if asking.getresponse().status == 200:
                with suppress(NoReply):  # a server that was stopped meanwhile needs no announcement
                    for announce in announcing:
                        announce(options)
                return
        pause.wait(0.02)


def _check_port(options: Options) -> None:
    if options.tls_port is not None and options.port in (options.tls_port, options.proxy_port):
        raise CannotServe(f"port {options.port} is asked for twice; give --port one of its own")
    problem = listening.why_not(options.host, options.port)
    if problem is not None:
        raise CannotServe(problem)
