"""A learner's course at an institution: pre-test, lessons, certificate, and the report of it.

Completion is all lessons and the final test; no score is too low (programme 11).
"""

from prakerja_sim.simulator.institution.opening import order_of, subject_of
from prakerja_sim.simulator.institution.records import Enrolment, LateReport
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import UNAMBIGUOUS, RedeemCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

MOST_REPORTS = 10
"""How many times a certificate is reported before a person must look at it (simulated)."""


@refuses(Reason.ENROLMENT_UNKNOWN)
def enrolled(world: Unit, *, voucher: str) -> Enrolment:
    """The enrolment that a voucher opened."""
    enrolment = world.get(Enrolment, voucher)
    if enrolment is None:
        raise Rejected(Reason.ENROLMENT_UNKNOWN)
    return enrolment


@command("learning.correct_name")
@refuses(enrolled)
def correct_name(world: Unit, *, voucher: str, name: str) -> Enrolment:
    """Write the learner's name as Prakerja has it; the certificate must be reported again (F25)."""
    enrolment = enrolled(world, voucher=voucher)
    if enrolment.name == name:
        return enrolment

    world.subject = subject_of(world, voucher)
    changed = enrolment.but(name=name)
    world.put(changed)
    return changed


@command("learning.take_pre_test")
@refuses(enrolled)
def take_pre_test(world: Unit, *, voucher: str, score: int) -> Enrolment:
    """The pre-test was taken; the first score stays."""
    enrolment = enrolled(world, voucher=voucher)
    if enrolment.pre_test is not None:
        return enrolment

    world.subject = subject_of(world, voucher)
    changed = enrolment.but(pre_test=score)
    world.put(changed)
    return changed


@command("learning.study")
@refuses(enrolled, Reason.PRE_TEST_MISSING, Reason.COURSE_WITHDRAWN)
def study(world: Unit, *, voucher: str) -> Enrolment:
    """Finish the next lesson; from wave 18 on only after the pre-test (R30)."""
    enrolment = enrolled(world, voucher=voucher)
    if enrolment.pre_test is None and _needs_pre_test(world, voucher):
        raise Rejected(Reason.PRE_TEST_MISSING)
    course = world.need(Course, enrolment.course)
    if course.withdrawn:
        raise Rejected(Reason.COURSE_WITHDRAWN, course=course.code)
    if enrolment.lessons_done >= course.lessons:
        return enrolment

    world.subject = subject_of(world, voucher)
    changed = enrolment.but(lessons_done=enrolment.lessons_done + 1)
    world.put(changed)
    return changed


@command("learning.finish")
@refuses(enrolled, Reason.COURSE_UNFINISHED)
def finish(world: Unit, *, voucher: str, score: int) -> Enrolment:
    """Take the final test and get the certificate; a poor score is enough (R31)."""
    enrolment = enrolled(world, voucher=voucher)
    if enrolment.certificate is not None:
        return enrolment
    if enrolment.lessons_done < world.need(Course, enrolment.course).lessons:
        raise Rejected(Reason.COURSE_UNFINISHED, lessons_done=enrolment.lessons_done)

    world.subject = subject_of(world, voucher)
    number = "CERT-" + chance.code(UNAMBIGUOUS, 10, world.seed, "certificate", voucher)
    changed = enrolment.but(post_test=score, finished_at=world.now, certificate=number)
    world.put(changed)
    return changed


@command("learning.plan_report")
@refuses(enrolled)
def plan_report(world: Unit, *, voucher: str) -> LateReport | None:
    """Plan a certificate's first report for a later working day; None if it is to be made now.

    It is to be made now if the setting gives no days, or if its day has come already.
    """
    enrolment, days = enrolled(world, voucher=voucher), world.settings.institution_report_working_days
    before = world.get(LateReport, voucher)
    if before is not None:
        return before if before.tries == 0 else None
    if not days:
        return None

    world.subject = subject_of(world, voucher)
    due = working_days_later(world.now, days)
    planned = LateReport(VoucherCode(voucher), enrolment.institution, due, 0)
    world.put(planned)
    schedule.schedule(world, due, "certificate_report", voucher)
    return planned


@command("learning.note_report")
@refuses(enrolled)
def note_report(world: Unit, *, voucher: str, arrived: bool) -> LateReport | None:
    """Note whether a certificate's report arrived; if not, it is made again on the next working day.

    The same holds for a refused report, since a name may be corrected meanwhile (F25); ten tries are the end.
    """
    enrolment = enrolled(world, voucher=voucher)
    before = world.get(LateReport, voucher)
    if before is None and arrived:
        return None

    world.subject = subject_of(world, voucher)
    tries = before.tries + 1 if before is not None and not before.done else 1
    due = working_days_later(world.now, 1)
    done = arrived or tries >= MOST_REPORTS
    late = LateReport(VoucherCode(voucher), enrolment.institution, due, tries, done)
    world.put(late)
    if not done:
        schedule.schedule(world, due, "certificate_report", voucher)
    return late


def report_due(world: Unit, *, voucher: str) -> Enrolment | None:
    """The enrolment, if its certificate is to be reported now; None if it is too early or done."""
    late = world.get(LateReport, voucher)
    due = late is not None and not late.done and late.due_at <= world.now
    return enrolled(world, voucher=voucher) if due else None


@refuses(enrolled)
def was_lost(world: Unit, *, voucher: str, redeem_code: str, course: str) -> bool:
    """Whether a used redeem code must be this enrolment's, because the answer to its commit was lost.

    Only this institution may commit the code.  So if no enrolment has a used code, it was committed
    for the learner who brings it; the code must be of the same course.
    """
    enrolment = enrolled(world, voucher=voucher)
    free = enrolment.redeem_code is None and not world.find(Enrolment, redeem_code=redeem_code, limit=1)
    return free and enrolment.course == course


@command("learning.attest")
@refuses(enrolled)
def attest(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """Prakerja took the redeem code."""
    enrolment = enrolled(world, voucher=voucher)

    world.subject = subject_of(world, voucher)
    changed = enrolment.but(redeem_code=RedeemCode(redeem_code))
    world.put(changed)
    return changed


def _needs_pre_test(world: Unit, voucher: str) -> bool:
    """The pre-test is compulsory from wave 18 on (R30), and for a learner whose wave is not known here."""
    order = order_of(world, voucher)
    if order is None:
        return True
    if order.card is None:  # bought through a distributor: no participant's
        return False
    participant = world.get(Participant, order.card)
    return participant is None or wave(participant.wave).pre_test


schedule.job("certificate_report", done="a certificate is reported to the marketplace")
