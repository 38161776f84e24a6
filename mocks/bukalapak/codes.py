"""Bukalapak as the shop sees it: numbers, policies, names; the order without a cart."""

from datetime import timedelta

from prakerja_sim.mocks.shop.site import Site, wordings
from prakerja_sim.simulator.marketplace import orders
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import CourseKind
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

VERTICAL = "prakerja"
"""What a transaction of the programme is called among the site's others (simulated)."""
BILL, PAYMENT = "8", "BLP"
"""The prefixes of an order's number in the numbers of its invoice and its payment."""
INVOICES = "https://www.bukalapak.com/invoices/"
KINDS = wordings(CourseKind, "self_paced", "webinar", "offline")
STATES = wordings(OrderStatus, "pending", "otp_required", "processing", "paid", "refunded")
OLD_STATES = wordings(OrderStatus, "pending", "payment_chosen", "confirm_payment", "delivered", "refunded")


@command("bukalapak.place")
@refuses(orders.add_to_cart, Reason.SCHEDULE_UNKNOWN, orders.apply_promo, orders.checkout)
def place(world: Unit, *, shopper: str, course: str, schedule: str | None, promo: str) -> Order:
    """Order a course at once: the site has no cart."""
    cart = orders.add_to_cart(world, shopper=shopper, course=course)
    if schedule not in (None, cart.schedule):
        raise Rejected(Reason.SCHEDULE_UNKNOWN, schedule_code=schedule, of_the_course=cart.schedule)
    if promo:
        orders.apply_promo(world, shopper=shopper, promo=promo)

    return orders.checkout(world, shopper=shopper, prefix=SITE.invoice_prefix, form=SITE.order_number)


SITE = Site(
    code=PartyCode("bukalapak"),
    title="Bukalapak",
    order_number="2#########",
    invoice_prefix="BL-",
    voucher_number="BLPK-????-????",
    invoice_url=INVOICES + "{order.invoice}",
    prefixes={"invoice": BILL, "payment": PAYMENT},
    refunds=Refunds(frozenset({Asker.BUYER, Asker.ORGANISER})),  # limits unknown; simulated
    # The times are simulated.
    support=Support("021-508 13333", take_up=timedelta(hours=2), answer=timedelta(hours=48)),
    names={"rating": "rate", "comment": "content", "order_id": "transaction_id", "topic": "reason"},
    refusals_with_voucher=frozenset({Reason.VOUCHER_USED, Reason.VOUCHER_CANCELLED, Reason.VOUCHER_EXPIRED}),
)
