"""The grade that an institution enters, and the two certificates of a training (programme 5, P103).

A training gives the institution's own certificate and the ministry's.  For the second one the
institution must also enter the grade.  Institutions often forget it, and until then Prakerja
gets no report.
"""

from typing import Any

from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Mark, Order, Voucher
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@command("grades.finish")
def finish(world: Unit, *, voucher: str, name: str) -> Mark:
    """The institution says that a learner finished; his name may be corrected later."""
    record = world.need(Voucher, voucher)
    before = world.get(Mark, voucher)
    if before is not None and before.name == name:
        return before

    world.subject = subject(world.need(Order, record.order).shopper)
    first = Mark(record.code, record.marketplace, name, world.now)
    grade = before.but(name=name) if before is not None else first
    world.put(grade)
    return grade


@command("grades.reserve")
@refuses(Reason.COURSE_UNFINISHED)
def reserve(world: Unit, *, voucher: str, score: int) -> Mark:
    """Prakerja is going to be told of the grade; the due event `grade_report` goes on after a kill."""
    before = world.get(Mark, voucher)
    if before is None:
        raise Rejected(Reason.COURSE_UNFINISHED, voucher=voucher, reported=False)

    world.subject = _buyer(world, voucher)
    sending = _over(world, before).but(sending=score, asked_at=world.now)
    world.put(sending)
    schedule.await_answer(world, "grade_report", voucher)
    return sending


def waiting(world: Unit, *, voucher: str) -> Mark | None:
    """The mark, if Prakerja has not answered to its grade yet."""
    mark = world.get(Mark, voucher)
    return mark if mark is not None and mark.sending is not None else None


@command("grades.release")
def release(world: Unit, *, voucher: str) -> None:
    """Prakerja refused: the grade is not entered."""
    mark = waiting(world, voucher=voucher)
    if mark is not None:
        world.subject = _buyer(world, voucher)
        world.put(_over(world, mark))


@command("grades.enter")
@refuses(Reason.COURSE_UNFINISHED)
def enter(world: Unit, *, voucher: str, score: int) -> Mark:
    """The institution enters the grade: the ministry's certificate is issued."""
    before = world.get(Mark, voucher)
    if before is None:
        raise Rejected(Reason.COURSE_UNFINISHED, voucher=voucher, reported=False)
    if before.score == score and before.sending is None:
        return before

    world.subject = _buyer(world, voucher)
    grade = _over(world, before).but(score=score, marked_at=before.marked_at or world.now)
    world.put(grade)
    return grade


def certificates(world: Unit, *, order: str, ministry: str) -> list[dict[str, Any]]:
    """Both certificates of an order, the institution's and the ministry's, issued or not."""
    voucher = vouchers.voucher_of(world, order=order)
    grade = world.get(Mark, voucher.code) if voucher is not None else None
    return [
        _certificate(world, "lembaga", order, grade is not None, "belum_selesai"),
        _certificate(world, ministry, order, grade is not None and grade.score is not None, "menunggu_nilai"),
    ]


def _buyer(world: Unit, voucher: str) -> str:
    return subject(world.need(Order, world.need(Voucher, voucher).order).shopper)


def _over(world: Unit, mark: Mark) -> Mark:
    schedule.stop_waiting(world, "grade_report", mark.voucher, since=mark.asked_at)
    return mark.but(sending=None, asked_at=None)


def _certificate(world: Unit, issuer: str, order: str, out: bool, otherwise: str) -> dict[str, Any]:
    number = chance.code(DIGITS, 12, world.seed, "kemnaker certificate", issuer, order)
    return {"issuer": issuer, "number": number if out else None, "status": "terbit" if out else otherwise}


schedule.job("grade_report", done="Prakerja is told of a grade", resumes=True)
