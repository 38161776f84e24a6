"""A user of Skillhub with an account of the ministry's single sign-on.

It shares no code with the server.  The site goes by its own ids; this buyer reads them from
what the site shows.  There are no codes: refusals differ by their texts.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import orjson

from prakerja_sim.mocks.http.transport import Answer, Transport
from prakerja_sim.mocks.kemnaker.answers import TICKETS, course_of, order_view, read
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

PASSWORD = "pelatihan-kerja"  # a synthetic person's
CLIENT = {"client_id": "skillhub", "redirect_uri": "https://skillhub.kemnaker.go.id/auth/callback"}
LONGEST_PAGE = 100
USED = ("Nomor telepon sudah digunakan.", "E-mail sudah digunakan.")
_CSRF = re.compile(rb'name="csrf-token" content="([^"]+)"')
_ORDERS = "/api/skillhub/order/v1/orders"
_CATALOGUE = "/api/skillhub/catalogue/v1"


class KemnakerShopper:
    """A buyer with at most one account and one training chosen."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._email = ""
        self._token = ""
        self.password = PASSWORD
        self._cart: dict[str, Any] = {}

    @property
    def login(self) -> Mapping[str, str]:
        """The bearer token, once there is one."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    # The account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Open an account, log in through the sign-on, and ask for a code to the phone."""
        self._email = email
        form = {"name": name, "phone": phone, "email": email, "password": self.password}
        try:
            self._call("POST", "/account/api/v1/users", form)
        except Refused as refused:
            if refused.code not in USED:
                raise
        self._log_in()
        self._call("POST", "/account/api/v1/users/me/phone/otp")

    def enter_phone_code(self, code: str) -> None:
        """Verify the phone."""
        self._call("POST", "/account/api/v1/users/me/phone/verify", {"code": code})

    def _log_in(self) -> None:
        """The browser's way through the sign-on: page, login, redirect with a code, token."""
        query = urlencode({**CLIENT, "response_type": "code", "scope": "basic email", "state": "beli"})
        page = self._send("GET", f"/account/auth?{query}", {})
        csrf = _CSRF.search(page.body)
        if csrf is None:
            raise Refused(str(page.status), "the login page has no CSRF token")
        form = {"username": self._email, "password": self.password}
        entered = self._send("POST", "/account/auth/login", form, {"X-CSRF-TOKEN": csrf[1].decode()})
        read(entered)
        cookie = entered.headers["Set-Cookie"].partition(";")[0]
        back = self._send("GET", f"/account/auth?{query}", None, {"Cookie": cookie})
        returned = parse_qs(urlsplit(back.headers["Location"]).query)
        grant = {
            **CLIENT,
            "grant_type": "authorization_code",
            "code": returned["code"][0],
            "client_secret": "",
        }
        self._token = read(self._send("POST", "/account/api/v1/tokens", grant))["access_token"]

    # Looking around

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search box."""
        return [course_of(row) for row in self._trainings(keyword=words)]

    def categories(self) -> list[str]:
        """The vocationals."""
        return [one["name"] for one in self._call("GET", f"{_CATALOGUE}/vocationals")]

    def institutions(self, category: str) -> list[str]:
        """The institutions of a vocational."""
        query = urlencode({"vocational": category})
        return [one["code"] for one in self._call("GET", f"{_CATALOGUE}/institutions?{query}")]

    def courses(self, institution: str) -> list[ListedCourse]:
        """The trainings of an institution."""
        return [course_of(row) for row in self._trainings(institution=institution)]

    def look(self, course: str) -> Detail:
        """Open the training's page."""
        content = self._call("GET", f"{_CATALOGUE}/trainings/{self._id(course)}")
        return Detail(
            course=content["code"],
            title=content["title"],
            institution=content["institution"]["code"],
            category=content["vocational"]["code"],
            price=content["price"],
            method=content["method"],
            seats=content["quota"],
            redeem_steps=tuple(content["redeem_instruction"]),
            curriculum=tuple(topic["title"] for topic in content["program_topics"]),
        )

    def reviews(self, course: str) -> list[Review]:
        """Read the first page of reviews."""
        listed = self._call("GET", f"{_CATALOGUE}/trainings/{self._id(course)}/reviews")
        return [Review(one["rating"], one["comment"]) for one in listed]

    # Buying

    def add_to_cart(self, course: str) -> None:
        """Open the training to order; this site has no cart."""
        chosen = self._call("GET", f"{_CATALOGUE}/trainings/{self._id(course)}")
        self._cart = {"training_id": chosen["id"], "schedule_id": chosen["schedules"][0]["id"]}

    def enter_promo(self, code: str) -> int:
        """Send a promo code along; this site refuses every one."""
        self._call("POST", _ORDERS, {**self._cart, "promo_code": code})
        raise AssertionError("a state platform took a promo code")

    def check_out(self) -> str:
        """Order what was chosen."""
        placed = self._call("POST", _ORDERS, self._cart or {"training_id": "-"})
        self._cart = {}
        order: str = placed["id"]
        return order

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """The ways to pay that are open, by group."""
        offered: dict[str, list[str]] = {}
        for one in self._call("GET", self._of(order, "/payment-methods")):
            if one["active"]:
                offered.setdefault(one["group"], []).append(one["name"])
        return offered

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Enter the card number; the OTP comes."""
        answer = self._call("POST", self._of(order, "/payments/prakerja"), {"card_number": card})
        return OtpSent(answer["otp_digit"], answer["expires_in"])

    def resend_otp(self, order: str) -> OtpSent:
        """Ask for another OTP."""
        answer = self._call("POST", self._of(order, "/payments/prakerja/otp"))
        return OtpSent(answer["otp_digit"], answer["expires_in"])

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Confirm with the code of the text message."""
        answer = self._call("POST", self._of(order, "/payments/prakerja/confirm"), {"otp": otp})
        return "paid" if answer["status"] == "lunas" else "pending"

    # Afterwards

    def history(self) -> list[OrderView]:
        """Open the list of orders, page by page, as the links lead."""
        views: list[OrderView] = []
        page: int | None = 1
        while page is not None:
            query = urlencode({"page": page, "limit": LONGEST_PAGE})
            answer = read(self._send("GET", f"{_ORDERS}?{query}"))
            views += [order_view(one) for one in answer["data"]]
            page = page + 1 if answer["links"]["next"] else None
        return views

    def order(self, order: str) -> OrderView:
        """Open one order."""
        return order_view(self._call("GET", self._of(order)))

    def resend_mail(self, order: str) -> None:
        """Have the voucher's e-mail sent again."""
        self._call("POST", self._of(order, "/voucher-email"))

    def certificates(self, order: str) -> dict[str, bool]:
        """Open the certificates of an order."""
        listed = self._call("GET", self._of(order, "/certificates"))
        return {one["issuer"]: one["status"] == "terbit" for one in listed}

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Review the training of an order."""
        body = {"order_id": order, "rating": stars, "comment": text}
        self._call("POST", "/api/skillhub/review/v1/reviews", body)

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Write to customer service."""
        body = {"order_id": order, "topic": topic, "description": text}
        return str(self._call("POST", "/api/care/v1/tickets", body)["id"])

    def tickets(self, order: str) -> list[TicketView]:
        """Open the list of complaints."""
        listed = self._call("GET", f"/api/care/v1/tickets?{urlencode({'order_id': order})}")
        return [TicketView(one["id"], one["topic"], TICKETS[one["status"]], one["answer"]) for one in listed]

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""
        path = f"/api/care/v1/tickets/{quote(ticket, safe='')}/reopen"
        self._call("POST", path, {"description": text})

    # Lost access: the e-mail is the account, and its password is set anew

    def recover(self, phone: str, email: str) -> None:  # noqa: ARG002  # this site knows it by e-mail
        """Press "Lupa kata sandi"."""
        self._email = email
        self._call("POST", "/account/api/v1/password/forgot", {"email": email})

    def enter_recovery_code(self, code: str, password: str) -> None:
        """Set the new password, and log in with it."""
        body = {"email": self._email, "code": code, "password": password}
        self._call("POST", "/account/api/v1/password/reset", body)
        self.password = password
        self._log_in()

    # HTTP

    def _of(self, order: str, what: str = "") -> str:
        return f"{_ORDERS}/{quote(order, safe='')}{what}"

    def _trainings(self, **criteria: str) -> list[Any]:
        query = urlencode({**criteria, "payment": "prakerja", "limit": LONGEST_PAGE})
        return list(self._call("GET", f"{_CATALOGUE}/trainings?{query}"))

    def _id(self, course: str) -> str:
        """The site's id of a training for the programme's code; that code itself if there is none."""
        for row in self._trainings(keyword=course):
            if row["code"] == course:
                return str(row["id"])
        return quote(course, safe="")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return read(self._send(method, path, body))["data"]

    def _send(
        self, method: str, path: str, body: Any = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        headers = {**self.login, **(more or {})}
        raw = orjson.dumps(body) if body and method == "POST" else b""
        if raw:
            headers["Content-Type"] = "application/json"
        return self._transport.send(method, path, headers, raw)


Shopper = KemnakerShopper
"""The name by which stories, property tests and load users find the class."""
