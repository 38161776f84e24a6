"""A world to shop in: one wave, some courses, people with cards, and Tokopedia in this process."""

import hashlib
import hmac

import orjson
import pytest

from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.programme import catalogue, enrolment, people
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit

START = wib(2021, 8, 24, 15)
COURSE = "barista-101"


class Market:
    """A sandbox with a course on sale, and everything that a test does in it."""

    def __init__(self, settings=None):
        self.sandboxes = Sandboxes(Memory())
        self.sandbox = self.sandboxes.lease("default", 42, START, settings or Settings())
        self.parties = Parties(self.sandboxes, wall=lambda: START)
        self.wire = self.parties.transport("tokopedia", self.sandbox)
        self.list_course(COURSE, 650_000)

    def list_course(self, code, price, **more):
        told = {"title": "Barista", "category": "kopi", "institution": "kopi-kita"} | more
        return self.sandbox.do(catalogue.list_course, code=code, price=Rupiah(price), **told)

    def enrol(self, number=0, *, wave=18, watched=True, **more):
        one = people.person(seed_bytes(42), number)
        told = {"name": one.name, "nik": one.nik, "phone": one.phone, "email": one.email, "born": one.born}
        participant = self.sandbox.do(enrolment.enrol, wave=wave, **(told | more))
        if watched:
            self.sandbox.do(enrolment.watch_videos, card=participant.card)
        return participant

    def shopper(self, participant, wire=None):
        """Somebody with a verified account."""
        shopper = Shopper(wire or self.wire)
        shopper.sign_up(participant.name, participant.phone, participant.email)
        shopper.enter_phone_code(self.otp(participant))
        return shopper

    def ordered(self, shopper, course=COURSE):
        shopper.add_to_cart(course)
        return shopper.check_out()

    def carded(self, shopper, participant, course=COURSE):
        """An order that waits for its OTP."""
        order = self.ordered(shopper, course)
        shopper.enter_card(order, participant.card)
        return order

    def bought(self, shopper, participant, course=COURSE):
        order = self.carded(shopper, participant, course)
        assert shopper.enter_otp(order, self.otp(participant)) == "paid"
        return shopper.order(order)

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

    def otp(self, participant):
        """The code in the last message on the phone."""
        return self.sandbox.ask(Unit.log, kind=Sms, phone=participant.phone)[-1].otp

    def wrong_otp(self, participant):
        return f"{(int(self.otp(participant)) + 1) % 1_000_000:06}"

    def mails(self, participant):
        return self.sandbox.ask(Unit.log, kind=Mail, address=participant.email)

    def balance(self, participant):
        return self.sandbox.ask(ledger.balance, f"card:{participant.card}")

    def after(self, span):
        self.sandbox.advance(self.sandbox.now() + span)

    def is_sound(self):
        """No invariant is broken and the server had no bug."""
        return self.sandbox.check() == [] and self.parties.bugs == []


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
