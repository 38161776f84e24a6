"""The sandboxes of one server: leased by name, found by name or by a partner's credential.

A client code is unique over all sandboxes, so an unmodified client needs nothing but its
credential to reach its own world.
"""

from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

import orjson

from prakerja_sim.mocks.http.credentials import Credential, credential_for
from prakerja_sim.simulator import sandbox
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
        for kept in store.ask(SHARED, lambda unit: unit.find(OwnWave)):
            waves.add(own_waves.read(orjson.loads(kept.told)))
        for leased in store.ask(SHARED, lambda unit: unit.find(Leased)):
            found = sandbox.reopen(store, leased.name)
            if found is not None:
                self._keep(found)

    def connect(self, parties: Parties) -> None:
        """Let these parties do what is due between them in all sandboxes, also in those to come."""
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
        with self._lock:  # who comes second finds what the first one made
            for credential in self._credentials.values():
                if credential.sandbox is of and credential.party == party:
                    return credential
            code, key = credential_for(of.seed, of.name, party)
            return self._let_in(of, Client(code, PartyCode(party), key))

    def presented(self, given: str, *, to: Sandbox, named: bool) -> Credential | None:
        """The credential of who calls himself by his client code, or an institution by its own code.

        The code may be another sandbox's, unless the URL `named` this one.
        """
        known = self.credential(given)
        if known is not None:
            return None if named and known.sandbox is not to else known
        # Only for an institution that teaches something is a credential made here, not for any text.
        ours = any(one.party == given for one in self.credentials(to))
        if not ours and not to.ask(Unit.find, kind=Course, institution=given, limit=1):
            return None
        return self.credential_of(to, given)

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
        """Know waves of one's own, and keep them with the store.

        Raises ValueError for an entry that is none, or whose number means another wave here.
        """
        for told in entries:
            own = own_waves.read(told)
            waves.add(own)
            self.store.run(SHARED, partial(Unit.put, record=OwnWave(str(own.number), canonical(told))))

    def reset(self, name: str) -> Sandbox:
        """Begin a sandbox again; its credentials stay."""
        found = self._open[name]
        clients = [credential.client for credential in self.credentials(found)]
        found.reset()

        def restore(unit: Unit) -> None:
            for client in clients:
                unit.put(client)

        self.store.run(name, restore)
        return found

    def drop(self, name: str) -> None:
        """Remove a sandbox whole."""
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

    def _keep(self, found: Sandbox) -> None:
        self._open[found.name] = found
        found.parties = self._parties
        clients: list[Client] = found.ask(_clients)
        for client in clients:
            self._remember(client, found)

    def _remember(self, client: Client, of: Sandbox) -> Credential:
        told = (client.client_code, client.sign_key, client.party, of, client.redirect_uris)
        credential = Credential(*told, client.public_key, client.addresses)
        self._credentials[client.client_code] = credential
        return credential


def _clients(world: Unit) -> list[Client]:
    return world.find(Client)
