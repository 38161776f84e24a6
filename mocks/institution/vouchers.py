"""Redeem a voucher, in such a way that a lost answer does not lock a learner out.

Only this institution may burn its vouchers.  If the marketplace says that a voucher is used, but it
opened no course here, then our own request burned it and the answer was lost.  So the course opens.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.simulator.institution import attesting, learning, opening
from prakerja_sim.simulator.institution.records import CodeUse, Enrolment, Opening
from prakerja_sim.simulator.marketplace.vouchers import redeem_voucher
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import refuses

CODE_USED = "ERRTRX40021"
"""Prakerja's error code for a redeem code that was committed before."""
REDEEMED = 1
"""Its status for such a code."""


@refuses(redeem_voucher, opening.reserve, opening.open_course)
def redeem(call: Call, *, voucher: str, marketplace: str, email: str, name: str) -> Enrolment:
    """Burn a voucher at its marketplace and open the course that it is for.

    The second time the same learner gets the same answer.  Raises VoucherRefused and NoReply; raises
    Rejected if the institution itself refuses, and then nothing has been burned yet: the class is
    reserved before.  It stays reserved while nobody knows whether the marketplace burned the voucher.
    """
    institution = call.path["institution"]
    arguments = {"voucher": voucher, "institution": institution, "learner": email}
    enrolment: Enrolment | None = call.ask(opening.check_opening, **arguments)
    if enrolment is not None:
        return enrolment
    client = marketplace_client(call, marketplace)
    course = _burned(client.check, voucher)
    about = {"marketplace": marketplace, "name": name, **arguments}
    call.do(opening.reserve, course=course, **about)
    try:
        course = _burned(client.redeem, voucher)
    except VoucherRefused as refused:
        if not refused.is_open:
            call.do(opening.release, voucher=voucher)
        raise
    opened: Enrolment = call.do(opening.open_course, course=course, **about)
    return opened


@carries("voucher_opening")
def open_later(call: Call, voucher: str) -> None:
    """Ask whether a voucher whose redemption has no answer is used: then its class opens, else it is free."""
    reserved: Opening | None = call.ask(opening.waiting, voucher=voucher)
    if reserved is None:
        return
    call = replace(call, path={"institution": reserved.institution})
    try:
        marketplace_client(call, reserved.marketplace).check(voucher)
    except NoReply:
        call.do(opening.ask_later, voucher=voucher)
    except VoucherRefused as refused:
        if refused.is_open:
            call.do(opening.ask_later, voucher=voucher)
            return
        if refused.reason is not Reason.VOUCHER_USED or not refused.course:
            call.do(opening.release, voucher=voucher)
            return
        about = {"voucher": voucher, "institution": reserved.institution, "learner": reserved.learner}
        about |= {"marketplace": reserved.marketplace, "name": reserved.name, "course": refused.course}
        call.do(opening.open_course, **about)
    else:
        call.do(opening.release, voucher=voucher)


@refuses(learning.finish)
def finish(call: Call, *, voucher: str, score: int) -> Enrolment:
    """Take the final test, issue the certificate and report it; a second call reports it again.

    A setting may delay the report.  Raises Rejected.  After the certificate is issued it raises
    VoucherRefused and NoReply for the report, which is then retried each working day.
    """
    done: Enrolment = call.do(learning.finish, voucher=voucher, score=score)
    if call.ask(learning.reports_now, voucher=voucher):
        report(call, done)
    return done


def report(call: Call, done: Enrolment) -> None:
    """Report a certificate to the marketplace; raises VoucherRefused and NoReply."""
    try:
        marketplace_client(call, done.marketplace).report(done.key, name=done.name, score=done.post_test or 0)
    except (VoucherRefused, NoReply):
        call.do(learning.note_report, voucher=done.key, arrived=False)
        raise
    call.do(learning.note_report, voucher=done.key, arrived=True)


@carries("certificate_report")
def report_later(call: Call, voucher: str) -> None:
    """Make a certificate's delayed report; if it does not arrive, it is planned again."""
    done: Enrolment | None = call.ask(learning.report_due, voucher=voucher)
    if done is not None:
        with suppress(VoucherRefused, NoReply):
            report(replace(call, path={"institution": done.institution}), done)


@refuses(attesting.reserve, attesting.attest)
def attest(call: Call, *, voucher: str, redeem_code: str) -> Enrolment:
    """Check the programme's redeem code at Prakerja, then commit it; raises Refused and NoReply.

    Raises Rejected for a code that another learner has.
    """
    client = PrakerjaClient.of(call.parties, call.sandbox, call.path["institution"])
    course = client.redeem_status(redeem_code=redeem_code)["course_code"]
    about = {"voucher": voucher, "redeem_code": redeem_code}
    call.do(attesting.reserve, **about)
    try:
        client.redeem_commit(redeem_code=redeem_code)
    except Refused as refused:
        if refused.code != CODE_USED or not call.ask(attesting.was_lost, course=course, **about):
            if not refused.is_open:
                call.do(attesting.release, redeem_code=redeem_code)
            raise
    attested: Enrolment = call.do(attesting.attest, **about)
    return attested


@carries("code_use")
def attest_later(call: Call, redeem_code: str) -> None:
    """Ask whether a code whose commit has no answer is used: then its learner has it, else it is free."""
    use: CodeUse | None = call.ask(attesting.waiting, redeem_code=redeem_code)
    if use is None:
        return
    client = PrakerjaClient.of(call.parties, call.sandbox, use.institution)
    about = {"voucher": use.voucher, "redeem_code": redeem_code}
    try:
        state = client.redeem_status(redeem_code=redeem_code)
    except (NoReply, Refused):
        call.do(attesting.ask_later, redeem_code=redeem_code)
        return
    used = state.get("status") == REDEEMED
    if used and call.ask(attesting.was_lost, course=str(state.get("course_code")), **about):
        call.do(attesting.attest, **about)
    else:
        call.do(attesting.release, redeem_code=redeem_code)


def _burned(ask: Callable[[str], str], voucher: str) -> str:
    """The course of a voucher; also if the voucher is burned already."""
    try:
        return ask(voucher)
    except VoucherRefused as refused:
        if refused.reason is not Reason.VOUCHER_USED or not refused.course:
            raise
        return refused.course


def marketplace_client(call: Call, marketplace: str) -> InstitutionClient:
    """The institution's client for a marketplace; raises VOUCHER_UNKNOWN if there is no such marketplace."""
    if marketplace not in registry.codes():
        raise VoucherRefused(Reason.VOUCHER_UNKNOWN, "", f"there is no marketplace {marketplace}")
    institution = call.path["institution"]
    secret = call.parties.sandboxes.credential_of(call.sandbox, institution).sign_key
    transport = call.parties.transport(marketplace, call.sandbox, asker=institution)
    return registry.institution_client(marketplace, transport, institution, secret)
