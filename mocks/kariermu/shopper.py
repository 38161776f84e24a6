"""A user of Karier.mu: schedule, card number, six boxes, and the transaction card afterwards.

It shares no code with the server.  There are no codes: refusals differ by their texts.
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
    "menunggu_pembayaran": "waiting_card",
    "menunggu_otp": "waiting_otp",
    "diproses": "pending",
    "berhasil": "issued",
    "dikembalikan": "refunded",
}
TICKETS: Mapping[str, TicketState] = {
    "baru": "open",
    "diproses": "in_progress",
    "selesai": "resolved",
    "ditolak": "refused",
}
PASSWORD = "karier-impian"  # a synthetic person's
FROM = {"platform": "kariermu", "source": "a2FyaWVybXU="}
LONGEST_PAGE = 100
USED = ("Nomor ponsel sudah terdaftar", "Email sudah terdaftar")
_PAY = "/payment/prakerja"


class KariermuShopper:
    """A user with at most one account and one program chosen."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._email = ""
        self._user = ""
        self._token = ""
        self.password = PASSWORD
        self._cart: dict[str, Any] = {}

    @property
    def login(self) -> Mapping[str, str]:
        """The bare token, once there is one."""
        return {"Authorization": self._token} if self._token else {}

    # The account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Register, or log in where the account is known, and ask for a code to the phone."""
        self._email = email
        form = {"name": name, "email": email, "phone": phone, "password": self.password}
        try:
            self._call("POST", "/v2/auth/register", form)
        except Refused as refused:
            if refused.code not in USED:
                raise
        self._log_in()
        self._call("POST", "/v2/auth/otp")

    def enter_phone_code(self, code: str) -> None:
        """Verify the phone."""
        self._call("POST", "/v2/auth/otp/verify", {"code": code})

    def _log_in(self) -> None:
        answer = self._envelope("POST", "/v2/auth/login", {"email": self._email, "password": self.password})
        self._user, self._token = answer["data"]["id"], answer["token"]["token"]

    # Looking around

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search box."""
        return self._programs(keyword=words)

    def categories(self) -> list[str]:
        """The categories of the filter."""
        return [one["category"] for one in self._call("GET", "/program/prakerja/filter")]

    def institutions(self, category: str) -> list[str]:
        """The institutions that the filter shows for a category."""
        groups = self._call("GET", "/program/prakerja/filter")
        return [code for one in groups if one["category"] == category for code in one["institutions"]]

    def courses(self, institution: str) -> list[ListedCourse]:
        """The programs of an institution."""
        return self._programs(institution=institution)

    def look(self, course: str) -> Detail:
        """Open the program's page."""
        content = self._call("GET", f"/program/detail/{quote(course, safe='')}")
        return Detail(
            course=content["slug"],
            title=content["name"],
            institution=content["institution"],
            category=content["category"],
            price=content["price"],
            method=content["type"],
            seats=content["quota"],
            redeem_steps=tuple(content["instructions"]),
            curriculum=tuple(content["activities"]),
        )

    def reviews(self, course: str) -> list[Review]:
        """Read what others wrote."""
        listed = self._call("GET", f"/program/review/{quote(course, safe='')}")
        return [Review(one["rating"], one["review"]) for one in listed]

    # Buying

    def add_to_cart(self, course: str) -> None:
        """Open the program and pick its schedule; this site has no cart."""
        page = self._call("GET", f"/program/detail/{quote(course, safe='')}")
        self._cart = {"slug": page["slug"], "schedule_id": page["schedules"][0]["id"]}

    def enter_promo(self, code: str) -> int:
        """Try a promo code; it goes with the order."""
        answer = self._call(
            "POST", f"{_PAY}/promo", {"slug": self._cart.get("slug", "-"), "promo_code": code}
        )
        self._cart["promo_code"] = code
        discount: int = answer["discount"]
        return discount

    def check_out(self) -> str:
        """Go to the payment."""
        placed = self._call("POST", f"{_PAY}/order", self._cart or {"slug": "-"})
        self._cart = {}
        order: str = placed["order_id"]
        return order

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """The ways to pay, by group."""
        offered: dict[str, list[str]] = {}
        for one in self._call("POST", f"{_PAY}/methods", {"order_id": order}):
            offered.setdefault(one["group"], []).append(one["name"])
        return offered

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Enter the card number and press "Lanjutkan Pembayaran"."""
        answer = self._call("POST", f"{_PAY}/card", {"order_id": order, "card_number": card})
        return OtpSent(answer["otp_length"], answer["expires_in"])

    def resend_otp(self, order: str) -> OtpSent:
        """Ask for another OTP."""
        answer = self._call("POST", f"{_PAY}/otp/resend", {"order_id": order})
        return OtpSent(answer["otp_length"], answer["expires_in"])

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Fill in the boxes."""
        answer = self._call("POST", f"{_PAY}/otp", {"order_id": order, "otp": otp})
        return "paid" if answer["status"] == "berhasil" else "pending"

    # Afterwards

    def history(self) -> list[OrderView]:
        """Open the transactions, page by page."""
        views: list[OrderView] = []
        while True:
            page = len(views) // LONGEST_PAGE + 1
            listed = self._call("GET", f"/transaction/{self._user}/{page}/{LONGEST_PAGE}")
            views += [_order_view(one) for one in listed]
            if len(listed) < LONGEST_PAGE:
                return views

    def order(self, order: str) -> OrderView:
        """Open one transaction."""
        return _order_view(self._call("GET", self._of(order)))

    def resend_mail(self, order: str) -> None:
        """Have the voucher's e-mail sent again."""
        self._call("POST", self._of(order, "/email"))

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Review the program of an order."""
        self._call("POST", self._of(order, "/review"), {"rating": stars, "review": text})

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Write to customer service."""
        body = {"order_id": order, "topic": topic, "detail": text}
        return str(self._call("POST", "/complaint", body)["complaint_id"])

    def tickets(self, order: str) -> list[TicketView]:
        """Open the list of complaints."""
        listed = self._call("GET", f"/complaint?{urlencode({'order_id': order})}")
        return [
            TicketView(one["complaint_id"], one["topic"], TICKETS[one["status"]], one["answer"])
            for one in listed
        ]

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""
        self._call("POST", f"/complaint/{quote(ticket, safe='')}/reopen", {"detail": text})

    # Lost access: the e-mail is the account, and its password is set anew

    def recover(self, phone: str, email: str) -> None:  # noqa: ARG002  # this site knows it by e-mail
        """Press "Lupa password"."""
        self._email = email
        self._call("POST", "/v2/auth/password/forgot", {"email": email})

    def enter_recovery_code(self, code: str, password: str) -> None:
        """Set the new password, and log in with it."""
        body = {"email": self._email, "code": code, "password": password}
        self._call("POST", "/v2/auth/password/reset", body)
        self.password = password
        self._log_in()

    # HTTP

    def _of(self, order: str, what: str = "") -> str:
        return f"/transaction/{quote(order, safe='')}{what}"

    def _programs(self, **criteria: str) -> list[ListedCourse]:
        rows = self._call("GET", f"/program/prakerja?{urlencode({**criteria, **FROM})}")
        return [
            ListedCourse(row["slug"], row["name"], row["institution"], row["category"], row["price"])
            for row in rows
        ]

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
            status, message = content["status"], str(content["message"])
        except (ValueError, LookupError, TypeError):
            raise Refused(str(answer.status), "not the site's envelope") from None
        if status >= 300:
            raise Refused(message)
        return content


Shopper = KariermuShopper
"""The name by which stories, property tests and load users find the class."""


def _order_view(content: Mapping[str, Any]) -> OrderView:
    return OrderView(
        order=content["order_id"],
        status=STATES[content["status"]],
        course=content["slug"],
        total=content["total"],
        voucher=content["voucher_code"],
        redeem_url=content["redeem_url"],
        title=content["name"],
        invoice=content["invoice"],
    )
