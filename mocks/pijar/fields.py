"""The bodies that only Pijar has: the registration form, and a phone as its name.

The site's own form sends a phone without its leading 0 (seen).
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.contacts import Email, Phone
from prakerja_sim.mocks.shop import fields
from prakerja_sim.mocks.shop.fields import PRINTABLE, Id, Text, Word

SHORTEST_PASSWORD = 8


def _long_enough(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise PydanticCustomError("password", f"Minimum {SHORTEST_PASSWORD} karakter")
    return password


AnyPassword = Annotated[str, StringConstraints(max_length=128, pattern=PRINTABLE)]
Password = Annotated[AnyPassword, AfterValidator(_long_enough)]


class Register(Body):
    """The registration form."""

    email: Email
    phone: Phone
    fullname: Text
    password: Password
    consent: Literal[True]


class Login(fields.Forgotten):
    """E-mail and password of an account."""

    password: AnyPassword


class Reset(fields.Forgotten):
    """The code that came by e-mail, and the new password."""

    password: Password
    code: Word


class OfPhone(Body):
    """The phone that a code is wanted for."""

    phone: Phone


class CodeOfPhone(OfPhone):
    """The code that came to a phone."""

    code: Word


class Search(fields.Paged, fields.Search):
    """Which classes are wanted; all of them can be paid for with the card."""

    prakerja: Literal["", "true", "false"] = ""

    @property
    def by_card(self) -> bool:
        """Whether those are wanted that the card pays for."""
        return self.prakerja != "false"


class OrderQuery(fields.Query):
    """Which order is meant."""

    order_id: Id


class AnyCard(Body):
    """The card, which may be left out when the OTP is sent again."""

    card_number: Word | None = None


class Review(fields.Which, fields.Review):
    """Stars and words for the class of an order."""
