"""The request log, and the diagnosis of refused signatures."""

from typing import Any

from prakerja_sim.mocks.http import request_log
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.request_log import LoggedRequest
from prakerja_sim.mocks.prakerja import signature_diagnosis
from prakerja_sim.simulator.values.clock import unix_seconds

LONGEST_PAGE = request_log.KEPT


def add_to(face: Face) -> None:
    """Register the endpoints."""
    face.endpoint("GET", "/requests", provenance=Provenance.SIMULATED)(list_requests)
    face.endpoint("GET", "/requests/<id>/signature", provenance=Provenance.SIMULATED)(signature)


def list_requests(call: Call) -> Reply:
    """The last requests, newest first: ?party=prakerja&status=401&path=END&limit=N; status 0 was lost."""
    status, party, path = call.query.get("status"), call.query.get("party"), call.query.get("path", "")
    if status is not None and not (status.isascii() and status.isdigit() and len(status) <= 3):
        raise Malformed("status: must be an HTTP status, or 0 for a request that was lost")
    rows = [
        _request(request)
        for request in request_log.of(call.sandbox)
        if (party is None or request.party == party)
        and (status is None or request.status == int(status))
        and request.path.endswith(path)
    ]
    return Reply({"requests": rows[: _limit(call)]})


def signature(call: Call) -> Reply:
    """Why a signature was refused: the part that differed, and what would have been accepted."""
    number = call.path["id"]
    request = request_log.find(call.sandbox, number)
    if request is None:
        return error(404, "request_unknown", f"request {number} is not among the last {request_log.KEPT}")
    if request.evidence is None:
        return error(409, "signature_not_refused", f"request {number} had no refused signature to look at")
    credentials = call.parties.sandboxes.credentials(call.sandbox)
    wall = unix_seconds(request.wall)
    diagnosis = signature_diagnosis.diagnosis(request.evidence, call.sandbox, credentials, wall)
    return Reply({**_request(request), **diagnosis})


def _request(request: LoggedRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "at": request.at.isoformat() if request.at else None,
        "wall": request.wall.isoformat(),
        "party": request.party,
        "method": request.method,
        "path": request.path,
        "status": request.status,
        "provenance": request.provenance,
        "signature_refused": request.evidence is not None,
    }


def _limit(call: Call) -> int:
    text = call.query.get("limit", "100")
    whole = text.isascii() and text.isdigit() and len(text) <= 9
    if not whole or not 1 <= int(text) <= LONGEST_PAGE:
        raise Malformed(f"limit: must be from 1 to {LONGEST_PAGE}")
    return int(text)
