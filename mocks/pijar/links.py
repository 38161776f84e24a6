"""What leads to what at Pijar: from the list of classes to a paid order and its voucher."""

from collections.abc import Mapping

from prakerja_sim.mocks.http.describe import Link, Where

V1 = "/api/v1"
CLASSES, CLASS = ("GET", f"{V1}/classes"), ("GET", f"{V1}/classes/<class_id>")
REVIEWS, TICKETS = ("GET", f"{V1}/classes/<class_id>/reviews"), ("POST", f"{V1}/tickets")
MADE, SHOWN = ("POST", f"{V1}/orders"), ("GET", f"{V1}/orders/<order_id>")
PAY = f"{V1}/orders/<order_id>/prakerja"
CARD, OTP, VERIFY = ("POST", PAY), ("POST", f"{PAY}/otp"), ("POST", f"{PAY}/verify")

LISTED = {"class_id": "$response.body#/data/0/id"}
ORDERED = {"order_id": "$response.body#/data/orderId"}
CHOSEN = {"classId": "$response.body#/data/id"}

LINKS: Mapping[Where, tuple[Link, ...]] = {
    CLASSES: (
        Link("look at the first", CLASS, parameters=LISTED),
        Link("read its reviews", REVIEWS, parameters=LISTED),
    ),
    CLASS: (Link("order it", MADE, CHOSEN),),
    MADE: (
        Link(
            "see how to pay",
            ("GET", f"{V1}/payment-methods"),
            parameters={"orderId": "$response.body#/data/orderId"},
        ),
        Link("enter the card", CARD, parameters=ORDERED),
        Link("have the OTP sent", OTP, parameters=ORDERED),
        Link("enter the OTP", VERIFY, parameters=ORDERED),
        Link("look at the order", SHOWN, parameters=ORDERED),
        Link("complain about it", TICKETS, {"orderId": "$response.body#/data/orderId"}),
    ),
}
