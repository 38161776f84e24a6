"""The sandboxes of one server: leased by name, found by name or by a partner's credential.

A client code is unique in its sandbox.  Where only one sandbox holds it, an unmodified client needs
nothing else to reach its own world; where several do, the URL names one, or the default one is meant.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import count
from threading import Lock
from typing import Any

import orjson
from msgspec import structs

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.credentials import Credential, credential_for
from prakerja_sim.mocks.server.keyring import Keyring
from prakerja_sim.simulator import VERSION, copies, sandbox
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
from prakerja_sim.simulator.world.records import Client, Leased
from prakerja_sim.simulator.world.store import Contents, Store, Unit

SHARED = ""
"""The store's own sandbox, which keeps what all share: the user's own waves."""
SHARED_BEGAN = wib(2020, 1, 1)
"""Its clock stands still."""
Fill = Callable[[Sandbox], object]
"""Fills a new world before anybody sees it."""

Note = Callable[[Sandbox, Sandbox], object]
"""Writes into a new world what stays of the old one, before anybody sees it."""
PLANTS = ("cengkih", "delima", "gambir", "jahe", "kenanga", "kunyit", "lada", "melati", "pala", "serai")
"""Of what made-up names of sandboxes are made, with a number behind."""
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
        self._keys = Keyring()
        self._expiries: dict[str, datetime] = {}
        self._next_name = count(1)
        self._lock = Lock()
        self._parties: Parties | None = None
        for record in store.ask(SHARED, lambda unit: unit.find(OwnWave)):
            waves.add(own_waves.read(orjson.loads(record.told)))
        for name in store.names():
            if not name.startswith(copies.MARK):
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

    def free_name(self) -> str:
        """A name that nobody has, and that is made up only once in this process."""
        while True:
            number = next(self._next_name)
            name = f"{PLANTS[number % len(PLANTS)]}-{number}"
            if name not in self._open:
                return name

    def credential(self, client_code: str, *, to: Sandbox, named: bool) -> Credential | None:
        """The credential of that code: this sandbox's if the URL `named` it, else whichever holds the code.

        Where several hold it, the default sandbox's is meant; raises SandboxUnclear if that holds it not.
        """
        return self._keys.credential(client_code, to.name if named else None)

    def holders(self, client_code: str) -> list[Credential]:
        """The credentials of that code in all sandboxes that hold it."""
        return self._keys.holders(client_code)

    def credentials(self, of: Sandbox) -> list[Credential]:
        """A sandbox's credentials, by party."""
        return sorted(self._keys.of(of.name).values(), key=lambda credential: credential.party)

    def credential_of(self, of: Sandbox, party: str) -> Credential:
        """A party's own credential, made from the seed when it is first asked for."""
        with self._lock:  # a second caller finds what the first one made
            for credential in self._keys.of(of.name).values():
                if credential.party == party:
                    return credential
            code, key = credential_for(of.seed, of.name, party)
            return self._let_in(of, Client(code, PartyCode(party), key))

    def presented(self, code: str, *, to: Sandbox, named: bool) -> Credential | None:
        """The credential for a client code, or for an institution's own code.

        The code may be another sandbox's, unless the URL `named` this one.
        """
        credential = self.credential(code, to=to, named=named)
        if credential is not None:
            return credential
        # A credential is made only for an institution that has courses, not for any text.
        ours = any(one.party == code for one in self.credentials(to))
        if not ours and not to.ask(Unit.find, kind=Course, institution=code, limit=1):
            return None
        return self.credential_of(to, code)

    def add_client(
        self, to: Sandbox, client_code: str, sign_key: str, party: str, redirect_uris: str = "", **more: str
    ) -> Credential:
        """Let a partner into a sandbox with a credential of his own; `more` are further fields of Client.

        The very same credential again changes nothing.
        """
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
        """A new sandbox under a name that is free; one that is `empty` stays without a filling for life.

        If the filling raises, nothing is there.
        """
        prepared = sandbox.create(Memory(), name, seed, start, settings, empty=empty)
        timeline.begins(prepared)
        return self.begin(prepared, fill)

    def begin(self, prepared: Sandbox, fill: Fill | None = None) -> Sandbox:
        """Let a world be there that was prepared in memory, once it is filled, if its name is free."""
        if prepared.name not in self._open and fill is not None:
            fill(prepared)
        with self._lock:
            if prepared.name in self._open:
                raise Rejected(Reason.SANDBOX_TAKEN, name=prepared.name)
            return self._begin(prepared)

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
            if fill is not None:
                fill(fresh)
            timeline.begins(fresh)
            return self._begin(fresh)

    def restore(
        self, name: str, held: Contents, source: str, note: Callable[[Sandbox, Sandbox], None]
    ) -> Sandbox:
        """Let a sandbox go on from these contents.

        Whoever is at work in the old one gets WorldGone; credentials are those of the contents.
        """
        with self._lock:
            old = self._open[name]
            fresh = copies.going_on(held, name, source=source, life=old.life + 1)
            note(fresh, old)
            begun = self._begin(fresh)
            self._keys.keep_only(name, {client.client_code for client in begun.ask(_clients)})
            return begun

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

    def drop_expired(self, now: datetime) -> None:
        """Remove the sandboxes whose time by the wall is over."""
        if not any(expires <= now for expires in list(self._expiries.values())):
            return  # without waiting for who leases or resets one
        with self._lock:
            for name in [name for name, expires in self._expiries.items() if expires <= now]:
                self.store.drop(name)
                self._forget(self._open[name])

    @property
    def expiring(self) -> bool:
        """Whether any sandbox goes by itself; saves every request from asking the wall."""
        return bool(self._expiries)

    def _begin(self, prepared: Sandbox) -> Sandbox:
        """Let a world that was prepared in memory be there, all at once, in place of what has its name."""
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
        gone.life = sandbox.DROPPED  # else who is at work in it would go on in what has its name next
        del self._open[gone.name]
        self._expiries.pop(gone.name, None)
        self._keys.forget(gone.name)

    def _let_in(self, to: Sandbox, client: Client) -> Credential:
        before = self._keys.of(to.name).get(client.client_code)
        if before is not None:
            if before.client != client:
                raise Rejected(Reason.CLIENT_CODE_TAKEN, client_code=client.client_code)
            return before
        to.do(setup.let_in, **structs.asdict(client))
        return self._keys.remember(client, to)

    def _keep(self, opened: Sandbox) -> None:
        self._open[opened.name] = opened
        opened.parties = self._parties
        lease: Leased | None = opened.ask(setup.leased)
        if lease is not None and lease.expires is not None:
            self._expiries[opened.name] = lease.expires
        clients: list[Client] = opened.ask(_clients)
        for client in clients:
            self._keys.remember(client, opened)


def _clients(world: Unit) -> list[Client]:
    return world.find(Client)
