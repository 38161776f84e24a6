"""After the purchase: the "Top-up & Tagihan" history, an order's voucher, its e-mail.

Whoever looks at a pending order settles it: Prakerja is asked what became of the payment.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.face import Call, Provenance
from prakerja_sim.mocks.tokopedia.cart import INVOICES
from prakerja_sim.mocks.tokopedia.catalogue import redeem_url
from prakerja_sim.mocks.tokopedia.graphql import (
    PRINTABLE,
    Id,
    Short,
    Variables,
    errors,
    operation,
    unsuccessful,
)
from prakerja_sim.mocks.tokopedia.pay import settled
from prakerja_sim.mocks.tokopedia.words import MAIL_TOO_SOON, MARKETPLACE
from prakerja_sim.simulator.marketplace import orders, vouchers
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.store import Unit

SEEN, INFERRED = Provenance.SEEN, Provenance.INFERRED
STATES = {
    OrderStatus.WAITING_CARD: ("103", "menunggu_kartu", "Menunggu Pembayaran"),
    OrderStatus.WAITING_OTP: ("103", "menunggu_otp", "Menunggu Pembayaran"),
    OrderStatus.PENDING: ("100", "diproses", "Sedang Diproses"),
    OrderStatus.ISSUED: ("700", "selesai", "Transaksi Berhasil"),
    OrderStatus.REFUNDED: ("0", "dikembalikan", "Dana Dikembalikan"),
}
"""An order's status: the documented number that fits, the vertical's own word and label (inferred)."""
FILTERS = {code: label for code, _, label in STATES.values()}

Review = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=PRINTABLE)]


class HistoryInput(Variables):
    """Which orders are wanted."""

    VerticalCategory: Short = ""
    Status: Short = ""
    SearchableText: Short = ""
    Page: Annotated[int, Field(ge=1, le=10_000)] = 1
    Limit: Annotated[int, Field(ge=1, le=100)] = 20
    IsSortAsc: bool = False


class History(Variables):
    """The list's filter."""

    input: HistoryInput = HistoryInput()


class OrderQuery(Variables):
    """One order."""

    orderID: Id  # noqa: N815  # the wire's names, here and below


@operation("GetOrderHistory", "uohOrders", History, provenance=SEEN, refusal=errors, login=True)
def get_order_history(call: Call, asked: History) -> dict[str, Any]:
    """The history of top-ups and bills, the newest order first unless asked otherwise."""
    wanted = asked.input
    digital = wanted.VerticalCategory in ("", "digital")
    mine: list[Order] = call.ask(orders.history, shopper=call.sender) if digital else []
    shown = [_row(call, settled(call, order)) for order in mine]
    if wanted.Status:
        shown = [row for row in shown if row["status"] == wanted.Status]
    if wanted.SearchableText:
        shown = [row for row in shown if wanted.SearchableText.lower() in _searchable(row)]
    if wanted.IsSortAsc:
        shown.reverse()
    start = (wanted.Page - 1) * wanted.Limit
    return {
        "orders": shown[start : start + wanted.Limit],
        "totalOrders": len(shown),
        "dateLimit": "",
        "filtersV2": [{"label": label, "value": code} for code, label in FILTERS.items()],
    }


@operation(
    "rechargeOrderDetail",
    "rechargeOrderDetail",
    OrderQuery,
    provenance=INFERRED,
    refusal=errors,
    login=True,
    refuses=(Reason.ORDER_UNKNOWN,),
)
def order_detail(call: Call, asked: OrderQuery) -> dict[str, Any]:
    """An order with its voucher, once it is paid."""
    order = settled(call, order_of(call, asked.orderID))
    voucher: Voucher | None = call.ask(vouchers.voucher_of, order=order.id)
    code, word, label = STATES[order.status]
    detail = {
        "orderID": order.id,
        "status": code,
        "verticalStatus": word,
        "statusLabel": label,
        "products": _products(call, order),
        "totalPrice": {"label": "Total Belanja", "value": str(order.total)},
        "voucher": _voucher(voucher) if voucher else None,
        "invoice": {"number": order.invoice, "url": INVOICES + order.invoice},
    }
    return {"data": detail, "errors": []}


@operation(
    "rechargeResendVoucherEmail",
    "rechargeResendVoucherEmail",
    OrderQuery,
    provenance=INFERRED,
    refusal=unsuccessful,
    login=True,
    refuses=(Reason.ORDER_UNKNOWN, Reason.ORDER_CLOSED),
)
def resend_voucher_email(call: Call, asked: OrderQuery) -> dict[str, Any]:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    order = order_of(call, asked.orderID)
    wait_until: datetime | None = call.do(vouchers.resend_mail, order=order.id, title=MARKETPLACE.title)
    if wait_until is not None:
        return {**unsuccessful(MAIL_TOO_SOON), "next_allowed_at": wait_until.isoformat()}
    next_allowed = (call.sandbox.now() + vouchers.MAIL_AFTER).isoformat()
    return {"success": True, "message": "E-mail telah dikirim.", "next_allowed_at": next_allowed}


def order_of(call: Call, order: str) -> Order:
    """An order of who is logged in."""
    found: Order = call.ask(orders.order_of, marketplace=MARKETPLACE.code, shopper=call.sender, order=order)
    return found


def _row(call: Call, order: Order) -> dict[str, Any]:
    code, word, label = STATES[order.status]
    paid = order.paid_at.isoformat() if order.paid_at else ""
    return {
        "orderUUID": f"digital-{order.id}",
        "verticalID": order.id,
        "verticalCategory": "digital",
        "userID": order.shopper.partition("/")[2],
        "status": code,
        "verticalStatus": word,
        "metadata": {
            "upstream": "recharge",
            "verticalLabel": "Top-up & Tagihan",
            "paymentDate": paid,
            "paymentDateStr": paid[:10],
            "detailURL": {
                "appURL": f"tokopedia://digital/order/{order.id}",
                "webURL": f"https://www.tokopedia.com/order-list/{order.id}",
            },
            "status": {"label": label, "textColor": "", "bgColor": ""},
            "products": _products(call, order),
            "totalPrice": {"label": "Total Belanja", "value": str(order.total)},
            "buttons": [],
        },
        "createTime": order.ordered_at.isoformat(),
        "updateTime": paid or order.ordered_at.isoformat(),
    }


def _products(call: Call, order: Order) -> list[dict[str, Any]]:
    course: Course = call.ask(Unit.need, kind=Course, key=order.course)
    shown = f"Kode Voucher: {order.voucher}" if order.voucher else ""
    return [
        {
            "productID": course.code,
            "title": course.title,
            "imageURL": "",
            "inline1": {"label": course.institution, "textColor": "", "bgColor": ""},
            "inline2": {"label": shown, "textColor": "", "bgColor": ""},
        }
    ]


def _searchable(row: dict[str, Any]) -> str:
    product = row["metadata"]["products"][0]
    return f"{product['title']} {product['inline1']['label']} {row['verticalID']}".lower()


def _voucher(voucher: Voucher) -> dict[str, Any]:
    return {
        "code": voucher.code,
        "valid_until": voucher.valid_until.isoformat(),
        "redeem_url": redeem_url(voucher.institution),
        "status": voucher.status.value,
    }
