"""Where a story is played: in this process, or against a running simulator.

Each story on each marketplace has a sandbox of its own, so stories never meet; it is dropped
when the story has passed or failed.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson

from mocks import marketplaces
from mocks.app import Parties
from mocks.sandboxes import DEFAULT, Sandboxes
from mocks.shopper import Shopper
from mocks.transport import Http, InProcess, NoReply, Transport
from scenarios.script import START, Story
from scenarios.stage import Stage
from simulator.errors import Reason
from simulator.store import Store

MakeStage = Callable[[Story, str], AbstractContextManager[Stage]]
ToAny = Callable[[str], Transport]
"""A wire to a path prefix of a simulator."""


class CannotPlay(Exception):
    """The simulator that stories are to be played against does not answer as one."""


def in_process(store: Store, wall: Callable[[], Any], waves: Sequence[dict[str, Any]] = ()) -> ToAny:
    """A simulator in this process over a store; its default sandbox only takes the leases."""
    sandboxes = Sandboxes(store)
    sandboxes.add_waves(list(waves))
    if sandboxes.get(DEFAULT) is None:
        sandboxes.lease(DEFAULT, 0, START)
    parties = Parties(sandboxes, wall=wall)
    return lambda prefix: InProcess(parties.application, prefix)


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


def stages(to: ToAny, seed: int) -> MakeStage:
    """How a story gets its stage."""

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
        try:
            yield Stage(_Wires(to, name, marketplace), marketplace)
        finally:
            admin.send("DELETE", f"/sandboxes/{name}")

    return make


class _Wires:
    """The wires into one sandbox."""

    def __init__(self, to: ToAny, sandbox: str, marketplace: str) -> None:
        self._to = to
        self._prefix = f"/s/{sandbox}"
        self._marketplace = marketplace
        self._kept: dict[str, Transport] = {}
        self._codes = marketplaces.rejections(marketplace)

    def transport(self, party: str) -> Transport:
        """The wire to a party, kept for the story."""
        if party not in self._kept:
            self._kept[party] = self._to(f"{self._prefix}/{party}")
        return self._kept[party]

    def shopper(self) -> Shopper:
        """Somebody new in front of the marketplace."""
        return marketplaces.shopper(self._marketplace, self.transport(self._marketplace))

    def reasons(self, code: str) -> list[Reason]:
        """The reasons for which the marketplace says that code, in the order of its table."""
        return [reason for reason, said in self._codes if said == code]


def _name(story: Story, marketplace: str) -> str:
    text = f"{story.title}|{marketplace}"
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48]
    return f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
