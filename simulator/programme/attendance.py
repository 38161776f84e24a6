"""Presence: a participant shows his face at Prakerja, and the institution asks whether he did.

An institution opens a verification and sends the browser to it.  Sequence 1 is the redeem: its
success uses the code.  Sequences 2 to 10 of a self-paced course attest the day on which they
succeeded, and only that day (simulated, from "at each day's entry"); 1 and 999, the post-test,
happen once and stand for good, as all of a webinar's do.
"""

from datetime import timedelta
from enum import IntEnum, StrEnum

from prakerja_sim.simulator.programme import lifecycle, redemption
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course, CourseKind
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Verification,
    VerificationStatus,
)
from prakerja_sim.simulator.values import chance, emails
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX, PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

REDEEM = 1
POST_TEST = 999
SEQUENCES = frozenset({*range(1, 11), POST_TEST})
OPEN = (VerificationStatus.OPENED, VerificationStatus.CONSENTED)


class Presence(IntEnum):
    """The answer to the institution; the number is `attendance_status` on the wire."""

    NONE = 0
    ATTENDED = 1
    FAILED = 2


class ScanResult(StrEnum):
    """What the camera saw."""

    SUCCESS = "success"
    NO_MATCH = "no_match"
    CAMERA_REFUSED = "camera_refused"


ABANDONED = "abandoned"
"""There is no result: the window was closed, and the address can be opened again."""


@refuses(Reason.REDEEM_CODE_USED, redemption.check_window)
def _check_use(world: Unit, redeemable: Redeemable, sequence: int) -> None:
    redeemed = redeemable.status is RedeemStatus.REDEEMED
    if sequence == REDEEM:
        if redeemed:
            raise Rejected(Reason.REDEEM_CODE_USED, redeemed_at=redeemable.redeemed_at)
        redemption.check_window(world, redeemable)
    elif not redeemed:  # for this participant the training has not begun
        raise Rejected(Reason.OUTSIDE_REDEMPTION_WINDOW, sequence=sequence, first_attended=None)


@command("attendance.begin")
@refuses(
    redemption.find,
    Reason.REDEEM_CODE_CANCELLED,
    Reason.COURSE_TYPE_UNFIT,
    _check_use,
    Reason.REDIRECT_UNREGISTERED,
    Reason.EMAIL_TAKEN,
)
def begin(
    world: Unit,
    *,
    institution: PartyCode,
    redeem_code: str,
    redirect_uri: str,
    email: str,
    sequence: int = REDEEM,
    registered: str = "",
) -> Verification:
    """Open a verification for one attendance; an e-mail address is for one code of a course (R35).

    The order of the refusals is simulated: the code (unknown, another institution's, cancelled),
    the course (held offline; used; outside its window), then the request (redirect address not
    registered, e-mail address of another code of the course).
    """
    redeemable = redemption.find(world, institution=institution, redeem_code=redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:
        raise Rejected(Reason.REDEEM_CODE_CANCELLED, redeem_code=redeem_code, status=redeemable.status)
    kind = world.need(Course, redeemable.course).kind
    if kind is CourseKind.OFFLINE:
        raise Rejected(Reason.COURSE_TYPE_UNFIT, course=redeemable.course, kind=kind.name)
    _check_use(world, redeemable, sequence)
    if registered and redirect_uri not in registered.split(","):
        raise Rejected(Reason.REDIRECT_UNREGISTERED, redirect_uri=redirect_uri, registered=registered)
    email = emails.canonical(email)
    if _email_taken(world, redeemable, email):
        raise Rejected(Reason.EMAIL_TAKEN, email=email, course=redeemable.course)
    number = len(world.find(Verification, redeem_code=redeemable.code)) + 1

    name_subject(world, redeemable)
    opened = Verification(
        state_of(world, redeemable, number),
        redeemable.code,
        redeemable.course,
        sequence,
        email,
        redirect_uri,
        VerificationStatus.OPENED,
        world.now,
    )
    world.put(opened)
    return opened


@refuses(Reason.VERIFICATION_UNKNOWN, Reason.VERIFICATION_OVER)
def pending(world: Unit, *, state: str) -> Verification:
    """The verification of a browser's address, if it can still be used."""
    verification = world.get(Verification, state)
    if verification is None or verification.status is VerificationStatus.WITHDRAWN:
        status = verification.status if verification is not None else None
        raise Rejected(Reason.VERIFICATION_UNKNOWN, state=state, status=status)
    lifetime = timedelta(seconds=world.settings.verification_lifetime)
    ends = verification.opened_at + lifetime
    if verification.status not in OPEN or world.now > ends:
        raise Rejected(Reason.VERIFICATION_OVER, status=verification.status, ends=ends, asked_at=world.now)
    return verification


@refuses(pending, Reason.ACCOUNT_DIFFERS)
def check_owner(world: Unit, *, state: str, card: str) -> None:
    """Only the code's own participant may verify (R03); with a test code anybody may."""
    redeemable = world.need(Redeemable, pending(world, state=state).redeem_code)
    if redeemable.card not in (None, card):
        raise Rejected(Reason.ACCOUNT_DIFFERS, card=card, unsaid={"owner_card": redeemable.card})


@command("attendance.consent")
@refuses(check_owner)
def consent(world: Unit, *, state: str, card: str) -> Verification:
    """The participant agrees that the camera looks at him."""
    verification = pending(world, state=state)
    check_owner(world, state=state, card=card)

    name_subject(world, world.need(Redeemable, verification.redeem_code))
    agreed = verification.but(status=lifecycle.VERIFICATION[verification.status, Event.CONSENT])
    world.put(agreed)
    return agreed


@command("attendance.scan")
@refuses(check_owner, Reason.CONSENT_MISSING, Reason.TRANSACTION_VOIDED, _check_use)
def scan(world: Unit, *, state: str, card: str, outcome: ScanResult) -> Verification:
    """The camera has looked, or was not allowed to; success at sequence 1 uses the code (R36)."""
    verification = pending(world, state=state)
    check_owner(world, state=state, card=card)
    if verification.status is VerificationStatus.OPENED and outcome != ScanResult.CAMERA_REFUSED:
        raise Rejected(Reason.CONSENT_MISSING, status=verification.status, outcome=outcome)
    redeemable = world.need(Redeemable, verification.redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:  # it was good when the verification was opened
        raise Rejected(Reason.TRANSACTION_VOIDED, redeem_code=redeemable.code, status=redeemable.status)
    _check_use(world, redeemable, verification.sequence)

    name_subject(world, redeemable)
    event = Event.VERIFY if outcome == ScanResult.SUCCESS else Event.FAIL
    closed = verification.but(status=lifecycle.VERIFICATION[verification.status, event], closed_at=world.now)
    world.put(closed)
    if event is Event.VERIFY and verification.sequence == REDEEM:
        status = lifecycle.REDEEM[redeemable.status, Event.COMMIT]
        world.put(redeemable.but(status=status, redeemed_at=world.now))
    return closed


def presence(world: Unit, *, redeem_code: str, sequence: int) -> Presence:
    """Whether somebody has proved his presence (R36); a failure does not undo a success."""
    tried = {
        v.status
        for v in world.find(Verification, redeem_code=redeem_code)
        if v.sequence == sequence and v.closed_at is not None and _stands(world, v)
    }
    if VerificationStatus.SUCCEEDED in tried:
        return Presence.ATTENDED
    return Presence.FAILED if VerificationStatus.FAILED in tried else Presence.NONE


@command("attendance.reset")
@refuses(redemption.reset)
def reset(
    world: Unit, *, institution: PartyCode, redeem_code: str, sequence: int = REDEEM
) -> tuple[Redeemable, Presence]:
    """Make a test code usable again, without attendance; returns code and presence as they were before."""
    before = redemption.reset(world, institution=institution, redeem_code=redeem_code)
    attended = presence(world, redeem_code=redeem_code, sequence=sequence)

    for one in world.find(Verification, redeem_code=redeem_code):
        world.put(one.but(status=lifecycle.VERIFICATION[one.status, Event.RESET]))
    return before, attended


def _email_taken(world: Unit, redeemable: Redeemable, email: str) -> bool:
    """Whether another code of the course has the e-mail address; a cancelled or reset code frees it."""
    return any(
        v.redeem_code != redeemable.code
        and v.status is not VerificationStatus.WITHDRAWN
        and world.need(Redeemable, v.redeem_code).status is not RedeemStatus.CANCELLED
        for v in world.find(Verification, course=redeemable.course, email=email)
    )


def _stands(world: Unit, closed: Verification) -> bool:
    if closed.status is VerificationStatus.WITHDRAWN or closed.closed_at is None:
        return False
    daily = world.need(Course, closed.course).kind is CourseKind.SELF_PACED
    if not daily or closed.sequence in (REDEEM, POST_TEST):
        return True
    return closed.closed_at.astimezone(WIB).date() == world.now.astimezone(WIB).date()


def state_of(world: Unit, redeemable: Redeemable, number: int) -> str:
    """The name of a code's verification of that number; it looks like a random UUID."""
    drawn = chance.code(HEX, 32, world.seed, "state", redeemable.code, number)
    variant = HEX[8 + int(drawn[16], 16) % 4]
    return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-{variant}{drawn[17:20]}-{drawn[20:]}"


def name_subject(world: Unit, redeemable: Redeemable) -> None:
    """The journal's chain is the participant's; a test code is nobody's."""
    if redeemable.card is not None:
        world.subject = subject(redeemable.card)
