"""The sandboxes of one server: leased by name, found by name or by a partner's credential.

A client code is unique over all sandboxes, so an unmodified client needs nothing but its
credential to reach its own world.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Any

import orjson
from msgspec import structs

from prakerja_sim.mocks.http.credentials import Credential, Role, credential_for
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator import VERSION, sandbox
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.programme import own_waves, waves
from prakerja_sim.simulator.programme.records import Course, OwnWave
from prakerja_sim.simulator.sandbox import Parties, Sandbox
from prakerja_sim.simulator.stores.contents import put_in_place
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Damaged, Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import setup
from prakerja_sim.simulator.world.journal import canonical
from prakerja_sim.simulator.world.records import Client
from prakerja_sim.simulator.world.store import Store, Unit

SHARED = ""
"""The store's own sandbox, which keeps what all share: the user's own waves."""
SHARED_BEGAN = wib(2020, 1, 1)
"""Its clock stands still."""
Fill = Callable[[Sandbox], object]
"""Fills a new world before anybody sees it."""


MOST_NAMED = 5
"""How many things that are wrong with a sandbox are told in one line."""
log = logging.getLogger("prakerja_sim")


class Sandboxes:
    """All sandboxes that are open in this process."""

    def __init__(self, store: Store, *, look_over: bool = True) -> None:
        """Open what the store keeps; without `look_over`, chains are not compared with their last entries."""
        self.store = store
        self._look_over = look_over
        self._open: dict[str, Sandbox] = {}
        self._credentials: dict[str, Credential] = {}
        self._lock = Lock()
        self._parties: Parties | None = None
        for record in store.ask(SHARED, lambda unit: unit.find(OwnWave)):
            waves.add(own_waves.read(orjson.loads(record.told)))
        for name in store.names():
            self._reopen(name)

    def connect(self, parties: Parties) -> None:
        """Connect these parties to all sandboxes, also to later ones, for their due events."""
        self._parties = parties
        for one in self._open.values():
            one.parties = parties

    def get(self, name: str) -> Sandbox | None:
        """The sandbox of that name."""
        return self._open.get(name)

    def names(self) -> list[str]:
        """The names of all, sorted."""
        return sorted(self._open)

    def credential(self, client_code: str) -> Credential | None:
        """The credential of that code, in whichever sandbox."""
        return self._credentials.get(client_code)

    def credentials(self, of: Sandbox) -> list[Credential]:
        """A sandbox's credentials, by party."""
        mine = [c for c in list(self._credentials.values()) if c.opens(of)]
        return sorted(mine, key=lambda credential: credential.party)

    def credential_of(self, of: Sandbox, party: str) -> Credential:
        """A party's own credential, made from the seed when it is first asked for."""
        with self._lock:  # a second caller finds what the first one made
            for credential in self._credentials.values():
                if credential.opens(of) and credential.party == party:
                    return credential
            code, key = credential_for(of.seed, of.name, party)
            return self._let_in(of, Client(code, PartyCode(party), key))

    def presented(self, code: str, *, to: Sandbox, named: bool) -> Credential | None:
        """The credential for a client code, or for an institution's own code.

        The code may be another sandbox's, unless the URL `named` this one.
        """
        credential = self.credential(code)
        if credential is not None:
            return None if named and not credential.opens(to) else credential
        # A credential is made only for an institution that has courses, not for any text.
        ours = any(one.party == code for one in self.credentials(to))
        if not ours and not to.ask(Unit.find, kind=Course, institution=code, limit=1):
            return None
        return self.credential_of(to, code)

    def add_client(
        self, to: Sandbox, client_code: str, sign_key: str, party: str, redirect_uris: str = "", **more: str
    ) -> Credential:
        """Let a partner into a sandbox with a credential of his own; `more` are further fields of Client."""
        with self._lock:
            return self._let_in(to, Client(client_code, PartyCode(party), sign_key, redirect_uris, **more))

    def lease(
        self,
        name: str,
        seed: int,
        start: datetime,
        settings: Settings | None = None,
        fill: Fill | None = None,
        *,
        empty: bool = False,
    ) -> Sandbox:
        """A new sandbox under a name that is free; one that is `empty` stays without a filling for life."""
        with self._lock:
            if name in self._open:
                raise Rejected(Reason.SANDBOX_TAKEN, name=name)
            return self._begin(sandbox.create(Memory(), name, seed, start, settings, empty=empty), fill)

    def add_waves(self, entries: list[dict[str, Any]]) -> None:
        """Add the user's own waves, and keep them in the store.

        Raises ValueError for an entry that is none, or whose number means another wave here.
        """
        for entry in entries:
            own = own_waves.read(entry)
            waves.add(own)
            shared = sandbox.reopen(self.store, SHARED) or sandbox.create(self.store, SHARED, 0, SHARED_BEGAN)
            shared.do(own_waves.keep, number=own.number, told=canonical(entry))

    def reset(self, name: str, fill: Fill | None = None) -> Sandbox:
        """Begin a sandbox again; its credentials stay.

        Whoever is at work in the old one gets WorldGone; whoever comes now is in the new one, filled.
        """
        with self._lock:
            old = self._open[name]
            fresh = old.again(Memory())
            for credential in self.credentials(old):
                fresh.do(setup.let_in, **structs.asdict(credential.client))
            return self._begin(fresh, fill)

    def renewed(self, gone: Sandbox) -> None:
        """Let a world that is gone be found no more, if whoever reset or dropped it has not done so."""
        with self._lock:
            if self._open.get(gone.name) is gone:
                self._forget(gone)
                self._reopen(gone.name)

    def drop(self, name: str) -> None:
        """Remove a sandbox with all its records."""
        with self._lock:
            gone = self._open.get(name)
            if gone is None:
                raise Rejected(Reason.SANDBOX_UNKNOWN, name=name)
            self.store.drop(name)
            self._forget(gone)

    def _begin(self, prepared: Sandbox, fill: Fill | None) -> Sandbox:
        """Let a world that was prepared in memory be there, all at once, in place of what has its name."""
        if fill is not None:
            fill(prepared)
        made = prepared.store.contents(prepared.name)
        self.store.run(prepared.name, lambda unit: put_in_place(unit, made))
        prepared.store = self.store
        self._keep(prepared)
        return prepared

    def _reopen(self, name: str) -> None:
        """Go on with a sandbox as it is kept; one that does not fit its journal is named and stopped."""
        try:
            opened = sandbox.reopen(self.store, name)
            wrong = self.store.loose_ends(name) if self._look_over else []
            if opened is not None and not wrong:
                if VERSION not in opened.ask(setup.versions):
                    opened.do(setup.take_over, version=VERSION)
                self._keep(opened)
                return
        except Damaged as damage:
            opened, wrong = Sandbox(name, self.store, 0, Settings(), sandbox.UNREADABLE), [str(damage)]
        if opened is None:
            wrong = [f"what is kept under {name!r} is no sandbox"]
        else:
            opened.stopped = wrong
            opened.parties = self._parties
            self._open[name] = opened
        log.error(
            "sandbox %s is stopped: %s; ask `prakerja-sim ledger verify`, then drop or reset it",
            name,
            "; ".join(wrong[:MOST_NAMED]),
        )

    def _forget(self, gone: Sandbox) -> None:
        del self._open[gone.name]
        for credential in self.credentials(gone):
            del self._credentials[credential.client_code]

    def _let_in(self, to: Sandbox, client: Client) -> Credential:
        if client.client_code in self._credentials:
            raise Rejected(Reason.CLIENT_CODE_TAKEN, client_code=client.client_code)
        to.do(setup.let_in, **structs.asdict(client))
        return self._remember(client, to)

    def _keep(self, opened: Sandbox) -> None:
        self._open[opened.name] = opened
        opened.parties = self._parties
        clients: list[Client] = opened.ask(_clients)
        for client in clients:
            self._remember(client, opened)

    def _remember(self, client: Client, of: Sandbox) -> Credential:
        fields = (client.client_code, client.sign_key, client.party, of, client.redirect_uris)
        more = (client.public_key, client.addresses, client.roles, _known_as(client))
        credential = Credential(*fields, *more)
        self._credentials[client.client_code] = credential
        return credential


def _known_as(client: Client) -> Role:
    if client.party in registry.codes():
        return Role.MARKETPLACE
    is_distributor = client.public_key or client.party == deposits.DEMO
    return Role.DISTRIBUTOR if is_distributor else Role.INSTITUTION


def _clients(world: Unit) -> list[Client]:
    return world.find(Client)
