"""Accounts found again: by phone, e-mail or number, with a code by text message or e-mail."""

import pytest

from prakerja_sim.simulator.marketplace import accounts
from prakerja_sim.simulator.marketplace.records import Shopper
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import World

ANI = {"marketplace": "tokopedia", "name": "Ani", "phone": "084012345678", "email": "ani@example.com"}


@pytest.fixture
def ani(world):
    return world.sandbox.do(accounts.sign_up, **ANI, password="lama")


def code(world, by):
    if by == "sms":
        return world.sandbox.ask(Unit.log, kind=Sms, phone=ANI["phone"])[-1].otp
    return world.mails(ANI["email"])[-1].text.splitlines()[0].removeprefix("Kode verifikasi: ")


def refused(act, *arguments, **named):
    with pytest.raises(Rejected) as refusal:
        act(*arguments, **named)
    return refusal.value.reason


@pytest.mark.parametrize("login", ["084012345678", "ani@example.com", None])
def test_an_account_is_found_by_what_it_goes_by(world, ani, login):
    about = {"marketplace": "tokopedia", "login": login or ani.user}
    assert world.sandbox.ask(accounts.find_account, **about) == ani
    elsewhere = about | {"marketplace": "bukalapak"}
    assert refused(world.sandbox.ask, accounts.find_account, **elsewhere) is Reason.ACCOUNT_UNKNOWN
    assert (
        refused(world.sandbox.ask, accounts.find_account, **about | {"login": ""}) is Reason.ACCOUNT_UNKNOWN
    )


@pytest.mark.parametrize("by", ["sms", "mail"])
def test_a_forgotten_password_is_set_anew_with_the_code_that_was_sent(world, ani, by):
    world.sandbox.do(accounts.send_code, shopper=ani.key, sender="TOKO", by=by)
    told = {"shopper": ani.key, "password": "baru"}
    assert refused(world.sandbox.do, accounts.change_password, code="x", **told) is Reason.CODE_WRONG
    sent = code(world, by)
    changed = world.sandbox.do(accounts.change_password, code=sent, **told)
    assert (changed.password, changed.code) == ("baru", None)
    assert refused(world.sandbox.do, accounts.change_password, code=sent, **told) is Reason.CODE_EXPIRED


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False)])
def test_the_code_is_good_up_to_its_last_second(world, ani, age, good):
    world.sandbox.do(accounts.send_code, shopper=ani.key, sender="TOKO", by="mail")
    sent = code(world, "mail")
    world.after(age * SECOND)
    told = {"shopper": ani.key, "password": "baru", "code": sent}
    if good:
        assert world.sandbox.do(accounts.change_password, **told).password == "baru"
    else:
        assert refused(world.sandbox.do, accounts.change_password, **told) is Reason.CODE_EXPIRED
        assert world.sandbox.ask(Unit.need, kind=Shopper, key=ani.key).password == "lama"


def test_five_wrong_codes_end_it_and_the_count_is_kept(world, ani):
    world.sandbox.do(accounts.send_code, shopper=ani.key, sender="TOKO")
    told = {"shopper": ani.key, "password": "baru"}
    for _ in range(5):
        assert refused(world.sandbox.do, accounts.change_password, code="x", **told) is Reason.CODE_WRONG
    right = code(world, "sms")
    assert (
        refused(world.sandbox.do, accounts.change_password, code=right, **told) is Reason.CODE_TRIES_EXHAUSTED
    )


def test_a_code_by_mail_goes_to_the_mail_only(world, ani):
    before = len(world.sandbox.ask(Unit.log, kind=Sms))
    world.sandbox.do(accounts.send_code, shopper=ani.key, sender="TOKO", by="mail")
    assert len(world.sandbox.ask(Unit.log, kind=Sms)) == before
    assert world.sandbox.ask(Unit.log, kind=Mail)[-1].sender == "TOKO"


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        ("000", None),
        ("201", Reason.CODE_WRONG),
        ("202", Reason.CODE_EXPIRED),
        ("203", Reason.CODE_TRIES_EXHAUSTED),
    ],
)
@pytest.mark.parametrize("magic", [True, False])
def test_a_phone_with_a_meaning_has_it_at_a_marketplace_too(ending, reason, magic):
    world = World(Settings(magic=magic))
    account = world.sandbox.do(accounts.sign_up, **ANI | {"phone": f"084900000{ending}"})
    world.sandbox.do(accounts.send_code, shopper=account.key, sender="TOKO")
    (sent,) = world.sandbox.ask(messages.received, phone=account.phone)
    told = {"shopper": account.key, "code": sent.otp}
    if reason and magic:
        assert refused(world.sandbox.do, accounts.verify_phone, **told) is reason
    else:
        assert world.sandbox.do(accounts.verify_phone, **told).phone_verified
    kept = world.sandbox.ask(Unit.need, kind=Shopper, key=account.key)
    assert kept.wrong_codes == (reason is Reason.CODE_WRONG and magic)
