"""A world to shop in at any marketplace, a wire that remembers, and the checks that every folder shares."""

import orjson
import pytest

from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.programme import catalogue, enrolment, notices, people
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.explained import unexplained

START = wib(2021, 8, 24, 15)
COURSE = "barista-101"
INSTITUTION = "kopi-kita"


class Market:
    """A sandbox with a course on sale, and everything that a test does in it at one marketplace."""

    def __init__(self, code, settings=None, *, store=None, **options):
        self.code = code
        self.sandboxes = Sandboxes(store or Memory())
        self.sandboxes.lease("default", 42, START, settings or Settings())
        self.parties = Parties(self.sandboxes, wall=lambda: START, **options)
        self.wire = self.parties.transport(code, self.sandbox)
        self.list_course(COURSE, 650_000)

    @property
    def sandbox(self):
        """The default one, as it is after a reset too."""
        return self.sandboxes.get("default")

    def list_course(self, code, price, **more):
        told = {"title": "Barista", "category": "kopi", "institution": INSTITUTION} | more
        return self.sandbox.do(catalogue.list_course, code=code, price=Rupiah(price), **told)

    def enrol(self, number=0, *, wave=18, watched=True, **more):
        one = people.person(seed_bytes(42), number)
        # Synthetic people's names change with the word lists that they are drawn from; these do not.
        fixed = {"name": f"{'ABCDEFGH'[number]}ni Contoh", "email": f"orang{number}@example.com"}
        told = {"nik": one.nik, "phone": one.phone, "born": one.born} | fixed
        participant = self.sandbox.do(enrolment.enrol, wave=wave, **(told | more))
        if watched:
            self.sandbox.do(enrolment.watch_videos, card=participant.card)
        return participant

    def somebody(self, wire=None, code=None):
        """Somebody without an account."""
        return registry.shopper(code or self.code, wire or self.wire)

    def shopper(self, participant, wire=None):
        """Somebody with a verified account."""
        shopper = self.somebody(wire)
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

    def institution_client(self, institution=INSTITUTION, wire=None):
        """An institution's connection."""
        key = self.sandboxes.credential_of(self.sandbox, institution).sign_key
        return registry.institution_client(self.code, wire or self.wire, institution, key)

    def send(self, method, path, body=None, headers=None, raw=None):
        """Any request, as this marketplace gets it."""
        if raw is None:
            raw = orjson.dumps(body) if body is not None else b""
        told = {"Content-Type": "application/json"} if raw else {}
        return self.wire.send(method, path, told | dict(headers or {}), raw)

    def otp(self, participant):
        """The code in the last message on the phone."""
        return self.sandbox.ask(Unit.log, kind=Sms, phone=participant.phone)[-1].otp

    def wrong_otp(self, participant):
        return f"{(int(self.otp(participant)) + 1) % 1_000_000:06}"

    def mails(self, participant):
        """What shops and institutions have sent to somebody; Prakerja writes to him too."""
        mails = self.sandbox.ask(Unit.log, kind=Mail, address=participant.email)
        return [one for one in mails if one.sender != notices.SENDER]

    def balance(self, participant):
        return self.sandbox.ask(ledger.balance, f"card:{participant.card}")

    def after(self, span):
        self.sandbox.advance(self.sandbox.now() + span)

    def start_again(self):
        """The parties of a new process on the same store."""
        self.sandboxes = Sandboxes(self.sandbox.store)
        self.parties = Parties(self.sandboxes, wall=self.parties.wall)
        self.parties.resume()

    def meanwhile(self, act):
        """Do that once, when the next call to Prakerja is just about to be signed."""
        stamp = self.parties.stamp

        def acting(*told):
            self.parties.stamp = stamp
            act()
            return stamp(*told)

        self.parties.stamp = acting

    def is_sound(self):
        """No invariant is broken, the server had no bug, and every refusal says what decided."""
        told = [*self.sandbox.check(), *self.parties.bugs, *unexplained(self.sandbox)]
        return told == []


def wire_names(model):
    """What the fields of a body or a query are called on the wire."""
    return [field.alias or name for name, field in model.model_fields.items()]


def refused(act, *arguments):
    """What the site says when it refuses that."""
    with pytest.raises(Refused) as said:
        act(*arguments)
    return said.value
