"""The partners' credentials of all sandboxes, found by client code and by sandbox.

Readers take no lock, so every change makes new dictionaries.
"""

from collections.abc import Collection, Mapping

from prakerja_sim.mocks.http.credentials import DEFAULT, Credential, Role, SandboxUnclear
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.world.records import Client

NOBODYS: Mapping[str, Credential | None] = {DEFAULT: None}
"""The holders of a code that nobody has: looked through like those of one that the default sandbox has."""


class Keyring:
    """Which sandbox holds which credential."""

    def __init__(self) -> None:
        self._mine: dict[str, dict[str, Credential]] = {}
        """By the sandbox's name and the client code."""
        self._holders: dict[str, dict[str, Credential]] = {}
        """By the client code and the sandbox's name."""

    def of(self, sandbox: str) -> Mapping[str, Credential]:
        """A sandbox's credentials by their codes."""
        return self._mine.get(sandbox, {})

    def holders(self, client_code: str) -> list[Credential]:
        """The credentials of that code in all sandboxes that hold it."""
        return list(self._holders.get(client_code, {}).values())

    def credential(self, client_code: str, sandbox: str | None) -> Credential | None:
        """The credential of that code in a sandbox, or in whichever holds it if none is named.

        Where several hold it, the default sandbox's is meant; raises SandboxUnclear if that holds it not.
        """
        held: Mapping[str, Credential | None] = self._holders.get(client_code, NOBODYS)
        if sandbox is not None:
            return held.get(sandbox)
        if DEFAULT in held:
            return held[DEFAULT]
        if len(held) == 1:
            return next(iter(held.values()))
        names = sorted(held)
        raise SandboxUnclear(
            f"client_code: the sandboxes {' and '.join(names)} hold this code; "
            f"name one in the URL, as in /s/{names[0]}/..."
        )

    def remember(self, client: Client, of: Sandbox) -> Credential:
        """Keep a partner's credential."""
        fields = (client.client_code, client.sign_key, client.party, of, client.redirect_uris)
        more = (client.public_key, client.addresses, client.roles, _known_as(client))
        credential, code = Credential(*fields, *more), client.client_code
        self._mine[of.name] = {**self._mine.get(of.name, {}), code: credential}
        self._holders[code] = {**self._holders.get(code, {}), of.name: credential}
        return credential

    def forget(self, sandbox: str) -> None:
        """Forget the credentials of a sandbox that is gone."""
        self.keep_only(sandbox, ())
        self._mine.pop(sandbox, None)

    def keep_only(self, sandbox: str, codes: Collection[str]) -> None:
        """Forget the credentials of a sandbox but for those of these codes."""
        mine = self._mine.get(sandbox, {})
        self._mine[sandbox] = {code: one for code, one in mine.items() if code in codes}
        for code in mine.keys() - set(codes):
            left = {name: one for name, one in self._holders[code].items() if name != sandbox}
            if left:
                self._holders[code] = left
            else:
                del self._holders[code]


def _known_as(client: Client) -> Role:
    if client.party in registry.codes():
        return Role.MARKETPLACE
    is_distributor = client.public_key or client.party == deposits.DEMO
    return Role.DISTRIBUTOR if is_distributor else Role.INSTITUTION
