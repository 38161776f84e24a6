"""The bodies that only Karier.mu has: orders are named in the body, a query says where it comes from."""

from typing import Annotated

from pydantic import StringConstraints

from prakerja_sim.mocks.shop import fields


class Register(fields.Register):
    """The person who opens an account; the phone as people here write it."""

    phone: Annotated[str, StringConstraints(pattern=r"^0[0-9]{8,13}$")]


class Search(fields.Search):
    """Which programs are wanted; where the visitor comes from is sent along and changes nothing."""

    platform: fields.Word = ""
    source: fields.Word = ""


class Card(fields.Card, fields.Which):
    """The card that is to pay an order."""


class Otp(fields.Otp, fields.Which):
    """The six digits for an order."""
