"""Opening a course with a voucher: reserve it, have the marketplace mark the voucher as used, open it.

Whatever the institution itself refuses, it refuses before the voucher is used.  While the marketplace is
asked, nobody else can open the course with this voucher, nor this learner with another one.
"""

from prakerja_sim.simulator.institution.records import Enrolment, Opening
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.values import emails
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(Reason.VOUCHER_USED)
def check_opening(world: Unit, *, voucher: str, institution: str, learner: str) -> Enrolment | None:
    """The enrolment that this learner's voucher has opened, or None; another learner's voucher is refused."""
    enrolment = world.get(Enrolment, voucher)
    if enrolment is None or enrolment.institution != institution:
        return None
    if enrolment.learner != emails.canonical(learner):
        raise Rejected(Reason.VOUCHER_USED, voucher=voucher, unsaid={"opened_by": enrolment.learner})
    return enrolment


@refuses(Reason.COURSE_UNKNOWN, Reason.EMAIL_TAKEN)
def check_email(world: Unit, *, learner: str, course: str, voucher: str) -> None:
    """One e-mail address takes a course once (R35), and only a course that is taught here."""
    if world.get(Course, course) is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)
    email = emails.canonical(learner)
    reserved = world.find(Opening, course=course, learner=email)
    with_another = any(one.open and one.voucher != voucher for one in reserved)
    if with_another or world.find(Enrolment, course=course, learner=email, limit=1):
        raise Rejected(Reason.EMAIL_TAKEN, email=email, course=course)


@command("learning.reserve")
@refuses(check_opening, check_email, Reason.PREVIOUS_UNFINISHED)
def reserve(
    world: Unit, *, voucher: str, institution: str, marketplace: str, learner: str, name: str, course: str
) -> None:
    """The marketplace is going to be asked to mark the voucher as used: nobody else can open the class now.

    So whatever the institution itself refuses, it refuses before.  What a kill leaves behind is settled
    by the due event `voucher_opening`.  A class that was bought ahead opens once the one before it is
    rated (F10).
    """
    if check_opening(world, voucher=voucher, institution=institution, learner=learner) is not None:
        return
    check_email(world, learner=learner, course=course, voucher=voucher)
    before = world.get(Opening, voucher)
    if before is not None and before.open:
        if before.learner != emails.canonical(learner):
            raise Rejected(Reason.VOUCHER_USED, voucher=voucher, unsaid={"opening_for": before.learner})
        return
    first = _previous_unfinished(world, voucher)
    if first is not None:
        raise Rejected(Reason.PREVIOUS_UNFINISHED, unfinished=first)

    world.subject = subject_of(world, voucher)
    reserved = Opening(
        VoucherCode(voucher),
        PartyCode(institution),
        PartyCode(marketplace),
        world.need(Course, course).code,
        emails.canonical(learner),
        name,
        world.now,
    )
    _planned(world, reserved)


def waiting(world: Unit, *, voucher: str) -> Opening | None:
    """What was reserved with a voucher, if its marketplace's answer is missing."""
    record = world.get(Opening, voucher)
    return record if record is not None and record.open else None


@command("learning.ask_later")
def ask_later(world: Unit, *, voucher: str) -> None:
    """The marketplace did not answer whether the voucher is used: ask it once more later."""
    record = waiting(world, voucher=voucher)
    if record is None:
        return

    world.subject = subject_of(world, voucher)
    _over(world, record)
    _planned(world, record.but(asked_at=world.now))


@command("learning.release")
def release(world: Unit, *, voucher: str) -> None:
    """The voucher was not used: the learner, or another one, may come with it again."""
    record = waiting(world, voucher=voucher)
    if record is None:
        return

    world.subject = subject_of(world, voucher)
    _over(world, record)


@command("learning.open_course")
@refuses(check_opening, check_email)
def open_course(
    world: Unit, *, voucher: str, institution: str, marketplace: str, learner: str, name: str, course: str
) -> Enrolment:
    """The voucher was redeemed at its marketplace: open the course for one learner."""
    opened = check_opening(world, voucher=voucher, institution=institution, learner=learner)
    if opened is not None:
        return opened
    check_email(world, learner=learner, course=course, voucher=voucher)
    reserved = waiting(world, voucher=voucher)

    world.subject = subject_of(world, voucher)
    if reserved is not None:
        _over(world, reserved)
    enrolment = Enrolment(
        voucher,
        PartyCode(institution),
        PartyCode(marketplace),
        world.need(Course, course).code,
        emails.canonical(learner),
        name,
        world.now,
    )
    world.put(enrolment)
    return enrolment


def subject_of(world: Unit, voucher: str) -> str:
    """The buyer's chain; if the marketplace is a real one elsewhere, a chain of the voucher."""
    order = order_of(world, voucher)
    return subject(order.shopper) if order is not None else f"voucher:{voucher}"


def order_of(world: Unit, voucher: str) -> Order | None:
    """The order that a voucher belongs to; None if the marketplace is a real one elsewhere."""
    record = world.get(Voucher, voucher)
    return world.need(Order, record.order) if record is not None else None


def _planned(world: Unit, reserved: Opening) -> None:
    """Keep a class that is being opened; the clock asks for the voucher if there is no answer before."""
    world.put(reserved)
    schedule.await_answer(world, "voucher_opening", reserved.voucher)


def _over(world: Unit, reserved: Opening) -> None:
    schedule.stop_waiting(world, "voucher_opening", reserved.voucher, since=reserved.asked_at)
    world.put(reserved.but(open=False))


def _previous_unfinished(world: Unit, voucher: str) -> str | None:
    """The purchase of a class that comes first; not judged if buyer or marketplace is not known here."""
    order = order_of(world, voucher)
    training = world.get(Training, order.transaction or "") if order is not None else None
    if training is None or training.status is not TrainingStatus.BOUGHT:
        return None
    unfinished = world.need(Participant, training.card).unfinished
    return unfinished if unfinished != training.transaction else None


schedule.job("voucher_opening", done="a marketplace is asked whether a voucher is used", resumes=True)
