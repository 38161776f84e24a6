"""States as tables: a status and an event give the next status.

Rules decide whether an event may happen; a table decides what follows.  An event that the
rules allow but that is missing here is a bug and raises KeyError.
"""

from collections.abc import Mapping
from enum import StrEnum

from prakerja_sim.simulator.programme.incentive_records import IncentiveStatus
from prakerja_sim.simulator.programme.records import Membership, PaymentStatus, TicketStatus
from prakerja_sim.simulator.programme.training_records import RedeemStatus, TrainingStatus, VerificationStatus


class Event(StrEnum):
    """What may happen to something that has a status."""

    AUTHORIZE = "authorize"
    EXHAUST = "exhaust"
    REPLACE = "replace"
    VOID = "void"
    COMMIT = "commit"
    RESET = "reset"
    CONSENT = "consent"
    VERIFY = "verify"
    FAIL = "fail"
    CANCEL = "cancel"
    REPORT = "report"
    CERTIFY = "certify"
    RATE = "rate"
    REVOKE = "revoke"
    RELEASE = "release"
    RESERVE = "reserve"
    SEND = "send"
    CHECK = "check"
    PAY = "pay"
    CLOSE = "close"
    APPROVE = "approve"
    TAKE_UP = "take_up"
    RESOLVE = "resolve"
    REFUSE = "refuse"
    REOPEN = "reopen"
    DELIVER = "deliver"
    MISS = "miss"
    GIVE_UP = "give_up"
    HOLD = "hold"
    DROP = "drop"
    RETRY = "retry"
    REPEAT = "repeat"


PAYMENT: Mapping[tuple[PaymentStatus, Event], PaymentStatus] = {
    (PaymentStatus.AWAITING_OTP, Event.AUTHORIZE): PaymentStatus.PAID,
    (PaymentStatus.AWAITING_OTP, Event.EXHAUST): PaymentStatus.ENDED,
    (PaymentStatus.AWAITING_OTP, Event.REPLACE): PaymentStatus.REPLACED,
    (PaymentStatus.PAID, Event.VOID): PaymentStatus.VOIDED,
}

REDEEM: Mapping[tuple[RedeemStatus, Event], RedeemStatus] = {
    (RedeemStatus.ISSUED, Event.COMMIT): RedeemStatus.REDEEMED,
    (RedeemStatus.ISSUED, Event.CANCEL): RedeemStatus.CANCELLED,
    (RedeemStatus.REDEEMED, Event.RESET): RedeemStatus.ISSUED,
    (RedeemStatus.ISSUED, Event.RESET): RedeemStatus.ISSUED,
}

VERIFICATION: Mapping[tuple[VerificationStatus, Event], VerificationStatus] = {
    (VerificationStatus.OPENED, Event.CONSENT): VerificationStatus.CONSENTED,
    (VerificationStatus.CONSENTED, Event.CONSENT): VerificationStatus.CONSENTED,
    (VerificationStatus.CONSENTED, Event.VERIFY): VerificationStatus.SUCCEEDED,
    (VerificationStatus.OPENED, Event.FAIL): VerificationStatus.FAILED,
    (VerificationStatus.CONSENTED, Event.FAIL): VerificationStatus.FAILED,
} | {(status, Event.RESET): VerificationStatus.WITHDRAWN for status in VerificationStatus}

TRAINING: Mapping[tuple[TrainingStatus, Event], TrainingStatus] = {
    (TrainingStatus.BOUGHT, Event.REPORT): TrainingStatus.REPORTED,
    (TrainingStatus.BOUGHT, Event.VOID): TrainingStatus.VOIDED,
    (TrainingStatus.REPORTED, Event.CERTIFY): TrainingStatus.CERTIFIED,
    (TrainingStatus.CERTIFIED, Event.RATE): TrainingStatus.RATED,
}

MEMBERSHIP: Mapping[tuple[Membership, Event], Membership] = {
    (Membership.ACTIVE, Event.REVOKE): Membership.REVOKED,
}

INCENTIVE: Mapping[tuple[IncentiveStatus, Event], IncentiveStatus] = {
    (IncentiveStatus.HELD, Event.RELEASE): IncentiveStatus.SCHEDULED,
    (IncentiveStatus.SCHEDULED, Event.HOLD): IncentiveStatus.HELD,
    (IncentiveStatus.SCHEDULED, Event.RESERVE): IncentiveStatus.SENDING,
    (IncentiveStatus.SENDING, Event.PAY): IncentiveStatus.PAID,
    (IncentiveStatus.SENDING, Event.FAIL): IncentiveStatus.FAILED,
    (IncentiveStatus.SENDING, Event.SEND): IncentiveStatus.SENT,
    (IncentiveStatus.SENT, Event.PAY): IncentiveStatus.PAID,
    (IncentiveStatus.SENT, Event.FAIL): IncentiveStatus.FAILED,
    (IncentiveStatus.FAILED, Event.CHECK): IncentiveStatus.CHECKING,
    (IncentiveStatus.CHECKING, Event.HOLD): IncentiveStatus.HELD,
    (IncentiveStatus.CHECKING, Event.RELEASE): IncentiveStatus.WAITING,
    (IncentiveStatus.WAITING, Event.RELEASE): IncentiveStatus.SCHEDULED,
} | {
    (status, Event.CLOSE): IncentiveStatus.UNDELIVERED
    for status in IncentiveStatus
    if status not in (IncentiveStatus.PAID, IncentiveStatus.UNDELIVERED)
}

TICKET: Mapping[tuple[TicketStatus, Event], TicketStatus] = {
    (TicketStatus.OPEN, Event.TAKE_UP): TicketStatus.IN_PROGRESS,
    (TicketStatus.OPEN, Event.RESOLVE): TicketStatus.RESOLVED,
    (TicketStatus.OPEN, Event.REFUSE): TicketStatus.REFUSED,
    (TicketStatus.IN_PROGRESS, Event.RESOLVE): TicketStatus.RESOLVED,
    (TicketStatus.IN_PROGRESS, Event.REFUSE): TicketStatus.REFUSED,
    (TicketStatus.RESOLVED, Event.REOPEN): TicketStatus.OPEN,
    (TicketStatus.REFUSED, Event.REOPEN): TicketStatus.OPEN,
}
