"""Attendance: an institution asks for an address, and its participant verifies himself on pages there.

The redirect back does not prove the attendance; the institution must ask redeem-code/status afterwards.
"""

from collections.abc import Callable
from typing import Any

from prakerja_sim.mocks.http.bodies import Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.prakerja import cases, pages
from prakerja_sim.mocks.prakerja.fields import (
    API,
    SEEN_MODEL,
    Address,
    Email,
    RedeemCode,
    Sequence,
)
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.simulator.programme import attendance
from prakerja_sim.simulator.programme.attendance import ABANDONED, ScanResult
from prakerja_sim.simulator.programme.records import Course, CourseKind
from prakerja_sim.simulator.programme.redemption import TEST_PREFIX
from prakerja_sim.simulator.programme.training_records import Verification, VerificationStatus
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import confirm, refuses
from prakerja_sim.simulator.world.store import Unit


class UrlQuery(Body):
    """Who attends which sequence, and where his browser goes afterwards."""

    redeem_code: RedeemCode
    redirect_uri: Address
    email: Email
    sequence: Sequence = 1


class CourseHeld(Model):
    """How the course is held."""

    model_config = SEEN_MODEL

    type: int
    learning_method: str


class VerificationUrl(Model):
    """Where to send the browser, and the state that identifies this attempt."""

    model_config = SEEN_MODEL

    url: str
    state: str
    course: CourseHeld


def add_to(face: Face) -> None:
    """Register url-generate and the pages."""
    face.app.template_folder = "templates"
    face.endpoint(
        "POST",
        f"{API}/oauth/url-generate",
        provenance=Provenance.DOCUMENTED,
        body=UrlQuery,
        answer=VerificationUrl,
        callers=Role.INSTITUTION,
    )(url_generate)
    for method, handler in (("GET", verification), ("POST", verified)):
        face.endpoint(
            method,
            "/verification",
            provenance=Provenance.INFERRED,
            callers=Role.PERSON,
            open_to_all=True,
        )(handler)


@refuses(attendance.begin, cases.begin)
def url_generate(call: Call, body: UrlQuery) -> Reply:
    """The address at which the participant verifies himself."""
    code = call.headers.get("client_code", "")
    credential = call.parties.sandboxes.credential(code, to=call.sandbox, named=True)
    case = cases.begin(
        call,
        body.redeem_code,
        sequence=body.sequence,
        redirect_uri=body.redirect_uri,
        registered=credential.redirect_uris,
    )
    if case is not None:
        return _opened(call, case.state, case.case.kind)
    opened = call.do(
        attendance.begin,
        institution=call.sender,
        redeem_code=body.redeem_code,
        redirect_uri=body.redirect_uri,
        email=body.email,
        sequence=body.sequence,
        registered=credential.redirect_uris,
    )
    course: Course = call.ask(Unit.need, kind=Course, key=opened.course)
    return _opened(call, opened.state, course.kind)


def _opened(call: Call, state: str, kind: CourseKind) -> Reply:
    method = "offline" if kind is CourseKind.OFFLINE else "online"
    return success(
        {
            "url": pages.address(call, f"/prakerja/verification?state={state}"),
            "state": state,
            "course": {"type": int(kind), "learning_method": method},
        }
    )


@refuses(attendance.check_owner, cases.visit)
@pages.page
def verification(call: Call) -> Reply:
    """Log in, let the camera look, scan the face: whichever comes next."""
    state = call.query.get("state", "")
    try:
        return _next(call, state, {})
    except Rejected as refusal:
        confirm(verification, refusal)
        return _refused(call, state, refusal)


@refuses(attendance.consent, attendance.scan, cases.visit, cases.scanned)
@pages.page
def verified(call: Call) -> Reply:
    """One step of the verification, done."""
    fields = pages.fields_of(call)
    state = fields.get("state", "")
    try:
        return _step(call, state, fields)
    except Rejected as refusal:
        confirm(verified, refusal)
        return _refused(call, state, refusal)


def _step(call: Call, state: str, fields: dict[str, str]) -> Reply:
    to = pages.here(call, state=state)
    if (visit := cases.visit(call, state)) is not None:
        return _step_of_case(call, visit, fields, to)
    match fields.get("do"):
        case "login":
            return pages.entered(call, fields, to) or _next(call, state, fields)
        case "dummy" if _is_test(_pending(call, state)):
            return pages.entered_as_dummy(call, to)
        case "logout":
            return pages.left(call, to)
        case "consent" | "refuse" | "scan" as what:
            card = pages.visitor(call)
            return _next(call, state, {}) if card is None else STEPS[what](call, state, card, fields, to)
    return _next(call, state, {})


def _step_of_case(call: Call, visit: cases.Visit, fields: dict[str, str], to: str) -> Reply:
    """The same steps for a named test case, without a login."""
    back = pages.back_address(visit.redirect_uri, state=visit.state)
    outcome = fields.get("outcome", ScanResult.SUCCESS)
    match fields.get("do"):
        case "consent":
            visit.consented = True
        case "refuse":
            cases.scanned(call, visit, ScanResult.CAMERA_REFUSED)
            return pages.sent_to(back)
        case "scan" if outcome == ABANDONED:
            return pages.sent_to(back)
        case "scan" if outcome in list(ScanResult):
            cases.scanned(call, visit, ScanResult(outcome))
            return pages.sent_to(back)
    return pages.sent_to(to)


def _consent(call: Call, state: str, card: str, _: dict[str, str], to: str) -> Reply:
    call.do(attendance.consent, state=state, card=card)
    return pages.sent_to(to)


def _refuse(call: Call, state: str, card: str, *_: Any) -> Reply:
    return _scanned(call, state, card, ScanResult.CAMERA_REFUSED)


def _scan(call: Call, state: str, card: str, fields: dict[str, str], to: str) -> Reply:
    outcome = fields.get("outcome", ScanResult.SUCCESS)
    if outcome == ABANDONED:
        return pages.sent_to(_return_address(_pending(call, state)))
    return _scanned(call, state, card, outcome) if outcome in list(ScanResult) else pages.sent_to(to)


STEPS: dict[str, Callable[..., Reply]] = {"consent": _consent, "refuse": _refuse, "scan": _scan}


def _scanned(call: Call, state: str, card: str, outcome: str) -> Reply:
    closed = call.do(attendance.scan, state=state, card=card, outcome=ScanResult(outcome))
    return pages.sent_to(_return_address(closed))


def _next(call: Call, state: str, fields: dict[str, str]) -> Reply:
    if (visit := cases.visit(call, state)) is not None:
        variables: dict[str, Any] = {"title": visit.case.code, "institution": visit.case.institution}
        variables |= {"state": state, "sequence": visit.sequence, "test": True}
        return pages.rendered(call, "scan.html" if visit.consented else "consent.html", **variables)
    record = _pending(call, state)
    course: Course = call.ask(Unit.need, kind=Course, key=record.course)
    facts: dict[str, Any] = {
        "state": state,
        "title": course.title,
        "institution": course.institution,
        "sequence": record.sequence,
        "test": _is_test(record),
    }
    card = pages.visitor(call)
    if card is None:
        return pages.login(call, fields, **facts)
    call.ask(attendance.check_owner, state=state, card=card)
    step = "consent.html" if record.status is VerificationStatus.OPENED else "scan.html"
    return pages.rendered(call, step, **facts)


def _refused(call: Call, state: str, refusal: Rejected) -> Reply:
    """A page for a refusal, with a way to continue: log in as another user, or go back to the institution."""
    record: Verification | None = call.ask(Unit.get, kind=Verification, key=state)
    if refusal.reason is Reason.ACCOUNT_DIFFERS:
        return pages.refused(call, refusal, state=state, logout=True)
    may_go_back = record is not None and record.status is not VerificationStatus.WITHDRAWN
    return pages.refused(call, refusal, back=_return_address(record) if record and may_go_back else "")


def _pending(call: Call, state: str) -> Verification:
    record: Verification = call.ask(attendance.pending, state=state)
    return record


def _is_test(record: Verification) -> bool:
    return record.redeem_code.startswith(TEST_PREFIX)


def _return_address(record: Verification) -> str:
    return pages.back_address(record.redirect_uri, state=record.state)
