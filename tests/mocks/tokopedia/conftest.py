"""Tokopedia in this process, with one class on sale, and what only its tests ask by hand."""

import hashlib
import hmac

import orjson
import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import people
from prakerja_sim.simulator.values.chance import seed_bytes
from tests.mocks import market as markets


class Market(markets.Market):
    """A market at Tokopedia."""

    def __init__(self, settings=None):
        super().__init__(registry.DEFAULT, settings)

    def enrol(self, number=0, **more):
        """Enrol a synthetic person under the name that such a person has."""
        one = people.person(seed_bytes(42), number)
        return super().enrol(number, **{"name": one.name, "email": one.email} | more)

    def partner(self, what, institution="kopi-kita", **body):
        """Ask as an institution, signed."""
        raw = orjson.dumps(body)
        key = self.sandboxes.credential_of(self.sandbox, institution).sign_key
        signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"Client-Id": institution, "Signature": signature, "Content-Type": "application/json"}
        return self.wire.send("POST", f"/partner/api/v1/{what}", headers, raw).json()

    def admin(self, method, path, **body):
        wire = self.parties.transport("__admin", self.sandbox)
        return wire.send(method, path, {}, orjson.dumps(body) if body else b"").json()

    def learn(self, what, /, institution="kopi-kita", **body):
        """Learn at an institution as its site does; a redemption is somebody's."""
        if what == "redeem":
            body = {"marketplace": "tokopedia", "email": "ani@example.com", "name": "Ani Contoh"} | body
        wire = self.parties.transport("institution", self.sandbox)
        return wire.send("POST", f"/{institution}/vouchers/{what}", {}, orjson.dumps(body)).json()


@pytest.fixture(scope="session")
def begin():
    """Begin a world, also with other settings."""
    return Market


@pytest.fixture
def market():
    """The usual world; whatever a test did, its books must be right at the end."""
    world = Market()
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)
