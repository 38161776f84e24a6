"""The bodies and queries that only Kemnaker has."""

from typing import Annotated, Literal

from pydantic import Field

from prakerja_sim.mocks.shop import fields
from prakerja_sim.mocks.shop.fields import Score, Text, Voucher


class Paged(fields.Paged):
    """Which page of a list; Laravel's pages have fifteen rows."""

    limit: Annotated[int, Field(ge=1, le=100)] = 15


class Search(Paged, fields.Search):
    """Which trainings are wanted; none of them is free."""

    payment: Literal["", "prakerja", "gratis"] = ""

    @property
    def by_card(self) -> bool:
        """Whether those are wanted that the card pays for."""
        return self.payment != "gratis"


class About(Paged, fields.AboutPaged):
    """Whose complaints: all, or those about one order."""


class Review(fields.Which, fields.Review):
    """Stars and words for the training of an order."""


class Finished(Voucher):
    """Who finished."""

    name: Text


class Grade(Voucher):
    """The grade of who finished."""

    score: Score
