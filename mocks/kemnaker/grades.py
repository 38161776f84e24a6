"""The two certificates of a training: the institution's, and the ministry's once the grade was entered."""

from typing import Any

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import checkout, ordering, partner_api
from prakerja_sim.mocks.shop.partner_api import Judged
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace import grades
from prakerja_sim.simulator.marketplace.records import Mark, Voucher
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(Reason.ORDER_UNKNOWN)
def certificates(site: Site, call: Call) -> list[dict[str, Any]]:
    """The two certificates: the institution's, and the ministry's once the grade was entered (seen)."""
    order = ordering.own(site, call)
    rows: list[dict[str, Any]] = call.ask(grades.certificates, order=order.id, ministry=site.code)
    return rows


@refuses(Reason.VOUCHER_UNKNOWN, Reason.VOUCHER_OF_OTHER_INSTITUTION)
def completion(site: Site, call: Call, body: Any) -> Judged:
    """Take a report that a learner finished: the institution's certificate is out."""
    voucher = partner_api.own(site, call, body.voucher_code)
    call.do(grades.finish, voucher=voucher.code, name=body.name)
    return partner_api.verdict(call, voucher)


@refuses(
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.COURSE_UNFINISHED,
    checkout.report_completion,
)
def grade(site: Site, call: Call, body: Any) -> Judged:
    """Enter a grade: the ministry's certificate is out, and Prakerja is told who finished."""
    voucher = partner_api.own(site, call, body.voucher_code)
    mark: Mark | None = call.ask(Unit.get, kind=Mark, key=voucher.code)
    if mark is None:
        raise Rejected(Reason.COURSE_UNFINISHED, voucher=voucher.code, reported=False)
    if mark.score == body.score and mark.sending is None:  # Prakerja has been told
        return partner_api.verdict(call, voucher)
    mark = call.do(grades.reserve, voucher=voucher.code, score=body.score)
    try:
        _entered(call, voucher, mark)
    except Rejected:  # its institution is told so, and enters the grade again
        call.do(grades.release, voucher=voucher.code)
        raise
    return partner_api.verdict(call, voucher)


@carries("grade_report")
def grade_later(call: Call, voucher: str) -> None:
    """Send a grade to Prakerja that a kill held up, or whose answer never reached the institution."""
    mark: Mark | None = call.ask(grades.waiting, voucher=voucher)
    if mark is None:
        return
    mark = call.do(grades.reserve, voucher=voucher, score=mark.sending)
    try:
        _entered(call, call.ask(Unit.need, kind=Voucher, key=voucher), mark)
    except Rejected as refusal:
        if refusal.reason not in (Reason.NO_REPLY, Reason.SERVICE_UNAVAILABLE):
            call.do(grades.release, voucher=voucher)


def _entered(call: Call, voucher: Voucher, mark: Mark) -> None:
    """Tell Prakerja of a grade and enter it; raises Rejected if Prakerja refuses or does not answer."""
    assert mark.sending is not None, f"no grade of {voucher.order} is being sent"
    partner_api.pass_on(call, voucher, mark.name, mark.sending)
    call.do(grades.enter, voucher=voucher.code, score=mark.sending)
