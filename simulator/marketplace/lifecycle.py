"""The states of a marketplace's records, as tables like the programme's: status and event give a status."""

from collections.abc import Mapping

from prakerja_sim.simulator.marketplace.records import AttemptStatus, OrderStatus, RefundStatus
from prakerja_sim.simulator.marketplace.supply_records import ResaleStatus, SupplyStatus
from prakerja_sim.simulator.marketplace.webhook_records import WebhookStatus
from prakerja_sim.simulator.programme.lifecycle import Event

ORDER: Mapping[tuple[OrderStatus, str], OrderStatus] = {
    (OrderStatus.WAITING_CARD, "card"): OrderStatus.WAITING_OTP,
    (OrderStatus.WAITING_OTP, "card"): OrderStatus.WAITING_OTP,
    (OrderStatus.WAITING_OTP, "ask"): OrderStatus.PENDING,
    (OrderStatus.PENDING, "ask"): OrderStatus.PENDING,
    (OrderStatus.PENDING, "refuse"): OrderStatus.WAITING_OTP,
    (OrderStatus.PENDING, "pay"): OrderStatus.ISSUED,
    # Paid, and the supplier did not deliver.
    (OrderStatus.PENDING, "refund"): OrderStatus.REFUNDED,
    # Prakerja's status said "unpaid" while the payment was still on its way.
    (OrderStatus.WAITING_OTP, "pay"): OrderStatus.ISSUED,
    (OrderStatus.ISSUED, "refund"): OrderStatus.REFUNDED,
}
ATTEMPT: Mapping[tuple[AttemptStatus, str], AttemptStatus] = {
    (AttemptStatus.OPENED, "ask"): AttemptStatus.ASKED,
    (AttemptStatus.ASKED, "ask"): AttemptStatus.ASKED,
    (AttemptStatus.ASKED, "refuse"): AttemptStatus.OPENED,
    (AttemptStatus.OPENED, "replace"): AttemptStatus.REPLACED,
    (AttemptStatus.ASKED, "pay"): AttemptStatus.PAID,
    (AttemptStatus.OPENED, "pay"): AttemptStatus.PAID,
}
"""If the card is entered again, the attempt is opened again."""

REFUND: Mapping[tuple[RefundStatus, Event], RefundStatus] = {
    (RefundStatus.REQUESTED, Event.APPROVE): RefundStatus.APPROVED,
    (RefundStatus.REQUESTED, Event.REFUSE): RefundStatus.REFUSED,
    (RefundStatus.REQUESTED, Event.RESERVE): RefundStatus.SENDING,
    (RefundStatus.APPROVED, Event.RESERVE): RefundStatus.SENDING,
    (RefundStatus.APPROVED, Event.REFUSE): RefundStatus.REFUSED,
    (RefundStatus.SENDING, Event.PAY): RefundStatus.PAID_BACK,
    (RefundStatus.SENDING, Event.RELEASE): RefundStatus.APPROVED,
    (RefundStatus.SENDING, Event.REFUSE): RefundStatus.REFUSED,
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
