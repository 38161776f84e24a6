"""A partner's credential, and the sandbox that it opens."""

from dataclasses import dataclass

from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import DIGITS, HEX, PartyCode
from prakerja_sim.simulator.world.records import Client

DEFAULT = "default"
"""The sandbox of a caller that names none."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A partner's credential and the sandbox that it opens."""

    client_code: str
    sign_key: str
    party: PartyCode
    sandbox: Sandbox
    redirect_uris: str = ""
    """Where its browsers may be sent back to, separated by commas; empty is anywhere."""
    public_key: str = ""
    """The key that verifies a distributor's orders; empty means the key of the demo pair."""
    addresses: str = ""
    """From where a distributor may call, separated by commas; empty is anywhere."""

    @property
    def client(self) -> Client:
        """The stored record."""
        fields = (self.client_code, self.party, self.sign_key, self.redirect_uris)
        return Client(*fields, self.public_key, self.addresses)


def credential_for(seed: int, sandbox: str, party: str) -> tuple[str, str]:
    """The client code and the signing key that a party has in a sandbox of that name and seed."""
    keyed = chance.seed_bytes(seed)
    code = party + chance.code(DIGITS, 16, keyed, "client", sandbox, party)
    return code, "test_" + chance.code(HEX, 32, keyed, "sign key", sandbox, party)
