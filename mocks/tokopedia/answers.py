"""How a shopper reads the site's answers; no code is shared with the server."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.buyer import ListedCourse, OrderState, OrderView, Refused, TicketState

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
        content = answer.json()
        if "header" in content:
            return Refused(content["header"]["error_code"], content["header"]["messages"])
        first = content["errors"][0]
        if "title" in first:
            return Refused(first["code"], first["title"])
        return Refused(first["extensions"]["code"], first["message"])
    except (ValueError, LookupError, TypeError):
        return Refused(str(answer.status), "not one of the site's envelopes")


def course_of(code: str, content: Mapping[str, Any]) -> ListedCourse:
    """A class in a list."""
    return ListedCourse(
        code, content["desc"], content["operator_id"], content["category_id"], content["price_plain"]
    )


def listed(content: Mapping[str, Any]) -> OrderView:
    """An order in the history."""
    metadata = content["metadata"]
    product = metadata["products"][0]
    label = product["inline2"]["label"]
    return OrderView(
        order=content["verticalID"],
        status=STATES[content["verticalStatus"]],
        course=product["productID"],
        total=amount(metadata["totalPrice"]["value"]),
        voucher=label.removeprefix(VOUCHER_LABEL) or None,
        redeem_url=None,
        title=product["title"],
    )


def amount(text: str) -> int:
    """An amount as the site writes it: Rp650.000."""
    return int(text.removeprefix("Rp").replace(".", ""))
