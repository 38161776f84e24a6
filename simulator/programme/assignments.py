"""Practical tasks: the institution submits a participant's file (TPM or UK), then its feedback on it.

A newer file or feedback replaces the older one.  Who changes a status at Prakerja is not public:
here it changes with time, and only a fault makes an assignment fail.
"""

from datetime import datetime, timedelta
from enum import IntEnum

from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.training_records import Assignment, Feedback, Redeemable, RedeemStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults.assignment import AssignmentFault
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


class Submitted(IntEnum):
    """Where an assignment or a feedback stands; the number is `status` on the wire."""

    NOT = 0
    PENDING = 1
    SUCCESS = 2
    FAILED = 3


@refuses(redemption.find, Reason.REDEEM_CODE_CANCELLED)
def _live(world: Unit, institution: PartyCode, redeem_code: str) -> Redeemable:
    redeemable = redemption.find(world, institution=institution, redeem_code=redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:
        raise Rejected(Reason.REDEEM_CODE_CANCELLED, redeem_code=redeem_code, status=redeemable.status)
    return redeemable


@command("assignments.submit")
@refuses(_live)
def submit(
    world: Unit, *, institution: PartyCode, redeem_code: str, scope: str, sequence: int, url_file: str
) -> Assignment:
    """Submit a participant's file."""
    redeemable = _live(world, institution, redeem_code)
    key = _key(redeem_code, scope, sequence)
    before = world.get(Assignment, key)
    times = before.submissions + 1 if before else 1

    _name_subject(world, redeemable)
    number = _number(world, "assignment", key, times)
    now = world.now
    handed_in = Assignment(key, redeemable.code, scope, sequence, number, url_file, now, times)
    if struck := AssignmentFault.striking(world, at=redeem_code):
        handed_in = struck.apply(handed_in)
    world.put(handed_in)
    return handed_in


@command("assignments.give_feedback")
@refuses(_live, Reason.ASSIGNMENT_MISSING)
def give_feedback(
    world: Unit,
    *,
    institution: PartyCode,
    redeem_code: str,
    scope: str,
    sequence: int,
    notes: str,
    url_file: str = "",
) -> Feedback:
    """Submit the institution's feedback on an assignment that was submitted before."""
    redeemable = _live(world, institution, redeem_code)
    key = _key(redeem_code, scope, sequence)
    if world.get(Assignment, key) is None:
        raise Rejected(Reason.ASSIGNMENT_MISSING, scope=scope, sequence=sequence)
    before = world.get(Feedback, key)
    times = before.submissions + 1 if before else 1

    _name_subject(world, redeemable)
    feedback = Feedback(key, _number(world, "feedback", key, times), notes, url_file, world.now, times)
    world.put(feedback)
    return feedback


@refuses(redemption.find)
def status(
    world: Unit, *, institution: PartyCode, redeem_code: str, scope: str, sequence: int
) -> tuple[Submitted, Submitted]:
    """Where the assignment and its feedback stand."""
    redemption.find(world, institution=institution, redeem_code=redeem_code)
    key = _key(redeem_code, scope, sequence)
    assignment, feedback = world.get(Assignment, key), world.get(Feedback, key)
    submitted = _after(world, assignment.submitted_at if assignment else None)
    if assignment is not None and assignment.failed and submitted is Submitted.SUCCESS:
        submitted = Submitted.FAILED
    return submitted, _after(world, feedback.given_at if feedback else None)


def _after(world: Unit, since: datetime | None) -> Submitted:
    if since is None:
        return Submitted.NOT
    decided = world.now - since >= timedelta(seconds=world.settings.tpm_delay)
    return Submitted.SUCCESS if decided else Submitted.PENDING


def _key(redeem_code: str, scope: str, sequence: int) -> str:
    return f"{redeem_code}/{scope}/{sequence}"


def _number(world: Unit, kind: str, key: str, times: int) -> int:
    """The id for the wire; it is no running number, so it does not show who came first."""
    return 1 + chance.below(999_999_999, world.seed, kind, key, times)


def _name_subject(world: Unit, redeemable: Redeemable) -> None:
    if redeemable.card is not None:
        world.subject = subject(redeemable.card)
