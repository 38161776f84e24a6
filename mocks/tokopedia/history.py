"""After the purchase: the "Top-up & Tagihan" history, an order's voucher, its e-mail, reviews, complaints."""

from datetime import datetime
from typing import Any

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import ordering
from prakerja_sim.mocks.shop.catalogue import redeem_url
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.site import Page, Site
from prakerja_sim.mocks.tokopedia.catalogue import feedback_id
from prakerja_sim.mocks.tokopedia.codes import INVOICES, STATES, TICKETS
from prakerja_sim.mocks.tokopedia.fields import History, OneOrder
from prakerja_sim.mocks.tokopedia.graphql import unsuccessful
from prakerja_sim.mocks.tokopedia.words import SAYS
from prakerja_sim.simulator.marketplace import vouchers
from prakerja_sim.simulator.marketplace.orders import order_of
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.refusals import refuses

FILTERS = {code: label for code, _, label in STATES.values()}
Content = dict[str, Any]


def get_order_history(site: Site, call: Call, variables: History) -> Page[Content]:
    """The history of top-ups and bills, the newest order first unless asked otherwise."""
    criteria = variables.input
    mine = ordering.mine(site, call) if criteria.VerticalCategory in ("", "digital") else []
    rows = [_row(ordering.purchase(site, call, order)) for order in mine]
    if criteria.Status:
        rows = [row for row in rows if row["status"] == criteria.Status]
    if criteria.SearchableText:
        rows = [row for row in rows if criteria.SearchableText.lower() in _searchable(row)]
    if criteria.IsSortAsc:
        rows.reverse()
    start = (criteria.Page - 1) * criteria.Limit
    return Page(rows[start : start + criteria.Limit], criteria.Page, criteria.Limit, len(rows), "")


@refuses(order_of, vouchers.resend_mail)
def resend_voucher_email(site: Site, call: Call, variables: OneOrder) -> Content:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    order = ordering.own(site, call, variables)
    wait_until: datetime | None = call.do(vouchers.resend_mail, order=order.id, title=site.title)
    if wait_until is not None:
        return {**unsuccessful(SAYS[Reason.MAIL_TOO_SOON]), "next_allowed_at": wait_until.isoformat()}
    again_at = (call.sandbox.now() + vouchers.MAIL_AFTER).isoformat()
    return {"success": True, "message": "E-mail telah dikirim.", "next_allowed_at": again_at}


def as_it_is(content: Content) -> Content:
    """The view of what is shown already."""
    return content


def orders(page: Page[Content]) -> Content:
    """A page of the history."""
    filters = [{"label": label, "value": code} for code, label in FILTERS.items()]
    return {"orders": page.rows, "totalOrders": page.total, "dateLimit": "", "filtersV2": filters}


def order(purchase: Purchase) -> Content:
    """An order with its voucher, once it is paid."""
    one, voucher = purchase.order, purchase.voucher
    code, word, label = STATES[one.status]
    detail = {
        "orderID": one.id,
        "status": code,
        "verticalStatus": word,
        "statusLabel": label,
        "products": _products(purchase),
        "totalPrice": {"label": "Total Belanja", "value": str(one.total)},
        "voucher": voucher
        and {
            "code": voucher.code,
            "valid_until": voucher.valid_until.isoformat(),
            "redeem_url": redeem_url(voucher.institution),
            "status": voucher.status.value,
        },
        "invoice": {"number": one.invoice, "url": INVOICES + one.invoice},
    }
    return {"data": detail, "errors": []}


def reviewed(review: Review) -> Content:
    """A review was written."""
    return {"success": True, "message": "", "feedbackID": feedback_id(review.order)}


def complained(one: Ticket) -> Content:
    """A complaint was taken, and perhaps answered at once."""
    return {"success": True, "message": one.answer or "Keluhan diterima.", **_ticket(one)}


def complained_again(one: Ticket) -> Content:
    """A complaint was taken again."""
    return {"success": True, "message": "Keluhan diterima.", **_ticket(one)}


def tickets(page: Page[Ticket]) -> Content:
    """The complaints that were made."""
    return {"tickets": [_ticket(one) for one in page.rows], "errors": []}


def _ticket(one: Ticket) -> Content:
    return {
        "ticketID": one.id,
        "orderID": one.about,
        "reason": one.topic,
        "status": TICKETS[one.status],
        "answer": one.answer,
        "createTime": one.opened_at.isoformat(),
        "answerTime": one.answer_at.isoformat(),
    }


def _row(purchase: Purchase) -> Content:
    order = purchase.order
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
            "products": _products(purchase),
            "totalPrice": {"label": "Total Belanja", "value": str(order.total)},
            "buttons": [],
        },
        "createTime": order.ordered_at.isoformat(),
        "updateTime": paid or order.ordered_at.isoformat(),
    }


def _products(purchase: Purchase) -> list[Content]:
    voucher = f"Kode Voucher: {purchase.order.voucher}" if purchase.order.voucher else ""
    return [
        {
            "productID": purchase.course.code,
            "title": purchase.course.title,
            "imageURL": "",
            "inline1": {"label": purchase.course.institution, "textColor": "", "bgColor": ""},
            "inline2": {"label": voucher, "textColor": "", "bgColor": ""},
        }
    ]


def _searchable(row: Content) -> str:
    product = row["metadata"]["products"][0]
    return f"{product['title']} {product['inline1']['label']} {row['verticalID']}".lower()
