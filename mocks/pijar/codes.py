"""Pijar as the shop sees it: its number formats, its policies, its names for things, its order."""

from datetime import timedelta

from prakerja_sim.mocks.pijar.token import token
from prakerja_sim.mocks.shop.site import Site, wordings
from prakerja_sim.simulator.marketplace import number_formats, orders
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import CourseKind, TicketStatus
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

NAMES = {
    "course_id": "classId",
    "schedule_id": "scheduleId",
    "promo_code": "promoCode",
    "order_id": "orderId",
    "card_number": "cardNumber",
    "code": "otp",
    "topic": "category",
    "voucher_code": "voucherCode",
    "limit": "size",
}
KINDS = wordings(CourseKind, "SPL", "Webinar", "Offline")
ORDERS = wordings(OrderStatus, "WAITING_PAYMENT", "WAITING_OTP", "PROCESSING", "PAID", "REFUNDED")
TICKETS = wordings(TicketStatus, "OPEN", "IN_PROGRESS", "RESOLVED", "REJECTED")


@command("pijar.place")
@refuses(orders.order_now)
def place(world: Unit, *, shopper: str, course: str, schedule: str | None, promo: str | None) -> Order:
    """Order a class, and tell the buyer by e-mail before he pays (seen)."""
    numbers = {"prefix": world.now.strftime("PM/%Y%m%d/"), "form": number_formats.UUID}
    order = orders.order_now(world, shopper=shopper, course=course, schedule=schedule, promo=promo, **numbers)
    status = f"Nomor pesanan: {order.number}\nTotal: {order.total}\nStatus: menunggu pembayaran"
    messages.mail(world, world.need(Shopper, shopper).email, SITE.title, "Status pesanan Anda", status)
    return order


SITE = Site(
    code=PartyCode("pijar"),
    title="Pijar",
    own_ids="pijar class",
    voucher_number="PJR#########",
    invoice_url="https://pijarmahir.id/invoice/{order.id}",
    place=place,
    refunds=Refunds(frozenset({Asker.BUYER, Asker.ORGANISER}), within=timedelta(days=7)),  # simulated
    support=Support(
        "WA 0821 1111 3630, info@pijarmahir.id", take_up=timedelta(hours=2), answer=timedelta(hours=48)
    ),  # the contacts are published (2021), the times simulated
    names=NAMES,
    token=token,
)
