"""After the purchase: the "Top-up & Tagihan" history, an order's voucher, its e-mail, reviews, complaints."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import ordering
from prakerja_sim.mocks.shop.catalogue import redeem_url
from prakerja_sim.mocks.shop.ordering import Purchase
from prakerja_sim.mocks.shop.policies import refunds_of
from prakerja_sim.mocks.shop.site import Page, Site
from prakerja_sim.mocks.tokopedia.catalogue import feedback_id
from prakerja_sim.mocks.tokopedia.codes import HELP, INVOICES, ORDERS, PAYMENT_PAGE, REVIEWS, STATES, TICKETS
from prakerja_sim.mocks.tokopedia.fields import History, HistoryInput, OneOrder
from prakerja_sim.mocks.tokopedia.graphql import unsuccessful
from prakerja_sim.mocks.tokopedia.words import SAYS
from prakerja_sim.simulator.marketplace import refunds, reviews, vouchers
from prakerja_sim.simulator.marketplace.orders import order_of
from prakerja_sim.simulator.marketplace.records import Review
from prakerja_sim.simulator.marketplace.refunds import Asker
from prakerja_sim.simulator.programme.records import Ticket
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

FILTERS = {code: label for code, _, label in STATES.values()}
Content = dict[str, Any]


def get_order_history(site: Site, call: Call, variables: History) -> Page[Content]:
    """The history of top-ups and bills, the newest order first unless asked otherwise."""
    criteria = variables.input or variables
    mine = [ordering.purchase(site, call, order) for order in ordering.mine(site, call)]
    found = [one for one in mine if _fits(criteria, one)]
    if criteria.IsSortAsc:
        found.reverse()
    start = (criteria.Page - 1) * criteria.Limit
    rows = [_row(one, list(buttons(site, call, one))) for one in found[start : start + criteria.Limit]]
    return Page(rows, criteria.Page, criteria.Limit, len(found), "")


def _fits(criteria: HistoryInput, purchase: Purchase) -> bool:
    """Whether an order is one of those that are wanted; what is left empty is not asked for."""
    order = purchase.order
    text = f"{purchase.course.title} {purchase.course.institution} {order.id}"
    day = order.ordered_at.date()
    return (
        criteria.VerticalCategory in ("", "digital")
        and criteria.Status in ("", STATES[order.status][0])
        and criteria.SearchableText.lower() in text.lower()
        and criteria.VerticalID in ("", order.id)
        and criteria.UUID in ("", f"digital-{order.id}")
        and (not criteria.CreateTimeStart or day >= date.fromisoformat(criteria.CreateTimeStart))
        and (not criteria.CreateTimeEnd or day <= date.fromisoformat(criteria.CreateTimeEnd))
    )


def buttons(site: Site, call: Call, purchase: Purchase) -> Iterator[Content]:
    """What may be done with an order now: each is there exactly when its operation would go through."""
    order = purchase.order
    if order.status in ordering.PAYABLE:
        yield _button("Bayar Sekarang", "pay", f"{PAYMENT_PAGE}?transaction_id={order.id}", main=True)
    if _allowed(call, reviews.check, order=order.id):
        yield _button("Tulis Ulasan", "review", f"{REVIEWS}/{order.id}", main=True)
    if _allowed(call, vouchers.mail_again_at, order=order.id):
        yield _button("Kirim Ulang E-mail", "resend_email", f"{ORDERS}/{order.id}")
    if _allowed(
        call, refunds.judge, order=order.id, asker=Asker.BUYER, policy=refunds_of(site, call.sandbox.settings)
    ):
        yield _button("Ajukan Pengembalian Dana", "refund", f"{HELP}/{order.id}")
    yield _button("Bantuan", "help", f"{HELP}/{order.id}")


def _allowed(call: Call, rule: Callable[..., Any], **about: Any) -> bool:
    """Whether an operation's own rule lets it happen now."""
    try:
        return call.ask(rule, **about) is None
    except Rejected:
        return False


def _button(label: str, kind: str, url: str, *, main: bool = False) -> Content:
    """A button of the history, with the fields of the app (seen)."""
    return {
        "Label": label,
        "variantColor": "primary" if main else "secondary",
        "type": "main" if main else "secondary",
        "actionType": kind,
        "appURL": url.replace("https://www.tokopedia.com/", "tokopedia://"),
        "webURL": url,
    }


@refuses(order_of, vouchers.resend_mail)
def resend_voucher_email(site: Site, call: Call, variables: OneOrder) -> Content:
    """Send the voucher's e-mail again, at most once in 60 seconds."""
    order = ordering.own(site, call, variables)
    wait_until: datetime | None = call.do(vouchers.resend_mail, order=order.id, title=site.title)
    if wait_until is not None:
        timeline.of(call.environ).refusal = Rejected(
            Reason.MAIL_TOO_SOON, over=lambda: wait_until, wait_until=wait_until
        )
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
        "reason": one.called,
        "status": TICKETS[one.status],
        "answer": one.answer,
        "createTime": one.opened_at.isoformat(),
        "answerTime": one.answer_at.isoformat(),
    }


def _row(purchase: Purchase, allowed: list[Content]) -> Content:
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
                "webURL": f"{ORDERS}/{order.id}",
            },
            "status": {"label": label, "textColor": "", "bgColor": ""},
            "products": _products(purchase),
            "totalPrice": {"label": "Total Belanja", "value": str(order.total)},
            "buttons": allowed,
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
