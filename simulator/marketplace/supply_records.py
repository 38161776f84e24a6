"""What a marketplace keeps of distributors' orders, and of vouchers that institutions supply."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.ids import (
    OrderId,
    PartyCode,
    ScheduleCode,
    TransactionCode,
    VoucherCode,
)
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Record


class ResaleStatus(StrEnum):
    """Where a distributor's order stands; its table is in `lifecycle`, its values are the wire's."""

    PENDING = "Pending"
    SUCCESS = "Success"
    FAILED = "Failed"


class Resale(Record, frozen=True, gc=False):
    """A digital good that a distributor ordered at a marketplace, paid from his deposit."""

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
    """Where a supply stands; its table is in `lifecycle`."""

    WANTED = "wanted"
    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Supply(Record, frozen=True, gc=False):
    """A paid order's voucher that its institution is to supply."""

    order: OrderId
    institution: PartyCode
    transaction: TransactionCode
    status: SupplyStatus
    wanted_at: datetime
    next_at: datetime
    attempts: int = 0
    """How often the voucher was ordered; asking for the order's status does not count."""
    voucher: VoucherCode | None = None
    told: str = ""
    """The supplier's last answer: its response code and message."""


class SupplierHealth(Record, frozen=True, gc=False):
    """A supplier's answer to its last health check."""

    institution: PartyCode
    next_at: datetime
    checked_at: datetime | None = None
    told: str = ""
    """Its response code and message; empty before the first time."""
