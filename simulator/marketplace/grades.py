"""The mark that an institution enters, and the certificates that follow from it (programme 5, P103).

A training gives two certificates: the institution's own, and the ministry's, for which the
institution must enter the mark as well; that is often forgotten, and until then Prakerja hears of
nothing.
"""

from typing import Any

from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.records import Mark, Order, Voucher
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@command("grades.finish")
def finish(world: Unit, *, voucher: str, name: str) -> Mark:
    """The institution says that a learner finished; his name may be corrected later."""
    found = world.need(Voucher, voucher)
    known = world.get(Mark, voucher)
    if known is not None and known.name == name:
        return known

    world.subject = subject(world.need(Order, found.order).shopper)
    first = Mark(found.code, found.marketplace, name, world.now)
    told = known.but(name=name) if known is not None else first
    world.put(told)
    return told


@command("grades.enter")
@refuses(Reason.COURSE_UNFINISHED)
def enter(world: Unit, *, voucher: str, score: int) -> Mark:
    """The institution enters the mark: the ministry's certificate is out."""
    known = world.get(Mark, voucher)
    if known is None:
        raise Rejected(Reason.COURSE_UNFINISHED)
    if known.score == score:
        return known

    world.subject = subject(world.need(Order, world.need(Voucher, voucher).order).shopper)
    marked = known.but(score=score, marked_at=known.marked_at or world.now)
    world.put(marked)
    return marked


def certificates(world: Unit, *, order: str, ministry: str) -> list[dict[str, Any]]:
    """Both certificates of an order, the institution's and the ministry's, out or not."""
    voucher = vouchers.voucher_of(world, order=order)
    mark = world.get(Mark, voucher.code) if voucher is not None else None
    return [
        _shown(world, "lembaga", order, mark is not None, "belum_selesai"),
        _shown(world, ministry, order, mark is not None and mark.score is not None, "menunggu_nilai"),
    ]


def _shown(world: Unit, issuer: str, order: str, out: bool, otherwise: str) -> dict[str, Any]:
    number = chance.code(DIGITS, 12, world.seed, "kemnaker certificate", issuer, order)
    return {"issuer": issuer, "number": number if out else None, "status": "terbit" if out else otherwise}
