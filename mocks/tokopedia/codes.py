"""Tokopedia as the shop sees it: its number formats, its policies, its names for things, its token."""

from datetime import timedelta

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.account import drawn
from prakerja_sim.mocks.shop.checkout import Supply
from prakerja_sim.mocks.shop.site import Site, wordings
from prakerja_sim.simulator.marketplace.records import OrderStatus, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import CourseKind, TicketStatus
from prakerja_sim.simulator.values.ids import PartyCode

CATEGORY, MENU = "58", 210
"""The category of the programme's classes, and their landing page's menu (simulated)."""
LANDING = f"https://www.tokopedia.com/kartu-prakerja/?menu_id={MENU}"
INVOICES = "https://www.tokopedia.com/invoice/"
ORDERS = "https://www.tokopedia.com/order-list"
REVIEWS = "https://www.tokopedia.com/product-review/create"
HELP = "https://www.tokopedia.com/help/order"
PAYMENT_PAGE = "https://pay.tokopedia.com/v2/payment"
INQUIRY = "PKJ"
"""The prefix of an order's number once its card was entered."""
KINDS = wordings(CourseKind, "SPL", "Webinar", "Offline")
TICKETS = wordings(TicketStatus, "OPEN", "IN_PROGRESS", "SOLVED", "REJECTED")
STATES = {
    OrderStatus.WAITING_CARD: ("103", "menunggu_kartu", "Menunggu Pembayaran"),
    OrderStatus.WAITING_OTP: ("103", "menunggu_otp", "Menunggu Pembayaran"),
    OrderStatus.PENDING: ("100", "diproses", "Sedang Diproses"),
    OrderStatus.ISSUED: ("700", "selesai", "Transaksi Berhasil"),
    OrderStatus.REFUNDED: ("0", "dikembalikan", "Dana Dikembalikan"),
}
"""An order's status: the documented number that fits, the vertical's own word and label (inferred)."""


def supply(call: Call) -> Supply | None:
    """The supplier of the voucher: its institution, or with None a pool of the site."""
    business = registry.business(SITE.code)
    return business.supply if business is not None and call.sandbox.settings.live_suppliers else None


def token(call: Call, account: Shopper) -> str:
    """The login's token; it changes when the phone is verified."""
    what = "login" if account.phone_verified else "registration"
    return f"{account.user}.{drawn(call, 'bearer', call.sandbox.name, what, account.key)}"


SITE = Site(
    code=PartyCode("tokopedia"),
    title="Tokopedia",
    invoice_prefix="TOKPED-",
    voucher_number="TKPD??????????",
    invoice_url=INVOICES + "{order.invoice}",
    refunds=Refunds(frozenset({Asker.BUYER, Asker.ORGANISER})),  # limits unknown; simulated
    support=Support("www.tokopedia.com/help", take_up=timedelta(hours=1), answer=timedelta(hours=24)),
    names={
        "order_id": "orderID",
        "course_id": "productID",
        "phone": "msisdn",
        "fullname": "name",
        "rating": "productRating",
        "comment": "message",
        "topic": "reason",
        "description": "detail",
        "ticket_id": "ticketID",
    },
    supply=supply,
    token=token,
)
