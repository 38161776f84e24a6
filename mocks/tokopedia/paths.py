"""Tokopedia's operations and paths: what each does and takes, how it answers (marketplaces 1).

The surfaces are mounted as on the real hosts.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Provenance, Reply
from prakerja_sim.mocks.shop import account as accounts
from prakerja_sim.mocks.shop import ordering, support
from prakerja_sim.mocks.shop.routes import Route, as_it_is, get, post
from prakerja_sim.mocks.tokopedia import account, cart, cart_fields, catalogue, fields, history, partner, pay
from prakerja_sim.mocks.tokopedia.graphql import Operation, Refusal, errors, unsuccessful
from prakerja_sim.mocks.tokopedia.words import Message, paid

SEEN, INFERRED, SIMULATED = Provenance.SEEN, Provenance.INFERRED, Provenance.SIMULATED


def otp_refused(what: Message) -> dict[str, Any]:
    """How the operations about codes say no."""
    return {"success": False, "message": "", "errorMessage": what.text, "error_code": what.code}


def guests(
    name: str,
    provenance: Provenance,
    act: Callable[..., Any],
    view: Callable[[Any], Any],
    variables: type[BaseModel],
    refusal: Refusal,
    field: str = "",
) -> Operation:
    """An operation that needs no login; its field is called as itself unless another is named."""
    return Operation(name, field or name, provenance, act, view, variables, refusal, login=False)


def users(name: str, provenance: Provenance, *more: Any, field: str = "") -> Operation:
    """An operation that needs a login."""
    return Operation(name, field or name, provenance, *more)


OPERATIONS = (
    guests("register", INFERRED, account.register, account.registered, fields.Register, unsuccessful),
    guests("OTPModeList", SEEN, account.modes, account.mode_list, fields.OtpModes, unsuccessful),
    guests("OTPRequest", SEEN, accounts.phone_otp, account.requested, fields.OtpRequest, otp_refused),
    guests("OTPValidate", SEEN, accounts.phone_verify, account.validated, fields.OtpValidate, otp_refused),
    guests(
        "IsAuthenticated",
        INFERRED,
        account.holder,
        account.authenticated,
        fields.Nothing,
        unsuccessful,
        field="isAuthenticated",
    ),
    guests(
        "SearchProductQueryV4",
        SEEN,
        catalogue.search_product,
        catalogue.search_result,
        fields.Search,
        catalogue.search_refused,
        field="ace_search_product_v4",
    ),
    guests("rechargeCatalogMenuDetail", SEEN, catalogue.menu_detail, catalogue.menu, fields.Menu, errors),
    guests(
        "rechargeCatalogOperatorSelectGroup",
        SEEN,
        catalogue.operator_groups,
        catalogue.operators,
        fields.Menu,
        errors,
    ),
    guests(
        "rechargeCatalogProductInputMultiTab",
        SEEN,
        catalogue.products,
        catalogue.product_list,
        fields.Products,
        errors,
    ),
    guests("prakerjaClassDetail", INFERRED, catalogue.class_detail, catalogue.detail, fields.Product, errors),
    guests(
        "productReviewList",
        SEEN,
        catalogue.review_list,
        catalogue.feedbacks,
        fields.Reviews,
        errors,
        field="productrevGetProductReviewList",
    ),
    users(
        "rechargeAddToCartV2",
        SEEN,
        cart.add_to_cart_v2,
        cart.with_errors,
        cart_fields.AddToCartV2,
        cart.cart_refused,
    ),
    users("rechargeGetCart", SEEN, cart.get_cart, cart.with_errors, cart_fields.GetCart, cart.cart_refused),
    users("rechargeCheckoutV3", SEEN, cart.checkout_v3, cart.with_errors, cart_fields.CheckoutV3, errors),
    users(
        "GetOrderHistory",
        SEEN,
        history.get_order_history,
        history.orders,
        fields.History,
        errors,
        field="uohOrders",
    ),
    users("rechargeOrderDetail", INFERRED, ordering.one_order, history.order, fields.OneOrder, errors),
    users(
        "rechargeResendVoucherEmail",
        INFERRED,
        history.resend_voucher_email,
        history.as_it_is,
        fields.OneOrder,
        unsuccessful,
    ),
    users("productrevSubmitReview", INFERRED, support.review, history.reviewed, fields.Review, unsuccessful),
    users(
        "contactUsCreateTicket",
        INFERRED,
        support.complain,
        history.complained,
        fields.Complaint,
        unsuccessful,
    ),
    users("contactUsGetTickets", INFERRED, support.tickets, history.tickets, fields.Tickets, errors),
    users(
        "contactUsReopenTicket",
        INFERRED,
        support.reopen,
        history.complained_again,
        fields.Again,
        unsuccessful,
    ),
)

CART, CHECKOUT, PROMO, PAY = (
    "/pulsa/v1.4/cart",
    "/pulsa/v1.4/checkout",
    "/pulsa/v1.4/voucher",
    "/pay/v2/prakerja",
)
PARTNER = "/partner/api/v1"
ANYBODY = (post("/accounts/token", partner.token, as_it_is, provenance=SEEN),)
ROUTES = (
    post(CART, cart.add_cart, Reply, cart_fields.AddCart, provenance=SEEN),
    get(CART, cart.read_cart, Reply, provenance=SEEN),
    Route("DELETE", CART, cart.drop_cart, Reply, provenance=SEEN),
    get(f"{PROMO}/check", cart.check_voucher, Reply),
    post(f"{PROMO}/cancel", cart.cancel_voucher, Reply, cart_fields.CancelVoucher),
    post(CHECKOUT, cart.checkout, Reply, cart_fields.Checkout, provenance=SEEN),
    get("/pay/v2/methods", pay.methods, lambda _: paid(pay.METHODS)),
    post(f"{PAY}/inquiry", pay.inquiry, pay.sent, fields.Inquiry),
    post(f"{PAY}/otp/resend", pay.resend, pay.sent, fields.Resend),
    post(f"{PAY}/confirm", pay.confirm, pay.confirmed, fields.Confirm),
)
INSTITUTIONS = (
    post(f"{PARTNER}/voucher/status", partner.voucher_status, as_it_is, fields.VoucherQuery),
    post(f"{PARTNER}/voucher/redeem", partner.voucher_redeem, as_it_is, fields.VoucherQuery),
    post(f"{PARTNER}/completion", partner.completion, as_it_is, fields.Completion, provenance=SIMULATED),
)

ORDERED, INQUIRED = "$response.body#/data/id", {"inquiry_id": "$response.body#/data/inquiry_id"}
LINKS = {
    ("POST", CART): (
        Link("look into the cart", ("GET", CART)),
        Link("order what is in it", ("POST", CHECKOUT)),
        Link("empty it", ("DELETE", CART)),
    ),
    ("POST", CHECKOUT): (
        Link("see how to pay", ("GET", "/pay/v2/methods"), parameters={"transaction_id": ORDERED}),
        Link("enter the card", ("POST", f"{PAY}/inquiry"), {"transaction_id": ORDERED}),
    ),
    ("POST", f"{PAY}/inquiry"): (
        Link("enter the OTP", ("POST", f"{PAY}/confirm"), INQUIRED),
        Link("ask for another OTP", ("POST", f"{PAY}/otp/resend"), INQUIRED),
    ),
}
