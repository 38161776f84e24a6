"""What Tokopedia's cart and checkout are made of: JSON:API documents, and the same inside variables."""

from typing import Annotated, Any, Literal

from pydantic import Field

from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.shop.fields import AnyId
from prakerja_sim.mocks.tokopedia.codes import CATEGORY
from prakerja_sim.mocks.tokopedia.fields import Short


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
