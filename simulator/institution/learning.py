"""What an institution keeps of a learner: opened with a voucher, pre-test, lessons, certificate.

Completion is all lessons and the final test; there is no pass mark (programme 11).
"""

from prakerja_sim.simulator.institution.records import Enrolment, LateReport
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import UNAMBIGUOUS, PartyCode, RedeemCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

MOST_REPORTS = 10
"""How often a certificate is reported before somebody has to look (simulated)."""


@refuses(Reason.ENROLMENT_UNKNOWN)
def enrolled(world: Unit, *, voucher: str) -> Enrolment:
    """The enrolment that a voucher opened."""
    found = world.get(Enrolment, voucher)
    if found is None:
        raise Rejected(Reason.ENROLMENT_UNKNOWN)
    return found


@refuses(Reason.VOUCHER_USED)
def check_opening(world: Unit, *, voucher: str, institution: str, learner: str) -> Enrolment | None:
    """The enrolment that this learner's voucher has opened already, if it has; another's is used."""
    found = world.get(Enrolment, voucher)
    if found is None or found.institution != institution:
        return None
    if found.learner != learner.casefold():
        raise Rejected(Reason.VOUCHER_USED)
    return found


@refuses(Reason.COURSE_UNKNOWN, Reason.EMAIL_TAKEN)
def check_email(world: Unit, *, learner: str, course: str) -> None:
    """One e-mail takes a course once (R35), and a course that is not taught here cannot be taken."""
    if world.get(Course, course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    if world.find(Enrolment, course=course, learner=learner.casefold(), limit=1):
        raise Rejected(Reason.EMAIL_TAKEN)


@command("learning.open_course")
@refuses(check_opening, check_email)
def open_course(
    world: Unit, *, voucher: str, institution: str, marketplace: str, learner: str, name: str, course: str
) -> Enrolment:
    """The voucher was burned at its marketplace: the course is open, for one learner."""
    known = check_opening(world, voucher=voucher, institution=institution, learner=learner)
    if known is not None:
        return known
    check_email(world, learner=learner, course=course)

    world.subject = _subject(world, voucher)
    enrolment = Enrolment(
        voucher,
        PartyCode(institution),
        PartyCode(marketplace),
        world.need(Course, course).code,
        learner.casefold(),
        name,
        world.now,
    )
    world.put(enrolment)
    return enrolment


@command("learning.correct_name")
@refuses(enrolled)
def correct_name(world: Unit, *, voucher: str, name: str) -> Enrolment:
    """The learner's name as it stands at Prakerja; the certificate has to be reported again (F25)."""
    found = enrolled(world, voucher=voucher)
    if found.name == name:
        return found

    world.subject = _subject(world, voucher)
    changed = found.but(name=name)
    world.put(changed)
    return changed


@command("learning.take_pre_test")
@refuses(enrolled)
def take_pre_test(world: Unit, *, voucher: str, score: int) -> Enrolment:
    """The pre-test was taken; the first score stays."""
    found = enrolled(world, voucher=voucher)
    if found.pre_test is not None:
        return found

    world.subject = _subject(world, voucher)
    changed = found.but(pre_test=score)
    world.put(changed)
    return changed


@command("learning.study")
@refuses(enrolled, Reason.PRE_TEST_MISSING, Reason.COURSE_WITHDRAWN)
def study(world: Unit, *, voucher: str) -> Enrolment:
    """Finish the next lesson; from wave 18 on only after the pre-test (R30)."""
    found = enrolled(world, voucher=voucher)
    if found.pre_test is None and _needs_pre_test(world, voucher):
        raise Rejected(Reason.PRE_TEST_MISSING)
    course = world.need(Course, found.course)
    if course.withdrawn:
        raise Rejected(Reason.COURSE_WITHDRAWN, course=course.code)
    if found.lessons_done >= course.lessons:
        return found

    world.subject = _subject(world, voucher)
    changed = found.but(lessons_done=found.lessons_done + 1)
    world.put(changed)
    return changed


@command("learning.finish")
@refuses(enrolled, Reason.COURSE_UNFINISHED)
def finish(world: Unit, *, voucher: str, score: int) -> Enrolment:
    """Take the final test and get the certificate; a poor score is enough (R31)."""
    found = enrolled(world, voucher=voucher)
    if found.certificate is not None:
        return found
    if found.lessons_done < world.need(Course, found.course).lessons:
        raise Rejected(Reason.COURSE_UNFINISHED, lessons_done=found.lessons_done)

    world.subject = _subject(world, voucher)
    number = "CERT-" + chance.code(UNAMBIGUOUS, 10, world.seed, "certificate", voucher)
    changed = found.but(post_test=score, finished_at=world.now, certificate=number)
    world.put(changed)
    return changed


@command("learning.plan_report")
@refuses(enrolled)
def plan_report(world: Unit, *, voucher: str) -> LateReport | None:
    """Leave a certificate's first report for a later working day; None if it is to be made now.

    That is where no day is to pass, and when the report is asked for again after its day has come.
    """
    found, days = enrolled(world, voucher=voucher), world.settings.institution_report_working_days
    kept = world.get(LateReport, voucher)
    if kept is not None:
        return kept if kept.tries == 0 else None
    if not days:
        return None

    world.subject = _subject(world, voucher)
    due = working_days_later(world.now, days)
    planned = LateReport(VoucherCode(voucher), found.institution, due, 0)
    world.put(planned)
    schedule.schedule(world, due, "certificate_report", voucher)
    return planned


@command("learning.note_report")
@refuses(enrolled)
def note_report(world: Unit, *, voucher: str, arrived: bool) -> LateReport | None:
    """Note how a certificate's report went; one that did not arrive is made again the next working day.

    So are those that were refused, since a name may be corrected meanwhile (F25); after ten it is left.
    """
    found = enrolled(world, voucher=voucher)
    kept = world.get(LateReport, voucher)
    if kept is None and arrived:
        return None

    world.subject = _subject(world, voucher)
    tries = kept.tries + 1 if kept is not None and not kept.done else 1
    due = working_days_later(world.now, 1)
    done = arrived or tries >= MOST_REPORTS
    late = LateReport(VoucherCode(voucher), found.institution, due, tries, done)
    world.put(late)
    if not done:
        schedule.schedule(world, due, "certificate_report", voucher)
    return late


def report_due(world: Unit, *, voucher: str) -> Enrolment | None:
    """The enrolment whose certificate is to be reported now, if its time has come and it was not yet."""
    late = world.get(LateReport, voucher)
    due = late is not None and not late.done and late.due_at <= world.now
    return enrolled(world, voucher=voucher) if due else None


@refuses(enrolled)
def was_lost(world: Unit, *, voucher: str, redeem_code: str, course: str) -> bool:
    """Whether a used redeem code must be this enrolment's, its commit's answer having been lost.

    Nobody else may commit it, so a used code that no enrolment here has was committed for
    whoever comes with it; it must be of the course.
    """
    found = enrolled(world, voucher=voucher)
    free = found.redeem_code is None and not world.find(Enrolment, redeem_code=redeem_code, limit=1)
    return free and found.course == course


@command("learning.attest")
@refuses(enrolled)
def attest(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """Prakerja took the redeem code."""
    found = enrolled(world, voucher=voucher)

    world.subject = _subject(world, voucher)
    changed = found.but(redeem_code=RedeemCode(redeem_code))
    world.put(changed)
    return changed


def _needs_pre_test(world: Unit, voucher: str) -> bool:
    """Compulsory from wave 18 on (R30), and where the learner's wave is not known here."""
    order = _order(world, voucher)
    if order is None:
        return True
    if order.card is None:  # bought through a distributor: no participant's
        return False
    participant = world.get(Participant, order.card)
    return participant is None or wave(participant.wave).pre_test


def _subject(world: Unit, voucher: str) -> str:
    """The buyer's chain; the voucher of a marketplace that is elsewhere has one of its own."""
    order = _order(world, voucher)
    return subject(order.shopper) if order is not None else f"voucher:{voucher}"


def _order(world: Unit, voucher: str) -> Order | None:
    found = world.get(Voucher, voucher)
    return world.need(Order, found.order) if found is not None else None


schedule.job("certificate_report", done="a certificate is reported to the marketplace")
