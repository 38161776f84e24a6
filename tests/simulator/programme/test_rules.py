from datetime import date, timedelta
from itertools import combinations

import pytest

from prakerja_sim.simulator.programme.records import Course, CourseKind, Membership, Participant, Schedule
from prakerja_sim.simulator.programme.rules import OtpEntry, OtpRequest, Purchase, age_on
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import refusals

NOW = wib(2021, 9, 1, 10)
CARD = "9900123456789012"
STATES = {"status": Membership.ACTIVE, "born": date(1995, 5, 5), "education": 12, "watched": True}
STATES |= {"closed": False, "first": None, "unfinished": None}


def purchase(
    *, now=NOW, listed=True, of="c-1", starts=None, free=1, enrolled=True, least_age=18, least_education=12,
    number=18, amount=650_000, balance=650_000, bought=False, bound=None, sync=0,
    rebuy=None, check="at_most", ahead=False, **states,
):  # fmt: skip
    """The facts of a purchase that breaks no rule, but for what is told."""
    s = STATES | states
    person = (CARD, "Siti", "0", "0", "siti@example.com", s["born"], s["education"], number)
    participant = Participant(
        *person, s["status"], NOW - DAY, s["watched"], s["closed"], s["first"], s["unfinished"], rebuy
    )
    kind = CourseKind.WEBINAR
    course = Course("c-1", "Kopi", "kopi", "kopi-kita", Rupiah(650_000), kind, least_age, least_education)
    return Purchase(
        now=now,
        course=course if listed else None,
        schedule=Schedule("s-1", of, 10, starts) if of else None,
        course_code="c-1",
        free_seats=free,
        participant=participant if enrolled else None,
        wave=wave(number) if enrolled else None,
        amount=amount,
        balance=balance,
        bought_before=bought,
        bound_to=bound,
        price_check=check,
        buy_ahead=ahead,
        sync=timedelta(seconds=sync),
    )


EIGHTEEN_TODAY, EIGHTEEN_TOMORROW = date(2003, 9, 1), date(2003, 9, 2)
LATE, LAST_SECOND = wib(2021, 9, 23), wib(2021, 9, 22, 23, 59, 59)
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)

PURCHASE = [
    # rule, what breaks it, what just keeps it, the reason
    ("schedule_exists", {"of": None}, {}, Reason.SCHEDULE_UNKNOWN),
    ("schedule_is_of_the_course", {"of": "c-2"}, {"of": "c-1"}, Reason.SCHEDULE_OF_OTHER_COURSE),
    ("schedule_is_of_the_course", {"listed": False}, {}, Reason.SCHEDULE_OF_OTHER_COURSE),
    ("course_has_not_started", {"starts": NOW}, {"starts": NOW + SECOND}, Reason.COURSE_STARTED),
    ("a_seat_is_left", {"free": 0}, {"free": 1}, Reason.QUOTA_EXHAUSTED),
    ("card_is_known", {"enrolled": False}, {}, Reason.CARD_UNKNOWN),
    ("card_has_reached_the_marketplaces", {"sync": 10**8}, {}, Reason.CARD_UNKNOWN),
    ("card_has_reached_the_marketplaces", {"sync": 86_401}, {"sync": 86_400}, Reason.CARD_UNKNOWN),
    ("card_is_active", {"status": Membership.REVOKED}, {}, Reason.CARD_INACTIVE),
    ("buyer_is_old_enough", {"born": date(2010, 1, 1)}, {}, Reason.AGE_UNFIT),
    ("buyer_is_old_enough", {"born": EIGHTEEN_TOMORROW}, {"born": EIGHTEEN_TODAY}, Reason.AGE_UNFIT),
    ("buyer_has_the_education", {"education": 11}, {"education": 12}, Reason.EDUCATION_UNFIT),
    ("videos_were_watched", {"watched": False}, {}, Reason.VIDEOS_NOT_WATCHED),
    (
        "videos_were_watched",
        {"watched": False, "number": 15, "first": "T-0"},
        {"watched": False, "number": 14, "first": "T-0"},
        Reason.VIDEOS_NOT_WATCHED,
    ),
    ("first_purchase_is_in_time", {"now": LATE}, {"now": LAST_SECOND}, Reason.CARD_INACTIVE),
    ("first_purchase_is_in_time", {"now": LATE}, {"now": LATE, "first": "T-0"}, Reason.CARD_INACTIVE),
    ("first_purchase_is_in_time", {"now": LATE}, {"now": LATE, "rebuy": LATE}, Reason.CARD_INACTIVE),
    (
        "another_first_course_is_in_time",
        {"now": LATE, "rebuy": LATE - SECOND},
        {"now": LATE, "rebuy": LATE},
        Reason.BALANCE_CLOSED,
    ),
    (
        "another_first_course_is_in_time",
        {"now": LATE, "rebuy": LATE - SECOND},
        {"now": LATE, "rebuy": LATE - SECOND, "first": "T-0"},
        Reason.BALANCE_CLOSED,
    ),
    ("balance_is_open", {"closed": True}, {}, Reason.BALANCE_CLOSED),
    (
        "balance_is_open",
        {"now": CUT_OFF + SECOND, "first": "T-0"},
        {"now": CUT_OFF, "first": "T-0"},
        Reason.BALANCE_CLOSED,
    ),
    ("previous_training_is_finished", {"unfinished": "T-0"}, {}, Reason.PREVIOUS_UNFINISHED),
    (
        "previous_training_is_finished",
        {"unfinished": "T-0"},
        {"unfinished": "T-0", "ahead": True},
        Reason.PREVIOUS_UNFINISHED,
    ),
    ("course_is_new_to_the_buyer", {"bought": True}, {}, Reason.COURSE_BOUGHT_BEFORE),
    (
        "amount_is_within_the_price",
        {"amount": 649_999, "check": "exact"},
        {"amount": 649_999},
        Reason.AMOUNT_UNFIT,
    ),
    ("amount_is_within_the_price", {"amount": 0}, {"amount": 1}, Reason.AMOUNT_UNFIT),
    ("amount_is_within_the_price", {"amount": -1}, {}, Reason.AMOUNT_UNFIT),
    (
        "amount_is_within_the_price",
        {"amount": 650_001, "balance": 650_001},
        {"amount": 650_000, "balance": 650_001},
        Reason.AMOUNT_UNFIT,
    ),
    ("balance_covers_the_amount", {"balance": 649_999}, {"balance": 650_000}, Reason.BALANCE_TOO_LOW),
    ("account_pays_with_its_own_card", {"bound": "9900000000000000"}, {"bound": CARD}, Reason.ACCOUNT_BOUND),
]


def otp_request(*, sends=0, ago=None):
    """The facts of a request for an OTP, so many sent, the last so many seconds ago."""
    return OtpRequest(NOW, sends, None if ago is None else NOW - timedelta(seconds=ago), Settings())


OTP_REQUEST = [
    ("last_otp_is_old_enough", {"sends": 1, "ago": 59}, {"sends": 1, "ago": 60}, Reason.OTP_TOO_SOON),
    ("resends_are_left", {"sends": 6, "ago": 60}, {"sends": 5, "ago": 60}, Reason.OTP_REQUESTS_EXHAUSTED),
    (
        "resends_are_left",
        {"sends": 6, "ago": 7_199},
        {"sends": 6, "ago": 7_200},
        Reason.OTP_REQUESTS_EXHAUSTED,
    ),
]


def otp_entry(*, ended=False, failures=0, age=0, entered="123456", moved=False, fate=Fate.USUAL):
    """The facts of entering an OTP that is right, so many seconds old."""
    sent_at = NOW - timedelta(seconds=age)
    return OtpEntry(NOW, ended, failures, sent_at, entered, "123456", Settings(), moved, fate)


OTP_ENTRY = [
    ("tries_are_left", {"ended": True}, {"ended": False}, Reason.OTP_TRIES_EXHAUSTED),
    ("tries_are_left", {"failures": 15}, {"failures": 14}, Reason.OTP_TRIES_EXHAUSTED),
    ("tries_are_left", {"fate": Fate.NO_TRIES}, {"fate": Fate.TWICE}, Reason.OTP_TRIES_EXHAUSTED),
    ("otp_is_fresh", {"age": 301}, {"age": 300}, Reason.OTP_EXPIRED),
    ("otp_is_fresh", {"fate": Fate.EXPIRED}, {"fate": Fate.LATE}, Reason.OTP_EXPIRED),
    ("otp_is_fresh", {"moved": True}, {"moved": False}, Reason.OTP_EXPIRED),
    ("otp_is_right", {"entered": "123457"}, {"entered": "123456"}, Reason.OTP_WRONG),
    ("otp_is_right", {"fate": Fate.WRONG}, {}, Reason.OTP_WRONG),
    ("otp_is_right", {"entered": ""}, {}, Reason.OTP_WRONG),
    ("otp_is_right", {"entered": "\uff11" * 6}, {}, Reason.OTP_WRONG),
]

TABLES = {
    purchase: (Purchase, PURCHASE),
    otp_request: (OtpRequest, OTP_REQUEST),
    otp_entry: (OtpEntry, OTP_ENTRY),
}


def first_rows(table):
    """The first row of each rule, in the order of the table."""
    return [row for at, row in enumerate(table) if at == 0 or table[at - 1][0] != row[0]]


EXCLUSIVE = ("first_purchase_is_in_time", "another_first_course_is_in_time")
"""Whoever has a date for another first purchase had bought one in time."""
ROWS = [
    pytest.param(facts, *row, id=f"{row[0]}-{at}")
    for facts, (_, table) in TABLES.items()
    for at, row in enumerate(table)
]
PAIRS = [
    pytest.param(facts, earlier, later, id=f"{earlier[0]}-{later[0]}")
    for facts, (_, table) in TABLES.items()
    for earlier, later in combinations(first_rows(table), 2)
    if (earlier[0], later[0]) != EXCLUSIVE
]
"""Each rule's first row with each later rule's, so adjacent ones too; they can be broken together."""


@pytest.mark.parametrize(("facts", "name", "breaking", "keeping", "reason"), ROWS)
def test_each_rule_is_broken_on_one_side_of_its_boundary_and_kept_on_the_other(
    facts, name, breaking, keeping, reason
):
    assert refusals.broken(facts(**breaking)) is reason
    assert refusals.broken(facts(**keeping)) is None


@pytest.mark.parametrize(("facts", "earlier", "later"), PAIRS)
def test_of_two_broken_rules_the_earlier_speaks(facts, earlier, later):
    broken_together = facts(**later[1] | earlier[1])
    assert refusals.broken(broken_together) is earlier[3]


@pytest.mark.parametrize(("kind", "table"), list(TABLES.values()), ids=["Purchase", "OtpRequest", "OtpEntry"])
def test_the_table_names_every_rule_in_its_order_of_precedence(kind, table):
    in_table = list(dict.fromkeys(name for name, *_ in table))
    assert in_table == [function.__name__ for function, _ in refusals.RULES[kind]]


def test_nothing_broken_is_no_reason_and_checks_in_silence():
    assert refusals.broken(purchase()) is None
    refusals.check(purchase())


def test_a_check_raises_the_reason_of_the_first_broken_rule():
    with pytest.raises(Rejected) as refused:
        refusals.check(purchase(balance=0))
    assert refused.value.reason is Reason.BALANCE_TOO_LOW


@pytest.mark.parametrize(
    ("day", "born", "age"),
    [
        (date(2021, 9, 1), date(2003, 9, 1), 18),
        (date(2021, 9, 1), date(2003, 9, 2), 17),
        (date(2021, 9, 1), date(2003, 10, 1), 17),
        (date(2022, 2, 28), date(2004, 2, 29), 17),
        (date(2022, 3, 1), date(2004, 2, 29), 18),
        (date(2021, 1, 1), date(2021, 1, 1), 0),
    ],
)
def test_a_year_of_life_is_full_on_the_birthday(day, born, age):
    assert age_on(day, born) == age
