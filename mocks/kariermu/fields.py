"""The bodies that only Karier.mu has: orders are named in the body, a query says where it comes from."""

from prakerja_sim.mocks.shop import fields


class From(fields.Query):
    """Where the visitor comes from, which clients send along with everything; it changes nothing (seen)."""

    platform: fields.Word = ""
    source: fields.Word = ""


class Search(From, fields.Search):
    """Which programs are wanted."""


class About(From, fields.About):
    """Whose complaints: all, or those about one order."""


class Card(fields.Card, fields.Which):
    """The card that is to pay an order."""


class Otp(fields.Otp, fields.Which):
    """The six digits for an order."""
