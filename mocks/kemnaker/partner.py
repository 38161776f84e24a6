"""The partner's side: an institution checks a voucher, burns it, reports who finished, enters the mark.

It logs in with the sign-on's client credentials (inferred).
"""

import hmac
from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.kemnaker.account import credential_of, secret
from prakerja_sim.mocks.kemnaker.fields import Body, Id, Score, Text
from prakerja_sim.mocks.kemnaker.words import MARKETPLACE, VOUCHERS, answer, refusal
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.simulator.marketplace import grades, vouchers
from prakerja_sim.simulator.marketplace.records import Mark, Order, Voucher
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED
OTHERS = (Reason.VOUCHER_UNKNOWN, Reason.VOUCHER_OF_OTHER_INSTITUTION)


class Completion(Body):
    """Who finished."""

    voucher_code: Id
    name: Text


class Entry(Body):
    """The mark of who finished."""

    voucher_code: Id
    score: Score


def check_token(call: Call) -> None:
    """Establish the institution from its bearer token; raises Unauthorized."""
    given = call.headers.get("Authorization", "").removeprefix("Bearer ")
    client_id = given.partition("|")[0]
    credential = credential_of(call, client_id)
    if credential is None:
        raise Unauthorized("unknown client")
    expected = secret(call, "partner", client_id, credential.sign_key)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Unauthorized(f"wrong token of {credential.party}")
    call.sender = credential.party


def check(call: Call) -> Reply:
    """Say whether a voucher may be redeemed."""
    return _judged(call, burn=False)


def redeem(call: Call) -> Reply:
    """Burn a voucher; it opens its training once."""
    return _judged(call, burn=True)


def completion(call: Call, body: Completion) -> Reply:
    """Take a report that a learner finished: the institution's certificate is out."""
    voucher = _own(call, body.voucher_code)
    call.do(grades.finish, voucher=voucher.code, name=body.name)
    return answer(_told(voucher), 201)


def mark(call: Call, body: Entry) -> Reply:
    """Enter a mark: the ministry's certificate is out, and Prakerja is told who finished."""
    voucher = _own(call, body.voucher_code)
    known: Mark | None = call.ask(Unit.get, kind=Mark, key=voucher.code)
    if known is None:
        raise Rejected(Reason.COURSE_UNFINISHED)
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    with checkout.prakerja_asked():
        checkout.report_completion(call, order, name=known.name, score=body.score)
    call.do(grades.enter, voucher=voucher.code, score=body.score)
    return answer(_told(voucher), 201)


def add_to(face: Face) -> None:
    """Mount the partner's paths."""
    at = "/api/skillhub/partner/v1"
    reported = (Reason.COURSE_UNFINISHED, Reason.NAME_DIFFERS, Reason.TOO_LATE_TO_FINISH)
    silent = (Reason.NO_REPLY, Reason.SERVICE_UNAVAILABLE)
    for method, path, known, body, refuses, handler in (
        ("GET", "/vouchers/<code>", INFERRED, None, tuple(VOUCHERS), check),
        ("POST", "/vouchers/<code>/redeem", INFERRED, None, tuple(VOUCHERS), redeem),
        ("POST", "/completions", SIMULATED, Completion, OTHERS, completion),
        ("POST", "/marks", SIMULATED, Entry, (*OTHERS, *reported, *silent), mark),
    ):
        mounted = face.endpoint(
            method, f"{at}{path}", provenance=known, body=body, refuses=refuses, sender=check_token
        )
        mounted(handler)


def _own(call: Call, code: str) -> Voucher:
    found: Voucher | None = call.ask(Unit.get, kind=Voucher, key=code)
    if found is None or found.marketplace != MARKETPLACE.code:
        raise Rejected(Reason.VOUCHER_UNKNOWN)
    if found.institution != call.sender:
        raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
    return found


def _judged(call: Call, *, burn: bool) -> Reply:
    code = call.path["code"]
    about = {"marketplace": MARKETPLACE.code, "code": code, "institution": call.sender}
    try:
        if burn:
            return answer(_told(call.do(vouchers.redeem_voucher, **about)))
        return answer(_told(call.ask(vouchers.check_voucher, **about)))
    except Rejected as refused:
        if refused.reason is not Reason.VOUCHER_USED:
            raise
        # Whoever burned it may have lost the answer, so its own institution is told what it opens.
        used: Voucher = call.ask(Unit.need, kind=Voucher, key=code)
        return refusal(VOUCHERS[refused.reason], _told(used))


def _told(voucher: Voucher) -> dict[str, Any]:
    return {
        "code": voucher.code,
        "training_code": voucher.course,
        "status": voucher.status.value,
        "expires_at": voucher.valid_until.isoformat(),
        "redeemed_at": voucher.redeemed_at.isoformat() if voucher.redeemed_at else None,
    }
