"""A user of Pijar's site: from "Beli Sekarang" to "Mulai Belajar" over HTTP.

It shares no code with the server.  The site goes by its own ids; this buyer reads them
from what the site shows, as a person clicks on what is there.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.buyer import (
    Detail,
    ListedCourse,
    OrderState,
    OrderView,
    OtpSent,
    PaymentOutcome,
    Refused,
    Review,
    TicketState,
    TicketView,
)

STATES: Mapping[str, OrderState] = {
    "WAITING_PAYMENT": "waiting_card",
    "WAITING_OTP": "waiting_otp",
    "PROCESSING": "pending",
    "PAID": "issued",
    "REFUNDED": "refunded",
}
TICKETS: Mapping[str, TicketState] = {
    "OPEN": "open",
    "IN_PROGRESS": "in_progress",
    "RESOLVED": "resolved",
    "REJECTED": "refused",
}
PASSWORD = "belajar-terus"  # a synthetic person's
LONGEST_PAGE = 100


class PijarShopper:
    """A buyer with at most one account and one class chosen."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._phone = ""
        self._email = ""
        self._token = ""
        self._cart: dict[str, Any] = {}
        self._discount = 0

    @property
    def login(self) -> Mapping[str, str]:
        """The bearer token, once there is one."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    # The account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Fill in the registration form; a phone that is known goes on to its code."""
        self._email = email
        self._phone = phone.removeprefix("+62").removeprefix("0")
        form = {"email": email, "phone": self._phone, "fullname": name, "password": PASSWORD, "consent": True}
        try:
            self._token = self._call("POST", "/api/v1/auth/register", form)["token"]
        except Refused as refused:
            if refused.code != "ERR_PHONE_USED":
                raise
        self._call("POST", "/api/v1/auth/phone/otp", {"phone": self._phone})

    def enter_phone_code(self, code: str) -> None:
        """Verify the phone; the token that comes back is the login."""
        entry = {"phone": self._phone, "otp": code}
        self._token = self._call("POST", "/api/v1/auth/phone/verify", entry)["token"]

    # Looking around

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search box."""
        return [_course_of(row) for row in self._classes(keyword=words)]

    def categories(self) -> list[str]:
        """The categories of the catalogue."""
        return list(self._call("GET", "/api/v1/categories"))

    def institutions(self, category: str) -> list[str]:
        """The institutions of a category."""
        listed = self._call("GET", f"/api/v1/institutions?{urlencode({'category': category})}")
        return [one["code"] for one in listed]

    def courses(self, institution: str) -> list[ListedCourse]:
        """The classes of an institution."""
        return [_course_of(row) for row in self._classes(institution=institution)]

    def look(self, course: str) -> Detail:
        """Open the class's page."""
        content = self._call("GET", f"/api/v1/classes/{self._id(course)}")
        return Detail(
            course=content["prakerjaCode"],
            title=content["title"],
            institution=content["institution"],
            category=content["category"],
            price=content["price"],
            method=content["type"],
            seats=content["quota"],
            redeem_steps=tuple(content["redeemGuide"]),
            curriculum=tuple(content["syllabus"]),
        )

    def reviews(self, course: str) -> list[Review]:
        """Read the first page of reviews."""
        listed = self._call("GET", f"/api/v1/classes/{self._id(course)}/reviews")
        return [Review(one["rating"], one["comment"]) for one in listed]

    # Buying

    def add_to_cart(self, course: str) -> None:
        """Open the class to buy; this site has no cart."""
        chosen = self._call("GET", f"/api/v1/classes/{self._id(course)}")
        self._cart = {"classId": chosen["id"], "scheduleId": chosen["schedule"][0]["id"]}

    def enter_promo(self, code: str) -> int:
        """Try a promo code; it goes with the order."""
        answer = self._call("POST", "/api/v1/promos/check", {**self._cart, "promoCode": code})
        self._cart["promoCode"] = code
        discount: int = answer["discount"]
        return discount

    def check_out(self) -> str:
        """Press "Beli Sekarang"."""
        placed = self._call("POST", "/api/v1/orders", self._cart or {"classId": "-"})
        self._cart = {}
        order: str = placed["orderId"]
        return order

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """The open ways to pay, by group."""
        offered: dict[str, list[str]] = {}
        for one in self._call("GET", f"/api/v1/payment-methods?{urlencode({'orderId': order})}"):
            if one["enabled"]:
                offered.setdefault(one["group"], []).append(one["name"])
        return offered

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Enter the card number and press "Kirim OTP"."""
        self._call("POST", self._of(order, "/prakerja"), {"cardNumber": card})
        answer = self._call("POST", self._of(order, "/prakerja/otp"), {"cardNumber": card})
        return OtpSent(answer["otpDigit"], answer["expiresIn"])

    def resend_otp(self, order: str) -> OtpSent:
        """Press "Kirim OTP" again."""
        answer = self._call("POST", self._of(order, "/prakerja/otp"), {})
        return OtpSent(answer["otpDigit"], answer["expiresIn"])

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Enter the code of the text message."""
        answer = self._call("POST", self._of(order, "/prakerja/verify"), {"otp": otp})
        return "paid" if answer["status"] == "PAID" else "pending"

    # Afterwards

    def history(self) -> list[OrderView]:
        """Open the list of orders, page by page."""
        views: list[OrderView] = []
        while True:
            page = {"page": len(views) // LONGEST_PAGE + 1, "size": LONGEST_PAGE}
            answer = self._envelope("GET", f"/api/v1/orders?{urlencode(page)}")
            views += [_order_view(one) for one in answer["data"]]
            if not answer["data"] or len(views) >= answer["meta"]["totalData"]:
                return views

    def order(self, order: str) -> OrderView:
        """Open one order."""
        return _order_view(self._call("GET", self._of(order)))

    def resend_mail(self, order: str) -> None:
        """Have the order's e-mail sent again."""
        self._call("POST", self._of(order, "/resend-email"))

    def start_class(self, order: str) -> str:
        """Press "Mulai Belajar"; answers the id under which the class is learnt."""
        answer = self._call("POST", self._of(order, "/start"))
        return str(answer["learnUrl"]).rpartition("/")[2]

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Review the class of an order."""
        body = {"orderId": order, "rating": stars, "comment": text}
        bought = self._call("GET", self._of(order))
        self._call("POST", f"/api/v1/classes/{bought['classId']}/reviews", body)

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Write to customer service."""
        body = {"orderId": order, "category": topic, "description": text}
        return str(self._call("POST", "/api/v1/tickets", body)["ticketNo"])

    def tickets(self, order: str) -> list[TicketView]:
        """Open the list of complaints."""
        listed = self._call("GET", f"/api/v1/tickets?{urlencode({'orderId': order})}")
        return [
            TicketView(one["ticketNo"], one["category"], TICKETS[one["status"]], one["answer"])
            for one in listed
        ]

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""
        path = f"/api/v1/tickets/{quote(ticket, safe='')}/reopen"
        self._call("POST", path, {"description": text})

    # Lost access: the e-mail is the account, and its password is set anew

    def recover(self, phone: str, email: str) -> None:  # noqa: ARG002  # this site knows it by e-mail
        """Press "Lupa kata sandi"."""
        self._email = email
        self._call("POST", "/api/v1/auth/password/forgot", {"email": email})

    def enter_recovery_code(self, code: str, password: str) -> None:
        """Set the new password, and log in with it."""
        body = {"email": self._email, "otp": code, "password": password}
        self._call("POST", "/api/v1/auth/password/reset", body)
        login = {"email": self._email, "password": password}
        self._token = self._call("POST", "/api/v1/auth/login", login)["token"]

    # HTTP

    def _of(self, order: str, what: str = "") -> str:
        return f"/api/v1/orders/{quote(order, safe='')}{what}"

    def _classes(self, **criteria: str) -> list[Any]:
        query = urlencode({**criteria, "prakerja": "true", "size": LONGEST_PAGE})
        return list(self._call("GET", f"/api/v1/classes?{query}"))

    def _id(self, course: str) -> str:
        """The site's id of a class for the programme's code; that code itself if there is none."""
        for row in self._classes(keyword=course):
            if row["prakerjaCode"] == course:
                return str(row["id"])
        return quote(course, safe="")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return self._envelope(method, path, body)["data"]

    def _envelope(self, method: str, path: str, body: Any = None) -> Any:
        headers = {**self.login}
        if body is not None:
            headers["Content-Type"] = "application/json"
        raw = orjson.dumps(body) if body is not None else b""
        answer = self._transport.send(method, path, headers, raw)
        try:
            content = answer.json()
            if content["success"] is True:
                return content
            refused = Refused(content["code"], content["message"])
        except (ValueError, LookupError, TypeError):
            refused = Refused(str(answer.status), "not the site's envelope")
        raise refused


Shopper = PijarShopper
"""The name by which stories, property tests and load users find the class."""


def _course_of(row: Mapping[str, Any]) -> ListedCourse:
    return ListedCourse(row["prakerjaCode"], row["title"], row["institution"], row["category"], row["price"])


def _order_view(content: Mapping[str, Any]) -> OrderView:
    return OrderView(
        order=content["orderId"],
        status=STATES[content["status"]],
        course=content["prakerjaCode"],
        total=content["total"],
        voucher=content["voucherCode"],
        redeem_url=content["redeemUrl"] or content["learnUrl"],
        title=content["title"],
        number=content["orderNo"],
        invoice=content["orderNo"],
    )
