"""What the site shows, as a shopper reads it: the shopper's own reading, none of the server's."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.buyer import Found, OrderState, OrderView, Refused, TicketState

STATES: Mapping[str, OrderState] = {
    "menunggu_kartu": "waiting_card",
    "menunggu_otp": "waiting_otp",
    "diproses": "pending",
    "selesai": "issued",
    "dikembalikan": "refunded",
}
TICKETS: Mapping[str, TicketState] = {
    "OPEN": "open",
    "IN_PROGRESS": "in_progress",
    "SOLVED": "resolved",
    "REJECTED": "refused",
}
VOUCHER_LABEL = "Kode Voucher: "


def refused(answer: Answer) -> Refused:
    """Whichever of the site's envelopes it came in."""
    try:
        told = answer.json()
        if "header" in told:
            return Refused(told["header"]["error_code"], told["header"]["messages"])
        first = told["errors"][0]
        if "title" in first:
            return Refused(first["code"], first["title"])
        return Refused(first["extensions"]["code"], first["message"])
    except (ValueError, LookupError, TypeError):
        return Refused(str(answer.status), "not one of the site's envelopes")


def found(code: str, told: Mapping[str, Any]) -> Found:
    """A class in a list."""
    return Found(code, told["desc"], told["operator_id"], told["category_id"], told["price_plain"])


def listed(told: Mapping[str, Any]) -> OrderView:
    """An order in the history."""
    metadata = told["metadata"]
    product = metadata["products"][0]
    shown = product["inline2"]["label"]
    return OrderView(
        order=told["verticalID"],
        status=STATES[told["verticalStatus"]],
        course=product["productID"],
        total=amount(metadata["totalPrice"]["value"]),
        voucher=shown.removeprefix(VOUCHER_LABEL) or None,
        redeem_url=None,
    )


def amount(shown: str) -> int:
    """An amount as the site writes it: Rp650.000."""
    return int(shown.removeprefix("Rp").replace(".", ""))
