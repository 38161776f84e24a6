"""Where a story is played: in this process, or against a running simulator.

Each story on each marketplace has a sandbox of its own, so stories never meet; it is dropped
when the story has passed or failed.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson

from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.transport import Http, InProcess, NoReply, Transport
from prakerja_sim.mocks.server import real_parties
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Shopper
from prakerja_sim.scenarios.engine import two_simulators
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Store

MakeStage = Callable[[Story, str], AbstractContextManager[Stage]]
INSTITUTIONS = ("lp-kopi", "lp-lain", "lp-niaga")
"""Whose credentials another simulator is given for a story, beside its marketplace's."""
ToAny = Callable[[str], Transport]
"""A wire to a path prefix of a simulator."""


class CannotPlay(Exception):
    """The simulator that stories are to be played against does not answer as one."""


def in_process(
    store: Store,
    wall: Callable[[], Any],
    waves: Sequence[dict[str, Any]] = (),
    parties: Mapping[str, str] | None = None,
) -> ToAny:
    """A simulator in this process over a store; its default sandbox only takes the leases."""
    sandboxes = Sandboxes(store)
    sandboxes.add_waves(list(waves))
    if sandboxes.get(DEFAULT) is None:
        sandboxes.lease(DEFAULT, 0, START)
    ours = Parties(sandboxes, wall=wall, real=parties)
    return lambda prefix: InProcess(ours.application, prefix)


def against(url: str) -> ToAny:
    """A running simulator; raises CannotPlay if nobody answers there."""
    try:
        ready = Http(url).send("GET", "/readyz")
        told = ready.json()
    except (NoReply, ValueError) as problem:
        raise CannotPlay(
            f"no simulator answers at {url} ({problem}); start one: prakerja-sim serve"
        ) from None
    if ready.status != 200 or told.get("status") != "ready":
        raise CannotPlay(f"{url} answers, but not as a simulator that is ready")
    return lambda prefix: Http(url + prefix)


def party_urls(given: Sequence[str]) -> dict[str, str]:
    """The parties in other places; raises CannotPlay for what is no NAME=URL."""
    try:
        return real_parties.read(given)
    except ValueError as problem:
        raise CannotPlay(str(problem)) from None


def stages(to: ToAny, seed: int, parties: Mapping[str, str] | None = None) -> MakeStage:
    """How a story gets its stage; some parties may be in another place."""
    real = dict(parties or {})
    bases = two_simulators.simulators(real)

    @contextmanager
    def make(story: Story, marketplace: str) -> Iterator[Stage]:
        admin = to("/__admin")
        name = _name(story, marketplace)
        admin.send("DELETE", f"/sandboxes/{name}")
        lease = {
            "name": name,
            "seed": seed,
            "start": story.start.isoformat(),
            "settings": orjson.loads(story.settings.to_json()),
        }
        answer = admin.send("POST", "/sandboxes", {"Content-Type": "application/json"}, orjson.dumps(lease))
        if answer.status != 201:
            raise CannotPlay(f"no sandbox for the story: {answer.status} {answer.body.decode()}")
        others = two_simulators.Others(bases, lease)
        try:
            others.open(to(f"/s/{name}/__admin"), sorted({marketplace, *INSTITUTIONS}))
            yield Stage(_Wires(to, name, marketplace, real, others), marketplace)
        except RuntimeError as problem:
            raise CannotPlay(f"no sandbox for the story: {problem}") from None
        finally:
            others.close()
            admin.send("DELETE", f"/sandboxes/{name}")

    return make


class _Wires:
    """The wires into one sandbox."""

    def __init__(
        self,
        to: ToAny,
        sandbox: str,
        marketplace: str,
        parties: Mapping[str, str],
        others: two_simulators.Others,
    ) -> None:
        self._to = to
        self._sandbox = sandbox
        self._parties = parties
        self._others = others
        self._prefix = f"/s/{sandbox}"
        self._marketplace = marketplace
        self._kept: dict[str, Transport] = {}
        self._codes = registry.rejections(marketplace)

    def transport(self, party: str) -> Transport:
        """The wire to a party, kept for the story."""
        if party not in self._kept:
            self._kept[party] = self._wire(party)
        return self._kept[party]

    def _wire(self, party: str) -> Transport:
        if party in self._parties:
            return two_simulators.wire(self._parties[party], self._sandbox)
        own = self._to(f"{self._prefix}/{party}")
        return self._others.levers(own) if party == "__admin" else own

    def shopper(self) -> Shopper:
        """Somebody new in front of the marketplace."""
        return registry.shopper(self._marketplace, self.transport(self._marketplace))

    def reasons(self, code: str) -> list[Reason]:
        """The reasons for which the marketplace says that code, in the order of its table."""
        return [reason for reason, said in self._codes if said == code]


def _name(story: Story, marketplace: str) -> str:
    text = f"{story.title}|{marketplace}"
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48]
    return f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
