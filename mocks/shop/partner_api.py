"""The API for institutions: check a voucher, redeem it, report that its buyer finished."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.face import Call, Unauthorized
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.site import Site, named
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Shopper, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


@dataclass(frozen=True, slots=True)
class Judged:
    """A voucher, and the reason if it may not be redeemed."""

    voucher: Voucher
    buyer: Shopper
    at: datetime
    reason: Reason | None = None


@refuses(vouchers.redeem_voucher)
def check(site: Site, call: Call, body: Any = None) -> Judged:
    """Say whether a voucher may be redeemed."""
    return judged(site, call, named(call, body, "voucher_code")[1], burn=False)


@refuses(vouchers.redeem_voucher)
def redeem(site: Site, call: Call, body: Any = None) -> Judged:
    """Burn a voucher; it opens its course once."""
    return judged(site, call, named(call, body, "voucher_code")[1], burn=True)


@refuses(Reason.VOUCHER_UNKNOWN, Reason.VOUCHER_OF_OTHER_INSTITUTION, checkout.report_completion)
def report(site: Site, call: Call, body: Any) -> Judged:
    """Take a report that a voucher's buyer finished, and pass it on to Prakerja."""
    voucher = own(site, call, named(call, body, "voucher_code")[1])
    pass_on(call, voucher, body.name, body.score)
    return verdict(call, voucher)


def judged(site: Site, call: Call, code: str, *, burn: bool) -> Judged:
    """A voucher that may be redeemed, or one of this institution's that may not.

    An institution may have lost the answer to its redemption, so it gets the course once more.
    """
    about = {"marketplace": site.code, "code": code, "institution": call.sender}
    try:
        if burn:
            return verdict(call, call.do(vouchers.redeem_voucher, **about))
        return verdict(call, call.ask(vouchers.check_voucher, **about))
    except Rejected as refused:
        if refused.reason not in site.refusals_with_voucher:
            raise
        timeline.of(call.environ).refusal = refused
        return verdict(call, call.ask(Unit.need, kind=Voucher, key=code), refused.reason)


def own(site: Site, call: Call, code: str) -> Voucher:
    """A voucher of this marketplace that opens a course of the institution that asks."""
    voucher: Voucher | None = call.ask(Unit.get, kind=Voucher, key=code)
    if voucher is None or voucher.marketplace != site.code:
        raise Rejected(Reason.VOUCHER_UNKNOWN, voucher=code)
    if voucher.institution != call.sender:
        raise Rejected(
            Reason.VOUCHER_OF_OTHER_INSTITUTION,
            asker=call.sender,
            unsaid={"institution": voucher.institution},
        )
    return voucher


def pass_on(call: Call, voucher: Voucher, name: str, score: int) -> None:
    """Tell Prakerja that the voucher's buyer finished."""
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    with checkout.prakerja_refusals():
        checkout.report_completion(call, order, name=name, score=score)


def credential_of(call: Call, institution: str) -> Credential:
    """The credential of an institution in this sandbox; raises Unauthorized if there is none.

    One is made only for an institution that has courses, not for any text.
    """
    sandboxes = call.parties.sandboxes
    registered = any(one.party == institution for one in sandboxes.credentials(call.sandbox))
    if not registered and not call.ask(Unit.find, kind=Course, institution=institution, limit=1):
        raise Unauthorized("unknown institution")
    made: Credential = sandboxes.credential_of(call.sandbox, institution)
    return made


def check_signature(call: Call, credential: Credential, signature: str) -> None:
    """Establish the institution that signed the raw body with HMAC-SHA256; raises Unauthorized."""
    expected = hmac.new(credential.sign_key.encode(), call.raw, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        raise Unauthorized(f"wrong signature of {credential.party}")
    call.admit(credential)


def verdict(call: Call, voucher: Voucher, reason: Reason | None = None) -> Judged:
    """A voucher with all that its institution may see of it."""
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    buyer: Shopper = call.ask(Unit.need, kind=Shopper, key=order.shopper)
    return Judged(voucher, buyer, call.sandbox.now(), reason)
