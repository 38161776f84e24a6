"""What an institution keeps of a learner: opened with a voucher, pre-test, lessons, certificate.

Completion is all lessons and the final test; there is no pass mark (programme 11).
"""

from mocks.orders import subject
from simulator import chance
from simulator.errors import Reason, Rejected
from simulator.ids import UNAMBIGUOUS, PartyCode, RedeemCode
from simulator.records import Course, Enrolment, Order, Participant, Voucher
from simulator.store import Unit
from simulator.waves import wave


def enrolled(world: Unit, *, voucher: str) -> Enrolment:
    """The enrolment that a voucher opened."""
    found = world.get(Enrolment, voucher)
    if found is None:
        raise Rejected(Reason.ENROLMENT_UNKNOWN)
    return found


def open_course(
    world: Unit, *, voucher: str, institution: str, marketplace: str, learner: str, name: str, course: str
) -> Enrolment:
    """The voucher was burned at its marketplace: the course is open."""
    world.subject = _subject(world, voucher)
    enrolment = Enrolment(
        voucher,
        PartyCode(institution),
        PartyCode(marketplace),
        world.need(Course, course).code,
        learner,
        name,
        world.now,
    )
    world.put(enrolment)
    return enrolment


def take_pre_test(world: Unit, *, voucher: str, score: int) -> Enrolment:
    """The pre-test was taken; the first score stays."""
    found = enrolled(world, voucher=voucher)
    if found.pre_test is not None:
        return found

    world.subject = _subject(world, voucher)
    changed = found.but(pre_test=score)
    world.put(changed)
    return changed


def study(world: Unit, *, voucher: str) -> Enrolment:
    """Finish the next lesson; from wave 18 on only after the pre-test (R30)."""
    found = enrolled(world, voucher=voucher)
    if found.pre_test is None and _needs_pre_test(world, voucher):
        raise Rejected(Reason.PRE_TEST_MISSING)
    if found.lessons_done >= world.need(Course, found.course).lessons:
        return found

    world.subject = _subject(world, voucher)
    changed = found.but(lessons_done=found.lessons_done + 1)
    world.put(changed)
    return changed


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


def attest(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """Prakerja took the redeem code."""
    found = enrolled(world, voucher=voucher)

    world.subject = _subject(world, voucher)
    changed = found.but(redeem_code=RedeemCode(redeem_code))
    world.put(changed)
    return changed


def _needs_pre_test(world: Unit, voucher: str) -> bool:
    order = world.need(Order, world.need(Voucher, voucher).order)
    participant = world.need(Participant, order.card or "")
    return wave(participant.wave).pre_test


def _subject(world: Unit, voucher: str) -> str:
    return subject(world.need(Order, world.need(Voucher, voucher).order).shopper)
