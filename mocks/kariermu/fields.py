"""The bodies that only Karier.mu has: orders are named in the body, a query says where it comes from."""

from prakerja_sim.mocks.shop import fields


class Search(fields.Search):
    """Which programs are wanted; where the visitor comes from is sent along and changes nothing."""

    platform: fields.Word = ""
    source: fields.Word = ""


class Card(fields.Card, fields.Which):
    """The card that is to pay an order."""


class Otp(fields.Otp, fields.Which):
    """The six digits for an order."""
