"""What leads to what at Karier.mu: from the list of programs to a paid order and its voucher."""

from collections.abc import Mapping

from prakerja_sim.mocks.http.describe import Link, Where

PAY = "/payment/prakerja"
DETAIL, ORDER = ("GET", "/program/detail/<slug>"), ("POST", f"{PAY}/order")
CARD, OTP = ("POST", f"{PAY}/card"), ("POST", f"{PAY}/otp")
SHOWN = ("GET", "/transaction/<order_id>")

LISTED = {"slug": "$response.body#/data/0/slug"}
CHOSEN = {"slug": "$response.body#/data/slug"}
ORDERED = {"order_id": "$response.body#/data/order_id"}

LINKS: Mapping[Where, tuple[Link, ...]] = {
    ("GET", "/program/prakerja"): (
        Link("look at the first", DETAIL, parameters=LISTED),
        Link("read its reviews", ("GET", "/program/review/<slug>"), parameters=LISTED),
    ),
    DETAIL: (Link("order it", ORDER, CHOSEN),),
    ORDER: (
        Link("see how to pay", ("POST", f"{PAY}/methods"), ORDERED),
        Link("enter the card", CARD, ORDERED),
        Link("enter the OTP", OTP, ORDERED),
        Link("look at the order", SHOWN, parameters=ORDERED),
        Link("complain about it", ("POST", "/complaint"), ORDERED),
    ),
}
