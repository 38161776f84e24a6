"""The older v2: HTTP 200 whatever happens, OK or ERROR in `status`, HTTP Basic with a token.

Lists and single transactions have an ETag.  Amounts are whole rupiah, times carry the zone.
"""

import hashlib
from hmac import compare_digest
from typing import Any

import orjson

from prakerja_sim.mocks.bukalapak.codes import BILL, OLD_STATES, SITE, VERTICAL
from prakerja_sim.mocks.bukalapak.envelope import AVATAR, local, product, user_name
from prakerja_sim.mocks.bukalapak.fields import Feedback, basic, number_of
from prakerja_sim.mocks.bukalapak.steps import looked_at
from prakerja_sim.mocks.bukalapak.tokens import by_password
from prakerja_sim.mocks.http.face import Call, Reply, Unauthorized
from prakerja_sim.mocks.shop import checkout
from prakerja_sim.mocks.shop.account import account_of, drawn
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.shop.support import write_review
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order, Review, Shopper, VoucherStatus
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PAGES = (6, 18, 20, 40, 80)
"""The allowed page sizes; any other value gives ten."""
LAST_PAGE = 999_999_999
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
        raise Unauthorized("no such user, or another password")
    return _ok(
        user_id=account.user,
        user_name=account.name,
        token=_token(call, account),
        confirmed=account.phone_verified,
        email=account.email,
        omnikey=drawn(call, "bukalapak omnikey", account.key),
    )


def info(_: Site, call: Call) -> Reply:
    """Who is logged in; nobody here has told the site a bank account."""
    account = account_of(call)
    user = {
        "id": int(account.user),
        "username": user_name(account),
        "name": account.name,
        "email": account.email,
        "phone": account.phone,
        "avatar": AVATAR,
        "avatar_id": account.user,
        "bank": {"name": "", "number": ""},
        "confirmed": account.phone_verified,
    }
    return _ok(user=user)


def transactions(site: Site, call: Call) -> Reply:
    """A page of the transactions, the newest first; beyond the last one it is empty."""
    per_page = call.query.get("per_page", "")
    size = int(per_page) if per_page in map(str, PAGES) else 10
    start = (number_of(call, "page", 1, 1, LAST_PAGE) - 1) * size
    mine: list[Order] = call.ask(orders.history, shopper=call.sender)
    some = mine[start:][:size]
    return _tagged(call, _ok(transactions=[_transaction(call, looked_at(site, call, one)) for one in some]))


@refuses(Reason.ORDER_UNKNOWN)
def one_transaction(site: Site, call: Call) -> Reply:
    """One transaction, with its coupon once it is paid.

    It comes under both names of the documentation: its first copies have `transactions`, the last one has
    `transaction`.
    """
    one = _transaction(call, looked_at(site, call, _order(call)))
    return _tagged(call, _ok(transaction=one, transactions=one))


@refuses(orders.order_of, checkout.write_review)
def give_feedback(_: Site, call: Call, body: Feedback) -> Reply:
    """Say whether one is content, once."""
    order, stars = _order(call), LIKED if body.feedback.positive else DISLIKED
    review = write_review(call, order, stars=stars, text=body.feedback.body)
    return _ok(feedback=_feedback(call, order, review))


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
        raise Rejected(Reason.ORDER_UNKNOWN, transaction=number)
    return rows[0]


def _number(order: Order) -> str:
    return f"{order.ordered_at:%y%m%d}{order.id[-6:]}"


def _transaction(call: Call, purchase: Purchase) -> dict[str, Any]:
    """A transaction with those of the documented fields that a course has; nothing is sent by post."""
    order, course, voucher = purchase.order, purchase.course, purchase.voucher
    used = voucher is not None and voucher.status is VoucherStatus.REDEEMED
    seller, paid_at = _seller(call, course), local(order.paid_at) if order.paid_at else None
    review: Review | None = call.ask(Unit.get, kind=Review, key=order.id)
    said = {"positive": _positive(review), "body": review.text, "is_editable": False} if review else None
    bought = {
        "id": course.code,
        "category": course.category,
        "category_structure": [course.category],
        "name": course.title,
        "price": order.price.amount,
        "url": product(course)["url"],
        "seller_name": seller["name"],
        "order_quantity": 1,
        "accepted_price": order.price.amount,
    }
    return {
        "id": int(order.id),
        "transaction_id": _number(order),
        "invoice_id": int(BILL + order.id),
        "state": "received" if used else OLD_STATES[order.status],
        "unread": False,
        "amount": order.price.amount,
        "quantity": 1,
        "shipping_fee": 0,
        "total_amount": order.total.amount,
        "payment_method": VERTICAL,
        "created_at": local(order.ordered_at),
        "pay_at": paid_at,
        "state_changes": {"paid_at": paid_at},
        "buyer": _buyer(account_of(call)),
        "seller": seller,
        "products": [bought],
        "feedback": {"for_seller": said, "for_buyer": None},
        "actions": [],
        "virtual": True,
        "coupon": voucher.code if voucher else None,
    }


def _feedback(call: Call, order: Order, review: Review) -> dict[str, Any]:
    """A feedback of a buyer to the institution of his course."""
    course: Course = call.ask(Unit.need, kind=Course, key=order.course)
    sender, seller, written = _buyer(account_of(call)), _seller(call, course), local(review.written_at)
    return {
        "id": int(f"9{order.id}"),
        "transaction_id": int(order.id),
        "transaction_no": _number(order),
        "sender_id": sender["id"],
        "sender_name": sender["name"],
        "sender_type": "User",
        "user_id": seller["id"],
        "user_name": seller["name"],
        "body": review.text,
        "positive": _positive(review),
        "created_at": written,
        "updated_at": written,
    }


def _positive(review: Review) -> bool:
    """Whether stars are a good feedback: more than half of them (simulated)."""
    return review.stars > (LIKED + DISLIKED) / 2


def _buyer(account: Shopper) -> dict[str, Any]:
    return {
        "id": int(account.user),
        "name": account.name,
        "username": user_name(account),
        "email": account.email,
    }


def _seller(call: Call, course: Course) -> dict[str, Any]:
    """The institution, as the site would number it."""
    number = 1 + chance.below(999_999, chance.seed_bytes(call.sandbox.seed), "seller", course.institution)
    return {"id": number, "name": course.institution, "username": course.institution}


def _token(call: Call, account: Shopper) -> str:
    seed = chance.seed_bytes(call.sandbox.seed)
    return chance.code(HEX, 20, seed, "bukalapak v2 token", account.key, account.password)
