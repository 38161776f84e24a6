"""Where a story is played: in this process, or against a running simulator.

Each story on each marketplace has a sandbox of its own, so stories never meet; it is dropped when the
story is over, unless it is to be kept, and in any case when the same story begins again.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cached_property
from typing import Any, Protocol

import orjson

from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.transport import (
    CERTIFICATES,
    Http,
    InProcess,
    NoReply,
    Transport,
    Untrusted,
)
from prakerja_sim.mocks.server import on_threads, real_parties
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Shopper
from prakerja_sim.scenarios.engine import two_simulators
from prakerja_sim.scenarios.engine.errors import CannotPlay
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Store

MakeStage = Callable[[Story, str], AbstractContextManager[Stage]]
INSTITUTIONS = ("lp-kopi", "lp-lain", "lp-niaga")
"""Whose credentials another simulator gets for a story, besides its marketplace's."""


class ConnectTo(Protocol):
    """How a simulator is reached."""

    def __call__(self, prefix: str) -> Transport:
        """A connection to a path prefix of it."""

    def address(self) -> AbstractContextManager[str]:
        """Where other programs reach it over HTTP, while the context lasts."""


class InThisProcess:
    """A simulator in this process, without a port unless somebody asks for its address."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, prefix: str) -> Transport:
        """A connection to a path prefix of it."""
        return InProcess(self._application, prefix)

    def address(self) -> AbstractContextManager[str]:
        """Where other programs reach it over HTTP, while the context lasts."""
        return on_threads.served(self._application)


class Running:
    """A simulator at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __call__(self, prefix: str) -> Transport:
        """A connection to a path prefix of it."""
        return Http(self._url + prefix)

    def address(self) -> AbstractContextManager[str]:
        """Where it is."""
        return nullcontext(self._url)


def simulator(
    store: Store,
    wall: Callable[[], Any],
    waves: Sequence[dict[str, Any]] = (),
    parties: Mapping[str, str] | None = None,
) -> Parties:
    """A simulator in this process over a store; its default sandbox only takes the leases."""
    sandboxes = Sandboxes(store)
    sandboxes.add_waves(list(waves))
    if sandboxes.get(DEFAULT) is None:
        sandboxes.lease(DEFAULT, 0, START)
    return Parties(sandboxes, wall=wall, real=parties)


def within(simulator: Parties) -> ConnectTo:
    """How a simulator in this process is reached."""
    return InThisProcess(simulator.application)


def in_process(
    store: Store,
    wall: Callable[[], Any],
    waves: Sequence[dict[str, Any]] = (),
    parties: Mapping[str, str] | None = None,
) -> ConnectTo:
    """How a new simulator in this process over a store is reached."""
    return within(simulator(store, wall, waves, parties))


def against(url: str) -> ConnectTo:
    """A running simulator; raises CannotPlay if nobody answers there."""
    try:
        ready = Http(url).send("GET", "/readyz")
        state = ready.json()
    except Untrusted as problem:
        raise CannotPlay(
            f"{problem}; export {CERTIFICATES[0]}=FILE with the authority's "
            "certificate, which the banner of serve --tls shows"
        ) from None
    except (NoReply, ValueError) as problem:
        raise CannotPlay(
            f"no simulator answers at {url} ({problem}); start one: prakerja-sim serve"
        ) from None
    if ready.status != 200 or state.get("status") != "ready":
        raise CannotPlay(f"{url} answers, but not as a simulator that is ready")
    return Running(url)


def party_urls(written: Sequence[str]) -> dict[str, str]:
    """The parties in other places; raises CannotPlay for what is no NAME=URL.

    Of another simulator its root is enough: its party in the story's sandbox is meant.
    """
    try:
        urls = real_parties.read(written)
    except ValueError as problem:
        raise CannotPlay(str(problem)) from None
    return {party: two_simulators.within(url, party) for party, url in urls.items()}


def stages(connect_to: ConnectTo, seed: int, parties: Mapping[str, str] | None = None) -> MakeStage:
    """How a story gets its stage; some parties may be in another place."""
    real = dict(parties or {})
    bases = two_simulators.simulators(real)
    if "prakerja" in bases:  # which pays through the partners that are there
        real.setdefault("payout", two_simulators.place(bases["prakerja"], "payout"))

    @contextmanager
    def make(story: Story, marketplace: str) -> Iterator[Stage]:
        admin = connect_to("/__admin")
        name = _name(story, marketplace)
        admin.send("DELETE", f"/sandboxes/{name}")
        lease = {
            "name": name,
            "seed": seed if story.seed is None else story.seed,
            "start": story.start.isoformat(),
            "settings": orjson.loads(story.settings.to_json()),
            **story.holds,
        }
        answer = admin.send("POST", "/sandboxes", {"Content-Type": "application/json"}, orjson.dumps(lease))
        if answer.status != 201:
            raise CannotPlay(f"no sandbox for the story: {answer.status} {answer.body.decode()}")
        others = two_simulators.OtherSimulators(bases, lease)
        stage = None
        try:
            others.open(connect_to(f"/s/{name}/__admin"), sorted({*registry.codes(), *INSTITUTIONS}))
            with ExitStack() as ports:
                stage = Stage(_Connections(connect_to, name, real, others, ports), marketplace)
                yield stage
        finally:
            if stage is None or not stage.kept:
                others.close()
                admin.send("DELETE", f"/sandboxes/{name}")

    return make


class _Connections:
    """The connections to the parties of one sandbox."""

    def __init__(
        self,
        connect_to: ConnectTo,
        sandbox: str,
        parties: Mapping[str, str],
        others: two_simulators.OtherSimulators,
        ports: ExitStack,
    ) -> None:
        self._connect_to = connect_to
        self.sandbox = sandbox
        self._parties = parties
        self._others = others
        self._prefix = f"/s/{sandbox}"
        self._kept: dict[str, Transport] = {}
        self._ports = ports

    def transport(self, party: str) -> Transport:
        """The connection to a party, the same one for the whole story."""
        if party not in self._kept:
            self._kept[party] = self._connect(party)
        return self._kept[party]

    @cached_property
    def url(self) -> str:
        """Where the simulator can be reached over HTTP, until the story ends."""
        return self._ports.enter_context(self._connect_to.address())

    def _connect(self, party: str) -> Transport:
        if party in self._parties:
            return two_simulators.connection(self._parties[party], self.sandbox)
        own = self._connect_to(f"{self._prefix}/{party}")
        return self._others.joint_admin(own) if party == "__admin" else own

    def shopper(self, marketplace: str) -> Shopper:
        """A new shopper of a marketplace."""
        return registry.shopper(marketplace, self.transport(marketplace))

    def reasons(self, marketplace: str, code: str) -> list[Reason]:
        """The reasons for which a marketplace answers that code, in the order of its table."""
        return [reason for reason, site_code in registry.rejections(marketplace) if site_code == code]


def _name(story: Story, marketplace: str) -> str:
    text = f"{story.title}|{marketplace}"
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48]
    return f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
