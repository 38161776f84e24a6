"""A training institution's site: redeem the voucher, pre-test, lessons, final test, certificate.

It asks the marketplace to mark the voucher as used ("burn" it) and reports the completion to it.  It
checks the redeem code at Prakerja and then commits it.  No institution has a public API, so all of
this is simulated.
"""

from typing import Annotated

from pydantic import Field, StringConstraints
from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.envelope import Plain, error
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.institution import (
    accounts,
    attendance,
    callbacks,
    notices,
    pages,
    supply,
    support,
    vouchers,
)
from prakerja_sim.mocks.institution.described import DESCRIBED
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.institution import learning
from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@refuses(learning.enrolled)
def _check_path(call: Call) -> None:
    """Check the path: the institution must have a course, and the voucher must be redeemed there."""
    call.ask(_check, institution=call.path["institution"], voucher=call.path.get("voucher"))


@refuses(learning.enrolled)
def _check(world: Unit, institution: str, voucher: str | None) -> None:
    if not world.find(Course, institution=institution, limit=1):
        raise NotFound
    if voucher is None:
        return
    of = learning.enrolled(world, voucher=voucher).institution
    if of != institution:
        raise Rejected(Reason.ENROLMENT_UNKNOWN, unsaid={"voucher": voucher, "of": of})


class Envelope(Plain):
    """The plain envelope; a path that is not found may also name an institution that is not here."""

    def unknown(self, status: int) -> Reply:
        """The plain errors, and what a 404 may mean here."""
        if status == NotFound.code:
            return error(status, "not_found", "no such path, or the institution in it has no course here")
        return super().unknown(status)


FACE = Face("institution", "Lembaga Pelatihan", Envelope, _check_path, Role.PERSON)
FACE.described = DESCRIBED
FACE.app.template_folder = "templates"
SIMULATED = Provenance.SIMULATED
BY_CLOCK = (callbacks, vouchers)
"""These modules register the institution's jobs when they are imported."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=64), NOT_BLANK]
Score = Annotated[int, Field(ge=0, le=100)]


class RedeemVoucher(Body):
    """A voucher, where it was bought, and the learner; his name must be the same as at Prakerja."""

    voucher_code: Code
    marketplace: Code
    email: Code
    name: Code


class Test(Body):
    """A test's score, 0 to 100."""

    score: Score


class Name(Body):
    """The learner's name as Prakerja has it."""

    name: Code


class RedeemCode(Body):
    """The programme's redeem code."""

    redeem_code: Code


class Progress(Model):
    """Where a learner stands."""

    voucher_code: str
    course_code: str
    pre_test: int | None
    lessons_done: int
    lessons: int
    post_test: int | None
    certificate: str | None
    redeem_code: str | None


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/redeem",
    provenance=SIMULATED,
    body=RedeemVoucher,
    answer=Progress,
)
@refuses(vouchers.redeem)
def redeem_voucher(call: Call, body: RedeemVoucher) -> Reply:
    """Burn the voucher at its marketplace and open the course; asked again, it answers the same."""
    try:
        opened = vouchers.redeem(
            call,
            voucher=body.voucher_code,
            marketplace=body.marketplace,
            email=body.email,
            name=body.name,
        )
    except VoucherRefused as refused:
        return _voucher_refused(refused)
    except NoReply as silence:
        return _no_reply(silence)
    return _progress(call, opened)


@FACE.endpoint(
    "GET",
    "/<institution>/vouchers/<voucher>",
    provenance=SIMULATED,
    answer=Progress,
)
@refuses(learning.enrolled)
def progress(call: Call) -> Reply:
    """Where the learner stands."""
    return _progress(call, call.ask(learning.enrolled, voucher=call.path["voucher"]))


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/<voucher>/pre-test",
    provenance=SIMULATED,
    body=Test,
    answer=Progress,
)
@refuses(learning.take_pre_test)
def pre_test(call: Call, body: Test) -> Reply:
    """Take the pre-test."""
    return _progress(call, call.do(learning.take_pre_test, voucher=call.path["voucher"], score=body.score))


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/<voucher>/lessons",
    provenance=SIMULATED,
    answer=Progress,
)
@refuses(learning.study)
def lesson(call: Call) -> Reply:
    """Finish the next lesson."""
    return _progress(call, call.do(learning.study, voucher=call.path["voucher"]))


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/<voucher>/final-test",
    provenance=SIMULATED,
    body=Test,
    answer=Progress,
)
@refuses(vouchers.finish)
def final_test(call: Call, body: Test) -> Reply:
    """Take the final test, get the certificate, report it to the marketplace."""
    try:
        done = vouchers.finish(call, voucher=call.path["voucher"], score=body.score)
    except VoucherRefused as refused:
        return error(409, "report_refused", f"certificate issued, but its report was refused: {refused}")
    except NoReply as silence:
        return _no_reply(silence)
    return _progress(call, done)


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/<voucher>/name",
    provenance=SIMULATED,
    body=Name,
    answer=Progress,
)
@refuses(learning.correct_name)
def name(call: Call, body: Name) -> Reply:
    """Correct the learner's name; the certificate is reported again by asking for the final test again."""
    return _progress(call, call.do(learning.correct_name, voucher=call.path["voucher"], name=body.name))


@FACE.endpoint(
    "POST",
    "/<institution>/vouchers/<voucher>/redeem-code",
    provenance=SIMULATED,
    body=RedeemCode,
    answer=Progress,
)
@refuses(vouchers.attest)
def redeem_code(call: Call, body: RedeemCode) -> Reply:
    """Check the programme's redeem code, then commit it."""
    try:
        attested = vouchers.attest(call, voucher=call.path["voucher"], redeem_code=body.redeem_code)
    except Refused as refused:
        return error(409, refused.code or "no_code", f"Prakerja: {refused.message}")
    except NoReply as silence:
        return _no_reply(silence)
    return _progress(call, attested)


attendance.add_to(FACE)
accounts.add_to(FACE)
support.add_to(FACE)
pages.add_to(FACE)
supply.add_to(FACE, pages.check_institution)
notices.add_to(FACE)


def _voucher_refused(refused: VoucherRefused) -> Reply:
    return error(
        404 if refused.reason is Reason.VOUCHER_UNKNOWN else 409, refused.reason.value, refused.message
    )


def _no_reply(silence: NoReply) -> Reply:
    return error(504, Reason.NO_REPLY.value, f"nothing came back from {silence}; ask again")


def _progress(call: Call, enrolment: Enrolment) -> Reply:
    course: Course = call.ask(Unit.need, kind=Course, key=enrolment.course)
    return Reply(
        {
            "voucher_code": enrolment.key,
            "course_code": enrolment.course,
            "pre_test": enrolment.pre_test,
            "lessons_done": enrolment.lessons_done,
            "lessons": course.lessons,
            "post_test": enrolment.post_test,
            "certificate": enrolment.certificate,
            "redeem_code": enrolment.redeem_code,
        }
    )
