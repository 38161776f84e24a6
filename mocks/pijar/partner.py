"""The partner's side: an institution checks a voucher, burns it, reports who finished (inferred).

Who asks is told by `X-Partner` and proved by `X-Signature`, the HMAC-SHA256 over the raw body.
"""

import hmac
from typing import Annotated

from pydantic import Field

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.pijar.fields import Body, Id, Text
from prakerja_sim.mocks.pijar.words import MARKETPLACE, VOUCHERS, refusal, success
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED


class VoucherQuery(Body):
    """A voucher."""

    voucherCode: Id  # noqa: N815  # the wire's name


class Completion(VoucherQuery):
    """Who finished, and how well."""

    name: Text
    score: Annotated[int, Field(ge=0, le=100)]


def check_signature(call: Call) -> None:
    """Establish the institution; raises Unauthorized."""
    given = call.headers.get("X-Partner", "")
    known = any(one.party == given for one in call.parties.sandboxes.credentials(call.sandbox))
    if not known and not call.ask(Unit.find, kind=Course, institution=given, limit=1):
        raise Unauthorized("unknown X-Partner")
    credential = call.parties.sandboxes.credential_of(call.sandbox, given)
    expected = hmac.new(credential.sign_key.encode(), call.raw, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), call.headers.get("X-Signature", "").lower().encode()):
        raise Unauthorized(f"wrong signature of {given}")
    call.sender = given


def check(call: Call, body: VoucherQuery) -> Reply:
    """Say whether a voucher may be redeemed."""
    return _judged(call, body, burn=False)


def redeem(call: Call, body: VoucherQuery) -> Reply:
    """Burn a voucher; it opens its class once."""
    return _judged(call, body, burn=True)


def completion(call: Call, body: Completion) -> Reply:
    """Take a report that a voucher's buyer finished, and pass it on to Prakerja."""
    found: Voucher | None = call.ask(Unit.get, kind=Voucher, key=body.voucherCode)
    if found is None or found.marketplace != MARKETPLACE.code:
        raise Rejected(Reason.VOUCHER_UNKNOWN)
    if found.institution != call.sender:
        raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
    order: Order = call.ask(Unit.need, kind=Order, key=found.order)
    with checkout.prakerja_asked():
        checkout.report_completion(call, order, name=body.name, score=body.score)
    return _told(found, "Laporan diteruskan ke Prakerja.")


def add_to(face: Face) -> None:
    """Mount the partner's paths."""
    at = "/api/v1/partner"
    asked = {"body": VoucherQuery, "refuses": tuple(VOUCHERS), "sender": check_signature}
    for path, handler in (("check", check), ("redeem", redeem)):
        face.endpoint("POST", f"{at}/vouchers/{path}", provenance=INFERRED, **asked)(handler)  # type: ignore[arg-type]
    reported = face.endpoint(
        "POST",
        f"{at}/completions",
        provenance=SIMULATED,
        body=Completion,
        refuses=(
            Reason.VOUCHER_UNKNOWN,
            Reason.VOUCHER_OF_OTHER_INSTITUTION,
            Reason.NAME_DIFFERS,
            Reason.TOO_LATE_TO_FINISH,
            Reason.NO_REPLY,
            Reason.SERVICE_UNAVAILABLE,
        ),
        sender=check_signature,
    )
    reported(completion)


def _judged(call: Call, body: VoucherQuery, *, burn: bool) -> Reply:
    about = {"marketplace": MARKETPLACE.code, "code": body.voucherCode, "institution": call.sender}
    try:
        if burn:
            return _told(call.do(vouchers.redeem_voucher, **about), "Voucher digunakan.")
        return _told(call.ask(vouchers.check_voucher, **about))
    except Rejected as refused:
        if refused.reason is not Reason.VOUCHER_USED:
            raise
        # Whoever burned it may have lost the answer, so its own institution is told what it opens.
        used: Voucher = call.ask(Unit.need, kind=Voucher, key=body.voucherCode)
        said = refusal(VOUCHERS[refused.reason])
        return Reply({**said.body, "data": _told(used).body["data"]}, said.status)


def _told(voucher: Voucher, message: str = "Berhasil") -> Reply:
    told = {
        "voucherCode": voucher.code,
        "prakerjaCode": voucher.course,
        "status": voucher.status.value,
        "validUntil": voucher.valid_until.isoformat(),
        "redeemedAt": voucher.redeemed_at.isoformat() if voucher.redeemed_at else None,
    }
    return success(told, message)
