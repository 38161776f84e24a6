"""The partner's side: an institution asks about a voucher, burns it, reports who finished.

No such surface is public.  The bodies follow the voucher suppliers' documented style; the
sender check (HMAC-SHA256 over the raw body) is simulated, since theirs signs with RSA-PSS.
"""

from typing import Any
from urllib.parse import parse_qs

from werkzeug.datastructures import Authorization

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.shop import access_tokens, checkout, partner_api
from prakerja_sim.mocks.shop.account import same
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.tokopedia.fields import Completion, VoucherQuery
from prakerja_sim.mocks.tokopedia.words import VOUCHER_CODES, Message, refusal
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.records import Order, Voucher
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


def check_signature(call: Call) -> None:
    """Establish the institution from `Client-Id` and `Signature`; raises Unauthorized.

    The id is the institution's code, or its credential's, which also names its sandbox.
    """
    code = call.headers.get("Client-Id", "")
    credential = call.parties.sandboxes.presented(code, to=call.sandbox, named=call.named)
    if credential is None:
        raise Unauthorized("unknown Client-Id")
    partner_api.check_signature(call, credential, call.headers.get("Signature", ""))


@refuses(vouchers.redeem_voucher)
def voucher_status(site: Site, call: Call, body: VoucherQuery) -> Reply:
    """Say whether a voucher may be redeemed."""
    return _judged(site, call, body, burn=False)


@refuses(vouchers.redeem_voucher)
def voucher_redeem(site: Site, call: Call, body: VoucherQuery) -> Reply:
    """Burn a voucher; it opens its class once."""
    return _judged(site, call, body, burn=True)


@refuses(Reason.VOUCHER_UNKNOWN, checkout.report_completion)
def completion(site: Site, call: Call, body: Completion) -> Reply:
    """Take an institution's report that the voucher's buyer finished, and pass it on to Prakerja."""
    now = timeline.of(call.environ)
    voucher = _own(site, call, body.voucher_code)
    if voucher is None:
        now.refusal = Rejected(Reason.VOUCHER_UNKNOWN, voucher=body.voucher_code)
        return _answer(None, *VOUCHER_CODES[Reason.VOUCHER_UNKNOWN])
    order: Order = call.ask(Unit.need, kind=Order, key=voucher.order)
    try:
        checkout.report_completion(call, order, name=body.name, score=body.score)
    except Refused as refused:
        now.refusal = now.refused_within
        return _answer(voucher, "02", refused.message)
    except NoReply:
        now.refusal = now.refused_within
        return _answer(voucher, "40", "Timeout")
    return _answer(voucher, "00", "Success")


def token(_: Site, call: Call) -> Reply:
    """Give a partner an access token for its client id and secret; Basic, form and query are taken."""
    form = _form(call)
    grant = form.get("grant_type") or call.query.get("grant_type", "")
    code, secret = _client(call, form)
    credential = call.parties.sandboxes.credential(code, to=call.sandbox, named=call.named)
    if credential is None or not same(credential.sign_key, secret):
        return refusal(Message("", "Client authentication failed.", 401), surface="token")
    if grant != "client_credentials":
        why = {"error": "unsupported_grant_type", "error_description": "Only client_credentials is taken."}
        return Reply(why, 400)
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


def _judged(site: Site, call: Call, body: VoucherQuery, *, burn: bool) -> Reply:
    about = {"marketplace": site.code, "code": body.voucher_code, "institution": call.sender}
    try:
        voucher: Voucher = call.ask(vouchers.check_voucher, **about)
        if body.product_code not in (None, voucher.course):
            raise Rejected(
                Reason.VOUCHER_OF_OTHER_INSTITUTION, product_code=body.product_code, course=voucher.course
            )
        if burn:
            voucher = call.do(vouchers.redeem_voucher, **about)
    except Rejected as refused:
        timeline.of(call.environ).refusal = refused
        return _answer(_own(site, call, body.voucher_code), *VOUCHER_CODES[refused.reason])
    return _answer(voucher, "00", "Success")


def _own(site: Site, call: Call, code: str) -> Voucher | None:
    try:
        return partner_api.own(site, call, code)
    except Rejected:
        return None


def _answer(voucher: Voucher | None, code: str, message: str) -> Reply:
    burnt = voucher.redeemed_at if voucher else None
    return Reply(
        {
            "response_code": code,
            "message": message,
            "ref_id": voucher.order if voucher else "",
            "product_code": voucher.course if voucher else "",
            "status": voucher.status.value if voucher else "",
            "redeemed_at": burnt.isoformat() if burnt else "",
        }
    )


def _client(call: Call, form: dict[str, str]) -> tuple[str, str]:
    basic = Authorization.from_header(call.headers.get("Authorization"))
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    fields: Any = {**call.query, **form}
    return fields.get("client_id", ""), fields.get("client_secret", "")


def _form(call: Call) -> dict[str, str]:
    if call.headers.get("Content-Type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        return {}
    try:
        fields = parse_qs(call.raw.decode("latin-1"), max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
