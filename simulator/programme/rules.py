"""Who may buy what, when: each rule is one function, in order of precedence.

A rule judges a small frozen record of facts, never the world, and says what must hold; `otherwise`
is the reason of the refusal if it does not hold.  The first broken rule gives the reason.  The
order is the documented one of send-otp (schedule, course, start, quota), then the card,
then the person, then the money.
"""

from datetime import date, datetime, timedelta
from hmac import compare_digest

from msgspec import Struct

from prakerja_sim.simulator.programme.records import Course, Participant, Schedule
from prakerja_sim.simulator.programme.waves import Wave
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.refusals import rule


class Purchase(Struct, frozen=True):
    """The facts when a card is to pay for a course; judged at send-otp and again at authorize."""

    now: datetime
    course: Course | None
    schedule: Schedule | None
    course_code: str
    free_seats: int
    participant: Participant | None
    wave: Wave | None
    amount: int
    balance: int
    bought_before: bool
    bound_to: str | None
    price_check: str = "at_most"
    buy_ahead: bool = False
    sync: timedelta = timedelta()
    """How long after the award marketplaces hear of a card."""


class OtpRequest(Struct, frozen=True):
    """The facts when an OTP is requested again."""

    now: datetime
    sends: int
    sent_at: datetime | None
    settings: Settings


class OtpEntry(Struct, frozen=True):
    """The facts when an OTP is entered."""

    now: datetime
    ended: bool
    failures_this_hour: int
    sent_at: datetime
    entered: str
    sent: str
    settings: Settings
    moved: bool = False
    """Whether the code went to a phone that is no longer the participant's."""
    fate: Fate = Fate.USUAL
    """What happens to a code at the phone that it was sent to."""


# The schedule, in the documented order of send-otp (R14)


@rule(Purchase, Reason.SCHEDULE_UNKNOWN, lasting=True)
def schedule_exists(attempt: Purchase) -> bool:
    """A schedule that nobody listed cannot be bought (R10, R14)."""
    return attempt.schedule is not None


@rule(Purchase, Reason.SCHEDULE_OF_OTHER_COURSE, lasting=True)
def schedule_is_of_the_course(attempt: Purchase) -> bool:
    """The schedule belongs to the course that is named beside it (R10, R14)."""
    return (
        attempt.course is not None
        and attempt.schedule is not None
        and attempt.schedule.course == attempt.course_code
    )


@rule(Purchase, Reason.COURSE_STARTED)
def course_has_not_started(attempt: Purchase) -> bool:
    """A course is bought before the second in which it starts (R14)."""
    assert attempt.schedule is not None
    return attempt.schedule.starts is None or attempt.now < attempt.schedule.starts


@rule(Purchase, Reason.QUOTA_EXHAUSTED)
def a_seat_is_left(attempt: Purchase) -> bool:
    """One free seat is enough (R14)."""
    return attempt.free_seats >= 1


# The card and the person


@rule(Purchase, Reason.CARD_UNKNOWN, lasting=True)
def card_is_known(attempt: Purchase) -> bool:
    """The number is one that the dashboard of a participant shows (R01)."""
    return attempt.participant is not None


@rule(Purchase, Reason.CARD_UNKNOWN, lasting=True)
def card_has_reached_the_marketplaces(attempt: Purchase) -> bool:
    """A new card can be sold to once the marketplaces have heard of it (F07)."""
    assert attempt.participant is not None
    return attempt.now - attempt.participant.enrolled_at >= attempt.sync


@rule(Purchase, Reason.CARD_INACTIVE)
def card_is_active(attempt: Purchase) -> bool:
    """A revoked card never pays again (R07), that of a blocked account not meanwhile (R03)."""
    participant = attempt.participant
    return participant is not None and participant.status == "active" and not participant.blocked


@rule(Purchase, Reason.AGE_UNFIT, lasting=True)
def buyer_is_old_enough(attempt: Purchase) -> bool:
    """The course's least age, reached on the day of purchase (R15)."""
    assert attempt.participant is not None and attempt.course is not None
    return age_on(attempt.now.date(), attempt.participant.born) >= attempt.course.min_age


@rule(Purchase, Reason.EDUCATION_UNFIT, lasting=True)
def buyer_has_the_education(attempt: Purchase) -> bool:
    """The course's least education (R15)."""
    assert attempt.participant is not None and attempt.course is not None
    return attempt.participant.education >= attempt.course.min_education


@rule(Purchase, Reason.VIDEOS_NOT_WATCHED, lasting=True)
def videos_were_watched(attempt: Purchase) -> bool:
    """The three induction videos come before the first purchase, from wave 15 on (R05)."""
    assert attempt.participant is not None and attempt.wave is not None
    return attempt.participant.videos_watched or not attempt.wave.videos


# Time


@rule(Purchase, Reason.CARD_INACTIVE)
def first_purchase_is_in_time(attempt: Purchase) -> bool:
    """The first course is bought up to and including the last second of the window (R06)."""
    participant = attempt.participant
    assert participant is not None and attempt.wave is not None
    bought = participant.first is not None or participant.rebuy_until is not None
    return bought or attempt.now <= attempt.wave.buy_first_until


@rule(Purchase, Reason.BALANCE_CLOSED)
def another_first_course_is_in_time(attempt: Purchase) -> bool:
    """After a void the first course is bought again up to and including the last second for it (F18)."""
    assert attempt.participant is not None
    until = attempt.participant.rebuy_until
    return attempt.participant.first is not None or until is None or attempt.now <= until


@rule(Purchase, Reason.BALANCE_CLOSED)
def balance_is_open(attempt: Purchase) -> bool:
    """The balance may be spent up to and including the cut-off's last second (R08)."""
    assert attempt.participant is not None and attempt.wave is not None
    return not attempt.participant.balance_closed and attempt.now <= attempt.wave.spend_until


# Training and money


@rule(Purchase, Reason.PREVIOUS_UNFINISHED)
def previous_training_is_finished(attempt: Purchase) -> bool:
    """The next course is bought once the last one is certified and rated, not in place of it (R16, R18).

    With `buy_ahead` it may be bought earlier, and then does not open until the last one is rated (F10).
    """
    assert attempt.participant is not None
    return attempt.buy_ahead or attempt.participant.unfinished is None


@rule(Purchase, Reason.COURSE_BOUGHT_BEFORE)
def course_is_new_to_the_buyer(attempt: Purchase) -> bool:
    """A participant buys a course once (R16; programme 11, simulated default)."""
    return not attempt.bought_before


@rule(Purchase, Reason.AMOUNT_UNFIT, lasting=True)
def amount_is_within_the_price(attempt: Purchase) -> bool:
    """From one rupiah up to the listed price, or that alone if `price_check` is exact (R13)."""
    assert attempt.course is not None
    price = attempt.course.price.amount
    least = price if attempt.price_check == "exact" else 1
    return least <= attempt.amount <= price


@rule(Purchase, Reason.BALANCE_TOO_LOW)
def balance_covers_the_amount(attempt: Purchase) -> bool:
    """Training assistance pays all of it; it may not be topped up with cash (R13)."""
    return attempt.balance >= attempt.amount


@rule(Purchase, Reason.ACCOUNT_BOUND)
def account_pays_with_its_own_card(attempt: Purchase) -> bool:
    """A marketplace account pays with one card only (R04)."""
    assert attempt.participant is not None
    return attempt.bound_to is None or attempt.bound_to == attempt.participant.card


# Asking for an OTP


@rule(OtpRequest, Reason.OTP_TOO_SOON)
def last_otp_is_old_enough(attempt: OtpRequest) -> bool:
    """A new OTP may be asked for once the resend interval has passed in full."""
    wait = timedelta(seconds=attempt.settings.otp_resend_after)
    return attempt.sent_at is None or attempt.now - attempt.sent_at >= wait


@rule(OtpRequest, Reason.OTP_REQUESTS_EXHAUSTED)
def resends_are_left(attempt: OtpRequest) -> bool:
    """So many resends, then a wait of hours counted from the last one."""
    if attempt.sent_at is None or attempt.sends <= attempt.settings.otp_resends:
        return True
    return attempt.now - attempt.sent_at >= timedelta(seconds=attempt.settings.otp_resend_wait)


# Entering an OTP (R11, R12)


@rule(OtpEntry, Reason.OTP_TRIES_EXHAUSTED)
def tries_are_left(attempt: OtpEntry) -> bool:
    """So many wrong codes end the payment token, and so many an hour rest the card (R12)."""
    few = attempt.failures_this_hour < attempt.settings.otp_failures_per_hour
    return not attempt.ended and few and attempt.fate is not Fate.NO_TRIES


@rule(OtpEntry, Reason.OTP_EXPIRED)
def otp_is_fresh(attempt: OtpEntry) -> bool:
    """An OTP is good up to and including the last second of its life, at the phone that it went to (R11)."""
    life = timedelta(seconds=attempt.settings.otp_lifetime)
    fresh = attempt.now - attempt.sent_at <= life and attempt.fate is not Fate.EXPIRED
    return fresh and not attempt.moved


@rule(OtpEntry, Reason.OTP_WRONG)
def otp_is_right(attempt: OtpEntry) -> bool:
    """The code is the one that was sent last (R11)."""
    right = compare_digest(attempt.entered.encode(), attempt.sent.encode())
    return right and attempt.fate is not Fate.WRONG


def age_on(day: date, born: date) -> int:
    """Full years of life; a year is full on the birthday."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
