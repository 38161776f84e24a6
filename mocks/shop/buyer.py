"""What a buyer does at a marketplace: the interface of every marketplace's shopper.

Stories, property tests and load users use a site only through this.  A shopper
speaks its site's HTTP API and shares no code with the site's server, so that the two can disagree.
Courses go by their codes, amounts are whole rupiah.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from prakerja_sim.mocks.http.transport import Transport

PaymentOutcome = Literal["paid", "pending"]
"""What came of entering the OTP; pending means that nobody knows yet: look at the order again."""

OrderState = Literal["waiting_card", "waiting_otp", "pending", "issued", "refunded"]
"""Where an order stands: card or OTP is missing, unknown whether paid, voucher issued, paid back."""


class Refused(Exception):
    """The site said no: its own code, and the words that a person would read.

    A lost answer is no refusal but `mocks.http.transport.NoReply`.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ListedCourse:
    """A course as a list shows it."""

    course: str
    title: str
    institution: str
    category: str
    price: int


@dataclass(frozen=True, slots=True)
class Detail:
    """A course as its own page shows it."""

    course: str
    title: str
    institution: str
    category: str
    price: int
    method: str
    seats: int
    redeem_steps: tuple[str, ...]
    """How the voucher is redeemed, in the site's words."""
    curriculum: tuple[str, ...] = ()
    """What is taught."""
    terms: tuple[str, ...] = ()
    """What the buyer agrees to, where the site says it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody wrote about a course."""

    stars: int
    text: str


@dataclass(frozen=True, slots=True)
class OtpSent:
    """What the site says of an OTP that is on its way."""

    digits: int | None = None
    seconds: int | None = None
    """How long it counts."""
    until: str | None = None
    """Until when it counts, in ISO 8601; a site says one or the other."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as its buyer sees it; a list of orders may leave `redeem_url` and `invoice` out."""

    order: str
    status: OrderState
    course: str
    total: int
    voucher: str | None
    redeem_url: str | None
    title: str = ""
    """The course's, in words."""
    number: str = ""
    """What people call the order, where its id is for programs."""
    invoice: str = ""
    """The invoice's code."""


TicketState = Literal["open", "in_progress", "resolved", "refused"]
"""Where a complaint stands."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """A complaint as the buyer who made it sees it."""

    ticket: str
    topic: str
    status: TicketState
    answer: str


class Shopper(Protocol):
    """A user of the marketplace's app.

    Every method raises Refused when the site says no and NoReply when nothing comes back.
    """

    def __init__(self, transport: Transport) -> None: ...

    @property
    def login(self) -> Mapping[str, str]:
        """The headers that identify this shopper, for requests by hand; empty before the account exists."""

    # The account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Open an account, or find the one of this phone, and ask for a code by text message."""

    def enter_phone_code(self, code: str) -> None:
        """Verify the phone with that code; from now on this shopper is logged in."""

    # Looking around

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search box."""

    def categories(self) -> list[str]:
        """The categories of courses."""

    def institutions(self, category: str) -> list[str]:
        """The institutions with a course of that category."""

    def courses(self, institution: str) -> list[ListedCourse]:
        """The courses of an institution."""

    def look(self, course: str) -> Detail:
        """Open the course's page."""

    def reviews(self, course: str) -> list[Review]:
        """Read what others wrote."""

    # Buying

    def add_to_cart(self, course: str) -> None:
        """Choose the course; it takes the place of whatever was chosen before."""

    def enter_promo(self, code: str) -> int:
        """Enter a promo code; answers the discount."""

    def check_out(self) -> str:
        """Order what was chosen; answers the order's id."""

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """The ways to pay that are open, by group."""

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Pay with this Kartu Prakerja; an OTP goes to the phone on the Prakerja account."""

    def resend_otp(self, order: str) -> OtpSent:
        """Ask for another OTP."""

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Confirm the payment; pressing twice charges once."""

    # Afterwards

    def history(self) -> list[OrderView]:
        """All orders, the newest first."""

    def order(self, order: str) -> OrderView:
        """One order, with its voucher once it is paid."""

    def resend_mail(self, order: str) -> None:
        """Have the voucher's e-mail sent again."""

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Give one to five stars and say why."""

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Write to customer service; answers the ticket's number.

        The topic `refund` asks for the money back; whether it comes is the site's policy. Others are
        `otp`, `card`, `voucher`, `account`, `unfinished`, `other`.
        """

    def tickets(self, order: str) -> list[TicketView]:
        """What became of the complaints about an order, the newest first."""

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""

    # Lost access (article, step 9)

    def recover(self, phone: str, email: str) -> None:
        """Find the account of this phone again and ask for a code, by text message or e-mail."""

    def enter_recovery_code(self, code: str, password: str) -> None:
        """Enter that code, with a new password where the site asks for one; logged in from then on."""


@runtime_checkable
class Host(Protocol):
    """What the shopper of a site that also holds classes itself can do besides."""

    def start_class(self, order: str) -> str:
        """Open a class that needs no voucher, since the site holds it; answers the id it is learnt by."""


@runtime_checkable
class CardCheck(Protocol):
    """What the shopper of a site that checks the card before anything is paid can do besides."""

    def check_card(self, order: str, card: str) -> None:
        """Enter the card number, and hear whether the site takes it; no OTP is sent yet."""


@runtime_checkable
class Certified(Protocol):
    """What the shopper of a site that certifies besides the institution can do besides."""

    def certificates(self, order: str) -> dict[str, bool]:
        """Whose certificates an order gives, and which of them are out."""


@runtime_checkable
class PasswordLogin(Protocol):
    """What the shopper of a site knows where a login needs a password: its own, until it was changed."""

    password: str
