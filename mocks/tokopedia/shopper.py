"""A user of the Tokopedia app: the article's steps T1 to T11 over the site's HTTP API.

It shares no code with the server.  Clicks that only open a page of the app send nothing;
every other one is a request here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.buyer import (
    Detail,
    ListedCourse,
    OrderView,
    OtpSent,
    PaymentOutcome,
    Refused,
    Review,
    TicketView,
)
from prakerja_sim.mocks.tokopedia.answers import STATES, TICKETS, amount, course_of, listed, refused

HISTORY_PAGE = 100


class TokopediaShopper:
    """A shopper with at most one account, one cart and one payment page open."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._phone = ""
        self._email = ""
        self._token = ""
        self._promo = ""
        self._cart: dict[str, Any] = {}
        self._inquiries: dict[str, str] = {}

    @property
    def login(self) -> Mapping[str, str]:
        """The bearer token, once there is one."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    # T1: the account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Open an account, or find the one of this phone, and ask for a code by text message."""
        self._phone, self._email = phone, email
        opened = self._ask("register", name=name, email=email, msisdn=phone)
        self._token = opened["accessToken"]
        mode = self._ask("OTPModeList", **self._whose())["modeLists"][0]
        self._ask("OTPRequest", mode=mode["modeText"], otpDigit=mode["otpDigit"], **self._whose())

    def enter_phone_code(self, code: str) -> None:
        """Verify the phone; the token that comes back is the login."""
        verified = self._ask("OTPValidate", code=code, mode="sms", **self._whose())
        self._token = verified["validateToken"]

    # T2 to T4: finding a class

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search box."""
        params = urlencode({"q": words, "page": 1, "rows": 60})
        hits = self._ask("SearchProductQueryV4", "ace_search_product_v4", params=params)
        if hits["header"]["responseCode"] != 0:
            raise Refused(str(hits["header"]["responseCode"]), hits["header"]["errorMessage"])
        return [course_of(one["id"], one) for one in hits["data"]["products"]]

    def categories(self) -> list[str]:
        """The groups of the landing page."""
        return [group["name"] for group in self._groups()]

    def institutions(self, category: str) -> list[str]:
        """The operators of a group."""
        return [
            operator["id"]
            for group in self._groups()
            if group["name"] == category
            for operator in group["operators"]
        ]

    def courses(self, institution: str) -> list[ListedCourse]:
        """The products of an operator."""
        name = "rechargeCatalogProductInputMultiTab"
        page = self._ask(name, menuID=210, operator=institution)
        return [course_of(one["id"], one["attributes"]) for one in page["products"]]

    def look(self, course: str) -> Detail:
        """Press "Lihat Detail"."""
        page = self._ask("prakerjaClassDetail", productID=course, includeReviews=False)
        content = page["data"]
        return Detail(
            course=content["productID"],
            title=content["title"],
            institution=content["institution"],
            category=content["category"],
            price=content["price_plain"],
            method=content["method"],
            seats=content["quota"],
            redeem_steps=tuple(content["redeemInstruction"]),
            curriculum=tuple(content["curriculum"]),
        )

    def reviews(self, course: str) -> list[Review]:
        """Read the first page of reviews."""
        page = self._ask("productReviewList", "productrevGetProductReviewList", productID=course)
        return [Review(one["productRating"], one["message"]) for one in page["list"]]

    # T5: buy, promo code, checkout

    def add_to_cart(self, course: str) -> None:
        """Press "Beli"."""
        attributes = {"product_id": course, "instant_checkout": False, "fields": []}
        body = {"data": {"type": "add_cart", "attributes": attributes}}
        self._promo = ""
        self._cart = self._ask("rechargeAddToCartV2", body=body)["data"]

    def enter_promo(self, code: str) -> int:
        """Try a promo code; the site refuses one inside a success."""
        query = urlencode({"category_id": 58, "voucher_code": code})
        answer = self._call("GET", f"/pulsa/v1.4/voucher/check?{query}")["data"]["attributes"]
        if not answer["success"]:
            raise Refused(answer["error_code"], answer["message"])
        self._promo = code
        discount: int = answer["discount_amount_plain"]
        return discount

    def check_out(self) -> str:
        """Order what the cart shows."""
        attributes: dict[str, Any] = {"voucher_code": self._promo}
        data: dict[str, Any] = {"type": "checkout", "attributes": attributes}
        if self._cart:
            data["relationships"] = {"cart": {"data": {"type": "cart", "id": self._cart["id"]}}}
        placed = self._ask("rechargeCheckoutV3", body={"data": data})
        self._cart, self._promo = {}, ""
        order: str = placed["meta"]["order_id"]
        return order

    # T6 and T7: the payment page

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """Press "Lihat Semua"."""
        groups = self._call("GET", f"/pay/v2/methods?{urlencode({'transaction_id': order})}")["data"]
        offered = {
            group["group"]: [method["name"] for method in group["methods"] if method["enabled"]]
            for group in groups
        }
        return {group: names for group, names in offered.items() if names}

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Enter the sixteen digits."""
        answer = self._pay("/pay/v2/prakerja/inquiry", transaction_id=order, card_number=card)
        self._inquiries[order] = answer["inquiry_id"]
        return OtpSent(answer["otp_digit"], answer["expires_in"])

    def resend_otp(self, order: str) -> OtpSent:
        """Press "Kirim ulang"."""
        answer = self._pay("/pay/v2/prakerja/otp/resend", inquiry_id=self._inquiries.get(order, "-"))
        return OtpSent(answer["otp_digit"], answer["expires_in"])

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Enter the code of the text message."""
        answer = self._pay("/pay/v2/prakerja/confirm", inquiry_id=self._inquiries.get(order, "-"), otp=otp)
        return "paid" if answer["status"] == "PAID" else "pending"

    # T8 and T11: afterwards

    def history(self) -> list[OrderView]:
        """Open the history of top-ups and bills, page by page."""
        views: list[OrderView] = []
        while True:
            criteria = {
                "VerticalCategory": "digital",
                "Page": len(views) // HISTORY_PAGE + 1,
                "Limit": HISTORY_PAGE,
            }
            page = self._ask("GetOrderHistory", "uohOrders", input=criteria)
            views += [listed(one) for one in page["orders"]]
            if not page["orders"] or len(views) >= page["totalOrders"]:
                return views

    def order(self, order: str) -> OrderView:
        """Open one order."""
        answer = self._ask("rechargeOrderDetail", orderID=order)["data"]
        voucher = answer["voucher"]
        return OrderView(
            order=answer["orderID"],
            status=STATES[answer["verticalStatus"]],
            course=answer["products"][0]["productID"],
            total=amount(answer["totalPrice"]["value"]),
            voucher=voucher["code"] if voucher else None,
            redeem_url=voucher["redeem_url"] if voucher else None,
            title=answer["products"][0]["title"],
            invoice=answer["invoice"]["number"],
        )

    def resend_mail(self, order: str) -> None:
        """Have the voucher's e-mail sent again."""
        self._ask("rechargeResendVoucherEmail", orderID=order)

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Press "Tulis Ulasan"."""
        name = "productrevSubmitReview"
        self._ask(name, orderID=order, productRating=stars, message=text, isAnonymous=False)

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Write to customer service."""
        answer = self._ask("contactUsCreateTicket", orderID=order, reason=topic, detail=text)
        return str(answer["ticketID"])

    def tickets(self, order: str) -> list[TicketView]:
        """Open the list of complaints."""
        rows = self._ask("contactUsGetTickets", orderID=order)["tickets"]
        return [
            TicketView(one["ticketID"], one["reason"], TICKETS[one["status"]], one["answer"]) for one in rows
        ]

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""
        self._ask("contactUsReopenTicket", ticketID=ticket, detail=text)

    # Lost access: the phone is the account, so its code opens it again

    def recover(self, phone: str, email: str) -> None:
        """Ask for a code to the phone of an account that exists."""
        self._phone, self._email = phone, email
        self._ask("OTPRequest", mode="sms", otpDigit=6, **self._whose())

    def enter_recovery_code(self, code: str, password: str) -> None:  # noqa: ARG002  # it has none
        """Log in with the code."""
        self.enter_phone_code(code)

    # HTTP

    def _whose(self) -> dict[str, Any]:
        return {"otpType": "112", "msisdn": self._phone, "email": self._email}

    def _groups(self) -> Any:
        name = "rechargeCatalogOperatorSelectGroup"
        return self._ask(name, menuID=210)["operatorGroup"]

    def _ask(self, operation: str, field: str = "", /, **variables: Any) -> Any:
        """Send one GraphQL operation; a refusal comes inside a success, in one of two styles."""
        field = field or operation
        query = f"query {operation} {{ {field} }}"
        body = {"operationName": operation, "variables": variables, "query": query}
        answer = self._call("POST", f"/gql/graphql/{operation}", body)["data"][field]
        if answer.get("errors"):
            raise Refused(answer["errors"][0]["code"], answer["errors"][0]["title"])
        if answer.get("success") is False:
            raise Refused(answer["error_code"], answer.get("errorMessage") or answer["message"])
        return answer

    def _pay(self, path: str, **body: Any) -> Any:
        return self._call("POST", path, body)["data"]

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {**self.login}
        if body is not None:
            headers["Content-Type"] = "application/json"
        raw = orjson.dumps(body) if body is not None else b""
        answer = self._transport.send(method, path, headers, raw)
        if answer.status >= 400:
            raise refused(answer)
        return answer.json()


Shopper = TokopediaShopper
"""The name by which stories, property tests and load users find the class."""
