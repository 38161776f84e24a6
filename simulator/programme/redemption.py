"""The programme's redeem code: looked up, used once (commit), reset if it is a test code (R34)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.simulator.programme import lifecycle
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.programme.training_records import Redeemable, RedeemStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import ALPHANUMERIC, InvoiceCode, PartyCode, RedeemCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

TEST_PREFIX = "PRAT-"
WINDOW = timedelta(hours=1)
"""A webinar's code can be redeemed from this time before its start to this time after it."""
MAGIC: Mapping[str, Reason] = {
    "ERRTRX40001": Reason.COURSE_TYPE_UNFIT,
    "ERRTRX40020": Reason.REDEEM_CODE_UNKNOWN,
    "ERRTRX40021": Reason.REDEEM_CODE_USED,
    "ERRTRX40022": Reason.REDEEM_CODE_CANCELLED,
    "ERRTRX40027": Reason.OUTSIDE_REDEMPTION_WINDOW,
    "ERRTRX40028": Reason.REDEEM_CODE_OF_OTHER_INSTITUTION,
    "ERRTRX40101": Reason.TRANSACTION_VOIDED,
    " ": Reason.REDEEM_CODE_USED,
}
"""Partners' tests type an error's code as the redeem code and expect that error.

A blank was seen to get the same answer as a used code.
"""


@refuses(*MAGIC.values(), Reason.REDEEM_CODE_UNKNOWN, Reason.REDEEM_CODE_OF_OTHER_INSTITUTION)
def find(world: Unit, *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """A redeem code of one of the institution's own courses (R34)."""
    if redeem_code in MAGIC and world.settings.magic:
        raise Rejected(MAGIC[redeem_code], test_value=redeem_code)
    redeemable = world.get(Redeemable, redeem_code)
    if redeemable is None:
        raise Rejected(Reason.REDEEM_CODE_UNKNOWN, redeem_code=redeem_code)
    if redeemable.institution != institution:
        raise Rejected(
            Reason.REDEEM_CODE_OF_OTHER_INSTITUTION,
            asker=institution,
            unsaid={"institution": redeemable.institution},
        )
    return redeemable


@refuses(Reason.OUTSIDE_REDEMPTION_WINDOW)
def check_window(world: Unit, redeemable: Redeemable, at: datetime | None = None) -> None:
    """A webinar's code is valid only around its start; any other code at any time (R34).

    What is judged is now, or the time `at` which somebody is said to have come.
    """
    course = world.need(Course, redeemable.course)
    schedule = world.need(Schedule, redeemable.schedule)
    if course.kind is not CourseKind.WEBINAR or schedule.starts is None:
        return
    opens = schedule.starts - WINDOW
    closes = schedule.starts + WINDOW
    if not opens <= (at or world.now) <= closes:
        over = (lambda: opens) if world.now < opens and at is None else None
        raise Rejected(
            Reason.OUTSIDE_REDEMPTION_WINDOW, over=over, opens=opens, closes=closes, at=at or world.now
        )


@command("redemption.commit")
@refuses(find, Reason.REDEEM_CODE_CANCELLED, Reason.REDEEM_CODE_USED, check_window)
def commit(world: Unit, *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """Use a code, once (R34)."""
    redeemable = find(world, institution=institution, redeem_code=redeem_code)
    if redeemable.status is RedeemStatus.CANCELLED:
        raise Rejected(Reason.REDEEM_CODE_CANCELLED, redeem_code=redeem_code, status=redeemable.status)
    if redeemable.status is RedeemStatus.REDEEMED:
        raise Rejected(Reason.REDEEM_CODE_USED, redeemed_at=redeemable.redeemed_at)
    check_window(world, redeemable)

    if redeemable.card is not None:
        world.subject = subject(redeemable.card)
    status = lifecycle.REDEEM[redeemable.status, Event.COMMIT]
    redeemed = redeemable.but(status=status, redeemed_at=world.now)
    world.put(redeemed)
    return redeemed


@command("redemption.reset")
@refuses(Reason.NOT_A_TEST_CODE, find)
def reset(world: Unit, *, institution: PartyCode, redeem_code: str) -> Redeemable:
    """Make a test code usable again; returns the record as it was before."""
    if not redeem_code.startswith(TEST_PREFIX):
        raise Rejected(Reason.NOT_A_TEST_CODE, redeem_code=redeem_code, begins_with=TEST_PREFIX)
    redeemable = find(world, institution=institution, redeem_code=redeem_code)

    status = lifecycle.REDEEM[redeemable.status, Event.RESET]
    world.put(redeemable.but(status=status, redeemed_at=None))
    return redeemable


@command("redemption.issue_test_code")
def issue_test_code(world: Unit, *, marketplace: PartyCode, schedule: str) -> Redeemable:
    """Give an institution a code that belongs to no participant and can be reset."""
    course = world.need(Course, world.need(Schedule, schedule).course)
    number = len(test_codes(world, schedule=schedule)) + 1
    code = _test_code(world, schedule, number)

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


def test_codes(world: Unit, *, schedule: str) -> list[Redeemable]:
    """The test codes that were handed out for a schedule, in order."""
    codes: list[Redeemable] = []
    while (code := world.get(Redeemable, _test_code(world, schedule, len(codes) + 1))) is not None:
        codes.append(code)
    return codes


def _test_code(world: Unit, schedule: str, number: int) -> str:
    return TEST_PREFIX + chance.code(ALPHANUMERIC, 6, world.seed, "test code", schedule, number)
