"""States as tables: what an event makes of a status.

Rules decide whether an event may happen; a table decides what it leads to.  An event that
passed the rules but is missing here is a bug and raises KeyError.
"""

from collections.abc import Mapping
from enum import StrEnum

from simulator.records import (
    IncentiveStatus,
    Membership,
    PaymentStatus,
    RedeemStatus,
    TrainingStatus,
    VerificationStatus,
)


class Event(StrEnum):
    """What may happen to something that has a status."""

    AUTHORIZE = "authorize"
    EXHAUST = "exhaust"
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
    PAY = "pay"
    CLOSE = "close"


PAYMENT: Mapping[tuple[PaymentStatus, Event], PaymentStatus] = {
    (PaymentStatus.AWAITING_OTP, Event.AUTHORIZE): PaymentStatus.PAID,
    (PaymentStatus.AWAITING_OTP, Event.EXHAUST): PaymentStatus.ENDED,
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
    (IncentiveStatus.HELD, Event.CLOSE): IncentiveStatus.UNDELIVERED,
    (IncentiveStatus.SCHEDULED, Event.PAY): IncentiveStatus.PAID,
    (IncentiveStatus.SCHEDULED, Event.CLOSE): IncentiveStatus.UNDELIVERED,
}
