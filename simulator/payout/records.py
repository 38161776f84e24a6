"""Payment partners' records: accounts and payments into them."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import (
    Nik,
    PartyCode,
    Phone,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Record


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
