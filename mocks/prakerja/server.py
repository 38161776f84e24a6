"""The partner API of Prakerja, as marketplaces (payment) and institutions (redeem code) call it.

Paths, fields and messages are the published ones (reference prakerja-api); every request is signed,
by a partner of the role that its endpoint names; any other is an unknown sender.
Each endpoint has one handler; read them from top to bottom.
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.prakerja import (
    assignments,
    attendance,
    bulk_reports,
    cases,
    complaints,
    dashboard,
    dashboard_pages,
    earnings,
    forgotten,
    magic,
    signature,
    sso,
    strictness,
)
from prakerja_sim.mocks.prakerja.described import DESCRIBED
from prakerja_sim.mocks.prakerja.fields import (
    API,
    INFERRED_FIELD,
    SEEN_FIELD,
    InvoiceCode,
    RedeemCode,
    Sequence,
)
from prakerja_sim.mocks.prakerja.words import Words, success
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import attendance as presence
from prakerja_sim.simulator.programme import completion, payment, redemption
from prakerja_sim.simulator.programme.records import Course, CourseKind, Payment, PaymentStatus, Schedule
from prakerja_sim.simulator.programme.training_records import Redeemable
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import is_card_number
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

DOCUMENTED, SEEN, SIMULATED = Provenance.DOCUMENTED, Provenance.SEEN, Provenance.SIMULATED
MARKETPLACE, INSTITUTION = Role.MARKETPLACE, Role.INSTITUTION
COURSE_TYPE_LABEL = {
    CourseKind.SELF_PACED: "SPL",
    CourseKind.WEBINAR: "Webinar",
    CourseKind.OFFLINE: "Offline",
}

Text = Annotated[str, StringConstraints(min_length=1, max_length=255), NOT_BLANK]
Otp = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class SendOtp(Body):
    """What to buy, and with which card."""

    prakerja_id: str
    user_platform_id: Text
    course_code: Text
    schedule_code: Text
    amount: int


class Authorize(Body):
    """The OTP and the marketplace's invoice."""

    otp: Otp
    invoice_url: Text
    invoice_code: InvoiceCode


class InvoiceQuery(Body):
    """A payment by the marketplace's invoice."""

    invoice_code: InvoiceCode


class Void(Body):
    """The transaction to take back."""

    invoice_code: InvoiceCode
    transaction_code: Text


class Quota(Body):
    """The schedule whose free seats are asked; empty codes have their own error."""

    course_code: str = ""
    schedule_code: str = ""


class RedeemQuery(Body):
    """A redeem code, and for which attendance."""

    redeem_code: RedeemCode
    sequence: Sequence = 1


class Completion(Body):
    """A participant's result, passed on by the marketplace."""

    invoice_code: InvoiceCode
    name: Text
    score: Annotated[int, Field(ge=0, le=100)]


class PlatformReview(Body):
    """A review that was written on the marketplace, passed on by it."""

    invoice_code: InvoiceCode
    stars: Annotated[int, Field(ge=1, le=5)]
    review: Annotated[str, StringConstraints(min_length=1, max_length=2000), NOT_BLANK]


class PaymentToken(Model):
    """What send-otp answers."""

    payment_token: Annotated[str, INFERRED_FIELD]


class Purchase(Model):
    """A payment as authorize answers it."""

    invoice_code: str
    transaction_code: str
    amount: int
    status: str
    prakerja_name: str


class PaymentState(Purchase):
    """A payment as status answers it."""

    created_at: str


class Seats(Model):
    """The seats left."""

    schedule_code: str
    course_code: str
    quota: int


class RedeemState(Model):
    """A redeem code as status, commit and reset answer it."""

    redeem_code: str
    course_code: str
    invoice_code: str
    schedule_code: str
    status: int
    attendance_status: int
    redeem_at: str
    dp_platform: str
    schedule_start_end: Annotated[str, SEEN_FIELD]
    course_type: Annotated[int, SEEN_FIELD]
    course_type_label: Annotated[str, SEEN_FIELD]
    course_learning_method: Annotated[str, SEEN_FIELD]
    is_online_attendance: Annotated[bool, SEEN_FIELD]
    sequence: Annotated[int, SEEN_FIELD]


@refuses(signature.check)
def _signed(call: Call) -> None:
    method, path = call.environ["REQUEST_METHOD"], call.environ["PATH_INFO"]
    signature.check(call, method, path)
    if call.sandbox.settings.strict_documentation:
        strictness.check(call, FACE.endpoints)


FACE = Face("prakerja", "Kartu Prakerja", Words, _signed)
FACE.hosts = tuple(f"{name}.prakerja.go.id" for name in ("api", "api-ssn", "api-proxy", "oauth"))
FACE.roots = ("/api/v1/integration", "/api/v1/oauth", "/api/v1/resource", "/consent-sso")
FACE.described = DESCRIBED


@FACE.endpoint(
    "POST",
    f"{API}/payment/send-otp",
    callers=MARKETPLACE,
    provenance=DOCUMENTED,
    body=SendOtp,
    answer=PaymentToken,
)
@refuses(payment.send_otp, magic.send_otp)
def send_otp(call: Call, body: SendOtp) -> Reply:
    """Validate a purchase, send the OTP by SMS, open a payment."""
    if not is_card_number(body.prakerja_id):
        raise Malformed("prakerja_id: must be sixteen digits")
    token = magic.send_otp(call, body.prakerja_id) or call.do(
        payment.send_otp,
        marketplace=call.sender,
        card=body.prakerja_id,
        user=body.user_platform_id,
        course=body.course_code,
        schedule=body.schedule_code,
        amount=body.amount,
    )
    return success({"payment_token": token})


@FACE.endpoint(
    "POST",
    f"{API}/payment/authorize",
    callers=MARKETPLACE,
    provenance=DOCUMENTED,
    body=Authorize,
    answer=Purchase,
)
@refuses(payment.authorize, magic.authorize)
def authorize(call: Call, body: Authorize) -> Reply:
    """Check OTP and payment token; the purchase is done and recorded."""
    token = signature.payment_token(call)
    magic.authorize(call, token)
    paid = call.do(
        payment.authorize,
        marketplace=call.sender,
        token=token,
        otp=body.otp,
        invoice=body.invoice_code,
        invoice_url=body.invoice_url,
    )
    return success(_purchase(paid), "Pelatihan berhasil dibeli.")


@FACE.endpoint(
    "POST",
    f"{API}/payment/status",
    callers=MARKETPLACE,
    provenance=DOCUMENTED,
    body=InvoiceQuery,
    answer=PaymentState,
)
@refuses(payment.status)
def status(call: Call, body: InvoiceQuery) -> Reply:
    """Look up a payment by the marketplace's invoice code."""
    paid: Payment = call.ask(payment.status, marketplace=call.sender, invoice=body.invoice_code)
    assert paid.paid_at is not None
    return success({"created_at": _zulu(paid.paid_at), **_purchase(paid)})


@FACE.endpoint(
    "POST",
    f"{API}/payment/void",
    callers=MARKETPLACE,
    provenance=DOCUMENTED,
    body=Void,
)
@refuses(payment.void)
def void(call: Call, body: Void) -> Reply:
    """Cancel a transaction."""
    call.do(
        payment.void,
        marketplace=call.sender,
        invoice=body.invoice_code,
        transaction=body.transaction_code,
    )
    return success(message="Transaksi berhasil dibatalkan.")


@FACE.endpoint(
    "POST",
    f"{API}/payment/quota-schedule",
    callers=MARKETPLACE,
    provenance=DOCUMENTED,
    body=Quota,
    answer=Seats,
)
@refuses(Reason.SCHEDULE_CODES_EMPTY, payment.quota)
def quota_schedule(call: Call, body: Quota) -> Reply:
    """Seats left in a class schedule."""
    if not body.course_code or not body.schedule_code:
        raise Rejected(
            Reason.SCHEDULE_CODES_EMPTY, course_code=body.course_code, schedule_code=body.schedule_code
        )
    left = call.ask(payment.quota, course=body.course_code, schedule=body.schedule_code)
    return success({"schedule_code": body.schedule_code, "course_code": body.course_code, "quota": left})


@FACE.endpoint(
    "POST",
    f"{API}/payment/redeem-code/status",
    callers=INSTITUTION,
    provenance=DOCUMENTED,
    body=RedeemQuery,
    answer=RedeemState,
)
@refuses(redemption.find, cases.status)
def redeem_code_status(call: Call, body: RedeemQuery) -> Reply:
    """Redeem and attendance status of a code, for one sequence."""
    if (case := cases.status(call, body.redeem_code)) is not None:
        return success(case.state(body.sequence))
    record = call.ask(redemption.find, institution=call.sender, redeem_code=body.redeem_code)
    return success(_redeem_state(call, record, body.sequence))


@FACE.endpoint(
    "POST",
    f"{API}/payment/redeem-code/commit",
    callers=INSTITUTION,
    provenance=DOCUMENTED,
    body=RedeemQuery,
    answer=RedeemState,
)
@refuses(redemption.commit, cases.commit)
def redeem_code_commit(call: Call, body: RedeemQuery) -> Reply:
    """Mark the code as used (form of 2022-23)."""
    if (case := cases.commit(call, body.redeem_code)) is not None:
        return success(case.state(body.sequence))
    redeemed = call.do(redemption.commit, institution=call.sender, redeem_code=body.redeem_code)
    return success(_redeem_state(call, redeemed, body.sequence))


@FACE.endpoint(
    "POST",
    f"{API}/payment/redeem-code/reset",
    callers=INSTITUTION,
    provenance=DOCUMENTED,
    body=RedeemQuery,
    answer=RedeemState,
)
@refuses(presence.reset, magic.redeem_code, cases.reset)
def redeem_code_reset(call: Call, body: RedeemQuery) -> Reply:
    """Make a test code usable again; answers the record as it was before."""
    magic.redeem_code(call, body.redeem_code)
    if (case := cases.reset(call, body.redeem_code)) is not None:
        return success(case.state(body.sequence))
    before, attended = call.do(
        presence.reset, institution=call.sender, redeem_code=body.redeem_code, sequence=body.sequence
    )
    return success(_redeem_state(call, before, body.sequence) | {"attendance_status": int(attended)})


@FACE.endpoint(
    "POST",
    "/simulated/completions",
    callers=MARKETPLACE,
    provenance=SIMULATED,
    body=Completion,
)
@refuses(completion.report)
def completions(call: Call, body: Completion) -> Reply:
    """Take a marketplace's daily report that somebody finished; no public API is known for it."""
    call.do(
        completion.report,
        marketplace=call.sender,
        invoice=body.invoice_code,
        name=body.name,
        score=body.score,
    )
    return success()


@FACE.endpoint(
    "POST",
    "/simulated/reviews",
    callers=MARKETPLACE,
    provenance=SIMULATED,
    body=PlatformReview,
)
@refuses(completion.take_review)
def platform_reviews(call: Call, body: PlatformReview) -> Reply:
    """Take a review that was written on the marketplace, where it counted before 18 March 2021."""
    call.do(
        completion.take_review,
        marketplace=call.sender,
        invoice=body.invoice_code,
        stars=body.stars,
        review=body.review,
    )
    return success()


attendance.add_to(FACE)
bulk_reports.add_to(FACE)
assignments.add_to(FACE)
sso.add_to(FACE)
dashboard.add_to(FACE)
complaints.add_to(FACE)
dashboard_pages.add_to(FACE)
earnings.add_to(FACE)
forgotten.add_to(FACE)


def _purchase(paid: Payment) -> dict[str, object]:
    return {
        "invoice_code": paid.invoice,
        "transaction_code": paid.transaction,
        "amount": paid.amount.amount,
        "status": "SUCCESS" if paid.status is PaymentStatus.PAID else "VOID",
        "prakerja_name": paid.buyer,
    }


def _redeem_state(call: Call, record: Redeemable, sequence: int) -> dict[str, object]:
    course: Course = call.ask(Unit.need, kind=Course, key=record.course)
    schedule: Schedule = call.ask(Unit.need, kind=Schedule, key=record.schedule)
    spans = [_zulu(at) for at in (schedule.starts, schedule.ends) if at is not None]
    offline = course.kind is CourseKind.OFFLINE
    return {
        "redeem_code": record.code,
        "course_code": record.course,
        "invoice_code": record.invoice,
        "schedule_code": record.schedule,
        "status": int(record.status == "redeemed"),
        "attendance_status": int(call.ask(presence.presence, redeem_code=record.code, sequence=sequence)),
        "redeem_at": _zulu(record.redeemed_at) if record.redeemed_at else "",
        "dp_platform": registry.title(record.marketplace),
        "schedule_start_end": "/".join(spans),
        "course_type": int(course.kind),
        "course_type_label": COURSE_TYPE_LABEL[course.kind],
        "course_learning_method": "offline" if offline else "online",
        "is_online_attendance": not offline,
        "sequence": sequence,
    }


def _zulu(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
