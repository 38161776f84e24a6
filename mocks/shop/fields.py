"""What the requests of a shop are made of: kinds of fields, and the bodies of every operation.

The shop calls a field by one name; what a site calls it stands in the site's `NAMES`, and `spelt` gives
the model that reads it so.  Types are exact, and unknown fields are ignored.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.contacts import Email, Phone

PRINTABLE = r"^[^\x00-\x1f]*$"
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE), NOT_BLANK]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=LINES), NOT_BLANK]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
"""A password as somebody types it."""
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
Word = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128, pattern=PRINTABLE)]
Stars = Annotated[int, Field(ge=1, le=5)]
Score = Annotated[int, Field(ge=0, le=100)]


def as_text(value: Any) -> Any:
    """An id that some clients write as a number."""
    return str(value) if type(value) is int else value


AnyId = Annotated[Id, BeforeValidator(as_text)]


class Query(Model):
    """A query, whose values come as text; this one has no filters."""

    model_config = ConfigDict(frozen=True)


M = TypeVar("M", bound=BaseModel)


def spelt(model: type[M], names: Mapping[str, str]) -> type[M]:
    """The model as a site spells it; a field that has no name there keeps the shop's."""

    class Spelt(model):  # type: ignore[valid-type, misc]  # a subclass of whichever model it is
        model_config = ConfigDict(alias_generator=lambda field: names.get(field, field))

    Spelt.__name__, Spelt.__doc__ = model.__name__, model.__doc__
    return Spelt


# The account


class Forgotten(Body):
    """The e-mail of an account whose password was forgotten."""

    email: Email


class Login(Forgotten):
    """E-mail and password."""

    password: Secret


class Code(Body):
    """The code that came."""

    code: Word


class Reset(Forgotten):
    """The code that came by e-mail, and the new password."""

    code: Word
    password: Password


class Register(Body):
    """The person who opens an account."""

    fullname: Text
    email: Email
    phone: Phone
    password: Password


# Finding a course


class Paged(Query):
    """Which page of a list, and how long a page is."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Search(Query):
    """Which courses are wanted; each of the words must occur."""

    keyword: Word = ""
    category: Word = ""
    institution: Word = ""

    @property
    def by_card(self) -> bool:
        """Whether to list courses that a Kartu Prakerja can pay for: all courses are such."""
        return True


class Category(Query):
    """A category of courses; all, if none is named."""

    category: Word = ""


# Buying


class NewOrder(Body):
    """The course that is wanted, its schedule, and a promo code if any."""

    course_id: Id
    schedule_id: Id | None = None
    promo_code: Word | None = None


class Promo(Body):
    """A promo code, tried on a course."""

    course_id: Id
    promo_code: Word


class Which(Body):
    """Which order is meant."""

    order_id: Id


class Card(Body):
    """The card that is to pay."""

    card_number: Word


class Otp(Body):
    """The OTP that came."""

    otp: Id


# Afterwards


class Review(Body):
    """Stars and words for a course that was bought."""

    rating: Stars
    comment: Long

    @property
    def anonymous(self) -> bool:
        """Whether the buyer wishes to stay unnamed; most sites do not ask."""
        return False


Topic = Literal["refund", "otp", "card", "voucher", "account", "unfinished", "other"]


class Complaint(Which):
    """A complaint about an order; the topic `refund` asks for the money back."""

    topic: Topic
    description: Long


class Again(Body):
    """Why the answer did not help."""

    description: Long


class About(Query):
    """Whose complaints: all, or those about one order."""

    order_id: Word = ""


class AboutPaged(Paged):
    """Whose complaints: all, or those about one order."""

    order_id: Word = ""


# What institutions send


class Voucher(Body):
    """A voucher."""

    voucher_code: Id


class Completion(Body):
    """Who finished, and how well."""

    name: Text
    score: Score


class CompletionOf(Voucher, Completion):
    """Who finished with a voucher, and how well."""
