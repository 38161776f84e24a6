"""Who may rate, link an account, change a phone, fill in a survey: each rule is one function.

It works as in `rules`: a rule judges a small frozen record of facts, and the first broken rule of
the file gives the reason.
"""

from datetime import datetime, timedelta
from hmac import compare_digest

from msgspec import Struct

from prakerja_sim.simulator.payout.partners import Payee, Terms, mismatch, offered, same_name
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount, PhoneChange
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import Wave
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.phones import Fate
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.refusals import rule


class Rating(Struct, frozen=True):
    """The facts when a training is to be rated on the dashboard."""

    now: datetime
    card: str
    wave: Wave
    training: Training | None


class Linking(Struct, frozen=True):
    """The facts when a participant begins to link an account."""

    now: datetime
    participant: Participant
    wave: Wave
    terms: Terms | None
    wallet: Wallet | None
    linked: LinkedAccount | None


class PhoneRequest(Struct, frozen=True):
    """The facts when a participant begins to change the phone number."""

    now: datetime
    linked: LinkedAccount | None
    taken: bool
    begun: PhoneChange | None


class LinkEntry(Struct, frozen=True):
    """The facts of an account when the code is entered that links it."""

    now: datetime
    wave: Wave
    linked: LinkedAccount | None


class CodeEntry(Struct, frozen=True):
    """The facts when a code is entered that links an account or changes a phone number."""

    now: datetime
    begun: LinkedAccount | PhoneChange | None
    entered: str
    settings: Settings
    fate: Fate = Fate.USUAL
    moved: bool = False
    """Whether the code went to a phone that is no longer the account's."""


class SurveyEntry(Struct, frozen=True):
    """The facts when a survey is filled in."""

    now: datetime
    number: int
    wave: Wave
    done: bool
    opens: datetime | None
    """When it opens; None until the earlier steps are done."""


# Giving stars and a review: R22 and R33


@rule(Rating, Reason.TRAINING_UNKNOWN)
def training_is_ones_own(attempt: Rating) -> bool:
    """A training that one bought and that was not taken back (R33)."""
    training = attempt.training
    return (
        training is not None
        and training.card == attempt.card
        and training.status is not TrainingStatus.VOIDED
    )


@rule(Rating, Reason.RATING_ELSEWHERE)
def dashboard_is_where_rating_counts(attempt: Rating) -> bool:
    """Since 18 March 2021; before it, the review on the marketplace was the rating (R33)."""
    return attempt.now >= RATED_ON_DASHBOARD_FROM


@rule(Rating, Reason.ALREADY_RATED)
def training_is_not_rated(attempt: Rating) -> bool:
    """A training is rated once (R33)."""
    assert attempt.training is not None
    return attempt.training.status is not TrainingStatus.RATED


@rule(Rating, Reason.CERTIFICATE_MISSING)
def certificate_is_on_the_dashboard(attempt: Rating) -> bool:
    """The certificate comes first (R22, R32)."""
    assert attempt.training is not None
    return attempt.training.status is TrainingStatus.CERTIFIED


@rule(Rating, Reason.RATING_CLOSED)
def rating_is_open(attempt: Rating) -> bool:
    """Up to and including the last second of the cohort's last day for it (programme 3.2)."""
    return attempt.now <= attempt.wave.rate_until


# Linking an account (R28, R37)


@rule(Linking, Reason.PARTNER_UNKNOWN)
def partner_pays_incentives(attempt: Linking) -> bool:
    """A bank or e-wallet that pays incentives by now (programme 2.5)."""
    return attempt.terms in offered(attempt.now.date()).values()


@rule(Linking, Reason.ALREADY_LINKED)
def no_account_is_linked(attempt: Linking) -> bool:
    """One account at a time; another is linked after the first was unlinked (R28)."""
    return attempt.linked is None or attempt.linked.linked_at is None


@rule(Linking, Reason.CODE_TRIES_EXHAUSTED)
def wait_for_wrong_codes_is_over(attempt: Linking) -> bool:
    """After too many wrong codes an hour passes in full (R12)."""
    return _waited(attempt.linked, attempt.now)


@rule(Linking, Reason.LINK_CLOSED)
def linking_is_open(attempt: Linking) -> bool:
    """Up to and including the last second of the cohort's last day for linking or changing (R37)."""
    return attempt.now <= attempt.wave.link_until


@rule(Linking, Reason.WALLET_UNKNOWN)
def account_exists(attempt: Linking) -> bool:
    """The partner knows the number (R28)."""
    return attempt.wallet is not None


@rule(Linking, Reason.WALLET_INACTIVE)
def account_is_active(attempt: Linking) -> bool:
    """The partner has not closed or blocked it (R28)."""
    return _held(attempt).active


@rule(Linking, Reason.WALLET_NOT_RUPIAH)
def account_is_in_rupiah(attempt: Linking) -> bool:
    """No foreign currency (R28)."""
    return _held(attempt).currency == "IDR"


@rule(Linking, Reason.NIK_DIFFERS)
def account_has_the_participants_nik(attempt: Linking) -> bool:
    """Opened with the same identity card as the Prakerja account (R28)."""
    return _held(attempt).nik == attempt.participant.nik


@rule(Linking, Reason.WALLET_NAME_DIFFERS)
def account_has_the_participants_name(attempt: Linking) -> bool:
    """It is one's own; capitals and spaces do not count (R28)."""
    return same_name(_held(attempt).name, attempt.participant.name)


@rule(Linking, Reason.PHONE_DIFFERS)
def e_wallet_has_the_participants_phone(attempt: Linking) -> bool:
    """An e-wallet's number is the phone of the Prakerja account; a bank may know another (R28)."""
    assert attempt.terms is not None
    return attempt.terms.bank or _held(attempt).phone == attempt.participant.phone


@rule(Linking, Reason.WALLET_NOT_UPGRADED)
def e_wallet_is_upgraded(attempt: Linking) -> bool:
    """The e-wallet has seen identity card and face; a bank always has (R28)."""
    wallet, participant = _held(attempt), attempt.participant
    return mismatch(wallet, Payee(participant.nik, participant.name, participant.phone)) is None


# Changing the phone number (R29)


@rule(PhoneRequest, Reason.UNLINK_FIRST)
def account_is_unlinked(attempt: PhoneRequest) -> bool:
    """A linked account is unlinked before the phone number changes (R29)."""
    return attempt.linked is None or attempt.linked.linked_at is None


@rule(PhoneRequest, Reason.PHONE_TAKEN)
def phone_is_free(attempt: PhoneRequest) -> bool:
    """No other participant has the number (simulated)."""
    return not attempt.taken


@rule(PhoneRequest, Reason.CODE_TRIES_EXHAUSTED)
def wait_for_wrong_phone_codes_is_over(attempt: PhoneRequest) -> bool:
    """After too many wrong codes an hour passes in full (R12)."""
    return _waited(attempt.begun, attempt.now)


# Entering the code (R12)


@rule(LinkEntry, Reason.ALREADY_LINKED)
def account_is_not_linked_yet(attempt: LinkEntry) -> bool:
    """A code links once (R28)."""
    return attempt.linked is None or attempt.linked.linked_at is None


@rule(LinkEntry, Reason.LINK_CLOSED)
def it_is_confirmed_in_time(attempt: LinkEntry) -> bool:
    """Linking counts when its code is entered, not when it was begun (R37)."""
    begun = attempt.linked is not None and bool(attempt.linked.otp)
    return not begun or attempt.now <= attempt.wave.link_until


@rule(CodeEntry, Reason.LINK_NOT_BEGUN)
def code_was_asked_for(attempt: CodeEntry) -> bool:
    """A code was sent and has not been used up (R12)."""
    return attempt.begun is not None and bool(attempt.begun.otp)


@rule(CodeEntry, Reason.CODE_TRIES_EXHAUSTED)
def wrong_codes_are_few(attempt: CodeEntry) -> bool:
    """More than three wrong codes end this one; after an hour another may be asked for (R12)."""
    assert attempt.begun is not None
    return attempt.begun.blocked_until is None and attempt.fate is not Fate.NO_TRIES


@rule(CodeEntry, Reason.CODE_EXPIRED)
def code_is_fresh(attempt: CodeEntry) -> bool:
    """Good up to and including the last second of its life, at the phone that it went to (R11)."""
    assert attempt.begun is not None
    life = timedelta(seconds=attempt.settings.otp_lifetime)
    fresh = attempt.now - attempt.begun.otp_sent_at <= life and attempt.fate is not Fate.EXPIRED
    return fresh and not attempt.moved


@rule(CodeEntry, Reason.CODE_WRONG)
def code_is_right(attempt: CodeEntry) -> bool:
    """The code is the one that was sent last (R11)."""
    assert attempt.begun is not None
    right = compare_digest(attempt.entered.encode(), attempt.begun.otp.encode())
    return right and attempt.fate is not Fate.WRONG


# The surveys: R24 to R26


@rule(SurveyEntry, Reason.SURVEY_NOT_OPEN)
def scheme_has_the_survey(attempt: SurveyEntry) -> bool:
    """Three in semi-bansos, two in the normal scheme (R24)."""
    return 1 <= attempt.number <= attempt.wave.scheme.surveys


@rule(SurveyEntry, Reason.SURVEY_DONE)
def survey_is_not_done(attempt: SurveyEntry) -> bool:
    """A survey is filled in once (R24)."""
    return not attempt.done


@rule(SurveyEntry, Reason.SURVEY_CLOSED)
def survey_is_not_closed(attempt: SurveyEntry) -> bool:
    """Up to and including the last second of the closing day; then its money is lost (R26)."""
    return attempt.now <= min(attempt.wave.surveys_until, attempt.wave.payout_until)


@rule(SurveyEntry, Reason.SURVEY_NOT_OPEN)
def survey_is_open(attempt: SurveyEntry) -> bool:
    """After the first incentive, in order, from its opening second on (R24, R25)."""
    return attempt.opens is not None and attempt.now >= attempt.opens


def _held(attempt: Linking) -> Wallet:
    assert attempt.wallet is not None
    return attempt.wallet


def _waited(begun: LinkedAccount | PhoneChange | None, now: datetime) -> bool:
    return begun is None or begun.blocked_until is None or now >= begun.blocked_until
