"""The partner's side: an institution asks about a voucher, burns it, reports who finished.

No such surface is public.  The bodies follow the voucher suppliers' documented style; the
sender check (HMAC-SHA256 over the raw body) is simulated, since theirs signs with RSA-PSS.
"""

import hmac
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.datastructures import Authorization

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import access_tokens, checkout
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.mocks.tokopedia.graphql import Id, Text
from prakerja_sim.mocks.tokopedia.words import MARKETPLACE, VOUCHER_CODES, Said, refusal
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED


class _Body(BaseModel):
    """A request body: exact types, unknown fields ignored."""

    model_config = ConfigDict(strict=True, frozen=True)


class VoucherQuery(_Body):
    """A voucher, and the class that it is thought to open."""

    voucher_code: Id
    product_code: Id | None = None


class CompletionReport(_Body):
    """Who finished, and how well."""

    voucher_code: Id
    name: Text
    score: Annotated[int, Field(ge=0, le=100)]


def check_signature(call: Call) -> None:
    """Establish the institution from `Client-Id` and `Signature`; raises Unauthorized.

    The id is the institution's code, or its credential's, which also names its sandbox.
    """
    given = call.headers.get("Client-Id", "")
    credential = call.parties.sandboxes.presented(given, to=call.sandbox, named=call.named)
    if credential is None:
        raise Unauthorized("unknown Client-Id")
    expected = hmac.new(credential.sign_key.encode(), call.raw, "sha256").hexdigest()
    signature = call.headers.get("Signature", "").lower()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise Unauthorized(f"wrong signature of {credential.party}")
    call.sandbox = credential.sandbox
    call.sender = credential.party


def voucher_status(call: Call, body: VoucherQuery) -> Reply:
    """Say whether a voucher may be redeemed."""
    return _judged(call, body, burn=False)


def voucher_redeem(call: Call, body: VoucherQuery) -> Reply:
    """Burn a voucher; it opens its class once."""
    return _judged(call, body, burn=True)


def completion(call: Call, body: CompletionReport) -> Reply:
    """Take an institution's report that the voucher's buyer finished, and pass it on to Prakerja."""
    voucher = _own_voucher(call, body.voucher_code)
    if voucher is None:
        return _unknown(Reason.VOUCHER_UNKNOWN)
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    try:
        checkout.report_completion(call, order, name=body.name, score=body.score)
    except Refused as refused:
        return _answer(voucher, "02", refused.message)
    except NoReply:
        return _answer(voucher, "40", "Timeout")
    return _answer(voucher, "00", "Success")


def token(call: Call) -> Reply:
    """Give a partner an access token for its client id and secret; Basic, form and query are taken."""
    form = _form(call)
    grant = form.get("grant_type") or call.query.get("grant_type", "")
    code, secret = _client(call, form)
    credential = call.parties.sandboxes.credential(code)
    known = credential is not None and hmac.compare_digest(credential.sign_key.encode(), secret.encode())
    if not known or (call.named and credential.sandbox is not call.sandbox):
        return refusal(Said("", "Client authentication failed.", 401), surface="token")
    if grant != "client_credentials":
        told = {"error": "unsupported_grant_type", "error_description": "Only client_credentials is taken."}
        return Reply(told, 400)
    return Reply(
        {
            "access_token": access_tokens.issue(credential),
            "event_code": "",
            "expires_in": access_tokens.LIFETIME_SECONDS,
            "last_login_type": "8",
            "sq_check": False,
            "token_type": "Bearer",
        }
    )


def add_to(face: Face) -> None:
    """Mount the partner's paths and the token paths."""
    at = "/partner/api/v1"
    about_vouchers = tuple(VOUCHER_CODES)
    asked = {"provenance": INFERRED, "body": VoucherQuery, "refuses": about_vouchers}
    face.endpoint("POST", f"{at}/voucher/status", **asked)(voucher_status)  # type: ignore[arg-type]
    face.endpoint("POST", f"{at}/voucher/redeem", **asked)(voucher_redeem)  # type: ignore[arg-type]
    reported = face.endpoint(
        "POST",
        f"{at}/completion",
        provenance=SIMULATED,
        body=CompletionReport,
        refuses=(Reason.VOUCHER_UNKNOWN, Reason.NAME_DIFFERS, Reason.TOO_LATE_TO_FINISH),
    )
    reported(completion)
    face.endpoint("POST", "/accounts/token", provenance=SEEN, open_to_all=True)(token)


def _judged(call: Call, body: VoucherQuery, *, burn: bool) -> Reply:
    about = {"marketplace": MARKETPLACE.code, "code": body.voucher_code, "institution": call.sender}
    try:
        voucher: Voucher = call.ask(vouchers.check_voucher, **about)
        if body.product_code not in (None, voucher.course):
            raise Rejected(Reason.VOUCHER_OF_OTHER_INSTITUTION)
        if burn:
            voucher = call.do(vouchers.redeem_voucher, **about)
    except Rejected as refused:
        code, text = VOUCHER_CODES[refused.reason]
        own = _own_voucher(call, body.voucher_code)
        return _answer(own, code, text) if own else _unknown(refused.reason)
    return _answer(voucher, "00", "Success")


def _own_voucher(call: Call, code: str) -> Voucher | None:
    """The voucher, if it is this site's and opens a class of the institution that asks."""
    found: Voucher | None = call.ask(Unit.get, kind=Voucher, key=code)
    own = found and found.marketplace == MARKETPLACE.code and found.institution == call.sender
    return found if own else None


def _answer(voucher: Voucher, code: str, message: str) -> Reply:
    return Reply(
        {
            "response_code": code,
            "message": message,
            "ref_id": voucher.order,
            "product_code": voucher.course,
            "status": voucher.status.value,
            "redeemed_at": voucher.redeemed_at.isoformat() if voucher.redeemed_at else "",
        }
    )


def _unknown(reason: Reason) -> Reply:
    code, message = VOUCHER_CODES[reason]
    nothing = dict.fromkeys(("ref_id", "product_code", "status", "redeemed_at"), "")
    return Reply({"response_code": code, "message": message, **nothing})


def _client(call: Call, form: dict[str, str]) -> tuple[str, str]:
    basic = Authorization.from_header(call.headers.get("Authorization"))
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    given: Any = {**call.query, **form}
    return given.get("client_id", ""), given.get("client_secret", "")


def _form(call: Call) -> dict[str, str]:
    if call.headers.get("Content-Type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        return {}
    try:
        fields = parse_qs(call.raw.decode("latin-1"), max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
