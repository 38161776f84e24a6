"""Tokopedia's order webhooks, and the endpoints with which a partner registers for them.

Documented: the paths, the names of the URLs, `Authorization-Hmac`, and that registering again
without repeating a URL blanks it.  The bodies follow what public clients read ("Name" with a
capital); that classes were sold on this surface, and the waits of 1, 5 and 15 minutes, are simulated.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.face import Call, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop import access_tokens
from prakerja_sim.mocks.shop.routes import as_it_is, get, post
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.shop.webhook_dialect import Dialect, Facts, chosen_events, signed_message
from prakerja_sim.mocks.tokopedia.codes import SITE
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.webhook_records import Webhook, WebhookTarget
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

DOCUMENTED = Provenance.DOCUMENTED
AT = "/fs/v1"
STATUSES = {"order.created": 103, "order.paid": 220, "voucher.redeemed": 700, "order.refunded": 0}
"""The documented order status for what happened: awaiting payment, verified, finished, cancelled."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "order_notification": ("order.paid",),
    "order_status": tuple(STATUSES),
    "order_cancellation": ("order.refunded",),
}
"""The events for each URL; the other URLs that can be registered are stored and never called."""

Url = Annotated[str, StringConstraints(max_length=2000)]


class Registration(Body):
    """The URLs at which a partner wants webhooks; one that is left out is blanked."""

    order_notification_url: Url = ""
    order_status_url: Url = ""
    order_cancellation_url: Url = ""
    webhook_secret: Annotated[str, StringConstraints(max_length=255)] = ""


class Trigger(Body):
    """Which webhook is to be sent again."""

    Type: str
    order_id: int | str = Field(alias="order_id")
    url: Url = ""
    is_encrypted: bool = False


def body(facts: Facts, name: str) -> bytes:
    """An order's notification, or its status; amounts are whole rupiah, times Unix seconds."""
    kind = name.rpartition("-")[2]
    products = [
        {
            "id": facts["course"],
            "Name": facts["title"],
            "quantity": 1,
            "price": facts["price"],
            "total_price": facts["total"],
            "currency": "Rp",
        }
    ]
    common = {"order_id": _number(facts["order"]), "invoice_num": facts["invoice"]}
    if kind == "order_notification":
        amounts = {"ttl_product_price": facts["price"], "ttl_amount": facts["total"]}
        bought = {"products": products, "customer": {"id": _number(facts["user"]), "name": facts["buyer"]}}
        when = unix_seconds(datetime.fromisoformat(facts["ordered_at"]))
        status = STATUSES[facts["event"]]
        return orjson.dumps({**common, **bought, "amt": amounts, "order_status": status, "create_time": when})
    changed = {"order_status": STATUSES[facts["event"]], "product_details": products}
    return orjson.dumps({**common, **changed, "update_time": facts["at"]})


def sign(raw: bytes, secret: str) -> Mapping[str, str]:
    """`Authorization-Hmac`: HMAC-SHA256 of the raw body in hexadecimal (documented)."""
    return {"Authorization-Hmac": hmac.new(secret.encode(), raw, "sha256").hexdigest()}


DIALECT = Dialect(
    names={event: event for event in STATUSES},
    body=body,
    sign=sign,
    waits=tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15)),
    accepted=lambda status: status == 200,
)


@refuses(Reason.WEBHOOK_TARGET_REFUSED)
def register_webhooks(site: Site, call: Call, body: Registration) -> Reply:
    """Register URLs for an institution's classes; what is not repeated is blanked (documented)."""
    fs = _fs(call)
    urls = {kind: getattr(body, f"{kind}_url") for kind in KINDS}
    for url in filter(None, urls.values()):
        call.parties.webhook_delivery.check(url)
    for kind, url in urls.items():
        key = _key(call, fs, kind)
        if url:
            events = chosen_events(DIALECT, KINDS[kind])
            target = {"url": url, "secret": body.webhook_secret, "events": events}
            call.do(
                webhooks_outbox.register,
                party=site.code,
                name=key.partition("/")[2],
                institution=call.sender,
                **target,
            )
            call.sandbox.telling = True
        elif call.ask(Unit.get, kind=WebhookTarget, key=key) is not None:
            call.do(webhooks_outbox.stop, target=key)
    return _older({"fs_id": fs})


def registered(_: Site, call: Call) -> Reply:
    """The URLs that are registered."""
    fs = _fs(call)
    urls = {f"{kind}_url": target.url for kind in KINDS if (target := _target(call, fs, kind))}
    return _older({"fs_id": fs, **urls})


@refuses(Reason.WEBHOOK_UNKNOWN, Reason.WEBHOOK_NOT_SO)
def trigger(_: Site, call: Call, body: Trigger) -> Reply:
    """Send an order's webhook once more."""
    if body.is_encrypted:
        raise Malformed("is_encrypted: encrypted notifications are not simulated")
    webhook = _latest(call, _fs(call), body.Type, str(body.order_id))
    call.do(webhooks_outbox.move, webhook=webhook.key, event=Event.REPEAT)
    return _older({"fs_id": _fs(call), "order_id": body.order_id})


@refuses(Reason.WEBHOOK_UNKNOWN)
def preview(_: Site, call: Call) -> Reply:
    """The body that an order's latest webhook has."""
    webhook = _latest(call, _fs(call), call.query.get("type", ""), call.path["order"])
    target = call.ask(webhooks_outbox.target_of, target=webhook.target)
    raw = signed_message(DIALECT, webhook, target.key.partition("/")[2], target.secret)[1]
    return Reply({"header": {"process_time": 0, "messages": "Success"}, "data": json.loads(raw)})


def sender(call: Call) -> None:
    """Establish the institution from its access token."""
    call.admit(access_tokens.client_of(call))


ROUTES = (
    post(f"{AT}/fs/<fs>/register", register_webhooks, as_it_is, Registration, provenance=DOCUMENTED),
    get(f"{AT}/fs/<fs>", registered, as_it_is, provenance=DOCUMENTED),
    post(f"{AT}/fs/<fs>/trigger", trigger, as_it_is, Trigger, provenance=DOCUMENTED),
    get(f"{AT}/order/<order>/fs/<fs>/webhook", preview, as_it_is, provenance=DOCUMENTED),
)


def _older(data: dict[str, Any]) -> Reply:
    """The older envelope, which registration has."""
    return Reply({"data": data, "status": "200 Ok", "error_message": []})


def _fs(call: Call) -> int:
    """The fulfilment service's number; any is taken, each institution has those that it uses (simulated)."""
    text = call.path["fs"]
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Malformed("fs_id: must be a whole number")
    return int(text)


def _key(call: Call, fs: int, kind: str) -> str:
    return f"{SITE.code}/{call.sender}-{fs}-{kind}"


def _target(call: Call, fs: int, kind: str) -> WebhookTarget | None:
    key = _key(call, fs, kind)
    target: WebhookTarget | None = call.ask(Unit.get, kind=WebhookTarget, key=key)
    return target if target is not None and not target.stopped else None


def _latest(call: Call, fs: int, kind: str, order: str) -> Webhook:
    target = _key(call, fs, kind)
    webhooks: list[Webhook] = call.ask(Unit.find, kind=Webhook, about=order)
    mine = [one for one in webhooks if one.target == target]
    if not mine:
        raise Rejected(Reason.WEBHOOK_UNKNOWN, target=target, order=order)
    return mine[-1]


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text
