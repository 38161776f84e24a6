"""Cart, promo code and checkout: the GraphQL operations and the older REST paths, on one core.

Both carry the same JSON:API documents.  A cart holds one class; filling it again replaces it.
"""

from typing import Any

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.account import account_of, drawn
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.tokopedia.cart_fields import (
    AddCart,
    AddToCartV2,
    CancelVoucher,
    Checkout,
    CheckoutV3,
    GetCart,
)
from prakerja_sim.mocks.tokopedia.codes import CATEGORY, ORDERS, PAYMENT_PAGE
from prakerja_sim.mocks.tokopedia.graphql import errors, from_query
from prakerja_sim.mocks.tokopedia.words import Message, message_of
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Cart, Order, Shopper
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PARAMETERS = ("nid", "state", "pid")
"""Further parameters of the payment page; empty here."""
Content = dict[str, Any]


def with_errors(content: Content) -> Content:
    """The answer of a successful operation."""
    return {**content, "errors": []}


def cart_refused(what: Message) -> Content:
    """A refusal with what the cart's error page shows."""
    refusal = errors(what)
    page = {"title": what.text, "sub_title": "", "image_url": "", "buttons": []}
    refusal["errors"][0] |= {"applink_url": "", "atc_error_page": page}
    return refusal


@refuses(orders.add_to_cart)
def add_to_cart_v2(site: Site, call: Call, variables: AddToCartV2) -> Content:
    """Put a class into the cart ("Beli")."""
    return add_cart(site, call, variables.body)


@refuses(orders.filled_cart)
def get_cart(_: Site, call: Call, variables: GetCart) -> Content:
    """What is in the cart."""
    return {"data": _cart_view(call, _filled(call, variables.categoryID))}


@refuses(orders.apply_promo, orders.checkout, Reason.AMOUNT_UNFIT)
def checkout_v3(site: Site, call: Call, variables: CheckoutV3) -> Content:
    """Make an order of the cart, to be paid on the payment page."""
    return checkout(site, call, variables.body)


@refuses(orders.add_to_cart)
def add_cart(_: Site, call: Call, body: AddCart) -> Content:
    """Put a class into the cart."""
    wanted = body.data.attributes
    wish = {"instant": True} if wanted.instant_checkout else {}
    cart: Cart = call.do(orders.add_to_cart, shopper=call.sender, course=wanted.product_id, **wish)
    return {"data": _cart_view(call, cart)}


@refuses(orders.filled_cart)
def read_cart(_: Site, call: Call) -> Content:
    """What is in the cart."""
    return {"data": _cart_view(call, _filled(call, call.query.get("category_id", CATEGORY)))}


@refuses(orders.filled_cart)
def drop_cart(_: Site, call: Call) -> Content:
    """Empty the cart."""
    call.do(orders.drop_cart, shopper=call.sender)
    return {"data": {"type": "cart", "attributes": {"success": True}}}


@refuses(orders.apply_promo)
def check_voucher(_: Site, call: Call) -> Content:
    """Try a promo code; a good one stays in the cart until it is cancelled."""
    code = from_query(call, "voucher_code")
    _filled(call, call.query.get("category_id", CATEGORY))
    try:
        cart: Cart = call.do(orders.apply_promo, shopper=call.sender, promo=code)
    except Rejected as refused:
        if refused.reason is not Reason.PROMO_UNKNOWN:
            raise
        timeline.of(call.environ).refusal = refused
        return _promo(code, Rupiah(0), message_of(refused))
    return _promo(code, cart.discount, None)


@refuses(orders.filled_cart)
def cancel_voucher(_: Site, call: Call, __: CancelVoucher) -> Content:
    """Take the promo code out of the cart."""
    return {"data": _cart_view(call, call.do(orders.cancel_promo, shopper=call.sender))}


@refuses(orders.apply_promo, orders.checkout, Reason.AMOUNT_UNFIT)
def checkout(site: Site, call: Call, body: Checkout) -> Content:
    """Make an order of the cart."""
    attributes, related = body.data.attributes, body.data.relationships
    cart = _filled(call, CATEGORY)
    if related is not None and related.cart.data.id != _id(cart):
        raise Rejected(Reason.CART_EMPTY, cart=related.cart.data.id, filled=_id(cart))
    if attributes.voucher_code and attributes.voucher_code != cart.promo:
        cart = call.do(orders.apply_promo, shopper=call.sender, promo=attributes.voucher_code)
    course: Course = call.ask(Unit.need, kind=Course, key=cart.course)
    total = course.price - cart.discount
    if attributes.transaction_amount not in (None, total.amount):
        raise Rejected(Reason.AMOUNT_UNFIT, amount=attributes.transaction_amount, total=total)
    order: Order = call.do(orders.checkout, shopper=call.sender, prefix=site.invoice_prefix)
    return {"meta": {"order_id": order.id}, "data": _payment_page(call, order, course)}


def _filled(call: Call, category: str) -> Cart:
    if category != CATEGORY:
        raise Rejected(Reason.CART_EMPTY, category=category, known=CATEGORY)
    cart: Cart = call.ask(orders.filled_cart, shopper=call.sender)
    return cart


def _id(cart: Cart) -> str:
    return f"{cart.shopper.partition('/')[2]}-{cart.orders + 1}"


def _cart_view(call: Call, cart: Cart) -> dict[str, Any]:
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
        "instant_checkout": cart.instant,
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


def _promo(code: str, discount: Rupiah, refused: Message | None) -> Content:
    attributes = {
        "voucher_code": code,
        "discount_amount": str(discount),
        "discount_amount_plain": discount.amount,
        "message": refused.text if refused else "Kode promo berhasil dipakai.",
        "error_code": refused.code if refused else "",
        "success": refused is None,
    }
    return {"data": {"type": "voucher", "attributes": attributes}}


def _payment_page(call: Call, order: Order, course: Course) -> dict[str, Any]:
    account = account_of(call)
    attributes = {
        "redirect_url": PAYMENT_PAGE,
        "callback_url_success": f"{ORDERS}/{order.id}",
        "callback_url_failed": "https://www.tokopedia.com/kartu-prakerja/checkout",
        "thanks_url": "https://www.tokopedia.com/thank-you",
        "query_string": f"transaction_id={order.id}",
        "parameter": {
            **_parameter(order, course, account),
            "signature": drawn(call, "checkout signature", order.id),
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
