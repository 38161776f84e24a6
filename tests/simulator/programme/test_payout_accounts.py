"""Linking an account, letting go of it, changing the phone number: each rule at both sides."""

from datetime import date, timedelta

import pytest

from prakerja_sim.simulator.payout.partners import TERMS, offered
from prakerja_sim.simulator.programme import incentive_rules, payout_accounts
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount, PhoneChange
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.refusals import RULES

NEW = "084011112222"
HOUR = timedelta(hours=1)


def unlink(story):
    return story.do(payout_accounts.unlink, card=story.card)


def change_phone(story, phone=NEW):
    return story.do(payout_accounts.change_phone, card=story.card, phone=phone)


def confirm_phone(story, otp=None):
    return story.do(payout_accounts.confirm_phone, card=story.card, otp=otp or phone_code(story))


def phone_code(story):
    return story.find_logged(Sms, phone=NEW)[-1].otp


@pytest.mark.parametrize("partner", offered(date(2021, 11, 1)))
def test_an_account_at_each_partner_is_linked_with_the_partners_own_code(story, partner):
    story.open_wallet(partner=partner, number="0812345")
    story.link(partner=partner, number="0812345")
    (sent,) = story.find_logged(Sms, phone=story.participant.phone)[-1:]
    assert sent.sender == TERMS[partner].name.upper()
    assert len(sent.otp) == 6
    assert story.confirm_link().wallet == f"{partner}/0812345"


@pytest.mark.parametrize(
    ("partner", "changed", "reason"),
    [
        ("ovo", {"phone": "084000000000"}, Reason.PHONE_DIFFERS),
        ("bni", {"phone": "084000000000"}, None),
        ("ovo", {"upgraded": False}, Reason.WALLET_NOT_UPGRADED),
        ("bni", {"upgraded": False}, None),
        ("bni", {"nik": "3171014501900000"}, Reason.NIK_DIFFERS),
        ("bni", {"name": "Orang Lain"}, Reason.WALLET_NAME_DIFFERS),
        ("bni", {"currency": "USD"}, Reason.WALLET_NOT_RUPIAH),
        ("bni", {"active": False}, Reason.WALLET_INACTIVE),
        # The first broken rule speaks.
        ("gopay", {"active": False, "currency": "USD", "nik": "1"}, Reason.WALLET_INACTIVE),
        ("gopay", {"currency": "USD", "nik": "1"}, Reason.WALLET_NOT_RUPIAH),
        ("gopay", {"nik": "1", "name": "X", "phone": "0"}, Reason.NIK_DIFFERS),
        ("gopay", {"name": "X", "phone": "0", "upgraded": False}, Reason.WALLET_NAME_DIFFERS),
        ("gopay", {"phone": "0", "upgraded": False}, Reason.PHONE_DIFFERS),
    ],
)
def test_a_bank_is_not_asked_for_phone_and_upgrade_an_e_wallet_is(story, partner, changed, reason):
    story.open_wallet(partner=partner, number="0812345", **changed)
    if reason is None:
        story.link(partner=partner, number="0812345")
    else:
        assert story.refusal(story.link, partner=partner, number="0812345") is reason


def test_a_name_is_the_same_in_other_capitals(story):
    story.open_wallet(name=story.participant.name.upper())
    story.link()


@pytest.mark.parametrize(("at", "reason"), [(wib(2020, 10, 14), None), (wib(2020, 10, 13, 23, 59, 59), True)])
def test_dana_is_chosen_from_its_first_day_on(begin, at, reason):
    story = begin(wave=10, start=at)
    story.open_wallet(partner="dana", number="0812345")
    if reason:
        refused = story.refusal(story.link, partner="dana", number="0812345")
        assert refused is Reason.PARTNER_UNKNOWN
    else:
        story.link(partner="dana", number="0812345")


def test_a_refusal_begins_nothing(story):
    story.open_wallet(upgraded=False)
    before = story.sandbox.digest()
    story.refusal(story.link)
    assert story.sandbox.digest() == before
    assert story.get(LinkedAccount, story.card) is None


# Letting go


def test_an_account_is_let_go_once_and_its_code_is_used_up(story):
    assert story.refusal(unlink, story) is Reason.NOT_LINKED
    story.link_account()
    code = story.otp()
    unlink(story)
    assert story.refusal(unlink, story) is Reason.NOT_LINKED
    assert story.refusal(story.confirm_link, code) is Reason.LINK_NOT_BEGUN
    story.link()
    assert story.confirm_link().attempts == 2


@pytest.mark.parametrize(("late", "reason"), [(0, None), (1, Reason.LINK_CLOSED)])
def test_an_account_is_let_go_up_to_the_last_second_for_changing_it(story, late, reason):
    story.link_account()
    story.sandbox.advance(wib(2022, 3, 4, 23, 59, 59) + late * SECOND)
    if reason is None:
        unlink(story)
    else:
        assert story.refusal(unlink, story) is reason


# The phone number


def test_the_phone_number_changes_when_its_new_owner_enters_the_code(story):
    old = story.participant.phone
    change_phone(story)
    assert story.get(Participant, story.card).phone == old
    assert confirm_phone(story).phone == NEW
    assert story.get(PhoneChange, story.card).otp == ""
    assert story.refusal(confirm_phone, story) is Reason.LINK_NOT_BEGUN


def test_a_linked_account_is_let_go_before_the_phone_number_changes(story):
    story.open_wallet()
    story.link()
    change_phone(story)  # only begun: nothing is linked yet
    story.confirm_link(story.find_logged(Sms, phone=story.participant.phone)[-1].otp)
    assert story.refusal(change_phone, story) is Reason.UNLINK_FIRST
    unlink(story)
    change_phone(story)


def test_a_number_that_another_participant_has_is_refused_ones_own_is_not(story):
    assert story.refusal(change_phone, story, story.enrol(1).phone) is Reason.PHONE_TAKEN
    change_phone(story, story.participant.phone)


@pytest.mark.parametrize(("age", "good"), [(300, True), (301, False)])
def test_a_phone_code_is_good_up_to_and_including_its_last_second(story, age, good):
    change_phone(story)
    story.after(timedelta(seconds=age))
    if good:
        assert confirm_phone(story).phone == NEW
    else:
        assert story.refusal(confirm_phone, story) is Reason.CODE_EXPIRED


@pytest.mark.parametrize(("wrong", "blocked"), [(3, False), (4, True)])
def test_more_than_three_wrong_phone_codes_mean_an_hours_wait(story, wrong, blocked):
    change_phone(story)
    for _ in range(wrong):
        assert story.refusal(confirm_phone, story, "x") is Reason.CODE_WRONG
    if not blocked:
        assert confirm_phone(story).phone == NEW
        return
    assert story.refusal(confirm_phone, story) is Reason.CODE_TRIES_EXHAUSTED
    story.after(HOUR - SECOND)
    assert story.refusal(change_phone, story) is Reason.CODE_TRIES_EXHAUSTED
    story.after(SECOND)
    change_phone(story)
    assert confirm_phone(story).phone == NEW


def test_the_next_purchases_code_goes_to_the_new_phone(story):
    change_phone(story)
    confirm_phone(story)
    before = len(story.find_logged(Sms, phone=story.participant.phone))
    story.send_otp()
    assert story.find_logged(Sms, phone=NEW)[-1].sender == "PRAKERJA"
    assert len(story.find_logged(Sms, phone=story.participant.phone)) == before


# The rules


def test_every_rule_says_which_rule_of_the_programme_it_is():
    for facts in ("Rating", "Linking", "PhoneRequest", "CodeEntry", "SurveyEntry"):
        for rule, _ in RULES[getattr(incentive_rules, facts)]:
            cited = rule.__doc__ or ""
            assert "(R" in cited or "(programme " in cited or "(simulated)" in cited, rule.__name__


def test_a_code_to_link_is_void_once_the_account_has_another_phone(story):
    """A3, the sibling: whoever holds the old phone cannot link the account any more."""
    story.open_wallet()
    story.link()
    code = story.otp()
    story.open_wallet(phone="084000000777")
    assert story.refusal(story.confirm_link, code) is Reason.CODE_EXPIRED
