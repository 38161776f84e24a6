"""The newer calls from an institution to Prakerja: attendance, practical tasks, its learners' logins.

The redirect back does not prove the attendance: the institution asks Prakerja for the status and accepts
only attendance 1.  These endpoints are simulated; their calls to Prakerja are the published ones.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.simulator.institution import attesting, learning
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
HeaderText = Annotated[str, StringConstraints(max_length=255, pattern=r"^[!-~]*$")]
"""Text that is allowed in a header; it may be empty."""
Sequence = Annotated[int, Field(ge=1, le=999)]
ATTENDED = 1
REDEEM = 1


class Attending(Body):
    """Which meeting is attended, and with which e-mail; without one, the enrolment's e-mail."""

    redeem_code: Code
    sequence: Sequence = 1
    email: Text | None = None
    redirect_uri: Text | None = None


class BulkReport(Body):
    """Who attended: a CSV file for one schedule."""

    schedule_code: Code
    csv: Annotated[str, StringConstraints(min_length=1)]


class Task(Body):
    """A practical task: a file to submit, or notes about it."""

    redeem_code: Code
    scope: Code = "tpm"
    sequence: Sequence = 1
    url_file: str = ""
    notes: str = ""


class LoginWish(Body):
    """Which data the learner is asked to share."""

    scope: Text = "name email prakerjaid notelp"
    state: Text = "STATE-1"


class LoginCode(Body):
    """The code that the browser brought back; a wrong client id or access token may be sent on purpose."""

    code: Text
    client_id: HeaderText | None = None
    token: HeaderText | None = None


def add_to(face: Face) -> None:
    """Register the institution's endpoints."""
    for path, body, handler in ENDPOINTS:
        face.endpoint("POST", path, provenance=Provenance.SIMULATED, body=body)(handler)


@refuses(learning.enrolled)
def attend(call: Call, body: Attending) -> Reply:
    """Get the address at which the learner shows his face at Prakerja."""
    enrolled = call.ask(learning.enrolled, voucher=call.path["voucher"])
    return _prakerja_reply(
        lambda: _client(call).url_generate(
            redeem_code=body.redeem_code,
            redirect_uri=body.redirect_uri or f"{_site(call)}/kehadiran",
            email=body.email or enrolled.learner,
            sequence=body.sequence,
        )
    )


@refuses(Reason.ENROLMENT_UNKNOWN, Reason.ATTENDANCE_UNPROVED, attesting.attest)
def attended(call: Call, body: Attending) -> Reply:
    """The browser is back: let the learner in if Prakerja says that he was seen."""
    reply = _prakerja_reply(
        lambda: _client(call).redeem_status(redeem_code=body.redeem_code, sequence=body.sequence)
    )
    if reply.status != 200:
        return reply
    if reply.body.get("attendance_status") != ATTENDED:
        found = reply.body.get("attendance_status")
        message = f"Prakerja says attendance_status {found}"
        timeline.of(call.environ).refusal = Rejected(
            Reason.ATTENDANCE_UNPROVED, attendance_status=found, needed=ATTENDED
        )
        return error(409, Reason.ATTENDANCE_UNPROVED.value, message)
    if body.sequence == REDEEM:
        call.do(attesting.attest, voucher=call.path["voucher"], redeem_code=body.redeem_code)
    return reply


def report(call: Call, body: BulkReport) -> Reply:
    """Report to Prakerja who attended, as a CSV file; the answer is Prakerja's result of it."""
    return _prakerja_reply(lambda: _client(call).report_attendance(**body.model_dump()))


@refuses(Reason.ENROLMENT_UNKNOWN)
def hand_in(call: Call, body: Task) -> Reply:
    """Hand in the learner's file, or without a file ask how it stands."""
    which = {"redeem_code": body.redeem_code, "scope": body.scope, "sequence": body.sequence}
    if body.url_file:
        return _prakerja_reply(
            lambda: _client(call).call("/tpm/submission", {**which, "url_file": body.url_file})
        )
    return _prakerja_reply(lambda: _client(call).call("/tpm/submission/status", which))


@refuses(Reason.ENROLMENT_UNKNOWN)
def mark(call: Call, body: Task) -> Reply:
    """Hand in the marking of a file."""
    return _prakerja_reply(lambda: _client(call).call("/tpm/feedback/submission", body.model_dump()))


def login(call: Call, body: LoginWish) -> Reply:
    """Where the learner's browser goes to log in with his Prakerja account."""
    query = {
        "client_id": _client_id(call),
        "client_name": call.path["institution"],
        "login_uri": f"{_site(call)}/masuk",
        "redirect_uri": f"{_site(call)}/selesai",
        "scope": body.scope,
        "state": body.state,
    }
    return Reply({"path": f"/consent-sso?{urlencode(query)}"})


def logged_in(call: Call, body: LoginCode) -> Reply:
    """The browser is back with a code: who is it?"""
    client = _client_id(call) if body.client_id is None else body.client_id

    def profile() -> Any:
        request = orjson.dumps({"code": body.code})
        tokens = _sso(call, client, "POST", "/api/v1/oauth/token", {}, request)
        token = tokens["access_token"] if body.token is None else body.token
        authorization = {"Authorization": f"Bearer {token}"}
        return _sso(call, client, "GET", "/api/v1/resource/user_profile", authorization)

    return _prakerja_reply(profile)


def _prakerja_reply(ask: Callable[[], Any]) -> Reply:
    """Prakerja's answer; a refusal becomes 409 with Prakerja's own code, no answer becomes 504."""
    try:
        return Reply(ask())
    except Refused as refused:
        return error(409, refused.code or "no_code", f"Prakerja: {refused.message}")
    except NoReply as silence:
        return error(504, Reason.NO_REPLY.value, f"nothing came back from {silence}; ask again")


def _sso(
    call: Call, client: str, method: str, path: str, headers: Mapping[str, str], raw: bytes = b""
) -> Any:
    transport = call.parties.transport("prakerja", call.sandbox)
    answer = transport.send(method, path, {"X-Client-Id": client, **headers}, raw)
    fields = answer.json()
    if answer.status != 200:
        raise Refused(answer.status, str(fields.get("code", "")), str(fields.get("message", "")))
    return fields["data"]


def _client(call: Call) -> PrakerjaClient:
    return PrakerjaClient.of(call.parties, call.sandbox, call.path["institution"])


def _client_id(call: Call) -> str:
    code: str = call.parties.sandboxes.credential_of(call.sandbox, call.path["institution"]).client_code
    return code


def _site(call: Call) -> str:
    """The address of the institution's own site; this host does not exist."""
    return f"https://{call.path['institution']}.example"


VOUCHER = "/<institution>/vouchers/<voucher>"
ENDPOINTS = (
    (f"{VOUCHER}/attendance", Attending, attend),
    (f"{VOUCHER}/attendance/return", Attending, attended),
    ("/<institution>/attendance-reports", BulkReport, report),
    (f"{VOUCHER}/tasks", Task, hand_in),
    (f"{VOUCHER}/feedback", Task, mark),
    ("/<institution>/login", LoginWish, login),
    ("/<institution>/login/return", LoginCode, logged_in),
)
