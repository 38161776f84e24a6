"""A partner's credential: the sandbox that it opens, and the roles in which its partner may call."""

from dataclasses import dataclass
from enum import StrEnum

from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import DIGITS, HEX, PartyCode
from prakerja_sim.simulator.world.records import Client
from prakerja_sim.simulator.world.store import Unit

DEFAULT = "default"
"""The sandbox of a caller that names none."""


class Role(StrEnum):
    """The role in which somebody calls; every endpoint names the role of its callers."""

    ANYBODY = "anybody"
    PERSON = "person"
    """A buyer, participant or learner, who logs in."""
    MARKETPLACE = "marketplace"
    INSTITUTION = "institution"
    DISTRIBUTOR = "distributor"
    OPERATOR = "operator"


class SandboxUnclear(Exception):
    """A client code that several sandboxes hold, in a request that names none; the text says the remedy."""


PARTNERS = (Role.MARKETPLACE, Role.INSTITUTION, Role.DISTRIBUTOR)
"""The roles that a partner's credential may have."""


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
    roles: str = ""
    """The roles that its owner asked for, separated by commas; empty means the role of its party here."""
    known_as: Role = Role.INSTITUTION
    """The role of its party here: an institution, unless it is a marketplace or a distributor."""

    def opens(self, sandbox: Sandbox) -> bool:
        """Whether it opens the sandbox of that name, before and after a reset."""
        return self.sandbox.name == sandbox.name

    def world(self, asked: Sandbox) -> Sandbox:
        """The world to work in: the one that was asked for, if that is the credential's sandbox."""
        return asked if self.opens(asked) else self.sandbox

    @property
    def client(self) -> Client:
        """The stored record."""
        fields = (self.client_code, self.party, self.sign_key, self.redirect_uris)
        return Client(*fields, self.public_key, self.addresses, self.roles)

    def acts_as(self, role: Role) -> bool:
        """Whether its partner may call in this role; who teaches courses here is an institution too."""
        if self.roles:
            return role in self.roles.split(",")
        return role is self.known_as or (role is Role.INSTITUTION and self._teaches())

    def _teaches(self) -> bool:
        return bool(self.sandbox.ask(Unit.find, kind=Course, institution=self.party, limit=1))


def credential_for(seed: int, sandbox: str, party: str) -> tuple[str, str]:
    """The client code and the signing key that a party has in a sandbox of that name and seed."""
    keyed = chance.seed_bytes(seed)
    code = party + chance.code(DIGITS, 16, keyed, "client", sandbox, party)
    return code, "test_" + chance.code(HEX, 32, keyed, "sign key", sandbox, party)
