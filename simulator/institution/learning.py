"""A learner's course at an institution: pre-test, lessons, certificate, and the report of it.

Completion is all lessons and the final test; no score is too low (programme 11).
"""

from datetime import datetime

from prakerja_sim.simulator.institution.opening import order_of, subject_of
from prakerja_sim.simulator.institution.records import Enrolment, LateReport
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import UNAMBIGUOUS, VoucherCode
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
        raise Rejected(Reason.ENROLMENT_UNKNOWN, unsaid={"voucher": voucher})
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
        raise Rejected(
            Reason.PRE_TEST_MISSING, unsaid={"pre_test": None, "lessons_done": enrolment.lessons_done}
        )
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
    """Take the final test and get the certificate; a poor score is enough (R31).

    It is reported at once, or on the working day that a setting says; the clock makes sure of it.
    """
    enrolment = enrolled(world, voucher=voucher)
    if enrolment.certificate is not None:
        return enrolment
    if enrolment.lessons_done < world.need(Course, enrolment.course).lessons:
        raise Rejected(Reason.COURSE_UNFINISHED, lessons_done=enrolment.lessons_done)

    world.subject = subject_of(world, voucher)
    number = "CERT-" + chance.code(UNAMBIGUOUS, 10, world.seed, "certificate", voucher)
    changed = enrolment.but(post_test=score, finished_at=world.now, certificate=number)
    world.put(changed)
    days = max(world.settings.institution_report_working_days, 1)
    _plan_report(world, changed, working_days_later(world.now, days), tries=0)
    return changed


@refuses(enrolled)
def reports_now(world: Unit, *, voucher: str) -> bool:
    """Whether a certificate is reported when its learner asks; not before the day of a later first report."""
    enrolled(world, voucher=voucher)
    if not world.settings.institution_report_working_days:
        return True
    late = world.get(LateReport, voucher)
    return late is None or late.tries > 0 or late.due_at <= world.now


@command("learning.note_report")
@refuses(enrolled)
def note_report(world: Unit, *, voucher: str, arrived: bool) -> LateReport:
    """Note whether a certificate's report arrived; if not, it is made again on the next working day.

    The same holds for a refused report, since a name may be corrected meanwhile (F25); ten tries are the end.
    """
    enrolment = enrolled(world, voucher=voucher)
    before = world.get(LateReport, voucher)
    if before is not None and before.done and arrived:
        return before

    world.subject = subject_of(world, voucher)
    if before is not None:
        schedule.cancel(world, before.due_at, "certificate_report", voucher)
    tries = before.tries + 1 if before is not None and not before.done else 1
    done = arrived or tries >= MOST_REPORTS
    return _plan_report(world, enrolment, working_days_later(world.now, 1), tries=tries, done=done)


def report_due(world: Unit, *, voucher: str) -> Enrolment | None:
    """The enrolment, if its certificate is to be reported now; None if it is too early or done."""
    late = world.get(LateReport, voucher)
    due = late is not None and not late.done and late.due_at <= world.now
    return enrolled(world, voucher=voucher) if due else None


def _plan_report(
    world: Unit, enrolment: Enrolment, due: datetime, *, tries: int, done: bool = False
) -> LateReport:
    """Keep what is still to be reported of a certificate; the clock reports it when it is due."""
    late = LateReport(VoucherCode(enrolment.key), enrolment.institution, due, tries, done)
    world.put(late)
    if not done:
        schedule.schedule(world, due, "certificate_report", enrolment.key)
    return late


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
