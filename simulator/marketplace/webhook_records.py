"""What a marketplace keeps of webhooks: their targets, their content, and the result of each attempt."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.ids import (
    OrderId,
    PartyCode,
)
from prakerja_sim.simulator.world.records import Logged, Record


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
    """One event for one target, stored in the unit of work of its cause; its content never changes."""

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
    """The last attempt's result: an HTTP status, or why there was none."""


class Arrived(Logged, frozen=True, gc=False):
    """A webhook in the built-in inbox."""

    INDEXES = (("target",),)
    target: str
    at: datetime
    webhook: str
    event: str
    headers: str
    body: str
