"""What the programme keeps of participants, courses and purchases."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from prakerja_sim.simulator.values.ids import (
    CardNumber,
    CourseCode,
    InvoiceCode,
    Nik,
    PartyCode,
    PaymentToken,
    Phone,
    ScheduleCode,
    TransactionCode,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Logged, Record


class OwnWave(Record, frozen=True, gc=False):
    """A wave of one's own: its entry in JSON (`told`), kept in the shared sandbox."""

    number: str
    told: str


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
    rebuy_until: datetime | None = None
    """Until when a first training may be bought again after a void; None: nothing was voided (F18)."""
    otp_failures: int = 0
    otp_failures_since: datetime | None = None
    blocked: bool = False
    """Whether the operator blocked the account (F44)."""


class NoticeKind(StrEnum):
    """What a notice in the dashboard's bell is about."""

    AWARD = "award"
    REVOKED = "revoked"
    PURCHASE = "purchase"
    VOID = "void"
    CERTIFICATE = "certificate"
    BALANCE = "balance"
    INCENTIVE = "incentive"


class BellNotice(Logged, frozen=True, gc=False):
    """A notice in the dashboard's bell, as it was written; one about an incentive's row is a `Notice`."""

    INDEXES = (("card",),)
    card: CardNumber
    at: datetime
    kind: NoticeKind
    title: str
    text: str


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
    """How many of these new people with new cards have."""


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
    otp_phone: Phone = Phone("")
    """Where the code went; it is good only as long as that is the participant's number."""
    buyer: str = ""
    """The participant's name, as the answers carry it."""
    wrong_otps: int = 0
    invoice: InvoiceCode | None = None
    invoice_url: str | None = None
    transaction: TransactionCode | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    institution: PartyCode = PartyCode("")
    """Whose course was paid for, and who got the payment without the commission; empty until it is paid."""
    commission: Rupiah = Rupiah(0)
    """What the marketplace keeps of it."""

    @property
    def passed_on(self) -> Rupiah:
        """What the institution got of it."""
        return self.amount - self.commission if self.institution else Rupiah(0)


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


class AccountPassword(Record, frozen=True, gc=False):
    """The password that a participant set for his account, and the last link to set one."""

    card: CardNumber
    digest: str = ""
    """Of the password; empty if it is the one that the account began with."""
    links: int = 0
    """How many links were sent; only the newest is valid."""
    link_until: datetime | None = None
    """Until when that link may be used; None if it was used, or no link was sent."""


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
    reason: str = ""
    """The asker's own word for the topic; empty in what was kept before there was one."""

    @property
    def called(self) -> str:
        """What the asker called the topic."""
        return self.reason or self.topic
