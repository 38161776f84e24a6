"""The provider's side: an institution asks about a coupon, burns it, reports who finished.

HTTP Basic with the institution's code (or its credential's) and key.  An answer about a coupon of
one's own carries the coupon, also when it is refused.
"""

import hmac
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from prakerja_sim.mocks.bukalapak import buying
from prakerja_sim.mocks.bukalapak.fields import Body, Text, basic, utc
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, TO_PROVIDERS, done, refusal
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.checkout import prakerja_asked
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Shopper, Voucher
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED
AT_COUPON = (
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.VOUCHER_CANCELLED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_EXPIRED,
)
AT_REPORT = (
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.NAME_DIFFERS,
    Reason.TOO_LATE_TO_FINISH,
    Reason.NO_REPLY,
    Reason.SERVICE_UNAVAILABLE,
)


class Completion(Body):
    """Who finished, and how well."""

    name: Text
    score: Annotated[int, Field(ge=0, le=100)]


def check_basic(call: Call) -> None:
    """Establish the institution from HTTP Basic, whose credential may also name its sandbox."""
    name, secret = basic(call) or ("", "")
    credential = call.parties.sandboxes.presented(name, to=call.sandbox, named=call.named)
    if credential is None or not hmac.compare_digest(credential.sign_key.encode(), secret.encode()):
        raise Unauthorized("unknown provider or wrong key")
    call.sandbox = credential.sandbox
    call.sender = credential.party


def check_coupon(call: Call) -> Reply:
    """Say whether a coupon may be redeemed."""
    return _judged(call, burn=False)


def redeem_coupon(call: Call) -> Reply:
    """Burn a coupon; it opens its course once."""
    return _judged(call, burn=True)


def complete(call: Call, body: Completion) -> Reply:
    """Take an institution's report that the coupon's buyer finished, and pass it on to Prakerja."""
    found: Voucher | None = call.ask(Unit.get, kind=Voucher, key=call.path["coupon"])
    if found is None or found.marketplace != MARKETPLACE.code:
        raise Rejected(Reason.VOUCHER_UNKNOWN)
    if found.institution != call.sender:
        raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
    order: Order = call.ask(Unit.need, kind=Order, key=found.order)
    with prakerja_asked():
        checkout.report_completion(call, order, name=body.name, score=body.score)
    return done(_coupon(call, found))


def add_to(face: Face) -> None:
    """Mount the partner paths."""
    at = "/api/_partners/prakerja/coupons/<coupon>"
    provider = partial(face.endpoint, sender=check_basic)
    provider("GET", at, provenance=INFERRED, refuses=AT_COUPON)(check_coupon)
    provider("POST", f"{at}/redeem", provenance=INFERRED, refuses=AT_COUPON)(redeem_coupon)
    told = provider("POST", f"{at}/completion", provenance=SIMULATED, body=Completion, refuses=AT_REPORT)
    told(complete)


def _judged(call: Call, *, burn: bool) -> Reply:
    about = {"marketplace": MARKETPLACE.code, "code": call.path["coupon"], "institution": call.sender}
    try:
        if burn:
            return done(_coupon(call, call.do(vouchers.redeem_voucher, **about)))
        return done(_coupon(call, call.ask(vouchers.check_voucher, **about)))
    except Rejected as refused:
        reply = refusal(TO_PROVIDERS[refused.reason])
        if refused.reason in (Reason.VOUCHER_UNKNOWN, Reason.VOUCHER_OF_OTHER_INSTITUTION):
            return reply
        known = call.ask(Unit.need, kind=Voucher, key=call.path["coupon"])
        return replace(reply, body={**reply.body, "data": _coupon(call, known)})


def _coupon(call: Call, voucher: Voucher) -> dict[str, Any]:
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    buyer: Shopper = call.ask(Unit.need, kind=Shopper, key=order.shopper)
    return {
        "code": voucher.code,
        "course_id": voucher.course,
        "state": buying.coupon_state(call, voucher),
        "buyer_name": buyer.name,
        "valid_until": utc(voucher.valid_until),
        "redeemed_at": utc(voucher.redeemed_at) if voucher.redeemed_at else None,
    }
