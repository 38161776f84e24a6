"""Presence that an institution reports, without a face shown: offline courses, and files of many rows."""

from datetime import datetime

from prakerja_sim.simulator.programme import lifecycle, redemption
from prakerja_sim.simulator.programme.attendance import REDEEM, Presence, name_subject, state_of
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.training_records import (
    Redeemable,
    RedeemStatus,
    Training,
    Verification,
    VerificationStatus,
)
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@command("attendance.report")
@refuses(
    redemption.find,
    Reason.REDEEM_CODE_CANCELLED,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.REDEEM_CODE_USED,
    Reason.OUTSIDE_REDEMPTION_WINDOW,
)
def report(
    world: Unit,
    *,
    institution: PartyCode,
    schedule: str,
    redeem_code: str,
    sequence: int,
    attended_at: datetime,
) -> Presence:
    """An institution reports who came, as offline courses do; sequence 1 uses the code at that time.

    The code must be of the schedule that the report names; nobody comes before he has bought.  A used
    code is refused; a later meeting that is known already stays as it is.
    """
    redeemable = redemption.find(world, institution=institution, redeem_code=redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:
        raise Rejected(Reason.REDEEM_CODE_CANCELLED, redeem_code=redeem_code, status=redeemable.status)
    if redeemable.schedule != schedule:
        raise Rejected(Reason.SCHEDULE_OF_OTHER_COURSE, schedule=redeemable.schedule)
    _check_time(world, redeemable, sequence, attended_at)
    before = world.find(Verification, redeem_code=redeemable.code)
    if any(_is_reported(one, sequence, attended_at) for one in before):
        return Presence.ATTENDED

    name_subject(world, redeemable)
    world.put(
        Verification(
            state_of(world, redeemable, len(before) + 1),
            redeemable.code,
            redeemable.course,
            sequence,
            "",
            "",
            VerificationStatus.SUCCEEDED,
            attended_at,
            attended_at,
        )
    )
    if sequence == REDEEM:
        status = lifecycle.REDEEM[redeemable.status, Event.COMMIT]
        world.put(redeemable.but(status=status, redeemed_at=attended_at))
    return Presence.ATTENDED


def _check_time(world: Unit, redeemable: Redeemable, sequence: int, attended_at: datetime) -> None:
    """Refuse who comes before he bought, before the training began for him, or outside its hours."""
    redeemed_at = redeemable.redeemed_at
    if sequence == REDEEM:
        if redeemable.status is RedeemStatus.REDEEMED:
            raise Rejected(Reason.REDEEM_CODE_USED, redeemed_at=redeemed_at)
        redemption.check_window(world, redeemable, attended_at)
        redeemed_at = _bought_at(world, redeemable)
    elif redeemed_at is None:  # for this participant the training has not begun
        raise Rejected(Reason.OUTSIDE_REDEMPTION_WINDOW, sequence=sequence, first_attended=None)
    if redeemed_at is not None and attended_at < redeemed_at:
        raise Rejected(Reason.OUTSIDE_REDEMPTION_WINDOW, attended_at=attended_at, not_before=redeemed_at)


def _bought_at(world: Unit, redeemable: Redeemable) -> datetime | None:
    """When the code's training was bought; None for a test code."""
    mine = world.find(Training, card=redeemable.card) if redeemable.card is not None else []
    return next((one.bought_at for one in mine if one.redeem_code == redeemable.code), None)


def _is_reported(known: Verification, sequence: int, at: datetime) -> bool:
    """Whether a presence is known already: of that meeting, on that day."""
    if known.status is not VerificationStatus.SUCCEEDED or known.closed_at is None:
        return False
    return known.sequence == sequence and known.closed_at.astimezone(WIB).date() == at.astimezone(WIB).date()
