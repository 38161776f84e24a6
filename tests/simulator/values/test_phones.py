"""Phones with a meaning: what becomes of a code, for each of its uses, and nothing when magic is off."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.programme import payout_accounts, people
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount, PhoneChange
from prakerja_sim.simulator.programme.records import Participant, Payment, PaymentStatus
from prakerja_sim.simulator.values import phones
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from tests.simulator.conftest import Story

LIFE = 300
OF_A_PAYMENT = {
    Fate.WRONG: Reason.OTP_WRONG,
    Fate.EXPIRED: Reason.OTP_EXPIRED,
    Fate.NO_TRIES: Reason.OTP_TRIES_EXHAUSTED,
}
OF_OTHER_CODES = {
    Fate.WRONG: Reason.CODE_WRONG,
    Fate.EXPIRED: Reason.CODE_EXPIRED,
    Fate.NO_TRIES: Reason.CODE_TRIES_EXHAUSTED,
}


def ending(digits, middle="00000"):
    return f"0849{middle}{digits}"


class Payments:
    """The code of a payment, to the phone of the Prakerja account."""

    reasons = OF_A_PAYMENT

    def __init__(self, story, phone):
        self.story = story
        story.participant = story.enrol(7, phone=phone)
        story.card = story.participant.card
        self.token = story.send_otp()

    def enter(self, otp):
        return self.story.authorize(self.token, otp=otp)

    def wrong(self):
        return self.story.get(Payment, self.token).wrong_otps


class Codes:
    """The reasons of all other codes of the programme."""

    reasons = OF_OTHER_CODES

    def __init__(self, story):
        self.story = story


class Links(Codes):
    """The code of a bank, to the phone that the bank knows."""

    def __init__(self, story, phone):
        super().__init__(story)
        story.open_wallet(partner="bni", phone=phone)
        story.link(partner="bni")

    def enter(self, otp):
        return self.story.confirm_link(otp)

    def wrong(self):
        return self.story.get(LinkedAccount, self.story.card).wrong_otps


class Changes(Codes):
    """The code of a change of numbers, to the new one."""

    def __init__(self, story, phone):
        super().__init__(story)
        story.do(payout_accounts.change_phone, card=story.card, phone=phone)

    def enter(self, otp):
        return self.story.do(payout_accounts.confirm_phone, card=self.story.card, otp=otp)

    def wrong(self):
        return self.story.get(PhoneChange, self.story.card).wrong_otps


USES = pytest.mark.parametrize("use", [Payments, Links, Changes])


def codes(story, phone):
    """The codes that the phone shows by now."""
    return [one.otp for one in story.ask(messages.received, phone=phone) if one.otp]


def refusal(act, *arguments):
    try:
        act(*arguments)
    except Rejected as refused:
        return refused.reason
    return None


@USES
@pytest.mark.parametrize(
    ("digits", "after", "arrived"),
    [
        ("000", 0, 1), ("011", 0, 0), ("011", LIFE + 1, 0), ("012", 0, 2), ("013", LIFE // 2 - 1, 0),
        ("013", LIFE // 2, 1), ("014", LIFE, 0), ("014", LIFE + 1, 1), ("201", 0, 1), ("202", 0, 1),
        ("203", 0, 1),
    ],
)  # fmt: skip
def test_a_code_arrives_as_its_phone_says(story, use, digits, after, arrived):
    use(story, ending(digits))
    story.after(timedelta(seconds=after))
    assert len(codes(story, ending(digits))) == arrived


@USES
@pytest.mark.parametrize(
    ("digits", "after", "good"),
    [("000", 0, True), ("012", 0, True), ("013", LIFE // 2, True), ("014", LIFE + 1, False)],
)
def test_a_code_that_arrived_is_good_while_it_lives(story, use, digits, after, good):
    entry = use(story, ending(digits))
    story.after(timedelta(seconds=after))
    reason = refusal(entry.enter, codes(story, ending(digits))[-1])
    assert reason is (None if good else entry.reasons[Fate.EXPIRED])


@USES
@pytest.mark.parametrize("digits", ["201", "202", "203"])
def test_the_right_code_is_refused_as_its_phone_says(story, use, digits):
    entry, fate = use(story, ending(digits)), phones.ENDINGS[digits]
    assert refusal(entry.enter, codes(story, ending(digits))[-1]) is entry.reasons[fate]
    assert entry.wrong() == (1 if fate is Fate.WRONG else 0)
    assert story.sandbox.check() == []


def test_codes_that_are_taken_for_wrong_end_a_payment(story):
    entry = Payments(story, ending("201"))
    right = codes(story, ending("201"))[-1]
    reasons = [refusal(entry.enter, right) for _ in range(6)]
    assert reasons == [Reason.OTP_WRONG] * 5 + [Reason.OTP_TRIES_EXHAUSTED]
    assert story.get(Payment, entry.token).status is PaymentStatus.ENDED


@USES
@pytest.mark.parametrize("digits", phones.ENDINGS)
def test_without_magic_every_phone_is_an_ordinary_one(use, digits):
    story = Story(settings=Settings(magic=False))
    entry = use(story, ending(digits))
    (sent,) = codes(story, ending(digits))
    assert refusal(entry.enter, sent) is None


def test_only_codes_fail_to_arrive_other_messages_do_not(story):
    story.enrol(7, phone=ending("011"))
    (sent,) = story.ask(messages.received, phone=ending("011"))
    assert (sent.otp, sent.sender) == (None, "PRAKERJA")


def test_what_arrives_late_is_shown_behind_what_came_meanwhile(story):
    """Whoever has seen two messages and asks for the next one gets the late one."""
    entry = Payments(story, ending("013"))
    story.after(timedelta(seconds=100))
    story.do(command("test.text")(messages.text), phone=ending("013"), sender="TOKO", text="Promo")
    assert [one.sender for one in story.ask(messages.received, phone=ending("013"))] == ["PRAKERJA", "TOKO"]
    story.after(timedelta(seconds=50))
    assert [one.otp is not None for one in story.ask(messages.received, phone=ending("013"))] == [
        False, False, True,
    ]  # fmt: skip
    assert refusal(entry.enter, codes(story, ending("013"))[-1]) is None


def test_the_newest_messages_of_all_phones(story):
    for name in "abc":
        story.do(command("test.text")(messages.text), phone="0840", sender="TOKO", text=name)
    assert [one.text for one in story.ask(messages.received, limit=2)] == ["b", "c"]


@pytest.mark.parametrize(
    ("phone", "fate"),
    [
        ("084900000011", Fate.LOST),
        ("+6284900000011", Fate.LOST),
        ("6284999999011", Fate.LOST),
        ("084900000111", Fate.USUAL),
        ("08490000011", Fate.USUAL),
        ("0849000000011", Fate.USUAL),
        ("084000000011", Fate.USUAL),
        ("+62 849-0000-0011", Fate.LOST),
        ("(0849) 0000.0011", Fate.LOST),
        ("84900000011", Fate.LOST),
        ("0849\u0660\u0660\u0660\u0660\u0660011", Fate.USUAL),
        ("", Fate.USUAL),
    ],
)
def test_which_numbers_have_a_meaning(phone, fate):
    assert phones.fate(phone, magic=True) is fate
    assert phones.fate(phone, magic=False) is Fate.USUAL


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("081234567", "081234567"),
        ("08123456", "08123456"),
        ("+628123456", "+628123456"),
        ("112", "112"),
        ("812345678", "0812345678"),
        ("81234567", "81234567"),
        ("0812 3456 7890", "081234567890"),
        ("021-5081 3333", "02150813333"),
        ("+62 21 5081 3333", "02150813333"),
        ("ani@example.com", "ani@example.com"),
        ("+1 202 555 0100", "+1 202 555 0100"),
    ],
)
def test_what_is_no_number_of_this_country_stays_as_it_is(written, kept):
    assert phones.national(written) == kept
    assert phones.national(kept) == kept


def test_every_fate_has_one_ending():
    assert sorted(phones.ENDINGS.values()) == sorted(set(Fate) - {Fate.USUAL})


def test_nobody_is_given_a_phone_with_a_meaning(story):
    phones_of_people = {people.person(seed_bytes(42), number).phone for number in range(2_000)}
    assert {phone[:4] for phone in phones_of_people} == {"0840"}
    assert not {phone[:4] for phone in phones_of_people} & {phones.PREFIX}
    assert all(not one.phone.startswith(phones.PREFIX) for one in story.find(Participant))


def test_a_given_phone_changes_nothing_else_of_a_person():
    usual, chosen = people.person(seed_bytes(42), 3), people.person(seed_bytes(42), 3, ending("011"))
    assert chosen.phone == ending("011")
    assert (chosen.nik, chosen.email, chosen.account) == (usual.nik, usual.email, usual.account)
