"""The programme's redeem code at an institution: reserve it for a learner, commit it at Prakerja, note it.

A code belongs to one enrolment: two learners who come with the same one at once do not both get it.
"""

from prakerja_sim.simulator.institution.learning import enrolled
from prakerja_sim.simulator.institution.opening import subject_of
from prakerja_sim.simulator.institution.records import CodeUse, Enrolment
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import RedeemCode, VoucherCode
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(enrolled, Reason.REDEEM_CODE_USED)
def check_code(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """The enrolment, if no other one has the code or is about to get it."""
    enrolment = check_free(world, voucher=voucher, redeem_code=redeem_code)
    for one in world.find(Enrolment, redeem_code=redeem_code, limit=1):
        if one.key != voucher:
            raise Rejected(Reason.REDEEM_CODE_USED, redeem_code=redeem_code, unsaid={"used_for": one.key})
    return enrolment


@refuses(enrolled, Reason.REDEEM_CODE_USED)
def check_free(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """The enrolment, if the code is not just being committed for another one."""
    enrolment = enrolled(world, voucher=voucher)
    use = waiting(world, redeem_code=redeem_code)
    if use is not None and use.voucher != voucher:
        raise Rejected(Reason.REDEEM_CODE_USED, redeem_code=redeem_code, unsaid={"asked_for": use.voucher})
    return enrolment


def waiting(world: Unit, *, redeem_code: str) -> CodeUse | None:
    """For whom a code was reserved, if Prakerja's answer is missing."""
    use = world.get(CodeUse, redeem_code)
    return use if use is not None and use.open else None


@command("attesting.reserve")
@refuses(check_free)
def reserve(world: Unit, *, voucher: str, redeem_code: str) -> None:
    """Prakerja is going to be asked to commit the code; the due event `code_use` settles what a kill left.

    Of a code that another learner has Prakerja itself says that it is used.
    """
    enrolment = check_free(world, voucher=voucher, redeem_code=redeem_code)
    if waiting(world, redeem_code=redeem_code) is not None:
        return

    world.subject = subject_of(world, voucher)
    _planned(world, CodeUse(RedeemCode(redeem_code), enrolment.institution, VoucherCode(voucher), world.now))


@command("attesting.ask_later")
def ask_later(world: Unit, *, redeem_code: str) -> None:
    """Prakerja did not answer whether the code is used: ask once more later."""
    use = waiting(world, redeem_code=redeem_code)
    if use is None:
        return

    world.subject = subject_of(world, use.voucher)
    _over(world, use)
    _planned(world, use.but(asked_at=world.now))


@command("attesting.release")
def release(world: Unit, *, redeem_code: str) -> None:
    """The code was not committed: whoever it belongs to may come with it."""
    use = waiting(world, redeem_code=redeem_code)
    if use is None:
        return

    world.subject = subject_of(world, use.voucher)
    _over(world, use)


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
@refuses(check_code)
def attest(world: Unit, *, voucher: str, redeem_code: str) -> Enrolment:
    """Prakerja took the redeem code."""
    enrolment = check_code(world, voucher=voucher, redeem_code=redeem_code)
    use = waiting(world, redeem_code=redeem_code)

    world.subject = subject_of(world, voucher)
    if use is not None:
        _over(world, use)
    changed = enrolment.but(redeem_code=RedeemCode(redeem_code))
    world.put(changed)
    return changed


def _planned(world: Unit, use: CodeUse) -> None:
    """Keep a code that is being committed; the clock asks for its status if there is no answer before."""
    world.put(use)
    schedule.await_answer(world, "code_use", use.redeem_code)


def _over(world: Unit, use: CodeUse) -> None:
    schedule.stop_waiting(world, "code_use", use.redeem_code, since=use.asked_at)
    world.put(use.but(open=False))


schedule.job("code_use", done="Prakerja is asked whether a redeem code is used", resumes=True)
