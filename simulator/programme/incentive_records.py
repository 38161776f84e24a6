"""What the programme keeps of linked accounts, incentives, notices and surveys."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import (
    CardNumber,
    Phone,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Logged, Record


class LinkedAccount(Record, frozen=True, gc=False):
    """The account to which a participant's incentives go, or the attempt to link one."""

    card: CardNumber
    wallet: str
    otp: str
    """The code that was sent last; empty once it is used up."""
    otp_sent_at: datetime
    attempts: int = 1
    wrong_otps: int = 0
    otp_phone: Phone = Phone("")
    """Where it went; it is good only as long as that is the account's number."""
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
    SENDING = "sending"
    """It is being sent under its reference; nothing has come back yet."""
    SENT = "sent"
    """The payment partner has the instruction, the programme has no final answer."""
    FAILED = "failed"
    CHECKING = "checking"
    PAID = "paid"
    UNDELIVERED = "undelivered"


class Incentive(Record, frozen=True, gc=False):
    """One instalment or one survey's pay; a slot is paid at most once."""

    INDEXES = (("card",),)
    UNIQUE = ("card", "slot")
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
