"""A story to start from: one wave, one course, one participant who may buy at once."""

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.programme import (
    catalogue,
    completion,
    enrolment,
    payment,
    payout_accounts,
    people,
    redemption,
)
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Logged, Sms

ANNOUNCED = wib(2021, 8, 24, 15)
"""The minute in which wave 18 was announced."""


class Story:
    """A sandbox with a listed course and a participant, and words for what may happen next."""

    def __init__(self, *, start=ANNOUNCED, wave=18, seed=42, settings=None, store=None, name="story"):
        self.sandbox = sandbox.create(store or Memory(), name, seed, start, settings)
        self.schedule = self.list_course("barista-101", 650_000)
        self.participant = self.enrol(0, wave=wave)
        self.card = self.participant.card

    def do(self, operation, *args, **arguments):
        return self.sandbox.do(operation, *args, **arguments)

    def ask(self, question, *args, **arguments):
        return self.sandbox.ask(question, *args, **arguments)

    def list_course(self, code, price, **more):
        arguments = {"title": "Barista", "category": "kopi", "institution": "kopi-kita"} | more
        return self.do(catalogue.list_course, code=code, price=Rupiah(price), **arguments)

    def enrol(self, number, *, wave=18, watched=True, **more):
        one = people.person(seed_bytes(42), number)
        arguments = {
            "name": one.name,
            "nik": one.nik,
            "phone": one.phone,
            "email": one.email,
            "born": one.born,
        }
        participant = self.do(enrolment.enrol, wave=wave, **arguments | more)
        if watched:
            self.do(enrolment.watch_videos, card=participant.card)
        return participant

    def send_otp(self, **more):
        arguments = {"marketplace": "tokopedia", "card": self.card, "user": "user-1", "course": "barista-101"}
        arguments |= {"schedule": self.schedule.code, "amount": 650_000}
        return self.do(payment.send_otp, **arguments | more)

    def authorize(self, token, **more):
        arguments = {
            "marketplace": "tokopedia",
            "token": token,
            "invoice": "INV-1",
            "invoice_url": "https://x.id/1",
        }
        return self.do(payment.authorize, **arguments | {"otp": more.pop("otp", None) or self.otp()} | more)

    def buy(self, invoice="INV-1", **more):
        """Ask for the OTP and enter it."""
        return self.authorize(self.send_otp(**more), invoice=invoice)

    def reset(self):
        """Begin the same world again."""
        self.sandbox = self.sandbox.again(self.sandbox.store)

    def void(self, paid):
        arguments = {"invoice": paid.invoice, "transaction": paid.transaction}
        return self.do(payment.void, marketplace=paid.marketplace, **arguments)

    def redeem_code(self, paid):
        return self.get(Training, paid.transaction).redeem_code

    def redeem(self, paid):
        return self.do(redemption.commit, institution="kopi-kita", redeem_code=self.redeem_code(paid))

    def report(self, paid, **more):
        arguments = {"marketplace": paid.marketplace, "invoice": paid.invoice, "name": self.participant.name}
        return self.do(completion.report, **arguments | {"score": 80} | more)

    def rate(self, paid, **more):
        arguments = {"card": self.card, "transaction": paid.transaction, "stars": 5, "review": "Bagus sekali"}
        return self.do(completion.rate, **arguments | more)

    def finish(self, paid):
        """Redeem, learn, wait for the certificate and rate."""
        self.redeem(paid)
        self.report(paid)
        while self.get(Training, paid.transaction).status is not TrainingStatus.CERTIFIED:
            self.sandbox.step()
        self.rate(paid)

    def open_wallet(self, **more):
        who = self.participant
        arguments = {
            "partner": "ovo",
            "number": who.phone,
            "phone": who.phone,
            "nik": who.nik,
            "name": who.name,
        }
        return self.do(partners.open_wallet, **arguments | more)

    def link(self, **more):
        arguments = {"card": self.card, "partner": "ovo", "number": self.participant.phone}
        return self.do(payout_accounts.link, **arguments | more)

    def confirm_link(self, otp=None):
        return self.do(payout_accounts.confirm_link, card=self.card, otp=otp or self.otp())

    def link_account(self):
        """Open a wallet and link it."""
        self.open_wallet()
        self.link()
        self.confirm_link()

    def after(self, span):
        """Let time pass."""
        return self.sandbox.advance(self.sandbox.now() + span)

    def otp(self):
        """The code in the last message on the participant's phone."""
        return [one.otp for one in self.find_logged(Sms, phone=self.participant.phone) if one.otp][-1]

    def otp_at(self, phone):
        """The code in the last message on any phone."""
        return self.find_logged(Sms, phone=phone)[-1].otp

    def wrong_otp(self):
        """Six digits that are not the code that was sent."""
        return f"{(int(self.otp()) + 1) % 1_000_000:06}"

    def slot(self, name):
        return self.get(Incentive, f"{self.card}/{name}")

    def balance(self, account=None):
        return self.ask(ledger.balance, account or f"card:{self.card}")

    def get(self, kind, key):
        return self.ask(lambda world: world.get(kind, key))

    def find(self, kind, **equals):
        return self.ask(lambda world: world.find(kind, **equals))

    def find_logged(self, kind, **equals):
        return self.ask(lambda world: world.log(kind, **equals))

    def plant(self, *records):
        """Put or append records behind the programme's back."""

        def work(world):
            for record in records:
                keep = world.append if isinstance(record, Logged) else world.put
                keep(record)

        self.sandbox.store.run(self.sandbox.name, work, self.sandbox.seed, self.sandbox.settings)

    @staticmethod
    def refusal(act, *args, **arguments):
        """The reason for which this is refused."""
        with pytest.raises(Rejected) as refused:
            act(*args, **arguments)
        return refused.value.reason


@pytest.fixture
def begin():
    """Begin a story: at another time, in another wave, with another seed or store."""
    return Story


@pytest.fixture
def story():
    """The usual story: wave 18, on the day it was announced."""
    return Story()
