"""What a site takes it gives back as it was sent: names beside reviews, reasons, wishes."""

import pytest

from tests.mocks.market import COURSE, Market


class Bought:
    """A buyer who used his voucher, by hand at a site's API."""

    def __init__(self, code):
        self.market = Market(code)
        ani = self.market.enrol()
        self.shopper = self.market.shopper(ani)
        self.order = self.market.bought(self.shopper, ani).order
        self.name = ani.name

    def redeem(self):
        self.market.institution_client().redeem(self.shopper.order(self.order).voucher)

    def send(self, method, path, body=None):
        return self.market.send(method, path, body, self.shopper.login).json()

    def graphql(self, name, **variables):
        told = self.send("POST", "/gql/graphql", {"operationName": name, "variables": variables})
        return next(iter(told["data"].values()))


@pytest.mark.parametrize(
    ("wish", "anonymous"), [({}, False), ({"isAnonymous": False}, False), ({"isAnonymous": True}, True)]
)
def test_tokopedia_names_a_reviewer_unless_he_wished_otherwise(wish, anonymous):
    buyer = Bought("tokopedia")
    buyer.redeem()
    words = {"orderID": buyer.order, "productRating": 4, "message": "Baik"}
    assert buyer.graphql("productrevSubmitReview", **words, **wish)["success"]
    [listed] = buyer.graphql("productReviewList", productID=COURSE)["list"]
    user = {"userID": buyer.shopper._token.partition(".")[0], "fullName": buyer.name}
    nobody = {"userID": "", "fullName": "Peserta Prakerja"}
    assert (listed["isAnonymous"], listed["user"]) == (anonymous, nobody if anonymous else user)


REVIEWER = {
    "bukalapak": (f"/api/prakerja/courses/{COURSE}/reviews", "reviewer"),
    "pijar": ("/api/v1/classes/{class}/reviews", "name"),
}


@pytest.mark.parametrize(("code", "at"), REVIEWER.items())
def test_a_review_stands_under_its_writers_name(code, at):
    buyer = Bought(code)
    buyer.redeem()
    buyer.shopper.write_review(buyer.order, 5, "Jelas")
    path, field = at
    if "{class}" in path:
        path = path.replace("{class}", buyer.send("GET", "/api/v1/classes")["data"][0]["id"])
    [listed] = buyer.send("GET", path)["data"]
    assert listed[field] == buyer.name


def test_a_complaints_reason_is_told_in_the_buyers_own_word():
    tokopedia, bukalapak = Bought("tokopedia"), Bought("bukalapak")
    asked = {"orderID": tokopedia.order, "reason": "jadwal", "detail": "Kapan mulai?"}
    assert tokopedia.graphql("contactUsCreateTicket", **asked)["reason"] == "jadwal"
    [listed] = tokopedia.graphql("contactUsGetTickets", orderID=tokopedia.order)["tickets"]
    assert listed["reason"] == "jadwal"

    path = f"/api/prakerja/transactions/{bukalapak.order}/refund-requests"
    told = bukalapak.send("POST", path, {"reason": "salah beli", "description": "Maaf"})["data"]
    [listed] = bukalapak.send("GET", "/api/complaints")["data"]
    assert told["reason"] == listed["reason"] == "salah beli"
    assert (listed["state"], bukalapak.shopper.order(bukalapak.order).status) == ("resolved", "refunded")


@pytest.mark.parametrize("wish", [True, False])
def test_the_wish_to_check_out_at_once_is_answered(wish):
    buyer = Bought("tokopedia")
    data = {"type": "add_cart", "attributes": {"product_id": COURSE, "instant_checkout": wish}}
    filled = buyer.graphql("rechargeAddToCartV2", body={"data": data})
    kept = buyer.graphql("rechargeGetCart")
    assert [one["data"]["attributes"]["instant_checkout"] for one in (filled, kept)] == [wish, wish]
