"""What leads to what at Skillhub: from the list of trainings to a paid order and its voucher."""

from collections.abc import Mapping

from prakerja_sim.mocks.http.describe import Link, Where

TRAININGS = "/api/skillhub/catalogue/v1/trainings"
ORDERS, CARE = "/api/skillhub/order/v1/orders", "/api/care/v1/tickets"
LIST, TRAINING = ("GET", TRAININGS), ("GET", f"{TRAININGS}/<training_id>")
MADE, SHOWN = ("POST", ORDERS), ("GET", f"{ORDERS}/<order_id>")
CARD = ("POST", f"{ORDERS}/<order_id>/payments/prakerja")
CONFIRM = ("POST", f"{ORDERS}/<order_id>/payments/prakerja/confirm")

LISTED = {"training_id": "$response.body#/data/0/id"}
ORDERED = {"order_id": "$response.body#/data/id"}

LINKS: Mapping[Where, tuple[Link, ...]] = {
    LIST: (
        Link("look at the first", TRAINING, parameters=LISTED),
        Link("read its reviews", ("GET", f"{TRAININGS}/<training_id>/reviews"), parameters=LISTED),
    ),
    TRAINING: (Link("order it", MADE, {"training_id": "$response.body#/data/id"}),),
    MADE: (
        Link("see how to pay", ("GET", f"{ORDERS}/<order_id>/payment-methods"), parameters=ORDERED),
        Link("enter the card", CARD, parameters=ORDERED),
        Link("enter the OTP", CONFIRM, parameters=ORDERED),
        Link("look at the order", SHOWN, parameters=ORDERED),
        Link("see its certificates", ("GET", f"{ORDERS}/<order_id>/certificates"), parameters=ORDERED),
        Link("complain about it", ("POST", CARE), ORDERED),
        Link("see all complaints about it", ("GET", CARE), parameters=ORDERED),
    ),
}
