"""What Tokopedia's requests are made of: variables of operations, JSON:API documents, bodies.

Attributes that are not named here are ignored, as the app sends many.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.contacts import Email, Phone
from prakerja_sim.mocks.shop import fields
from prakerja_sim.mocks.shop.fields import LINES, AnyId, Score, Text
from prakerja_sim.mocks.tokopedia.codes import MENU, STATES

SORTS = ("create_time desc", "create_time asc", "rating desc", "rating asc")
VERTICALS = ("digital", "marketplace", "flight", "train", "hotel", "events", "deals", "insurance")
"""Kinds of goods in the history; of these only digital goods are sold here."""
STATUSES = dict.fromkeys(number for number, _, _ in STATES.values())


def one_of(*words: str) -> AfterValidator:
    """Refuse every text that is not empty and none of these."""

    def check(text: str) -> str:
        if text and text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return AfterValidator(check)


def _day(text: str) -> str:
    if text:
        date.fromisoformat(text)
    return text


Day = Annotated[str, StringConstraints(max_length=10), AfterValidator(_day)]
"""A day as YYYY-MM-DD, or empty."""
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


def _menu(number: int) -> int:
    if number != MENU:
        raise ValueError(f"no such menu; there is {MENU}")
    return number


class Menu(Body):
    """The landing page."""

    menuID: Annotated[int, AfterValidator(_menu)] = MENU  # noqa: N815
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
    sortBy: Annotated[str, one_of(*SORTS)] = ""  # noqa: N815
    filterBy: Annotated[str, StringConstraints(pattern=r"^(rating=[1-5])?$")] = ""  # noqa: N815


class HistoryInput(Body):
    """Which orders are wanted; what is left empty is not asked for, and another filter is refused."""

    model_config = ConfigDict(extra="forbid")
    VerticalCategory: Annotated[str, one_of(*VERTICALS)] = ""
    Status: Annotated[str, one_of(*STATUSES)] = ""
    SearchableText: Short = ""
    UUID: Short = ""
    VerticalID: Short = ""
    CreateTime: Literal[""] = ""
    CreateTimeStart: Day = ""
    CreateTimeEnd: Day = ""
    SortBy: Literal["", "CreateTime"] = ""
    Page: PageNumber = 1
    Limit: PageLength = 20
    IsSortAsc: bool = False


class History(HistoryInput):
    """The list's filter: as `input` in the app, as variables of its own on the web (seen both)."""

    input: HistoryInput | None = None


class OneOrder(Body):
    """One order."""

    order_id: AnyId


class Review(fields.Review, OneOrder):
    """Stars and words for a class."""

    isAnonymous: bool = False  # noqa: N815

    @property
    def anonymous(self) -> bool:
        """Whether the buyer wishes to stay unnamed."""
        return self.isAnonymous


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
