"""The older v2: HTTP 200 whatever happens, OK or ERROR in `status`, HTTP Basic with a token.

Lists and single transactions have an ETag.  Amounts are whole rupiah, times carry the zone.
"""

import hashlib
from hmac import compare_digest
from typing import Any

import orjson

from prakerja_sim.mocks.bukalapak.codes import BILL, OLD_STATES, SITE
from prakerja_sim.mocks.bukalapak.envelope import local
from prakerja_sim.mocks.bukalapak.fields import Feedback, basic
from prakerja_sim.mocks.bukalapak.steps import looked_at
from prakerja_sim.mocks.bukalapak.tokens import by_password
from prakerja_sim.mocks.bukalapak.words import V2_FEEDBACK, V2_LOGIN, v2_refusal
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.account import account_of
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.shop.support import write_review
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order, Shopper, VoucherStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PAGES = (6, 18, 20, 40, 80)
"""The allowed page sizes; any other value gives ten."""
LIKED, DISLIKED = 5, 1
"""What a feedback is worth in stars (simulated)."""


def check_basic(call: Call) -> None:
    """Establish the shopper from HTTP Basic with user id and token; raises Unauthorized."""
    number, password = basic(call) or ("", "")
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{SITE.code}/{number}")
    if account is None or not compare_digest(_token(call, account).encode(), password.encode()):
        raise Unauthorized("no user of that token")
    call.sender = account.key


def authenticate(_: Site, call: Call) -> Reply:
    """Log in with name and password as HTTP Basic; the answer's token takes the password's place."""
    account = by_password(call, *(basic(call) or ("", "")))
    if account is None:
        return v2_refusal(V2_LOGIN)
    return _ok(
        user_id=int(account.user),
        user_name=account.user,
        token=_token(call, account),
        confirmed=account.phone_verified,
    )


def info(_: Site, call: Call) -> Reply:
    """Who is logged in."""
    account = account_of(call)
    user = {
        "id": int(account.user),
        "username": account.user,
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "confirmed": account.phone_verified,
    }
    return _ok(user=user)


def transactions(site: Site, call: Call) -> Reply:
    """A page of the transactions, the newest first."""
    per_page = call.query.get("per_page", "")
    size = int(per_page) if per_page in map(str, PAGES) else 10
    number = call.query.get("page", "1")
    start = (int(number) - 1) * size if number.isascii() and number.isdigit() and len(number) < 6 else 0
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    some = mine[max(start, 0) :][:size]
    return _tagged(call, _ok(transactions=[_transaction(looked_at(site, call, one)) for one in some]))


@refuses(Reason.ORDER_UNKNOWN)
def one_transaction(site: Site, call: Call) -> Reply:
    """One transaction, with its coupon once it is paid."""
    return _tagged(call, _ok(transaction=_transaction(looked_at(site, call, _order(call)))))


@refuses(orders.order_of, checkout.write_review)
def give_feedback(_: Site, call: Call, body: Feedback) -> Reply:
    """Say whether one is content, once."""
    stars = LIKED if body.feedback.positive else DISLIKED
    try:
        write_review(call, _order(call), stars=stars, text=body.feedback.content)
    except Rejected as refused:
        if refused.reason not in (Reason.ORDER_UNKNOWN, Reason.ALREADY_REVIEWED):
            raise
        return v2_refusal(V2_FEEDBACK)
    return Reply({"status": "OK", "message": "Feedback berhasil disimpan"})


def _ok(**payload: Any) -> Reply:
    return Reply({"status": "OK", **payload, "message": None})


def _tagged(call: Call, reply: Reply) -> Reply:
    """The answer with its ETag, or 304 if the client has it already."""
    tag = f'"{hashlib.sha256(orjson.dumps(reply.body)).hexdigest()[:32]}"'
    if call.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return Reply(b"", 304, {"ETag": tag})
    return Reply(reply.body, reply.status, {"ETag": tag})


def _order(call: Call) -> Order:
    """A transaction by its id or by its number of date and sequence."""
    number = call.path["transaction"]
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    rows = [one for one in mine if number in (one.id, _number(one))]
    if not rows:
        raise Rejected(Reason.ORDER_UNKNOWN)
    return rows[0]


def _number(order: Order) -> str:
    return f"{order.ordered_at:%y%m%d}{order.id[-6:]}"


def _transaction(purchase: Purchase) -> dict[str, Any]:
    order, course, voucher = purchase.order, purchase.course, purchase.voucher
    used = voucher is not None and voucher.status is VoucherStatus.REDEEMED
    return {
        "id": int(order.id),
        "transaction_id": _number(order),
        "invoice_id": int(BILL + order.id),
        "state": "received" if used else OLD_STATES[order.status],
        "amount": order.total.amount,
        "created_at": local(order.ordered_at),
        "pay_at": local(order.paid_at) if order.paid_at else None,
        "products": [
            {"id": course.code, "name": course.title, "price": order.price.amount, "order_quantity": 1}
        ],
        "coupon": voucher.code if voucher else None,
    }


def _token(call: Call, account: Shopper) -> str:
    seed = chance.seed_bytes(call.sandbox.seed)
    return chance.code(HEX, 20, seed, "bukalapak v2 token", account.key, account.password)
