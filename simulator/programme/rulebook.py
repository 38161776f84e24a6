"""The programme's forty rules as one table: what each says, where it is judged, with what answer.

The ids are those of the programme's reference; the functions named in `where` cite them.  What
differs by scheme is written out of the schemes' and cohorts' data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_SINCE, YEAR_2020, YEAR_2021, YEAR_2022
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS, Scheme
from prakerja_sim.simulator.programme.waves import FIRST_WITH_PRE_TEST, FIRST_WITH_VIDEOS, PUBLISHED
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the programme."""

    states: str
    source: str
    where: tuple[str, ...]
    """The functions that judge or carry it out, as module:name."""
    reasons: tuple[Reason, ...] = ()
    """With what it refuses; none where it refuses nobody."""
    semi_bansos: str = "the same"
    normal: str = "the same"
    unbroken: str = ""
    """Why no story breaks it, where none can."""
    unkept: str = ""
    """Why no story only just keeps it, where it has no boundary."""


def _days(*days: date) -> str:
    return ", ".join(f"{day.day} {day:%b %Y}" for day in days)


def _sum(amount: Rupiah) -> str:
    return f"Rp{amount.amount:,}"


def _incentive(scheme: Scheme) -> str:
    return f"{_sum(scheme.incentive)} x {scheme.incentive_months}"


_YEARS = (YEAR_2020, YEAR_2021, YEAR_2022)
_RECOVERIES = ", ".join(str(n) for n, wave in PUBLISHED.items() if wave.recovers)

RULES: Mapping[str, Rule] = {
    "R01": Rule(
        "pay only with the sixteen digits that the dashboard shows",
        "article A7; programme 7",
        ("simulator.values.ids:is_card_number", "simulator.programme.rules:card_is_known"),
        (Reason.CARD_MALFORMED, Reason.CARD_UNKNOWN),
        "16 digits",
        "16 digits",
    ),
    "R02": Rule(
        "the balance must be on the card before buying",
        "article A7; programme 2.1",
        ("simulator.programme.enrolment:load_balance",),
        (Reason.BALANCE_TOO_LOW,),
        _sum(SEMI_BANSOS.training_balance),
        _sum(NORMAL.training_balance),
    ),
    "R03": Rule(
        "a card is personal, once in a lifetime, and not transferable",
        "programme 2.2",
        ("simulator.programme.enrolment:enrol", "simulator.programme.attendance:check_owner"),
        (Reason.ALREADY_ENROLLED, Reason.ACCOUNT_DIFFERS),
        unkept="there is no half of a person: a NIK is known or not",
    ),
    "R04": Rule(
        "a marketplace account pays with one card only",
        "programme 2.2 (text of 2024)",
        ("simulator.programme.rules:account_pays_with_its_own_card",),
        (Reason.ACCOUNT_BOUND,),
    ),
    "R05": Rule(
        "three induction videos are watched before the first purchase",
        "programme 5",
        ("simulator.programme.rules:videos_were_watched", "simulator.programme.enrolment:watch_videos"),
        (Reason.VIDEOS_NOT_WATCHED,),
        f"from wave {FIRST_WITH_VIDEOS} on",
        "all waves",
    ),
    "R06": Rule(
        "the first training is bought within the window: announcement on day 1, end at 23:59:59",
        "article A3, A12; programme 3.1",
        ("simulator.programme.rules:first_purchase_is_in_time",),
        (Reason.CARD_INACTIVE,),
        f"{SEMI_BANSOS.first_purchase_days} days",
        f"{NORMAL.first_purchase_days} days",
    ),
    "R07": Rule(
        "who did not buy in time is revoked: card off, balance back to the programme, no other card ever",
        "article A4, A13; programme 3.3",
        ("simulator.programme.deadlines:first_purchase_deadline", "simulator.programme.rules:card_is_active"),
        (Reason.CARD_INACTIVE, Reason.ALREADY_ENROLLED),
        "one second after the window",
        "one second after the window",
    ),
    "R08": Rule(
        "after the final date no balance is used; it revokes nobody and touches no incentive",
        "article A1; programme 3.2",
        ("simulator.programme.rules:balance_is_open", "simulator.programme.deadlines:spending_cut_off"),
        (Reason.BALANCE_CLOSED,),
        "until " + _days(*(year.balance_until for year in _YEARS)),
        f"{NORMAL.remainder_days} days from the first rating, which is day 1",
    ),
    "R09": Rule(
        "unused balance never becomes cash",
        "programme 2.2",
        ("simulator.audit.invariants:balance_never_becomes_cash",),
        unbroken="nothing moves a card's balance but a purchase and a lapse; an invariant holds that",
    ),
    "R10": Rule(
        "buy on official marketplaces, and listed courses only",
        "article A8; programme 6.4",
        ("simulator.programme.rules:schedule_exists", "simulator.programme.rules:schedule_is_of_the_course"),
        (Reason.SCHEDULE_UNKNOWN, Reason.SCHEDULE_OF_OTHER_COURSE, Reason.COURSE_UNKNOWN),
        unkept="every purchase in any story is on an official marketplace and of a listed course",
    ),
    "R11": Rule(
        "the OTP is the newest one, fresh, and goes to the phone of the Prakerja account",
        "article A10; programme 3.4",
        ("simulator.programme.rules:otp_is_right", "simulator.programme.rules:otp_is_fresh"),
        (Reason.OTP_WRONG, Reason.OTP_EXPIRED),
        "6 digits, 300 s (settings)",
        "6 digits, 300 s (settings)",
    ),
    "R12": Rule(
        "too many wrong OTPs end the attempt",
        "programme 2.5, 11",
        (
            "simulator.programme.rules:tries_are_left",
            "simulator.programme.incentive_rules:wrong_codes_are_few",
            "simulator.programme.incentive_rules:wait_for_wrong_codes_is_over",
        ),
        (Reason.OTP_TRIES_EXHAUSTED, Reason.CODE_TRIES_EXHAUSTED),
        "5 at purchase; more than 3 at linking: wait 1 h (settings)",
        "5 at purchase; more than 3 at linking: wait 1 h (settings)",
    ),
    "R13": Rule(
        "the balance pays the whole price; no top-up",
        "article A16; programme 2.2",
        (
            "simulator.programme.rules:balance_covers_the_amount",
            "simulator.programme.rules:amount_is_within_the_price",
        ),
        (Reason.BALANCE_TOO_LOW, Reason.AMOUNT_UNFIT),
    ),
    "R14": Rule(
        "the schedule exists, is of the course, has not started and has a seat",
        "programme 4",
        (
            "simulator.programme.rules:schedule_exists",
            "simulator.programme.rules:schedule_is_of_the_course",
            "simulator.programme.rules:course_has_not_started",
            "simulator.programme.rules:a_seat_is_left",
        ),
        (
            Reason.SCHEDULE_UNKNOWN,
            Reason.SCHEDULE_OF_OTHER_COURSE,
            Reason.COURSE_STARTED,
            Reason.QUOTA_EXHAUSTED,
        ),
        "1,000,000 seats where self-paced",
        "1,000,000 seats where self-paced",
    ),
    "R15": Rule(
        "the buyer's age and education fit the course",
        "programme 4",
        (
            "simulator.programme.rules:buyer_is_old_enough",
            "simulator.programme.rules:buyer_has_the_education",
        ),
        (Reason.AGE_UNFIT, Reason.EDUCATION_UNFIT),
        "as the course says",
        "as the course says",
    ),
    "R16": Rule(
        "the next training is bought once the one before is certified and rated",
        "article A15, A16; programme 5",
        (
            "simulator.programme.rules:previous_training_is_finished",
            "simulator.programme.rules:course_is_new_to_the_buyer",
        ),
        (Reason.PREVIOUS_UNFINISHED, Reason.COURSE_BOUGHT_BEFORE),
    ),
    "R17": Rule(
        "an invoice is debited once, a debit gives one voucher",
        "programme 4",
        ("simulator.programme.payment:authorize", "simulator.audit.invariants:a_payment_is_resolved_once"),
        (Reason.INVOICE_USED,),
        unbroken="a marketplace gives each order its own invoice; tests of `authorize` use one twice",
    ),
    "R18": Rule(
        "a bought course cannot be exchanged",
        "programme 3.4",
        ("simulator.programme.rules:previous_training_is_finished",),
        (Reason.PREVIOUS_UNFINISHED,),
    ),
    "R19": Rule(
        "only the marketplace takes a purchase back, by its policy, once, and in full",
        "article A19; programme 4",
        ("simulator.programme.payment:void",),
        (Reason.ALREADY_VOIDED, Reason.VOID_AFTER_REDEEM),
    ),
    "R20": Rule(
        "the job-search incentive is paid in the scheme's instalments and never more",
        "article A5; programme 2.3",
        ("simulator.ledger.bookings:award",),
        (),
        _incentive(SEMI_BANSOS),
        _incentive(NORMAL),
    ),
    "R21": Rule(
        "only the first training earns the incentive",
        "programme 2.3",
        ("simulator.programme.completion:rate",),
    ),
    "R22": Rule(
        "the incentive needs certificate, rating, review and a linked, validated account",
        "programme 2.3",
        (
            "simulator.programme.completion:rate",
            "simulator.programme.incentive_rules:certificate_is_on_the_dashboard",
        ),
        (Reason.CERTIFICATE_MISSING,),
    ),
    "R23": Rule(
        "a day after the rating the schedule appears; the transfer takes working days and comes on one",
        "programme 2.3",
        ("simulator.programme.incentives:plan", "simulator.programme.incentive_rows:next_pay_day"),
        (),
        "24 h, then 3 working days (settings)",
        "24 h, then 3 working days (settings)",
        unbroken="the clock keeps it; there is nothing to ask for too early",
    ),
    "R24": Rule(
        "surveys are paid after the first incentive, in order, whatever is answered",
        "article A5; programme 2.4",
        (
            "simulator.programme.incentive_rules:scheme_has_the_survey",
            "simulator.programme.incentive_rules:survey_is_not_done",
        ),
        (Reason.SURVEY_NOT_OPEN, Reason.SURVEY_DONE),
        f"{SEMI_BANSOS.surveys} x {_sum(SEMI_BANSOS.survey)}",
        f"{NORMAL.surveys} x {_sum(NORMAL.survey)}",
    ),
    "R25": Rule(
        "a survey opens so many days after the first incentive, or on its announced day",
        "programme 2.4",
        ("simulator.programme.incentive_rules:survey_is_open",),
        (Reason.SURVEY_NOT_OPEN,),
        "30, 90, 90 days; 2021: the first two at once from 20 Oct, the third from 1 Nov",
        "30, 90 days (inferred)",
    ),
    "R26": Rule(
        "surveys close on the cohort's day",
        "programme 2.4",
        ("simulator.programme.incentive_rules:survey_is_not_closed",),
        (Reason.SURVEY_CLOSED,),
        _days(*(year.surveys.close_on for year in _YEARS)),
        "10 Dec (inferred)",
    ),
    "R27": Rule(
        "a survey is paid within fourteen days",
        "programme 2.4",
        ("simulator.programme.surveys:fill", "simulator.programme.incentive_rows:survey_pay_day"),
        (),
        "14 days (setting)",
        "14 days (setting)",
        unbroken="the clock pays it; there is nothing to ask for too early",
    ),
    "R28": Rule(
        "the linked account is one's own: same NIK, same phone, KYC done",
        "programme 2.5",
        (
            "simulator.programme.incentive_rules:account_exists",
            "simulator.programme.incentive_rules:account_is_active",
            "simulator.programme.incentive_rules:account_is_in_rupiah",
            "simulator.programme.incentive_rules:account_has_the_participants_nik",
            "simulator.programme.incentive_rules:account_has_the_participants_name",
            "simulator.programme.incentive_rules:e_wallet_has_the_participants_phone",
            "simulator.programme.incentive_rules:e_wallet_is_upgraded",
        ),
        (
            Reason.WALLET_UNKNOWN,
            Reason.WALLET_INACTIVE,
            Reason.WALLET_NOT_RUPIAH,
            Reason.NIK_DIFFERS,
            Reason.WALLET_NAME_DIFFERS,
            Reason.PHONE_DIFFERS,
            Reason.WALLET_NOT_UPGRADED,
        ),
    ),
    "R29": Rule(
        "changing the phone needs the account to be unlinked first",
        "programme 2.5 (text of 2024)",
        (
            "simulator.programme.incentive_rules:account_is_unlinked",
            "simulator.programme.payout_accounts:change_phone",
        ),
        (Reason.UNLINK_FIRST,),
    ),
    "R30": Rule(
        "the pre-test comes before study",
        "article A17; programme 5",
        ("simulator.institution.learning:study",),
        (Reason.PRE_TEST_MISSING,),
        f"from wave {FIRST_WITH_PRE_TEST} on",
        "all waves",
    ),
    "R31": Rule(
        "a poor score never costs the incentive",
        "article A21; programme 5",
        ("simulator.institution.learning:finish", "simulator.programme.completion:report"),
        unbroken="no score is refused anywhere",
    ),
    "R32": Rule(
        "the institution's certificate reaches the dashboard by way of marketplace and programme",
        "article A20; programme 3.4",
        ("simulator.programme.completion:report", "simulator.programme.completion:certify"),
        (Reason.NAME_DIFFERS, Reason.CERTIFICATE_MISSING),
        "1 + 1 + 7 working days (settings)",
        "1 + 1 + 7 working days (settings)",
    ),
    "R33": Rule(
        "rating and review count where they counted on that day",
        "article A20, T11; programme 2.3",
        (
            "simulator.programme.incentive_rules:dashboard_is_where_rating_counts",
            "simulator.programme.completion:take_review",
        ),
        (Reason.RATING_ELSEWHERE,),
        f"on the dashboard since {_days(RATED_ON_DASHBOARD_SINCE)}, on the marketplace before",
        "on the dashboard",
    ),
    "R34": Rule(
        "a redeem code is committed once, at its institution, for its kind of course, in its hours",
        "programme 3.4, 4",
        (
            "simulator.programme.redemption:find",
            "simulator.programme.redemption:commit",
            "simulator.programme.redemption:check_window",
        ),
        (
            Reason.REDEEM_CODE_UNKNOWN,
            Reason.REDEEM_CODE_OF_OTHER_INSTITUTION,
            Reason.REDEEM_CODE_CANCELLED,
            Reason.REDEEM_CODE_USED,
            Reason.COURSE_TYPE_UNFIT,
            Reason.OUTSIDE_REDEMPTION_WINDOW,
        ),
        "any time; a webinar's from 1 h before to 1 h after its start",
        "any time; a webinar's from 1 h before to 1 h after its start",
    ),
    "R35": Rule(
        "one e-mail takes a course of an institution once",
        "programme 4, 5",
        ("simulator.programme.attendance:begin",),
        (Reason.EMAIL_TAKEN,),
    ),
    "R36": Rule(
        "presence is proved by the face, each day or for each meeting",
        "programme 5",
        ("simulator.programme.attendance:scan", "simulator.programme.attendance:presence"),
        (Reason.ATTENDANCE_UNPROVED,),
        "on the institution's wish",
        "each day, each meeting",
    ),
    "R37": Rule(
        "the cohort's payments end on a day; what is undelivered goes to the treasury",
        "programme 2.7",
        (
            "simulator.programme.incentive_payments:close_out",
            "simulator.programme.incentive_rules:linking_is_open",
            "simulator.audit.incentive_invariants:money_of_a_closed_cohort_has_arrived_or_gone_back",
        ),
        (Reason.LINK_CLOSED,),
        f"link until {_days(*(y.link_until for y in _YEARS))}; "
        f"paid until {_days(*(y.payout_until for y in _YEARS))}",
        "as 2022 (inferred)",
    ),
    "R38": Rule(
        "a failed payout is scheduled anew and not lost until then",
        "programme 2.6, 7",
        (
            "simulator.programme.incentives:proceed",
            "simulator.ledger.bookings:not_paid",
        ),
        unbroken="the clock carries it out; nobody loses a payout by anything he may do",
    ),
    "R39": Rule(
        "a course is finished by the cohort's end date",
        "programme 3.2",
        ("simulator.programme.completion:report",),
        (Reason.TOO_LATE_TO_FINISH,),
        _days(*(year.finish_until for year in _YEARS)),
        "5 Dec (inferred)",
    ),
    "R40": Rule(
        "revoked quota is given out again in a recovery wave, as new cards; no money moves to the new person",
        "programme 3.3",
        (
            "simulator.programme.enrolment:recover",
            "simulator.audit.invariants:a_recovery_wave_gives_out_revoked_places",
        ),
        (),
        f"waves {_RECOVERIES}",
        "none known",
        unbroken="nobody asks for it; an invariant holds that no more places come back than were revoked",
    ),
}
