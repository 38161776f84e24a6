"""How a shopper reads the site's answers; no code is shared with the server."""

from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.buyer import ListedCourse, OrderState, OrderView, Refused, TicketState

STATES: Mapping[str, OrderState] = {
    "menunggu_pembayaran": "waiting_card",
    "menunggu_otp": "waiting_otp",
    "diproses": "pending",
    "lunas": "issued",
    "dikembalikan": "refunded",
}
TICKETS: Mapping[str, TicketState] = {
    "diterima": "open",
    "diproses": "in_progress",
    "selesai": "resolved",
    "ditolak": "refused",
}


def read(answer: Answer) -> Any:
    """What a success says; a refusal is its first field's text, or its message."""
    try:
        content = answer.json()
        if answer.status < 300:
            return content
        texts = [text for some in content.get("errors", {}).values() for text in some]
        message = str(texts[0] if texts else content["message"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Refused(str(answer.status), "not the site's envelope") from None
    raise Refused(message)


def course_of(row: Mapping[str, Any]) -> ListedCourse:
    """A training in a list."""
    return ListedCourse(
        row["code"], row["title"], row["institution"]["code"], row["vocational"]["code"], row["price"]
    )


def order_view(content: Mapping[str, Any]) -> OrderView:
    """An order with its voucher, once it is paid."""
    voucher = content["voucher"]
    return OrderView(
        order=content["id"],
        status=STATES[content["status"]],
        course=content["training"]["code"],
        total=content["total"],
        voucher=voucher["code"] if voucher else None,
        redeem_url=voucher["redeem_url"] if voucher else None,
        title=content["training"]["title"],
        number=content["number"],
        invoice=content["number"],
    )
