"""What a marketplace keeps: shoppers, orders, vouchers, reviews, refunds."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.ids import (
    CardNumber,
    CourseCode,
    InvoiceCode,
    OrderId,
    PartyCode,
    PaymentToken,
    Phone,
    ScheduleCode,
    TransactionCode,
    VoucherCode,
)
from prakerja_sim.simulator.values.money import ZERO, Rupiah
from prakerja_sim.simulator.world.records import Record

UUID_HYPHENS = 4


class Shopper(Record, frozen=True, gc=False):
    """Somebody's account at a marketplace."""

    INDEXES = (("marketplace", "phone"), ("marketplace", "email"))
    key: str
    marketplace: PartyCode
    user: str
    name: str
    phone: Phone
    email: str
    phone_verified: bool = False
    code: str | None = None
    code_sent_at: datetime | None = None
    codes_sent: int = 0
    wrong_codes: int = 0
    password: str = ""
    """A digest of it; empty where one logs in by phone."""
    username: str = ""
    """The name that was chosen; empty at a site without such names, and where none was chosen."""


class ChosenName(Record, frozen=True, gc=False):
    """A user name that somebody chose at a marketplace; nobody else there can have it."""

    key: str
    """MARKETPLACE/NAME, in small letters."""
    shopper: str


class Cart(Record, frozen=True, gc=False):
    """What a shopper is about to order."""

    shopper: str
    course: CourseCode
    schedule: ScheduleCode
    promo: str | None = None
    discount: Rupiah = ZERO
    orders: int = 0
    instant: bool = False
    """Whether the app goes on to the checkout at once; it means nothing to the shop itself."""


class OrderStatus(StrEnum):
    """Where an order stands; its table is in `simulator.marketplace.orders`."""

    WAITING_CARD = "waiting_card"
    WAITING_OTP = "waiting_otp"
    PENDING = "pending"
    ISSUED = "issued"
    REFUNDED = "refunded"


class Order(Record, frozen=True, gc=False):
    """An order at a marketplace, paid by card."""

    INDEXES = (("shopper",), ("course",))
    id: OrderId
    marketplace: PartyCode
    shopper: str
    course: CourseCode
    schedule: ScheduleCode
    price: Rupiah
    discount: Rupiah
    invoice: InvoiceCode
    status: OrderStatus
    ordered_at: datetime
    card: CardNumber | None = None
    token: PaymentToken | None = None
    transaction: TransactionCode | None = None
    paid_at: datetime | None = None
    voucher: VoucherCode | None = None
    asks: int = 0
    """How many requests for the money are on their way to Prakerja, as far as is known."""
    asked_at: datetime | None = None
    """When Prakerja was asked last; None once its answer is known."""

    @property
    def total(self) -> Rupiah:
        """What the card is to pay."""
        return self.price - self.discount

    @property
    def number(self) -> str:
        """What its buyer calls it: its id, or the invoice's code where the id is a UUID."""
        return self.invoice if self.id.count("-") == UUID_HYPHENS else self.id


class AttemptStatus(StrEnum):
    """Where an attempt to pay stands; its table is in `simulator.marketplace.orders`."""

    OPENED = "opened"
    ASKED = "asked"
    REPLACED = "replaced"
    PAID = "paid"


class Attempt(Record, frozen=True, gc=False):
    """One attempt to pay an order, by the token that Prakerja gave for the card."""

    key: str
    """ORDER/TOKEN."""
    order: OrderId
    token: PaymentToken
    card: CardNumber
    status: AttemptStatus
    opened_at: datetime
    closed_at: datetime | None = None


class VoucherStatus(StrEnum):
    """Where a marketplace's voucher stands; its table is in `simulator.marketplace.vouchers`."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"


class Voucher(Record, frozen=True, gc=False):
    """The code that opens the course at the institution, issued by the marketplace."""

    INDEXES = (("order",),)
    code: VoucherCode
    marketplace: PartyCode
    order: OrderId
    course: CourseCode
    institution: PartyCode
    status: VoucherStatus
    issued_at: datetime
    valid_until: datetime
    redeemed_at: datetime | None = None


class Review(Record, frozen=True, gc=False):
    """What a buyer wrote about a course on the marketplace ("Tulis Ulasan")."""

    INDEXES = (("marketplace", "course"),)
    order: OrderId
    marketplace: PartyCode
    course: CourseCode
    shopper: str
    stars: int
    text: str
    written_at: datetime
    title: str = ""
    author: str = ""
    """The name beside it; empty if the buyer wished to stay unnamed."""
    asked_at: datetime | None = None
    """When Prakerja was told of it last, while its answer is missing; None if it has it, or need not."""


class RefundStatus(StrEnum):
    """Where a refund stands; its table is in `lifecycle`."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENDING = "sending"
    """Prakerja is being asked for the void; meanwhile nobody can redeem the voucher."""
    PAID_BACK = "paid_back"
    REFUSED = "refused"


class Refund(Record, frozen=True, gc=False):
    """A request for an order's money back that the marketplace's policy allowed (R19)."""

    order: OrderId
    marketplace: PartyCode
    asker: str
    """`buyer`, `organiser` or `marketplace`."""
    status: RefundStatus
    asked_at: datetime
    ticket: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    """Why it was refused in the end, as a reason's value."""
    tried_at: datetime | None = None
    """When Prakerja was asked for the void last."""
    granted: bool = True
    """Whether support will pay it back when it answers, or refuse it."""


class SpentCode(Record, frozen=True, gc=False):
    """An authorization code of a marketplace's login that was exchanged; it cannot be exchanged again."""

    INDEXES = (("shopper",),)
    code: str
    """A keyed digest of it."""
    shopper: str
    spent_at: datetime


class Mark(Record, frozen=True, gc=False):
    """What an institution reported to a marketplace of a learner: that he finished, and later his grade."""

    voucher: VoucherCode
    marketplace: PartyCode
    name: str
    finished_at: datetime
    score: int | None = None
    marked_at: datetime | None = None
    sending: int | None = None
    """A score of which Prakerja is being told; the mark is entered once it has answered."""
    asked_at: datetime | None = None
    """When Prakerja was told of it last."""
