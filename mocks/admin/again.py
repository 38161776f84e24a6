"""Send an exchange of the timeline again, signed anew; and judge a signature that somebody pasted."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from prakerja_sim.mocks.http import secrets
from prakerja_sim.mocks.http import timeline as kept
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.exchanges import CLIENT, ITSELF, LONGEST_BODY, Exchange
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.prakerja import signature_diagnosis
from prakerja_sim.mocks.prakerja.signature import Attempt
from prakerja_sim.simulator.values.clock import unix_seconds

SIGNED = ("client_code", "timestamp", "signature")
SET_ANEW = ("host", "content-length", "connection", "transfer-encoding")
"""Headers that belong to the way, and that whoever sends sets."""
Long = Annotated[str, StringConstraints(max_length=32 * 1024)]


class Pasted(BaseModel):
    """A request as somebody signed it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    headers: Long
    """A line each, `Name: value`; from curl's -H too."""
    body: Long = ""
    path: Annotated[str, StringConstraints(max_length=2048)] = "/api/v1/integration/payment/send-otp"
    method: Annotated[str, StringConstraints(max_length=16)] = "POST"


def add_to(face: Face) -> None:
    """Register both operations."""
    simulated = Provenance.SIMULATED
    face.endpoint("POST", "/timeline/<id>/again", provenance=simulated)(again)
    face.endpoint("POST", "/signature", provenance=simulated, body=Pasted)(judge)


def again(call: Call) -> Reply:
    """Send a request of the timeline once more, from outside; a signed one is signed anew, for now."""
    here = kept.of(call.environ)
    here.passed_on = True
    one = kept.find(call.sandbox, call.path["id"])
    if one is None:
        most = call.parties.timeline.kept
        return error(404, "request_unknown", f"request {call.path['id']} is not among the last {most}")
    if one.party == ITSELF or len(one.body) >= LONGEST_BODY:
        why = "nobody sent it" if one.party == ITSELF else f"its body is kept up to {LONGEST_BODY} bytes only"
        return error(409, "not_to_be_sent_again", f"request {one.id}: {why}")
    headers = {name: value for name, value in one.headers.items() if name.lower() not in SET_ANEW}
    credential = signer(call, one)
    if credential is not None:
        headers |= signed(credential, one, unix_seconds(call.sandbox.now()))
    try:
        wire = call.parties.transport(one.party, call.sandbox, asker=CLIENT)
        answer = wire.send(one.method, one.path, headers, one.body)
    except NoReply as silence:
        return error(504, "no_reply", f"{one.party} did not answer {silence}")
    sent = next((each for each in reversed(kept.remembered(call.sandbox)) if each.parent == here.id), None)
    answered = {"status": answer.status, "body": secrets.body(answer.body)}
    return Reply({"id": sent.id if sent else None, "signed_anew": credential is not None, **answered})


def signer(call: Call, one: Exchange) -> Credential | None:
    """Whose credential signs a request; None for one that is not signed."""
    if not {name.lower() for name in SIGNED} <= {name.lower() for name in one.headers}:
        return None
    code = one.headers["client_code"]
    found: Credential | None = call.parties.sandboxes.credential(code, to=call.sandbox, named=True)
    return found


def signed(credential: Credential, one: Exchange, stamp: int) -> dict[str, str]:
    """The three headers that sign a request at that time."""
    path = one.path.partition("?")[0]
    text = f"{credential.client_code}{stamp}{one.method}{path}".encode() + one.body
    signature = hmac.new(credential.sign_key.encode(), text, hashlib.sha1).hexdigest()
    return {"client_code": credential.client_code, "Timestamp": str(stamp), "Signature": signature}


def judge(call: Call, body: Pasted) -> Reply:
    """What is signed of a pasted request, and what differs; nothing is sent."""
    headers = headers_of(body.headers)
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    attempt = Attempt(body.method.upper(), body.path, body.body.encode(), environ)
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    wall = unix_seconds(call.parties.wall())
    return Reply(signature_diagnosis.diagnosis(attempt, call.sandbox, credentials, wall))


def headers_of(pasted: str) -> Mapping[str, Any]:
    """Headers by name, from lines as HTTP, browsers or curl write them; raises Malformed."""
    found: dict[str, str] = {}
    for line in pasted.splitlines():
        text = line.strip().rstrip("\\").strip()
        text = text.removeprefix("-H").removeprefix("--header").strip().strip("'\"")
        name, colon, value = text.partition(":")
        if text and not (colon and name.strip() and " " not in name.strip()):
            raise Malformed("headers: must be a line each, as Name: value")
        if text:
            found[name.strip()] = value.strip()
    return found
