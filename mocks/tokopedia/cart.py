"""Cart, promo code and checkout: the GraphQL operations and the older REST paths, on one core.

Both carry the same JSON:API documents.  A cart holds one class; filling it again replaces it.
"""

from typing import Any

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.tokopedia.account import account_of
from prakerja_sim.mocks.tokopedia.documents import AddCart, CancelVoucher, Checkout
from prakerja_sim.mocks.tokopedia.graphql import Id, Variables, from_query, operation
from prakerja_sim.mocks.tokopedia.graphql import errors as graphql_errors
from prakerja_sim.mocks.tokopedia.words import Said, said
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Cart, Order, Shopper
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED = Provenance.SEEN, Provenance.INFERRED
CATEGORY = "58"
"""The category of the programme's classes (simulated)."""
INVOICE_PREFIX = "TOKPED-"
INVOICES = "https://www.tokopedia.com/invoice/"
AT_ADD = (Reason.PHONE_UNVERIFIED, Reason.COURSE_UNKNOWN, Reason.QUOTA_EXHAUSTED)
AT_CHECKOUT = (Reason.CART_EMPTY, Reason.PROMO_UNKNOWN, Reason.AMOUNT_UNFIT)
PARAMETERS = ("nid", "state", "pid")
"""What the payment page's parameters carry besides; empty here."""


class AddToCartV2(Variables):
    """The same document, as a variable."""

    body: AddCart


class GetCart(Variables):
    """Whose class it is does not need to be told."""

    categoryID: Id = CATEGORY  # noqa: N815  # the wire's name


class CheckoutV3(Variables):
    """The same document, as a variable."""

    body: Checkout


def _cart_refused(what: Said) -> dict[str, Any]:
    """A refusal with what the cart's error page shows."""
    told = graphql_errors(what)
    page = {"title": what.text, "sub_title": "", "image_url": "", "buttons": []}
    told["errors"][0] |= {"applink_url": "", "atc_error_page": page}
    return told


@operation(
    "rechargeAddToCartV2",
    "rechargeAddToCartV2",
    AddToCartV2,
    provenance=SEEN,
    refusal=_cart_refused,
    login=True,
    refuses=AT_ADD,
)
def add_to_cart_v2(call: Call, asked: AddToCartV2) -> dict[str, Any]:
    """Put a class into the cart ("Beli")."""
    return {"data": _added(call, asked.body), "errors": []}


@operation(
    "rechargeGetCart",
    "rechargeGetCart",
    GetCart,
    provenance=SEEN,
    refusal=_cart_refused,
    login=True,
    refuses=(Reason.CART_EMPTY,),
)
def get_cart(call: Call, asked: GetCart) -> dict[str, Any]:
    """What is in the cart."""
    return {"data": _shown(call, _filled(call, asked.categoryID)), "errors": []}


@operation(
    "rechargeCheckoutV3",
    "rechargeCheckoutV3",
    CheckoutV3,
    provenance=SEEN,
    refusal=graphql_errors,
    login=True,
    refuses=AT_CHECKOUT,
)
def checkout_v3(call: Call, asked: CheckoutV3) -> dict[str, Any]:
    """Make an order of the cart, to be paid on the payment page."""
    return {**_ordered(call, asked.body), "errors": []}


def add_cart(call: Call, body: AddCart) -> Reply:
    """Put a class into the cart."""
    return Reply({"data": _added(call, body)})


def read_cart(call: Call) -> Reply:
    """What is in the cart."""
    return Reply({"data": _shown(call, _filled(call, call.query.get("category_id", CATEGORY)))})


def drop_cart(call: Call) -> Reply:
    """Empty the cart."""
    call.do(orders.drop_cart, shopper=call.sender)
    return Reply({"data": {"type": "cart", "attributes": {"success": True}}})


def check_voucher(call: Call) -> Reply:
    """Try a promo code; a good one stays in the cart until it is cancelled."""
    code = from_query(call, "voucher_code")
    _filled(call, call.query.get("category_id", CATEGORY))
    try:
        cart: Cart = call.do(orders.apply_promo, shopper=call.sender, promo=code)
    except Rejected as refused:
        if refused.reason is not Reason.PROMO_UNKNOWN:
            raise
        return _promo(code, Rupiah(0), said(refused.reason))
    return _promo(code, cart.discount, None)


def cancel_voucher(call: Call, _: CancelVoucher) -> Reply:
    """Take the promo code out of the cart."""
    cart: Cart = call.do(orders.cancel_promo, shopper=call.sender)
    return Reply({"data": _shown(call, cart)})


def checkout(call: Call, body: Checkout) -> Reply:
    """Make an order of the cart."""
    return Reply(_ordered(call, body))


def add_to(face: Face) -> None:
    """Mount the REST paths."""
    at = "/pulsa/v1.4"
    empty = (Reason.CART_EMPTY,)
    face.endpoint("POST", f"{at}/cart", provenance=SEEN, body=AddCart, refuses=AT_ADD)(add_cart)
    face.endpoint("GET", f"{at}/cart", provenance=SEEN, refuses=empty)(read_cart)
    face.endpoint("DELETE", f"{at}/cart", provenance=SEEN, refuses=empty)(drop_cart)
    tried = face.endpoint(
        "GET", f"{at}/voucher/check", provenance=INFERRED, refuses=(Reason.CART_EMPTY, Reason.PROMO_UNKNOWN)
    )
    tried(check_voucher)
    cancelled = face.endpoint(
        "POST", f"{at}/voucher/cancel", provenance=INFERRED, body=CancelVoucher, refuses=empty
    )
    cancelled(cancel_voucher)
    face.endpoint("POST", f"{at}/checkout", provenance=SEEN, body=Checkout, refuses=AT_CHECKOUT)(checkout)


def _added(call: Call, body: AddCart) -> dict[str, Any]:
    wanted = body.data.attributes
    cart: Cart = call.do(orders.add_to_cart, shopper=call.sender, course=wanted.product_id)
    return _shown(call, cart)


def _filled(call: Call, category: str) -> Cart:
    if category != CATEGORY:
        raise Rejected(Reason.CART_EMPTY)
    cart: Cart = call.ask(orders.filled_cart, shopper=call.sender)
    return cart


def _ordered(call: Call, body: Checkout) -> dict[str, Any]:
    attributes, related = body.data.attributes, body.data.relationships
    cart = _filled(call, CATEGORY)
    if related is not None and related.cart.data.id != _id(cart):
        raise Rejected(Reason.CART_EMPTY)
    if attributes.voucher_code and attributes.voucher_code != cart.promo:
        cart = call.do(orders.apply_promo, shopper=call.sender, promo=attributes.voucher_code)
    course: Course = call.ask(Unit.need, kind=Course, key=cart.course)
    total = course.price - cart.discount
    if attributes.transaction_amount not in (None, total.amount):
        raise Rejected(Reason.AMOUNT_UNFIT)
    order: Order = call.do(orders.checkout, shopper=call.sender, prefix=INVOICE_PREFIX)
    return {"meta": {"order_id": order.id}, "data": _payment_page(call, order, course)}


def _id(cart: Cart) -> str:
    return f"{cart.shopper.partition('/')[2]}-{cart.orders + 1}"


def _shown(call: Call, cart: Cart) -> dict[str, Any]:
    account = account_of(call)
    course: Course = call.ask(Unit.need, kind=Course, key=cart.course)
    total = course.price - cart.discount
    attributes = {
        "user_id": account.user,
        "client_number": account.phone,
        "product_id": course.code,
        "title": course.title,
        "category_name": course.category,
        "operator_name": course.institution,
        "price": str(course.price),
        "price_plain": course.price.amount,
        "instant_checkout": False,
        "need_otp": False,
        "sms_state": 0,
        "enable_voucher": True,
        "is_coupon_active": 0,
        "main_info": [
            {"label": "Nama Kelas", "value": course.title},
            {"label": "Lembaga Pelatihan", "value": course.institution},
        ],
        "voucher_code": cart.promo or "",
        "discount_amount_plain": cart.discount.amount,
        "total_plain": total.amount,
    }
    return {"type": "cart", "id": _id(cart), "attributes": attributes}


def _promo(code: str, discount: Rupiah, refused: Said | None) -> Reply:
    attributes = {
        "voucher_code": code,
        "discount_amount": str(discount),
        "discount_amount_plain": discount.amount,
        "message": refused.text if refused else "Kode promo berhasil dipakai.",
        "error_code": refused.code if refused else "",
        "success": refused is None,
    }
    return Reply({"data": {"type": "voucher", "attributes": attributes}})


def _payment_page(call: Call, order: Order, course: Course) -> dict[str, Any]:
    account = account_of(call)
    seed = chance.seed_bytes(call.sandbox.seed)
    attributes = {
        "redirect_url": "https://pay.tokopedia.com/v2/payment",
        "callback_url_success": f"https://www.tokopedia.com/order-list/{order.id}",
        "callback_url_failed": "https://www.tokopedia.com/kartu-prakerja/checkout",
        "thanks_url": "https://www.tokopedia.com/thank-you",
        "query_string": f"transaction_id={order.id}",
        "parameter": {
            **_parameter(order, course, account),
            "signature": chance.code(HEX, 32, seed, "checkout signature", order.id),
        },
    }
    return {"type": "checkout", "id": order.id, "attributes": attributes}


def _parameter(order: Order, course: Course, account: Shopper) -> dict[str, Any]:
    return {
        "merchant_code": "tokopediadigital",
        "profile_code": "DIGITAL",
        "transaction_id": order.id,
        "transaction_code": order.invoice,
        "transaction_date": order.ordered_at.isoformat(),
        "customer_name": account.name,
        "customer_email": account.email,
        "customer_msisdn": account.phone,
        "amount": str(order.total.amount),
        "currency": "IDR",
        "items_name": [course.title],
        "items_quantity": [1],
        "items_price": [course.price.amount],
        "language": "id-ID",
        "fee": "0",
        "payments_amount": "",
        "payments_name": "",
        **dict.fromkeys(PARAMETERS, ""),
    }
