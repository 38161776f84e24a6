"""The older v2: HTTP 200 whatever happens, OK or ERROR in `status`, HTTP Basic with a token.

Lists and single transactions have an ETag.  Amounts are whole rupiah, times carry the zone.
"""

import hashlib
from functools import partial
from hmac import compare_digest
from typing import Annotated, Any

import orjson
from pydantic import BeforeValidator

from prakerja_sim.mocks.bukalapak import buying
from prakerja_sim.mocks.bukalapak.fields import Body, Words, basic, local
from prakerja_sim.mocks.bukalapak.tokens import CODE, account_of, by_password
from prakerja_sim.mocks.bukalapak.words import V2_FEEDBACK, V2_LOGIN, v2_refusal
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.shop.checkout import prakerja_asked, write_review
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.store import Unit

SEEN = Provenance.SEEN
PAGES = (6, 18, 20, 40, 80)
"""How many may be asked for on a page; any other wish gets ten."""
LIKED, DISLIKED = 5, 1
"""What a feedback is worth in stars (simulated)."""
STATES = {
    OrderStatus.WAITING_CARD: "pending",
    OrderStatus.WAITING_OTP: "payment_chosen",
    OrderStatus.PENDING: "confirm_payment",
    OrderStatus.ISSUED: "delivered",
    OrderStatus.REFUNDED: "refunded",
}
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


def _spelt(given: Any) -> Any:
    return _YES_OR_NO.get(given.lower(), given) if isinstance(given, str) else given


class Opinion(Body):
    """Whether a buyer is content, in any of the clients' spellings, and why."""

    positive: Annotated[bool, BeforeValidator(_spelt)]
    content: Words


class Feedback(Body):
    """A feedback, under its own name."""

    feedback: Opinion


def check_basic(call: Call) -> None:
    """Establish the shopper from HTTP Basic with user id and token; raises Unauthorized."""
    number, given = basic(call) or ("", "")
    account: Shopper | None = call.ask(Unit.get, kind=Shopper, key=f"{CODE}/{number}")
    if account is None or not compare_digest(_token(call, account).encode(), given.encode()):
        raise Unauthorized("no user of that token")
    call.sender = account.key


def authenticate(call: Call) -> Reply:
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


def info(call: Call) -> Reply:
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


def transactions(call: Call) -> Reply:
    """A page of the transactions, the newest first."""
    asked = call.query.get("per_page", "")
    size = int(asked) if asked in map(str, PAGES) else 10
    number = call.query.get("page", "1")
    start = (int(number) - 1) * size if number.isascii() and number.isdigit() and len(number) < 6 else 0
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    some = mine[max(start, 0) :][:size]
    return _tagged(call, _ok(transactions=[_shown(call, buying.settled(call, one)) for one in some]))


def one_transaction(call: Call) -> Reply:
    """One transaction, with its coupon once it is paid."""
    order = buying.settled(call, _order(call))
    return _tagged(call, _ok(transaction=_shown(call, order)))


def give_feedback(call: Call, body: Feedback) -> Reply:
    """Say whether one is content, once."""
    told = body.feedback
    stars = LIKED if told.positive else DISLIKED
    try:
        order = _order(call)
        with prakerja_asked():
            write_review(call, order, stars=stars, text=told.content)
    except Rejected as refused:
        if refused.reason not in (Reason.ORDER_UNKNOWN, Reason.ALREADY_REVIEWED):
            raise
        return v2_refusal(V2_FEEDBACK)
    return Reply({"status": "OK", "message": "Feedback berhasil disimpan"})


def add_to(face: Face) -> None:
    """Mount v2."""
    at, one = "/api/v2", "/api/v2/transactions/<transaction>"
    user = partial(face.endpoint, provenance=SEEN, sender=check_basic)
    face.endpoint("POST", f"{at}/authenticate.json", provenance=SEEN, open_to_all=True)(authenticate)
    user("GET", f"{at}/users/info.json")(info)
    user("GET", f"{at}/transactions.json")(transactions)
    user("GET", f"{one}.json", refuses=(Reason.ORDER_UNKNOWN,))(one_transaction)
    told = (Reason.ORDER_UNKNOWN, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED, Reason.NO_REPLY)
    user("POST", f"{one}/feedbacks.json", body=Feedback, refuses=told)(give_feedback)


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
    given = call.path["transaction"]
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    found = [one for one in mine if given in (one.id, _number(one))]
    if not found:
        raise Rejected(Reason.ORDER_UNKNOWN)
    return found[0]


def _number(order: Order) -> str:
    return f"{order.ordered_at:%y%m%d}{order.id[-6:]}"


def _shown(call: Call, order: Order) -> dict[str, Any]:
    course: Course = call.ask(Unit.need, kind=Course, key=order.course)
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=order.id)
    used = voucher is not None and voucher.status is VoucherStatus.REDEEMED
    return {
        "id": int(order.id),
        "transaction_id": _number(order),
        "invoice_id": int(buying.BILL + order.id),
        "state": "received" if used else STATES[order.status],
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
