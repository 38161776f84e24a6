"""What the site shows, as a shopper reads it: the shopper's own reading, none of the server's."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.buyer import (
    Detail,
    Found,
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
        told = answer.json()
        if "error" in told:
            return Refused(told["error"], told["error_description"])
        return Refused(str(told["errors"][0]["code"]), told["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return Refused(str(answer.status), "not one of the site's envelopes")


def course(told: Mapping[str, Any]) -> Found:
    """A course in a list."""
    return Found(told["id"], told["title"], told["provider"]["id"], told["category"]["id"], told["price"])


def detail(told: Mapping[str, Any]) -> Detail:
    """A course's own page."""
    return Detail(
        course=told["id"],
        title=told["title"],
        institution=told["provider"]["id"],
        category=told["category"]["id"],
        price=told["price"],
        method=told["type"],
        seats=told["quota_left"],
        redeem_steps=tuple(told["redeem_instructions"]),
    )


def bill(told: Mapping[str, Any]) -> OrderView:
    """A bill, with its coupon if there is one."""
    one = told["transactions"][0]
    coupon = one["coupon"]
    return OrderView(
        order=one["remote_transaction_id"],
        status=STATES[one["state"]],
        course=one["course"]["id"],
        total=one["amount"],
        voucher=coupon["code"] if coupon else None,
        redeem_url=coupon["redeem_url"] if coupon else None,
    )


def ticket(told: Mapping[str, Any]) -> TicketView:
    """A complaint."""
    return TicketView(told["ticket_no"], told["reason"], TICKETS[told["state"]], told["answer"])
