"""A single name, or one with an apostrophe, passes wherever names go: forms, wires, banks, certificates."""

from html import escape

import orjson
import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.partners import same_name
from prakerja_sim.simulator.programme import payout_accounts
from prakerja_sim.simulator.programme.people import person
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import INSTITUTION, Market

NUMBERS = (7, 8)
"""Such people; see `simulator.programme.people`."""
SITE = f"/{INSTITUTION}/situs"


class Learning(Market):
    """A market in which such a person buys and learns."""

    def __init__(self, code, number):
        super().__init__(code)
        one = person(seed_bytes(42), number)
        self.me = self.enrol(0, name=one.name, nik=one.nik, phone=one.phone, email=one.email)
        self.learning = self.parties.transport("institution", self.sandbox)

    def ask(self, method, path, body=None, **headers):
        raw = orjson.dumps(body) if body is not None else b""
        answer = self.learning.send(method, f"/{INSTITUTION}{path}", headers, raw)
        assert answer.status < 300, answer.body
        return answer

    def learn(self, voucher):
        """From the account at the institution to its certificate; answers the login."""
        account = {"email": self.me.email, "name": self.me.name, "password": "rahasia-123"}
        self.ask("POST", "/accounts", account)
        token = self.ask("POST", "/accounts/login", {"email": self.me.email, "password": "rahasia-123"})
        about = {"voucher_code": voucher, "marketplace": self.code}
        self.ask("POST", "/vouchers/redeem", about | {"email": self.me.email, "name": self.me.name})
        at = f"/vouchers/{voucher}"
        lessons = self.ask("POST", f"{at}/pre-test", {"score": 50}).json()["lessons"]
        for _ in range(lessons):
            self.ask("POST", f"{at}/lessons")
        self.ask("POST", f"{at}/final-test", {"score": 90})
        return token.json()["token"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("code", registry.codes())
def test_a_name_passes_from_the_shop_to_the_certificate(code, number):
    world = Learning(code, number)
    shopper = world.shopper(world.me)
    bought = world.bought(shopper, world.me)
    token = world.learn(bought.voucher)
    [training] = world.sandbox.ask(Unit.find, kind=Training, card=world.me.card)
    assert training.status is TrainingStatus.REPORTED  # to the letter, over a signed wire

    page = world.ask("GET", f"/situs/kelas/{bought.voucher}/sertifikat", Cookie=f"lp_session={token}")
    assert escape(world.me.name).replace("&#x27;", "&#39;") in page.body.decode()
    shopper.write_review(bought.order, 5, "Bagus")
    assert [one.text for one in shopper.reviews("barista-101")] == ["Bagus"]
    for form in ("beancount", "hledger", "csv"):
        admin = world.parties.transport("__admin", world.sandbox)
        assert admin.send("GET", f"/ledger/export?format={form}", {}, b"").status == 200
    assert world.is_sound()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_bank_that_writes_the_name_in_capitals_pays_its_holder(number):
    world = Learning("tokopedia", number)
    me = world.me
    wallet = {"partner": "bni", "number": "0123456789", "phone": me.phone, "nik": me.nik}
    at_the_bank = me.name.upper().replace("'", "")
    world.sandbox.do(partners.open_wallet, name=at_the_bank, **wallet)
    world.sandbox.do(payout_accounts.link, card=me.card, partner="bni", number="0123456789")
    world.sandbox.do(payout_accounts.confirm_link, card=me.card, otp=world.otp(me))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nur'aini", "NURAINI", True),
        ("Nur\u2019aini  Sa`adah", "nur'aini saadah", True),
        ("Nur'aini", "Nur aini", False),
        ("Suharto", "Suharto", True),
        ("Suharto", "Suharto Wijaya", False),
        ("Suharto", "Suhartono", False),
    ],
)
def test_banks_compare_names_without_capitals_and_apostrophes(one, other, same):
    assert same_name(one, other) is same_name(other, one) is same


def test_the_admin_api_enrols_such_people():
    world = Market("tokopedia")
    admin = world.parties.transport("__admin", world.sandbox)
    raw = orjson.dumps({"number": 7, "count": 2, "wave": 18})
    one_name, apostrophe = admin.send("POST", "/people", {"Content-Type": "application/json"}, raw).json()[
        "people"
    ]
    assert " " not in one_name["name"]
    assert "'" in apostrophe["name"]
    assert "'" not in apostrophe["email"]
