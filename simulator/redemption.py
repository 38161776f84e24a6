"""The programme's redeem code: asked about, committed once, reset if it is a test code (R34)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from simulator import chance, lifecycle
from simulator.enrolment import subject
from simulator.errors import Reason, Rejected
from simulator.ids import ALPHANUMERIC, InvoiceCode, PartyCode, RedeemCode
from simulator.lifecycle import Event
from simulator.records import Course, CourseKind, Redeemable, RedeemStatus, Schedule

if TYPE_CHECKING:
    from simulator.store import Unit

TEST_PREFIX = "PRAT-"
WINDOW = timedelta(hours=1)
"""A webinar's code is redeemed from so long before to so long after its start."""


def find(world: "Unit", *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """A redeem code of one of the institution's own courses."""
    redeemable = world.get(Redeemable, redeem_code)
    if redeemable is None:
        raise Rejected(Reason.REDEEM_CODE_UNKNOWN)
    if redeemable.institution != institution:
        raise Rejected(Reason.REDEEM_CODE_OF_OTHER_INSTITUTION)
    return redeemable


def commit(world: "Unit", *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """Mark a code as used, once."""
    redeemable = find(world, institution=institution, redeem_code=redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:
        raise Rejected(Reason.REDEEM_CODE_CANCELLED)
    if redeemable.status is RedeemStatus.REDEEMED:
        raise Rejected(Reason.REDEEM_CODE_USED)
    _check_window(world, redeemable)

    if redeemable.card is not None:
        world.subject = subject(redeemable.card)
    status = lifecycle.REDEEM[redeemable.status, Event.COMMIT]
    redeemed = redeemable.but(status=status, redeemed_at=world.now)
    world.put(redeemed)
    return redeemed


def reset(world: "Unit", *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """Make a test code usable again; the answer is the record as it was before."""
    if not redeem_code.startswith(TEST_PREFIX):
        raise Rejected(Reason.NOT_A_TEST_CODE)
    redeemable = find(world, institution=institution, redeem_code=redeem_code)

    status = lifecycle.REDEEM[redeemable.status, Event.RESET]
    world.put(redeemable.but(status=status, redeemed_at=None))
    return redeemable


def issue_test_code(world: "Unit", *, marketplace: PartyCode, schedule: str) -> Redeemable:
    """Hand an institution a code that belongs to no participant and may be reset."""
    course = world.need(Course, world.need(Schedule, schedule).course)
    number = 1
    while True:
        code = TEST_PREFIX + chance.code(ALPHANUMERIC, 6, world.seed, "test code", schedule, number)
        if world.get(Redeemable, code) is None:
            break
        number += 1

    redeemable = Redeemable(
        RedeemCode(code),
        course.institution,
        marketplace,
        course.code,
        world.need(Schedule, schedule).code,
        InvoiceCode(f"testing-{number:07}"),
        RedeemStatus.ISSUED,
    )
    world.put(redeemable)
    return redeemable


def test_codes(world: "Unit", *, schedule: str) -> list[Redeemable]:
    """The test codes that were handed out for a schedule."""
    return [r for r in world.find(Redeemable, card=None) if r.schedule == schedule]


def _check_window(world: "Unit", redeemable: Redeemable) -> None:
    course = world.need(Course, redeemable.course)
    schedule = world.need(Schedule, redeemable.schedule)
    if course.kind is not CourseKind.WEBINAR or schedule.starts is None:
        return
    if not schedule.starts - WINDOW <= world.now <= schedule.starts + WINDOW:
        raise Rejected(Reason.OUTSIDE_REDEMPTION_WINDOW, starts=schedule.starts)
