"""What is kept, as frozen records.

A record's first field is its key, unique in its sandbox; a change is `but` and `put`.
A logged record has no key: it is appended once and never changes.  `INDEXES` names the
groups of fields by which records may be found.
"""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar, Self

from msgspec import Struct
from msgspec.structs import replace

from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import (
    CardNumber,
    CourseCode,
    InvoiceCode,
    Nik,
    OrderId,
    PartyCode,
    PaymentToken,
    Phone,
    RedeemCode,
    ScheduleCode,
    TransactionCode,
    VoucherCode,
)
from prakerja_sim.simulator.values.money import ZERO, Rupiah


class Record(Struct, frozen=True, gc=False, tag=True):
    """Something that is kept and may change; the first field is its key."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def but(self, **changes: Any) -> Self:
        """The record with some fields changed."""
        return replace(self, **changes)


class Logged(Struct, frozen=True, gc=False, tag=True):
    """Something that happened; appended once, found in the order of arrival."""

    INDEXES: ClassVar[tuple[tuple[str, ...], ...]] = ()


# The sandbox itself


class World(Record, frozen=True, gc=False):
    """A sandbox: its seed and its settings, kept for its whole life."""

    name: str
    seed: int
    settings: str
    started: datetime


class Leased(Record, frozen=True, gc=False):
    """A sandbox that the store keeps; kept in the shared sandbox, the one without a name."""

    name: str
    dropped: bool = False


class OwnWave(Record, frozen=True, gc=False):
    """A wave of one's own as its entry told it, in JSON; kept in the shared sandbox."""

    number: str
    told: str


class Clock(Record, frozen=True, gc=False):
    """The sandbox's time; `scale` sandbox seconds pass in a second of wall time, 0 is frozen."""

    name: str
    now: datetime
    scale: int = 0
    wall: datetime | None = None
    """Wall time at which the clock began to run."""
    since: datetime | None = None
    """Sandbox time at which it began to run."""


class Client(Record, frozen=True, gc=False):
    """A partner's credential for Prakerja's API; the code is unique over all sandboxes."""

    client_code: str
    party: PartyCode
    sign_key: str
    redirect_uris: str = ""
    """Where a browser may be sent back to, separated by commas; empty is anywhere."""
    public_key: str = ""
    """With which a distributor's signed orders are verified (PEM); empty is the demo pair's."""
    addresses: str = ""
    """From where a distributor may call, as addresses or networks separated by commas; empty is anywhere."""


class Due(Record, frozen=True, gc=False):
    """Something that will happen by itself; the key begins with the instant, so keys sort by time."""

    INDEXES = (("done",),)
    key: str
    at: datetime
    event: str
    about: str
    done: bool = False


class ArmedFault(Record, frozen=True, gc=False):
    """A fault that waits at its point for the next times something passes there."""

    INDEXES = (("point", "spent"),)
    key: str
    fault: str
    point: str
    where: str
    left: int
    spent: bool = False


# The journal and the books


class Chain(Record, frozen=True, gc=False):
    """The end of one chain of the journal."""

    subject: str
    length: int
    head: str


class Entry(Logged, frozen=True, gc=False):
    """One command that changed something, chained by `head` to the one before it."""

    INDEXES = (("subject",),)
    subject: str
    n: int
    at: datetime
    command: str
    arguments: str
    outcome: str
    transfers: str
    head: str


class Account(Record, frozen=True, gc=False):
    """The kept balance of an account, in rupiah or in pieces; `moves` counts its transfers."""

    name: str
    balance: int
    moves: int


class Transfer(Logged, frozen=True, gc=False):
    """An amount moved from one account to another; it cannot be unbalanced."""

    entry: str
    event: str
    at: datetime
    source: str
    target: str
    amount: int

    def __post_init__(self) -> None:
        assert self.amount > 0 and self.source != self.target, self


# Participants


class Membership(StrEnum):
    """Whether somebody belongs to the programme."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Participant(Record, frozen=True, gc=False):
    """A person in a wave, with the card that pays; the balance is in the books."""

    INDEXES = (("phone",), ("wave",), ("nik",), ("email",))
    card: CardNumber
    name: str
    nik: Nik
    phone: Phone
    email: str
    born: date
    education: int
    wave: int
    status: Membership
    enrolled_at: datetime
    videos_watched: bool = False
    balance_closed: bool = False
    first: TransactionCode | None = None
    """The first training, which alone earns the incentive (R21)."""
    unfinished: TransactionCode | None = None
    """The training that must be finished and rated before the next (R16)."""
    otp_failures: int = 0
    otp_failures_since: datetime | None = None
    blocked: bool = False
    """Whether the operator blocked the account (F44)."""


class Pause(Record, frozen=True, gc=False):
    """Something that the operator halted for everybody, and until when (F51)."""

    what: str
    until: datetime


class Recovery(Record, frozen=True, gc=False):
    """The places that a recovery wave gives out again, counted when its registration opened (R40)."""

    wave: str
    freed: int
    """Revoked by then in the waves that it recovers."""
    opened_at: datetime
    given: int = 0
    """Of these, given to new people with new cards."""


# The catalogue


class CourseKind(IntEnum):
    """How a course is held; the number is `course_type` on the wire (simulated)."""

    SELF_PACED = 1
    WEBINAR = 2
    OFFLINE = 3


class Course(Record, frozen=True, gc=False):
    """A course of an institution, listed on every marketplace."""

    INDEXES = (("institution",), ("category",))
    code: CourseCode
    title: str
    category: str
    institution: PartyCode
    price: Rupiah
    kind: CourseKind
    min_age: int = 18
    min_education: int = 0
    lessons: int = 4
    withdrawn: bool = False
    """Whether the institution took its lessons away (F19)."""


class Schedule(Record, frozen=True, gc=False):
    """One run of a course; a self-paced one has no start, and its seats are a million."""

    INDEXES = (("course",),)
    code: ScheduleCode
    course: CourseCode
    capacity: int
    starts: datetime | None = None
    ends: datetime | None = None


# Buying


class PaymentStatus(StrEnum):
    """Where a payment stands; its table is in `lifecycle`."""

    AWAITING_OTP = "awaiting_otp"
    PAID = "paid"
    VOIDED = "voided"
    ENDED = "ended"
    REPLACED = "replaced"


class Payment(Record, frozen=True, gc=False):
    """One attempt to buy, opened by send-otp and named by its token."""

    token: PaymentToken
    marketplace: PartyCode
    card: CardNumber
    user: str
    course: CourseCode
    schedule: ScheduleCode
    amount: Rupiah
    status: PaymentStatus
    otp: str
    otp_sent_at: datetime
    buyer: str = ""
    """The participant's name, as the answers carry it."""
    wrong_otps: int = 0
    invoice: InvoiceCode | None = None
    invoice_url: str | None = None
    transaction: TransactionCode | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None


class Checkout(Record, frozen=True, gc=False):
    """The latest payment for one buyer, card and schedule, and how often an OTP went out for it."""

    key: str
    token: PaymentToken
    payments: int
    sends: int
    sent_at: datetime


class Invoice(Record, frozen=True, gc=False):
    """Which payment an invoice code of a marketplace belongs to; one invoice, one debit (R17)."""

    key: str
    token: PaymentToken


class BoundAccount(Record, frozen=True, gc=False):
    """A marketplace account and the one card it may pay with (R04)."""

    key: str
    card: CardNumber


# Redeeming and learning


class RedeemStatus(StrEnum):
    """Where a redeem code stands; its table is in `lifecycle`."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"


class Redeemable(Record, frozen=True, gc=False):
    """A redeem code of the programme, which attests redemption and attendance."""

    code: RedeemCode
    institution: PartyCode
    marketplace: PartyCode
    course: CourseCode
    schedule: ScheduleCode
    invoice: InvoiceCode
    status: RedeemStatus
    card: CardNumber | None = None
    redeemed_at: datetime | None = None


class VerificationStatus(StrEnum):
    """Where a verification of presence stands; its table is in `lifecycle`."""

    OPENED = "opened"
    CONSENTED = "consented"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Verification(Record, frozen=True, gc=False):
    """One address at which a participant proves that it is he who attends, named by its state."""

    INDEXES = (("redeem_code",), ("course", "email"))
    state: str
    redeem_code: RedeemCode
    course: CourseCode
    sequence: int
    email: str
    redirect_uri: str
    status: VerificationStatus
    opened_at: datetime
    closed_at: datetime | None = None


class Assignment(Record, frozen=True, gc=False):
    """A participant's practical task, as the institution last handed it in."""

    key: str
    redeem_code: RedeemCode
    scope: str
    sequence: int
    number: int
    url_file: str
    submitted_at: datetime
    submissions: int = 1
    failed: bool = False


class Feedback(Record, frozen=True, gc=False):
    """The institution's marking of an assignment, which has the same key."""

    key: str
    number: int
    notes: str
    url_file: str
    given_at: datetime
    submissions: int = 1


class TrainingStatus(StrEnum):
    """Where a bought training stands for the programme; its table is in `lifecycle`."""

    BOUGHT = "bought"
    REPORTED = "reported"
    CERTIFIED = "certified"
    RATED = "rated"
    VOIDED = "voided"


class Training(Record, frozen=True, gc=False):
    """A course that a participant bought, until it is rated."""

    INDEXES = (("card",),)
    transaction: TransactionCode
    card: CardNumber
    course: CourseCode
    schedule: ScheduleCode
    invoice: InvoiceCode
    marketplace: PartyCode
    redeem_code: RedeemCode
    status: TrainingStatus
    bought_at: datetime
    finished_at: datetime | None = None
    score: int | None = None
    certified_at: datetime | None = None
    rating: int | None = None
    review: str | None = None
    rated_at: datetime | None = None


# Incentives


class Wallet(Record, frozen=True, gc=False):
    """An account at a bank or an e-wallet, as that payment partner knows it."""

    key: str
    partner: PartyCode
    number: str
    phone: Phone
    nik: Nik
    name: str
    upgraded: bool
    active: bool = True
    currency: str = "IDR"
    monthly_limit: Rupiah | None = None
    """What it takes in a calendar month at most; None takes everything, zero is full."""


class PartnerSwitch(Record, frozen=True, gc=False):
    """What a payment partner does with every instruction until it is switched again."""

    partner: PartyCode
    outcome: str


class PayoutStatus(StrEnum):
    """Where an instruction stands at the payment partner."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"


class Payout(Record, frozen=True, gc=False):
    """One instruction to pay, in the payment partner's own books; a reference is paid at most once."""

    INDEXES = (("wallet",),)
    reference: str
    partner: PartyCode
    wallet: str
    amount: Rupiah
    status: PayoutStatus
    received_at: datetime
    paid_at: datetime | None = None
    refusal: Reason | None = None


class LinkedAccount(Record, frozen=True, gc=False):
    """The account to which a participant's incentives go, or the attempt to link one."""

    INDEXES = (("wallet",),)
    card: CardNumber
    wallet: str
    otp: str
    """The code that was sent last; empty once it is used up."""
    otp_sent_at: datetime
    attempts: int = 1
    wrong_otps: int = 0
    blocked_until: datetime | None = None
    linked_at: datetime | None = None


class PhoneChange(Record, frozen=True, gc=False):
    """A new phone number that its owner has yet to confirm with the code that was sent there."""

    card: CardNumber
    phone: Phone
    otp: str
    """The code that was sent last; empty once it is used up."""
    otp_sent_at: datetime
    attempts: int = 1
    wrong_otps: int = 0
    blocked_until: datetime | None = None


class IncentiveStatus(StrEnum):
    """Where an incentive stands; its table is in `lifecycle`."""

    HELD = "held"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    SENT = "sent"
    """The payment partner has the instruction, the programme has no final answer."""
    FAILED = "failed"
    CHECKING = "checking"
    PAID = "paid"
    UNDELIVERED = "undelivered"


class Incentive(Record, frozen=True, gc=False):
    """One instalment or one survey's pay; a slot is paid at most once."""

    INDEXES = (("card",),)
    key: str
    card: CardNumber
    slot: str
    amount: Rupiah
    status: IncentiveStatus
    due_at: datetime
    paid_at: datetime | None = None
    attempts: int = 0
    """How many instructions to pay went out for it."""
    wallet: str | None = None
    """The account to which the last instruction went."""
    trouble: Reason | None = None
    """Why it is held or failed."""
    next_at: datetime | None = None
    """When the programme looks after it again, if it waits for that."""


class Notice(Logged, frozen=True, gc=False):
    """What the dashboard told somebody about an incentive; the row itself may say otherwise (F35)."""

    INDEXES = (("card",),)
    card: CardNumber
    at: datetime
    slot: str
    says: IncentiveStatus
    wallet: str | None
    trouble: Reason | None


class Survey(Record, frozen=True, gc=False):
    """A survey that was filled in; its answers do not matter (R24)."""

    key: str
    card: CardNumber
    number: int
    filled_at: datetime


# Logging in at an institution with the Prakerja account


class SsoCode(Record, frozen=True, gc=False):
    """A participant's consent that an institution may know him, to be exchanged once."""

    INDEXES = (("card",),)
    code: str
    institution: PartyCode
    card: CardNumber
    scope: str
    issued_at: datetime
    used_at: datetime | None = None


class SsoTokenKind(StrEnum):
    """What a token is good for."""

    ACCESS = "access"
    REFRESH = "refresh"


class SsoToken(Record, frozen=True, gc=False):
    """What an institution shows to be told a participant's profile, or to get a new token."""

    INDEXES = (("card",),)
    token: str
    kind: SsoTokenKind
    institution: PartyCode
    card: CardNumber
    scope: str
    expires_at: datetime


# What a marketplace keeps


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


class Cart(Record, frozen=True, gc=False):
    """What a shopper is about to order."""

    shopper: str
    course: CourseCode
    schedule: ScheduleCode
    promo: str | None = None
    discount: Rupiah = ZERO
    orders: int = 0


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

    @property
    def total(self) -> Rupiah:
        """What the card is to pay."""
        return self.price - self.discount


class AttemptStatus(StrEnum):
    """Where an attempt to pay stands; its table is in `simulator.marketplace.orders`."""

    OPENED = "opened"
    ASKED = "asked"
    REPLACED = "replaced"
    PAID = "paid"


class Attempt(Record, frozen=True, gc=False):
    """One attempt to pay an order, by the token that Prakerja gave for the card."""

    INDEXES = (("order",),)
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


class RefundStatus(StrEnum):
    """Where a refund stands; its table is in `lifecycle`."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAID_BACK = "paid_back"
    REFUSED = "refused"


class Refund(Record, frozen=True, gc=False):
    """A wish to have an order's money back that the marketplace's policy allowed (R19)."""

    INDEXES = (("status",),)
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


class TicketStatus(StrEnum):
    """Where a complaint stands; its table is in `lifecycle`."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REFUSED = "refused"


class Ticket(Record, frozen=True, gc=False):
    """A complaint at a marketplace's customer service or on Prakerja's own form."""

    INDEXES = (("desk", "asker"),)
    id: str
    desk: PartyCode
    asker: str
    """The shopper's key, or the card."""
    email: str
    topic: str
    text: str
    about: str
    """An order or a transaction; empty for none."""
    status: TicketStatus
    opened_at: datetime
    answer_at: datetime
    reopened: int = 0
    answer: str = ""
    closed_at: datetime | None = None


# Webhooks


class WebhookTarget(Record, frozen=True, gc=False):
    """Where a marketplace's webhooks go."""

    INDEXES = (("party",),)
    key: str
    """PARTY/NAME."""
    party: PartyCode
    url: str
    secret: str
    events: str
    """The order core's names of the events, separated by commas; empty is all."""
    institution: str = ""
    """Only what concerns this institution's courses; empty is all."""
    held: bool = False
    stopped: bool = False


class WebhookStatus(StrEnum):
    """Where a webhook stands; its table is in `lifecycle`."""

    DUE = "due"
    WAITING = "waiting"
    HELD = "held"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    DEAD = "dead"


class Webhook(Record, frozen=True, gc=False):
    """One event for one target, kept in the unit of work of its cause; what it tells never changes."""

    INDEXES = (("status",), ("about",))
    key: str
    """Begins with the instant and the order, so keys sort as things happened."""
    target: str
    party: PartyCode
    event: str
    about: OrderId
    version: int
    """Rises with each event of an order."""
    told: str
    """What happened, as canonical JSON, from which the marketplace's body follows."""
    status: WebhookStatus
    happened_at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    outcome: str = ""
    """What the last attempt came to: an HTTP status, or why there was none."""


class Arrived(Logged, frozen=True, gc=False):
    """A webhook in the built-in inbox."""

    INDEXES = (("target",),)
    target: str
    at: datetime
    webhook: str
    event: str
    headers: str
    body: str


class ResaleStatus(StrEnum):
    """Where a distributor's order stands; its table is in `lifecycle`, its values are the wire's."""

    PENDING = "Pending"
    SUCCESS = "Success"
    FAILED = "Failed"


class Resale(Record, frozen=True, gc=False):
    """A digital good that a distributor ordered at a marketplace, paid from his deposit."""

    INDEXES = (("distributor",), ("status",))
    key: str
    """DISTRIBUTOR/REQUEST, the request's id being the distributor's own."""
    distributor: PartyCode
    marketplace: PartyCode
    request: str
    product: str
    client_number: str
    fields: str
    """What else the buyer typed, as JSON."""
    price: Rupiah
    status: ResaleStatus
    ordered_at: datetime
    ends_at: datetime
    seat: ScheduleCode | None = None
    """The seat that was taken; None for goods without seats, and where none was free."""
    ended_at: datetime | None = None
    order: OrderId | None = None
    voucher: VoucherCode | None = None
    serial_number: str = ""


class SupplyStatus(StrEnum):
    """Where the getting of a voucher from its supplier stands; its table is in `lifecycle`."""

    WANTED = "wanted"
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Supply(Record, frozen=True, gc=False):
    """A paid order's voucher that its institution is to supply."""

    INDEXES = (("status",),)
    order: OrderId
    institution: PartyCode
    transaction: TransactionCode
    status: SupplyStatus
    wanted_at: datetime
    next_at: datetime
    attempts: int = 0
    """How often it was asked for; looking how it stands does not count."""
    voucher: VoucherCode | None = None
    told: str = ""
    """What the supplier said last: its response code and message."""


class SupplierHealth(Record, frozen=True, gc=False):
    """What a voucher's supplier said last when it was asked whether it is there."""

    institution: PartyCode
    next_at: datetime
    checked_at: datetime | None = None
    told: str = ""
    """Its response code and message; empty before the first time."""


class SpentCode(Record, frozen=True, gc=False):
    """An authorization code of a marketplace's sign-on that was exchanged, so that it is not again."""

    INDEXES = (("shopper",),)
    code: str
    """A keyed digest of it."""
    shopper: str
    spent_at: datetime


# What an institution keeps


class HeardWebhook(Record, frozen=True, gc=False):
    """A marketplace's webhook as an institution received it, however often."""

    INDEXES = (("institution",),)
    key: str
    """INSTITUTION/DIGEST of the body."""
    institution: PartyCode
    body: str
    received_at: datetime
    times: int = 1


class LateReport(Record, frozen=True, gc=False):
    """A certificate that is still to be reported; one whose report did not arrive is, each working day."""

    INDEXES = (("done",),)
    voucher: VoucherCode
    institution: PartyCode
    due_at: datetime
    tries: int
    """How often it was reported; 0 is that its first time has not come."""
    done: bool = False


class Learner(Record, frozen=True, gc=False):
    """Somebody's account at an institution's site."""

    key: str
    """INSTITUTION/EMAIL, the e-mail in small letters."""
    institution: PartyCode
    email: str
    name: str
    password: str
    """A keyed digest of it."""
    opened_at: datetime
    resets: int = 0
    """How many links to a new password were sent; only the newest is good."""
    reset_until: datetime | None = None
    """Until when that link may be used; None if it was, or none was sent."""


class Supplied(Record, frozen=True, gc=False):
    """A voucher that an institution supplied to a marketplace for a paid order."""

    INDEXES = (("calling",),)
    key: str
    """INSTITUTION/REF, the reference being the marketplace's."""
    institution: PartyCode
    course: CourseCode
    buyer: str
    voucher: VoucherCode
    supplied_at: datetime
    ready_at: datetime
    """Until when it is said to be under way."""
    call_at: datetime
    """When the marketplace is called back next, if `calling`."""
    void: bool = False
    calling: bool = False


class Enrolment(Record, frozen=True, gc=False):
    """A participant in a course at an institution, opened with a voucher."""

    INDEXES = (("course", "learner"), ("redeem_code",), ("institution", "learner"))
    key: str
    """The voucher that opened it."""
    institution: PartyCode
    marketplace: PartyCode
    course: CourseCode
    learner: str
    name: str
    opened_at: datetime
    pre_test: int | None = None
    lessons_done: int = 0
    post_test: int | None = None
    finished_at: datetime | None = None
    certificate: str | None = None
    redeem_code: RedeemCode | None = None


class Mark(Record, frozen=True, gc=False):
    """What an institution told a marketplace of a learner: that he finished, and later his mark."""

    voucher: VoucherCode
    marketplace: PartyCode
    name: str
    finished_at: datetime
    score: int | None = None
    marked_at: datetime | None = None


# What arrives at people


class Sms(Logged, frozen=True, gc=False):
    """A text message as the phone shows it."""

    INDEXES = (("phone",),)
    phone: Phone
    at: datetime
    sender: str
    text: str
    otp: str | None


class Mail(Logged, frozen=True, gc=False):
    """An e-mail as the inbox shows it."""

    INDEXES = (("address",),)
    address: str
    at: datetime
    sender: str
    subject: str
    text: str


KEPT: tuple[type[Record], ...] = (
    World, Leased, OwnWave, Clock, Client, Due, ArmedFault, Chain, Account, Participant, Recovery, Pause,
    Course,
    Schedule, Payment, Checkout, Invoice, BoundAccount, Redeemable, Training, Wallet, PartnerSwitch, Payout,
    LinkedAccount, PhoneChange, Incentive, Survey, Verification, Assignment, Feedback, SsoCode, SsoToken,
    Shopper, Cart, Order, Attempt, Voucher, Review, Refund, Ticket, WebhookTarget, Webhook, Enrolment,
    Resale, Mark, Learner,
    Supply, Supplied,
    LateReport,
    HeardWebhook, SpentCode, SupplierHealth,
)  # fmt: skip
LOGGED: tuple[type[Logged], ...] = (Entry, Transfer, Notice, Sms, Mail, Arrived)
