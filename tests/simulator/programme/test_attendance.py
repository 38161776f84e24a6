import re
from datetime import timedelta

import pytest

from prakerja_sim.simulator.audit import invariants
from prakerja_sim.simulator.programme import attendance, redemption
from prakerja_sim.simulator.programme.attendance import Presence, ScanResult
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Verification,
    VerificationStatus,
)
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Sms

STARTS = wib(2021, 9, 10, 9)
HOUR = timedelta(hours=1)
BACK = "https://lp.example/kembali"


class Attending:
    """An institution, and somebody who attends."""

    def __init__(self, story, code, card):
        self.story, self.code, self.card = story, code, card

    def begin(self, sequence=1, **more):
        arguments = {"institution": "kopi-kita", "redeem_code": self.code, "redirect_uri": BACK}
        arguments |= {"email": "ani@example.id", "sequence": sequence}
        return self.story.do(attendance.begin, **arguments | more)

    def consent(self, opened, card=None):
        return self.story.do(attendance.consent, state=opened.state, card=card or self.card)

    def scan(self, opened, outcome=ScanResult.SUCCESS, card=None):
        return self.story.do(attendance.scan, state=opened.state, card=card or self.card, outcome=outcome)

    def verify(self, sequence=1, outcome=ScanResult.SUCCESS, **more):
        opened = self.begin(sequence, **more)
        self.consent(opened)
        return self.scan(opened, outcome)

    def presence(self, sequence=1):
        return self.story.ask(attendance.presence, redeem_code=self.code, sequence=sequence)

    def reset(self, sequence=1):
        arguments = {"institution": "kopi-kita", "redeem_code": self.code, "sequence": sequence}
        return self.story.do(attendance.reset, **arguments)

    @property
    def kept(self):
        return self.story.get(Redeemable, self.code)


@pytest.fixture
def ani(story):
    """Somebody who bought the self-paced course."""
    story.paid = story.buy()
    return Attending(story, story.redeem_code(story.paid), story.card)


@pytest.fixture
def webinar(story):
    schedule = story.list_course("webinar-1", 250_000, kind=2, starts=STARTS)
    paid = story.buy(course="webinar-1", schedule=schedule.code, amount=250_000)
    return Attending(story, story.redeem_code(paid), story.card)


@pytest.fixture
def tester(story):
    """A test code, which belongs to nobody."""
    arguments = {"marketplace": "tokopedia", "schedule": story.schedule.code}
    return Attending(story, story.do(redemption.issue_test_code, **arguments).code, "")


def test_a_state_looks_like_a_random_uuid_and_names_one_attempt(ani):
    states = [ani.begin(email=f"{n}@example.id").state for n in range(20)]
    shape = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(shape, state) for state in states)
    assert len(set(states)) == 20


def test_success_at_the_first_sequence_redeems_the_code(ani):
    opened = ani.begin()
    assert (ani.presence(), ani.kept.status) == (Presence.NONE, RedeemStatus.ISSUED)
    ani.consent(opened)
    assert ani.presence() is Presence.NONE
    closed = ani.scan(opened)

    assert (closed.status, closed.closed_at) == (VerificationStatus.SUCCEEDED, ani.story.sandbox.now())
    assert ani.presence() is Presence.ATTENDED
    assert (ani.kept.status, ani.kept.redeemed_at) == (RedeemStatus.REDEEMED, ani.story.sandbox.now())
    assert ani.story.ask(invariants.violations) == []


def test_all_of_it_is_in_the_participants_own_chain(ani):
    ani.verify()
    commands = [(e.subject, e.command) for e in ani.story.sandbox.journal()][-3:]
    mine = f"participant:{ani.card}"
    assert commands == [(mine, f"attendance.{name}") for name in ("begin", "consent", "scan")]


@pytest.mark.parametrize("outcome", [ScanResult.NO_MATCH, ScanResult.CAMERA_REFUSED])
def test_a_failure_is_told_and_redeems_nothing_and_the_next_attempt_may_succeed(ani, outcome):
    ani.verify(outcome=outcome)
    assert (ani.presence(), ani.kept.status) == (Presence.FAILED, RedeemStatus.ISSUED)
    ani.verify()
    assert ani.presence() is Presence.ATTENDED


def test_the_camera_may_be_refused_without_having_been_allowed_but_nothing_else(ani):
    opened = ani.begin()
    for outcome in (ScanResult.SUCCESS, ScanResult.NO_MATCH):
        assert ani.story.refusal(ani.scan, opened, outcome) is Reason.CONSENT_MISSING
    ani.scan(opened, ScanResult.CAMERA_REFUSED)
    assert ani.presence() is Presence.FAILED


def test_sequences_are_attended_one_by_one(ani):
    ani.verify()
    ani.verify(2)
    assert [ani.presence(n) for n in (1, 2, 3, 999)] == [1, 1, 0, 0]
    ani.verify(999, ScanResult.NO_MATCH)
    assert ani.presence(999) is Presence.FAILED


def test_a_day_of_a_self_paced_course_lasts_until_its_last_second(ani):
    ani.verify()
    ani.verify(2)
    ani.verify(999)
    ani.story.sandbox.advance(wib(2021, 8, 24, 23, 59, 59))
    assert [ani.presence(n) for n in (1, 2, 999)] == [1, 1, 1]
    ani.story.sandbox.advance(wib(2021, 8, 25))
    assert [ani.presence(n) for n in (1, 2, 999)] == [1, 0, 1]
    ani.verify(2, ScanResult.NO_MATCH)
    assert ani.presence(2) is Presence.FAILED
    ani.verify(2)
    assert ani.presence(2) is Presence.ATTENDED


def test_the_meetings_of_a_webinar_stand_for_good(webinar):
    webinar.story.sandbox.advance(STARTS)
    webinar.verify()
    webinar.verify(2)
    webinar.story.after(3 * DAY)
    assert (webinar.presence(), webinar.presence(2)) == (1, 1)


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (STARTS - HOUR - SECOND, True),
        (STARTS - HOUR, False),
        (STARTS, False),
        (STARTS + HOUR, False),
        (STARTS + HOUR + SECOND, True),
    ],
)
def test_a_webinar_is_entered_from_an_hour_before_to_an_hour_after_its_start(webinar, at, refused):
    webinar.story.sandbox.advance(at)
    if refused:
        assert webinar.story.refusal(webinar.begin) is Reason.OUTSIDE_REDEMPTION_WINDOW
    else:
        webinar.verify()
        assert webinar.presence() is Presence.ATTENDED


def test_who_comes_to_the_camera_after_the_window_is_too_late(webinar):
    webinar.story.sandbox.advance(STARTS + HOUR)
    opened = webinar.begin()
    webinar.consent(opened)
    webinar.story.after(SECOND)
    assert webinar.story.refusal(webinar.scan, opened) is Reason.OUTSIDE_REDEMPTION_WINDOW
    assert webinar.presence() is Presence.NONE


def test_later_sequences_wait_for_the_redeem(ani):
    for sequence in (2, 10, 999):
        assert ani.story.refusal(ani.begin, sequence) is Reason.OUTSIDE_REDEMPTION_WINDOW


def test_a_code_that_was_committed_in_the_older_way_is_used(ani):
    ani.story.redeem(ani.story.paid)
    assert ani.story.refusal(ani.begin) is Reason.REDEEM_CODE_USED
    ani.verify(2)
    assert (ani.presence(1), ani.presence(2)) == (0, 1)


def test_a_second_address_is_of_no_use_after_the_first_succeeded(ani):
    first, second = ani.begin(), ani.begin()
    for opened in (first, second):
        ani.consent(opened)
    ani.scan(first)
    assert ani.story.refusal(ani.scan, second) is Reason.REDEEM_CODE_USED
    assert ani.story.refusal(ani.scan, first) is Reason.VERIFICATION_OVER


def test_an_address_lives_for_fifteen_minutes_or_as_long_as_the_setting_says(begin):
    for settings, life in [(None, 900), (Settings(verification_lifetime=60), 60)]:
        story = begin(settings=settings)
        ani = Attending(story, story.redeem_code(story.buy()), story.card)
        opened = ani.begin()
        ani.consent(opened)
        story.after(life * SECOND)
        assert story.ask(attendance.pending, state=opened.state).state == opened.state
        story.after(SECOND)
        assert story.refusal(ani.scan, opened) is Reason.VERIFICATION_OVER
        assert ani.presence() is Presence.NONE


def test_an_unknown_state_is_unknown(ani):
    assert ani.story.refusal(ani.story.ask, attendance.pending, state="x") is Reason.VERIFICATION_UNKNOWN


def test_only_the_codes_own_participant_may_verify(ani):
    other = ani.story.enrol(1)
    opened = ani.begin()
    assert ani.story.refusal(ani.consent, opened, other.card) is Reason.ACCOUNT_DIFFERS
    ani.consent(opened)
    assert ani.story.refusal(ani.scan, opened, card=other.card) is Reason.ACCOUNT_DIFFERS


def test_an_offline_course_is_not_attended_by_camera(story):
    schedule = story.list_course("offline-1", 250_000, kind=3, starts=STARTS)
    paid = story.buy(course="offline-1", schedule=schedule.code, amount=250_000)
    ani = Attending(story, story.redeem_code(paid), story.card)
    assert story.refusal(ani.begin) is Reason.COURSE_TYPE_UNFIT


def test_a_purchase_that_was_taken_back_is_told_before_and_during_a_verification(ani):
    opened = ani.begin()
    ani.consent(opened)
    ani.story.void(ani.story.paid)
    assert ani.story.refusal(ani.scan, opened) is Reason.TRANSACTION_VOIDED
    assert ani.story.refusal(ani.begin) is Reason.REDEEM_CODE_CANCELLED


def test_an_email_serves_one_code_of_a_course(ani):
    story = ani.story
    other = story.enrol(1)
    token = story.send_otp(card=other.card, user="user-2")
    paid = story.authorize(token, invoice="INV-2", otp=story.find_logged(Sms, phone=other.phone)[-1].otp)
    budi = Attending(story, story.redeem_code(paid), other.card)
    ani.begin(email="Ani@Example.id")
    ani.begin(email="ani@example.id")
    assert story.refusal(budi.begin, email="ANI@example.id") is Reason.EMAIL_TAKEN
    budi.begin(email="budi@example.id")
    story.void(story.paid)
    budi.begin(email="ani@example.id")


def test_an_email_may_serve_another_course(tester):
    story = tester.story
    schedule = story.list_course("barista-202", 100_000)
    code = story.do(redemption.issue_test_code, marketplace="tokopedia", schedule=schedule.code).code
    tester.begin()
    Attending(story, code, "").begin()


def test_a_redirect_address_must_be_registered_where_any_is(ani):
    registered = f"https://lp.example/lain,{BACK}"
    ani.begin(registered=registered)
    unknown = {"registered": registered, "redirect_uri": BACK + "/"}
    assert ani.story.refusal(ani.begin, **unknown) is Reason.REDIRECT_UNREGISTERED


def test_of_several_causes_the_first_in_order_is_told(ani):
    story, wrong = ani.story, {"registered": "https://x.example"}
    other = {"institution": "dapur", **wrong}
    assert story.refusal(ani.begin, redeem_code="NONE", **other) is Reason.REDEEM_CODE_UNKNOWN
    assert story.refusal(ani.begin, **other) is Reason.REDEEM_CODE_OF_OTHER_INSTITUTION
    assert story.refusal(ani.begin, 2, **wrong) is Reason.OUTSIDE_REDEMPTION_WINDOW
    assert story.refusal(ani.begin, **wrong) is Reason.REDIRECT_UNREGISTERED
    story.redeem(story.paid)
    assert story.refusal(ani.begin, **wrong) is Reason.REDEEM_CODE_USED


def test_a_test_code_is_verified_by_anybody_and_begins_again_after_a_reset(tester):
    tester.verify()
    tester.verify(999)
    opened = tester.begin(2)
    before, presence = tester.reset(999)

    assert (before.status, presence) == (RedeemStatus.REDEEMED, Presence.ATTENDED)
    assert tester.kept.status is RedeemStatus.ISSUED
    assert [tester.presence(n) for n in (1, 2, 999)] == [0, 0, 0]
    assert tester.story.refusal(tester.consent, opened) is Reason.VERIFICATION_UNKNOWN
    tester.verify()
    assert tester.presence() is Presence.ATTENDED
    assert tester.reset(2)[1] is Presence.NONE


def test_a_reset_lets_go_of_the_email(tester):
    story = tester.story
    arguments = {"marketplace": "tokopedia", "schedule": story.schedule.code}
    second = Attending(story, story.do(redemption.issue_test_code, **arguments).code, "")
    tester.begin()
    assert story.refusal(second.begin) is Reason.EMAIL_TAKEN
    tester.reset()
    second.begin()


def test_a_refused_step_changes_nothing(ani):
    opened = ani.begin()
    before = ani.story.sandbox.digest()
    for act in (lambda: ani.begin(2), lambda: ani.scan(opened), lambda: ani.consent(opened, "x")):
        ani.story.refusal(act)
    assert ani.story.sandbox.digest() == before


def test_a_proof_without_a_redeemed_code_breaks_an_invariant(ani):
    closed = ani.verify()
    ani.story.plant(ani.kept.but(status=RedeemStatus.ISSUED))
    assert [wrong.partition(":")[0] for wrong in ani.story.ask(invariants.violations)] == [
        "presence_is_proved_for_a_code_in_use"
    ]
    ani.story.plant(ani.kept.but(status=RedeemStatus.REDEEMED), closed.but(redeem_code="NONE"))
    assert "is of no code" in ani.story.ask(invariants.violations)[0]
    assert ani.story.get(Verification, closed.state).redeem_code == "NONE"
