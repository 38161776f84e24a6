"""The states of a marketplace's records, as tables like the programme's: status and event give a status."""

from collections.abc import Mapping

from prakerja_sim.simulator.marketplace.records import RefundStatus
from prakerja_sim.simulator.marketplace.supply_records import ResaleStatus, SupplyStatus
from prakerja_sim.simulator.marketplace.webhook_records import WebhookStatus
from prakerja_sim.simulator.programme.lifecycle import Event

REFUND: Mapping[tuple[RefundStatus, Event], RefundStatus] = {
    (RefundStatus.REQUESTED, Event.APPROVE): RefundStatus.APPROVED,
    (RefundStatus.APPROVED, Event.PAY): RefundStatus.PAID_BACK,
    (RefundStatus.APPROVED, Event.REFUSE): RefundStatus.REFUSED,
}

WEBHOOK: Mapping[tuple[WebhookStatus, Event], WebhookStatus] = {
    (WebhookStatus.DUE, Event.DELIVER): WebhookStatus.DELIVERED,
    (WebhookStatus.DUE, Event.MISS): WebhookStatus.WAITING,
    (WebhookStatus.DUE, Event.GIVE_UP): WebhookStatus.DEAD,
    (WebhookStatus.WAITING, Event.RETRY): WebhookStatus.DUE,
    (WebhookStatus.DUE, Event.HOLD): WebhookStatus.HELD,
    (WebhookStatus.WAITING, Event.HOLD): WebhookStatus.HELD,
    (WebhookStatus.HELD, Event.RELEASE): WebhookStatus.DUE,
    (WebhookStatus.DUE, Event.DROP): WebhookStatus.DROPPED,
    (WebhookStatus.WAITING, Event.DROP): WebhookStatus.DROPPED,
    (WebhookStatus.HELD, Event.DROP): WebhookStatus.DROPPED,
} | {
    # Sent once more by hand, whatever its result was.
    (status, Event.REPEAT): WebhookStatus.DUE
    for status in (WebhookStatus.DELIVERED, WebhookStatus.DROPPED, WebhookStatus.DEAD)
}

RESALE: Mapping[tuple[ResaleStatus, Event], ResaleStatus] = {
    (ResaleStatus.PENDING, Event.PAY): ResaleStatus.SUCCESS,
    (ResaleStatus.PENDING, Event.FAIL): ResaleStatus.FAILED,
}

SUPPLY: Mapping[tuple[SupplyStatus, Event], SupplyStatus] = {
    (SupplyStatus.WANTED, Event.MISS): SupplyStatus.WANTED,
    (SupplyStatus.WANTED, Event.TAKE_UP): SupplyStatus.UNDER_WAY,
    (SupplyStatus.WANTED, Event.DELIVER): SupplyStatus.DELIVERED,
    (SupplyStatus.WANTED, Event.GIVE_UP): SupplyStatus.GIVEN_UP,
    (SupplyStatus.UNDER_WAY, Event.MISS): SupplyStatus.WANTED,
    (SupplyStatus.UNDER_WAY, Event.TAKE_UP): SupplyStatus.UNDER_WAY,
    (SupplyStatus.UNDER_WAY, Event.DELIVER): SupplyStatus.DELIVERED,
    (SupplyStatus.UNDER_WAY, Event.GIVE_UP): SupplyStatus.GIVEN_UP,
}
