"""The JSON:API documents of cart and checkout, as the app writes them.

Exact types; attributes that are not named here are ignored, as the app sends many.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from prakerja_sim.mocks.tokopedia.graphql import Id, Short


class _Document(BaseModel):
    """A document or a part of one."""

    model_config = ConfigDict(strict=True, frozen=True)


class AddCartAttributes(_Document):
    """The class that is wanted."""

    product_id: Id
    instant_checkout: bool = False


class AddCartData(_Document):
    """What is to be added."""

    type: Literal["add_cart"]
    attributes: AddCartAttributes


class AddCart(_Document):
    """A class for the cart."""

    data: AddCartData


class CancelVoucherData(_Document):
    """Which promo code is to go."""

    type: Literal["cancel_voucher"]
    attributes: dict[str, Any] = {}


class CancelVoucher(_Document):
    """Take the promo code out."""

    data: CancelVoucherData


class CheckoutAttributes(_Document):
    """What the buyer saw: promo code and amount; left out, they are not compared."""

    voucher_code: Short = ""
    transaction_amount: Annotated[int, Field(ge=0)] | None = None


class CartPointer(_Document):
    """A cart by its id."""

    type: Literal["cart"]
    id: Id


class CartRelation(_Document):
    """Which cart is meant."""

    data: CartPointer


class CheckoutRelations(_Document):
    """What belongs to the checkout."""

    cart: CartRelation


class CheckoutData(_Document):
    """The checkout."""

    type: Literal["checkout"]
    attributes: CheckoutAttributes
    relationships: CheckoutRelations | None = None


class Checkout(_Document):
    """Order what is in the cart."""

    data: CheckoutData
