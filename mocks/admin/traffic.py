"""What was asked lately, and the clinic for refused signatures."""

from typing import Any

from prakerja_sim.mocks.http import request_log
from prakerja_sim.mocks.http.envelope import error
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.request_log import Asked
from prakerja_sim.mocks.prakerja import signature_diagnosis
from prakerja_sim.simulator.values.clock import unix_seconds

LONGEST_PAGE = request_log.KEPT


def add_to(face: Face) -> None:
    """Register the questions."""
    face.endpoint("GET", "/requests", provenance=Provenance.SIMULATED)(asked)
    face.endpoint("GET", "/requests/<id>/signature", provenance=Provenance.SIMULATED)(signature)


def asked(call: Call) -> Reply:
    """The last requests, newest first: ?party=prakerja&status=401&path=END&limit=N; status 0 was lost."""
    status, party, path = call.query.get("status"), call.query.get("party"), call.query.get("path", "")
    if status is not None and not (status.isascii() and status.isdigit() and len(status) <= 3):
        raise Malformed("status: must be an HTTP status, or 0 for a request that was lost")
    found = [
        _told(one)
        for one in request_log.of(call.sandbox)
        if (party is None or one.party == party)
        and (status is None or one.status == int(status))
        and one.path.endswith(path)
    ]
    return Reply({"requests": found[: _limit(call)]})


def signature(call: Call) -> Reply:
    """Why a signature was refused: the part that differed, and what would have been accepted."""
    number = call.path["id"]
    one = request_log.find(call.sandbox, number)
    if one is None:
        return error(404, "request_unknown", f"request {number} is not among the last {request_log.KEPT}")
    if one.evidence is None:
        return error(409, "signature_not_refused", f"request {number} had no refused signature to look at")
    known = call.parties.sandboxes.credentials(call.sandbox)
    told = signature_diagnosis.diagnosis(one.evidence, call.sandbox, known, unix_seconds(one.wall))
    return Reply({**_told(one), **told})


def _told(one: Asked) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.isoformat() if one.at else None,
        "wall": one.wall.isoformat(),
        "party": one.party,
        "method": one.method,
        "path": one.path,
        "status": one.status,
        "provenance": one.provenance,
        "signature_refused": one.evidence is not None,
    }


def _limit(call: Call) -> int:
    text = call.query.get("limit", "100")
    whole = text.isascii() and text.isdigit() and len(text) <= 9
    if not whole or not 1 <= int(text) <= LONGEST_PAGE:
        raise Malformed(f"limit: must be from 1 to {LONGEST_PAGE}")
    return int(text)
