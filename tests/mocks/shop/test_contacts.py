"""One person is one account everywhere, however a phone or an e-mail address is written."""

import re

import orjson
import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import Market

CODES = registry.codes()
SPELLINGS = [
    "0840{0}{1}",
    "62840{0}{1}",
    "+62840{0}{1}",
    "840{0}{1}",
    "+62 840-{0}-{1}",
    "62 840 {0} {1}",
    "0840-{0}-{1}",
    "(0840) {0}.{1}",
    "+62 (0)840 {0} {1}",
]


def spelt(how, phone):
    return how.format(phone[4:8], phone[8:])


@pytest.fixture
def ani(market):
    return market.enrol()


@pytest.fixture(params=CODES)
def market(request):
    world = Market(request.param)
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)


def newest_code(market, ani):
    """The last code that came to the phone or the inbox."""
    texts = [(one.at, one.otp) for one in market.sandbox.ask(Unit.log, kind=Sms, phone=ani.phone) if one.otp]
    mails = [(one.at, code[0]) for one in market.mails(ani) if (code := re.findall(r"[0-9]{6}", one.text))]
    return max([*texts, *mails], key=lambda found: found[0])[1]


@pytest.mark.parametrize("how", SPELLINGS)
def test_who_signs_up_again_in_another_spelling_has_one_account(market, ani, how):
    phone = spelt(how, ani.phone)
    shopper = market.somebody()
    shopper.sign_up(ani.name, phone, ani.email.upper())
    shopper.enter_phone_code(market.otp(ani))
    market.bought(shopper, ani)
    again = market.somebody()
    again.sign_up(ani.name, ani.phone, ani.email)
    [account] = market.sandbox.ask(Unit.find, kind=Shopper)
    assert (account.phone, account.email) == (ani.phone, ani.email)


@pytest.mark.parametrize("how", SPELLINGS)
def test_a_lost_account_is_found_by_any_spelling(market, ani, how):
    order = market.bought(market.shopper(ani), ani)
    again = market.somebody()
    market.after(600 * SECOND)
    again.recover(spelt(how, ani.phone), ani.email.title())
    again.enter_recovery_code(newest_code(market, ani), "kata-sandi-baru")
    assert [one.order for one in again.history()] == [order.order]


@pytest.mark.parametrize("how", SPELLINGS)
def test_phones_and_inboxes_are_looked_into_by_any_spelling(how):
    market = Market("tokopedia")
    ani = market.enrol()
    market.shopper(ani)
    admin = market.parties.transport("admin", market.sandbox)
    plain = admin.send("GET", f"/inbox/sms?to={ani.phone}").json()
    assert plain["otp"] == market.otp(ani)
    assert admin.send("GET", f"/inbox/sms?to={spelt(how, ani.phone)}").json() == plain
    market.bought(market.shopper(ani), ani)
    plain = admin.send("GET", f"/inbox/mail?to={ani.email}").json()["messages"]
    assert plain
    assert admin.send("GET", f"/inbox/mail?to={ani.email.upper()}").json()["messages"] == plain


def armed(market, **fault):
    admin, body = market.parties.transport("admin", market.sandbox), orjson.dumps(fault | {"times": 9})
    assert admin.send("POST", "/faults", {"Content-Type": "application/json"}, body).status < 300


def test_an_email_is_lost_for_an_address_in_any_spelling():
    market = Market("tokopedia")
    ani, budi = market.enrol(0), market.enrol(1)
    armed(market, fault="mail_lost", where=ani.email.upper())
    for one in (ani, budi):
        market.bought(market.shopper(one), one)
    assert (market.mails(ani), len(market.mails(budi))) == ([], 1)


@pytest.mark.parametrize("how", SPELLINGS)
def test_a_text_message_is_lost_for_a_phone_in_any_spelling(how):
    market = Market("tokopedia")
    ani, budi = market.enrol(0), market.enrol(1)
    armed(market, fault="sms_lost", where=spelt(how, ani.phone))
    shopper = market.shopper(budi)
    market.bought(shopper, budi)
    assert market.mails(budi)
    before = market.sandbox.ask(Unit.log, kind=Sms, phone=ani.phone)
    market.somebody().sign_up(ani.name, ani.phone, ani.email)
    assert market.sandbox.ask(Unit.log, kind=Sms, phone=ani.phone) == before


@pytest.mark.parametrize("how", SPELLINGS)
def test_prakerja_and_its_payment_partners_know_a_person_by_any_spelling(how):
    market = Market("tokopedia")
    ani = market.enrol()
    json = {"Content-Type": "application/json"}
    payout = market.parties.transport("payout", market.sandbox)
    new = "0840" + ani.phone[4:][::-1]
    wallet = {"number": "0812345670", "phone": spelt(how, new), "nik": ani.nik, "name": ani.name}
    assert payout.send("POST", "/ovo/accounts", json, orjson.dumps(wallet)).status == 200
    assert market.sandbox.ask(Unit.need, kind=Wallet, key="ovo/0812345670").phone == new

    prakerja, password = market.parties.transport("prakerja", market.sandbox), password_of(market, ani)
    login = orjson.dumps({"email": ani.email.upper(), "password": password})
    answer = prakerja.send("POST", "/dashboard/login", json, login)
    json |= {"Authorization": f"Bearer {answer.json()['data']['token']}"}

    def dashboard(path, **body):
        return prakerja.send("POST", f"/dashboard{path}", json, orjson.dumps(body)).status

    assert dashboard("/phone", phone=spelt(how, new)) == 200
    assert dashboard("/phone/confirm", otp=market.sandbox.ask(Unit.log, kind=Sms, phone=new)[-1].otp) == 200
    assert market.sandbox.ask(Unit.need, kind=Participant, key=ani.card).phone == new
    assert dashboard("/account", partner="ovo", number="0812345670") == 200  # R28: the phones are compared


def password_of(market, ani):
    admin = market.parties.transport("admin", market.sandbox)
    [one] = [one for one in admin.send("GET", "/people").json()["people"] if one["email"] == ani.email]
    return one["password"]


def test_a_messages_address_is_what_the_account_says(market, ani):
    shopper = market.somebody()
    shopper.sign_up(ani.name, ani.phone, ani.email.upper())
    shopper.enter_phone_code(market.otp(ani))
    market.bought(shopper, ani)
    assert {one.address for one in market.sandbox.ask(Unit.log, kind=Mail)} == {ani.email}
