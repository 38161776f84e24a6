"""What Tokopedia's requests are made of: variables of operations, JSON:API documents, bodies.

Attributes that are not named here are ignored, as the app sends many.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.contacts import Email, Phone
from prakerja_sim.mocks.shop import fields
from prakerja_sim.mocks.shop.fields import LINES, AnyId, Body, Score, Text
from prakerja_sim.mocks.tokopedia.codes import CATEGORY, MENU

Short = Annotated[str, StringConstraints(max_length=64, pattern=LINES)]
PageNumber = Annotated[int, Field(ge=1, le=10_000)]
PageLength = Annotated[int, Field(ge=1, le=100)]


# Variables


class Nothing(Body):
    """No variables."""


class Register(Body):
    """Whose account is to be opened."""

    fullname: Text
    email: Email
    phone: Phone


class OtpModes(Body):
    """The phone that needs a code."""

    otpType: Literal["112"] = "112"  # noqa: N815  # the wire's names, here and below
    phone: Phone
    email: Short = ""


class OtpRequest(OtpModes):
    """A code, by text message."""

    mode: Literal["sms"] = "sms"
    otpDigit: Literal[6] = 6  # noqa: N815


class OtpValidate(OtpModes):
    """The code that came."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=LINES)]
    mode: Literal["sms"] = "sms"


class Search(Body):
    """The search as one URL-encoded text: `q`, `page`, `rows`."""

    params: Annotated[str, StringConstraints(max_length=2048, pattern=LINES)]


class Menu(Body):
    """The landing page."""

    menuID: int = MENU  # noqa: N815
    platformID: int = 0  # noqa: N815


class Products(Menu):
    """An institution on the landing page."""

    operator: AnyId


class Product(Body):
    """A class; a caller who does not show its reviews may save the work of counting them."""

    course_id: AnyId
    includeReviews: bool = True  # noqa: N815


class Reviews(Body):
    """A page of the reviews of a class."""

    course_id: AnyId
    page: PageNumber = 1
    limit: PageLength = 20
    sortBy: Short = ""  # noqa: N815
    filterBy: Short = ""  # noqa: N815


class HistoryInput(Body):
    """Which orders are wanted."""

    VerticalCategory: Short = ""
    Status: Short = ""
    SearchableText: Short = ""
    Page: PageNumber = 1
    Limit: PageLength = 20
    IsSortAsc: bool = False


class History(Body):
    """The list's filter."""

    input: HistoryInput = HistoryInput()


class OneOrder(Body):
    """One order."""

    order_id: AnyId


class Review(fields.Review, OneOrder):
    """Stars and words for a class."""

    isAnonymous: bool = False  # noqa: N815


class Complaint(OneOrder):
    """A complaint; the reason `refund` asks for the money back."""

    topic: Text
    description: fields.Long


class Tickets(Body):
    """Whose complaints: all, or those about one order."""

    order_id: Short = ""


class Again(fields.Again):
    """A complaint that was answered in vain."""

    ticket_id: AnyId


# Documents


class AddCartAttributes(Body):
    """The class that is wanted."""

    product_id: AnyId
    instant_checkout: bool = False


class AddCartData(Body):
    """What is to be added."""

    type: Literal["add_cart"]
    attributes: AddCartAttributes


class AddCart(Body):
    """A class for the cart."""

    data: AddCartData


class CancelVoucherData(Body):
    """Which promo code is to go."""

    type: Literal["cancel_voucher"]
    attributes: dict[str, Any] = Field(default_factory=dict)


class CancelVoucher(Body):
    """Take the promo code out."""

    data: CancelVoucherData


class CheckoutAttributes(Body):
    """What the buyer saw: promo code and amount; left out, they are not compared."""

    voucher_code: Short = ""
    transaction_amount: Annotated[int, Field(ge=0)] | None = None


class CartPointer(Body):
    """A cart by its id."""

    type: Literal["cart"]
    id: AnyId


class CartRelation(Body):
    """Which cart is meant."""

    data: CartPointer


class CheckoutRelations(Body):
    """What belongs to the checkout."""

    cart: CartRelation


class CheckoutData(Body):
    """The checkout."""

    type: Literal["checkout"]
    attributes: CheckoutAttributes
    relationships: CheckoutRelations | None = None


class Checkout(Body):
    """Order what is in the cart."""

    data: CheckoutData


class AddToCartV2(Body):
    """The document as a variable."""

    body: AddCart


class GetCart(Body):
    """The institution of the class may be left out."""

    categoryID: AnyId = CATEGORY  # noqa: N815


class CheckoutV3(Body):
    """The document as a variable."""

    body: Checkout


# The payment page, and what institutions send


class Inquiry(fields.Card):
    """The card that is to pay."""

    order_id: AnyId = Field(alias="transaction_id")


class Resend(Body):
    """The card entry that needs another OTP."""

    inquiry_id: AnyId


class Confirm(Resend):
    """The OTP that came."""

    otp: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=LINES)]


class VoucherQuery(Body):
    """A voucher, and the class that it is thought to open."""

    voucher_code: AnyId
    product_code: AnyId | None = None


class Completion(Body):
    """Who finished, and how well."""

    voucher_code: AnyId
    name: Text
    score: Score
