"""The sandboxes of one server: leased by name, found by name or by a partner's credential.

A client code is unique over all sandboxes, so an unmodified client needs nothing but its
credential to reach its own world.
"""

from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

import orjson

from prakerja_sim.mocks.http.credentials import Credential, Role, credential_for
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.programme import own_waves, waves
from prakerja_sim.simulator.programme.records import Course, OwnWave
from prakerja_sim.simulator.sandbox import Parties, Sandbox
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.journal import canonical
from prakerja_sim.simulator.world.records import Client, Leased
from prakerja_sim.simulator.world.store import Store, Unit

SHARED = ""
"""The store's own sandbox, which lists the others."""


class Sandboxes:
    """All sandboxes that are open in this process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._open: dict[str, Sandbox] = {}
        self._credentials: dict[str, Credential] = {}
        self._lock = Lock()
        self._parties: Parties | None = None
        for record in store.ask(SHARED, lambda unit: unit.find(OwnWave)):
            waves.add(own_waves.read(orjson.loads(record.told)))
        for leased in store.ask(SHARED, lambda unit: unit.find(Leased)):
            reopened = sandbox.reopen(store, leased.name)
            if reopened is not None:
                self._keep(reopened)

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
        mine = [c for c in list(self._credentials.values()) if c.sandbox is of]
        return sorted(mine, key=lambda credential: credential.party)

    def credential_of(self, of: Sandbox, party: str) -> Credential:
        """A party's own credential, made from the seed when it is first asked for."""
        with self._lock:  # a second caller finds what the first one made
            for credential in self._credentials.values():
                if credential.sandbox is of and credential.party == party:
                    return credential
            code, key = credential_for(of.seed, of.name, party)
            return self._let_in(of, Client(code, PartyCode(party), key))

    def presented(self, code: str, *, to: Sandbox, named: bool) -> Credential | None:
        """The credential for a client code, or for an institution's own code.

        The code may be another sandbox's, unless the URL `named` this one.
        """
        credential = self.credential(code)
        if credential is not None:
            return None if named and credential.sandbox is not to else credential
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

    def lease(self, name: str, seed: int, start: datetime, settings: Settings | None = None) -> Sandbox:
        """A new sandbox under a name that is free."""
        with self._lock:
            if name in self._open:
                raise Rejected(Reason.SANDBOX_TAKEN, name=name)
            leased = sandbox.create(self.store, name, seed, start, settings)
            leased.parties = self._parties
            self.store.run(SHARED, lambda unit: unit.put(Leased(name)))
            self._open[name] = leased
            return leased

    def add_waves(self, entries: list[dict[str, Any]]) -> None:
        """Add the user's own waves, and keep them in the store.

        Raises ValueError for an entry that is none, or whose number means another wave here.
        """
        for entry in entries:
            own = own_waves.read(entry)
            waves.add(own)
            self.store.run(SHARED, partial(Unit.put, record=OwnWave(str(own.number), canonical(entry))))

    def reset(self, name: str) -> Sandbox:
        """Begin a sandbox again; its credentials stay."""
        opened = self._open[name]
        clients = [credential.client for credential in self.credentials(opened)]
        opened.reset()

        def restore(unit: Unit) -> None:
            for client in clients:
                unit.put(client)

        self.store.run(name, restore)
        return opened

    def drop(self, name: str) -> None:
        """Remove a sandbox with all its records."""
        with self._lock:
            gone = self._open.pop(name, None)
            if gone is None:
                raise Rejected(Reason.SANDBOX_UNKNOWN, name=name)
            for credential in self.credentials(gone):
                del self._credentials[credential.client_code]
            self.store.drop(name)
            self.store.run(SHARED, lambda unit: unit.put(Leased(name, dropped=True)))

    def _let_in(self, to: Sandbox, client: Client) -> Credential:
        if client.client_code in self._credentials:
            raise Rejected(Reason.CLIENT_CODE_TAKEN, client_code=client.client_code)
        self.store.run(to.name, lambda unit: unit.put(client))
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
