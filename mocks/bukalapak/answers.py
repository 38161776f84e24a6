"""How a shopper reads the site's answers; no code is shared with the server."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.buyer import (
    Detail,
    ListedCourse,
    OrderState,
    OrderView,
    Refused,
    TicketState,
    TicketView,
)

STATES: Mapping[str, OrderState] = {
    "pending": "waiting_card",
    "otp_required": "waiting_otp",
    "processing": "pending",
    "paid": "issued",
    "refunded": "refunded",
}
TICKETS: Mapping[str, TicketState] = {
    "open": "open",
    "in_progress": "in_progress",
    "resolved": "resolved",
    "refused": "refused",
}


def refused(answer: Answer) -> Refused:
    """A refusal of v4, or of the token endpoint."""
    try:
        content = answer.json()
        if "error" in content:
            return Refused(content["error"], content["error_description"])
        return Refused(str(content["errors"][0]["code"]), content["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return Refused(str(answer.status), "not one of the site's envelopes")


def course(content: Mapping[str, Any]) -> ListedCourse:
    """A course in a list."""
    return ListedCourse(
        content["id"],
        content["title"],
        content["provider"]["id"],
        content["category"]["id"],
        content["price"],
    )


def detail(content: Mapping[str, Any]) -> Detail:
    """A course's own page."""
    return Detail(
        course=content["id"],
        title=content["title"],
        institution=content["provider"]["id"],
        category=content["category"]["id"],
        price=content["price"],
        method=content["type"],
        seats=content["quota_left"],
        redeem_steps=tuple(content["redeem_instructions"]),
        curriculum=tuple(content["curriculum"]),
        terms=tuple(content["tnc"]),
    )


def bill(content: Mapping[str, Any]) -> OrderView:
    """A bill, with its coupon if there is one."""
    one = content["transactions"][0]
    coupon = one["coupon"]
    return OrderView(
        order=one["remote_transaction_id"],
        status=STATES[one["state"]],
        course=one["course"]["id"],
        total=one["amount"],
        voucher=coupon["code"] if coupon else None,
        redeem_url=coupon["redeem_url"] if coupon else None,
        title=one["course"]["title"],
        invoice=content["invoice_no"],
    )


def ticket(content: Mapping[str, Any]) -> TicketView:
    """A complaint."""
    return TicketView(content["ticket_no"], content["reason"], TICKETS[content["state"]], content["answer"])
