"""The partner's side: an institution checks a voucher, burns it, reports who finished (simulated).

`Authorization` is bare here too: the institution's code and the HMAC-SHA256 over the raw body.
"""

import hmac
from typing import Annotated, Any

from pydantic import Field

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.kariermu.fields import Body, Id, Text
from prakerja_sim.mocks.kariermu.words import MARKETPLACE, VOUCHERS, answer, refusal
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED
REPORTED = (
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.NAME_DIFFERS,
    Reason.TOO_LATE_TO_FINISH,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)


class Code(Body):
    """A voucher."""

    voucher_code: Id


class Finished(Code):
    """Who finished, and how well."""

    name: Text
    score: Annotated[int, Field(ge=0, le=100)]


def check_signature(call: Call) -> None:
    """Establish the institution; raises Unauthorized."""
    given, _, signature = call.headers.get("Authorization", "").partition(":")
    known = any(one.party == given for one in call.parties.sandboxes.credentials(call.sandbox))
    if not known and not call.ask(Unit.find, kind=Course, institution=given, limit=1):
        raise Unauthorized("unknown institution")
    credential = call.parties.sandboxes.credential_of(call.sandbox, given)
    expected = hmac.new(credential.sign_key.encode(), call.raw, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise Unauthorized(f"wrong signature of {given}")
    call.sender = given


def check(call: Call, body: Code) -> Reply:
    """Say whether a voucher may be redeemed."""
    return _judged(call, body, burn=False)


def redeem(call: Call, body: Code) -> Reply:
    """Burn a voucher; it opens its program once."""
    return _judged(call, body, burn=True)


def finished(call: Call, body: Finished) -> Reply:
    """Take a report that a voucher's buyer finished, and pass it on to Prakerja."""
    found: Voucher | None = call.ask(Unit.get, kind=Voucher, key=body.voucher_code)
    if found is None or found.marketplace != MARKETPLACE.code:
        raise Rejected(Reason.VOUCHER_UNKNOWN)
    if found.institution != call.sender:
        raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
    order: Order = call.ask(Unit.need, kind=Order, key=found.order)
    with checkout.prakerja_asked():
        checkout.report_completion(call, order, name=body.name, score=body.score)
    return answer(_told(found))


def add_to(face: Face) -> None:
    """Mount the partner's paths."""
    for path, body, refuses, handler in (
        ("/voucher/check", Code, tuple(VOUCHERS), check),
        ("/voucher/redeem", Code, tuple(VOUCHERS), redeem),
        ("/completion", Finished, REPORTED, finished),
    ):
        mounted = face.endpoint(
            "POST",
            f"/partner{path}",
            provenance=SIMULATED,
            body=body,
            refuses=refuses,
            sender=check_signature,
        )
        mounted(handler)


def _judged(call: Call, body: Code, *, burn: bool) -> Reply:
    about = {"marketplace": MARKETPLACE.code, "code": body.voucher_code, "institution": call.sender}
    try:
        if burn:
            return answer(_told(call.do(vouchers.redeem_voucher, **about)))
        return answer(_told(call.ask(vouchers.check_voucher, **about)))
    except Rejected as refused:
        if refused.reason is not Reason.VOUCHER_USED:
            raise
        # Whoever burned it may have lost the answer, so its own institution is told what it opens.
        used: Voucher = call.ask(Unit.need, kind=Voucher, key=body.voucher_code)
        return refusal(VOUCHERS[refused.reason], _told(used))


def _told(voucher: Voucher) -> dict[str, Any]:
    return {"voucher_code": voucher.code, "slug": voucher.course, "status": voucher.status.value}
