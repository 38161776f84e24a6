"""What each operation of the shop may refuse; an endpoint's contract follows from its operation."""

from collections.abc import Callable
from typing import Any, TypeVar

from prakerja_sim.simulator.values.errors import Reason

Act = TypeVar("Act", bound=Callable[..., Any])

REFUSES: dict[Callable[..., Any], tuple[Reason, ...]] = {}


def refusing(*reasons: Reason) -> Callable[[Act], Act]:
    """Declare what an operation may refuse."""

    def register(act: Act) -> Act:
        REFUSES[act] = reasons
        return act

    return register


SILENT = (Reason.NO_REPLY, Reason.SERVICE_UNAVAILABLE)
"""Prakerja does not answer, or says what no buyer can be told."""
CODE = (Reason.CODE_EXPIRED, Reason.CODE_TRIES_EXHAUSTED, Reason.CODE_WRONG)
CLOSED = (Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED)
PURCHASE = (
    Reason.SCHEDULE_UNKNOWN,
    Reason.SCHEDULE_OF_OTHER_COURSE,
    Reason.COURSE_STARTED,
    Reason.QUOTA_EXHAUSTED,
    Reason.CARD_UNKNOWN,
    Reason.CARD_INACTIVE,
    Reason.AGE_UNFIT,
    Reason.EDUCATION_UNFIT,
    Reason.VIDEOS_NOT_WATCHED,
    Reason.BALANCE_CLOSED,
    Reason.PREVIOUS_UNFINISHED,
    Reason.COURSE_BOUGHT_BEFORE,
    Reason.BALANCE_TOO_LOW,
    Reason.ACCOUNT_BOUND,
    Reason.OTP_TOO_SOON,
    Reason.OTP_REQUESTS_EXHAUSTED,
    *SILENT,
)
"""What Prakerja refuses when it is asked for an OTP."""
PAYMENT = (
    Reason.TOKEN_UNKNOWN,
    Reason.OTP_TRIES_EXHAUSTED,
    Reason.OTP_EXPIRED,
    Reason.OTP_WRONG,
    Reason.INVOICE_USED,
    Reason.QUOTA_EXHAUSTED,
    Reason.CARD_INACTIVE,
    Reason.BALANCE_CLOSED,
    Reason.BALANCE_TOO_LOW,
    Reason.PREVIOUS_UNFINISHED,
    Reason.SERVICE_UNAVAILABLE,
)
"""What it refuses when the OTP is entered; no answer leaves the order pending and is no refusal."""
REFUND = (
    *CLOSED,
    Reason.REFUND_NOT_OFFERED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_CANCELLED,
    Reason.VOUCHER_EXPIRED,
    Reason.REFUND_TOO_LATE,
    Reason.REFUND_ASKED,
    Reason.VOID_AFTER_REDEEM,
    *SILENT,
)
REVIEW = (Reason.ORDER_UNKNOWN, Reason.REVIEW_TOO_EARLY, Reason.ALREADY_REVIEWED, *SILENT)
TICKET = (Reason.TICKET_UNKNOWN, Reason.TICKET_OPEN)
VOUCHER = (
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.VOUCHER_CANCELLED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_EXPIRED,
)
FOREIGN = (Reason.VOUCHER_UNKNOWN, Reason.VOUCHER_OF_OTHER_INSTITUTION)
REPORT = (Reason.NAME_DIFFERS, Reason.TOO_LATE_TO_FINISH, *SILENT)
"""What Prakerja refuses of a report that somebody finished."""
