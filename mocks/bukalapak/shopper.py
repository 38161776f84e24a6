"""A user of the Bukalapak app: the article's steps B1 to B9 over the site's v4 API.

It shares no code with the server.  As the app does it keeps its tokens fresh: a refused one
is replaced by the refresh token, and the request made again.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from prakerja_sim.mocks.bukalapak.answers import bill, course, detail, refused, ticket
from prakerja_sim.mocks.http.transport import Answer, Transport
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

APP = {"client_id": "bukalapak-app", "client_secret": "test_bukalapak_app"}
ACCEPT = "application/vnd.bukalapak.v4+json"
DEVICE = "0f1e2d3c4b5a6978"
KNOWN_ALREADY = "42215"
OTP_NEEDED = "10110"
PAGE = 100


class BukalapakShopper:
    """A shopper with at most one account, one course chosen, and cards entered by order."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._tokens: dict[str, Any] = {}
        self._phone = ""
        self.password = ""  # as it was changed; empty is the one that this person uses everywhere
        self._chosen = ""
        self._promo = ""
        self._cards: dict[str, str] = {}
        self._placed: dict[str, Mapping[str, Any]] = {}

    @property
    def login(self) -> Mapping[str, str]:
        """The bearer token, once there is one."""
        token = self._tokens.get("access_token")
        return {"Authorization": f"Bearer {token}"} if token else {}

    # The account

    def sign_up(self, name: str, phone: str, email: str) -> None:
        """Open an account, or find the one of this phone, log in, and ask for a code."""
        self._phone, password = phone, self.password or _password(phone)
        body = {"name": name, "phone": phone, "email": email, "password": password}
        try:
            self._ask("POST", "/users", body)
        except Refused as refusal:
            if refusal.code != KNOWN_ALREADY:
                raise
        self._log_in(password)
        self._expect_otp("PUT", "/users/tfa-status", {"state": "active"})

    def enter_phone_code(self, code: str) -> None:
        """Make the same request again, with the code."""
        self._ask("PUT", "/users/tfa-status", {"state": "active"}, _otp(code))

    def recover(self, phone: str, email: str) -> None:  # noqa: ARG002  # the phone names the account
        """Press "Lupa password"."""
        self._phone = phone
        self._expect_otp("PUT", "/users/passwords", {"phone": phone, "password": _password(phone)})

    def enter_recovery_code(self, code: str, password: str) -> None:
        """Choose another password, and log in with it."""
        self._ask("PUT", "/users/passwords", {"phone": self._phone, "password": password}, _otp(code))
        self._log_in(password)

    # B1 to B3: finding a course

    def search(self, words: str) -> list[ListedCourse]:
        """Type into the search tab."""
        return [course(one) for one in self._all("/prakerja/courses", keywords=words)]

    def categories(self) -> list[str]:
        """The kinds of courses."""
        return [one["name"] for one in self._ask("GET", "/prakerja/categories")["data"]]

    def institutions(self, category: str) -> list[str]:
        """The providers with a course of a kind."""
        query = urlencode({"category_id": category})
        return [one["id"] for one in self._ask("GET", f"/prakerja/providers?{query}")["data"]]

    def courses(self, institution: str) -> list[ListedCourse]:
        """The courses of a provider."""
        return [course(one) for one in self._all("/prakerja/courses", provider_id=institution)]

    def look(self, course: str) -> Detail:
        """Open the course's page with its curriculum."""
        return detail(self._ask("GET", f"/prakerja/courses/{quote(course)}")["data"])

    def reviews(self, course: str) -> list[Review]:
        """Read what others wrote."""
        listed = self._all(f"/prakerja/courses/{quote(course)}/reviews")
        return [Review(one["rate"], one["content"]) for one in listed]

    # B4: the terms

    def add_to_cart(self, course: str) -> None:
        """Open the course and read its terms; the site has no cart."""
        self._ask("GET", f"/prakerja/courses/{quote(course)}")
        self._chosen, self._promo = course, ""

    def enter_promo(self, code: str) -> int:
        """Try a promo code for the course that is open."""
        transactions = [{"type": "prakerja", "course_id": self._chosen}]
        answer = self._ask("POST", "/vouchers/validate", {"voucher_code": code, "transactions": transactions})
        self._promo = code
        discount: int = answer["data"]["discount"]
        return discount

    def check_out(self) -> str:
        """Press "YA" on the terms, and have the bill made."""
        body = {"course_id": self._chosen, "tnc_accepted": True, "voucher_code": self._promo}
        placed = self._ask("POST", "/prakerja/transactions", body)["data"]
        transactions = [{"id": placed["id"], "type": "prakerja"}]
        self._ask("POST", "/invoices", {"transactions": transactions, "payment_type": "prakerja"})
        order: str = placed["remote_transaction_id"]
        self._placed[order] = placed
        return order

    # B5 to B7: card, "Bayar", OTP

    def payment_methods(self, order: str) -> dict[str, list[str]]:
        """The ways to pay that are open."""
        groups = self._ask("GET", f"{self._payment(order)}/methods")["data"]
        offered = {
            group["group"]: [method["name"] for method in group["methods"] if method["enabled"]]
            for group in groups
        }
        return {group: names for group, names in offered.items() if names}

    def check_card(self, order: str, card: str) -> None:
        """Enter the card number, which the site checks before anything is paid."""
        self._ask("POST", f"{self._payment(order)}/prakerja/cards", {"card_number": card})

    def enter_card(self, order: str, card: str) -> OtpSent:
        """Enter the card number and press "Bayar"."""
        self.check_card(order, card)
        self._cards[order] = card
        answer = self._ask("POST", f"{self._payment(order)}/prakerja", {"card_number": card})
        return OtpSent(until=answer["data"]["expired_at"])

    def resend_otp(self, order: str) -> OtpSent:
        """Press "Kirim ulang"."""
        answer = self._ask("POST", f"{self._payment(order)}/otp")
        return OtpSent(until=answer["data"]["expired_at"])

    def enter_otp(self, order: str, otp: str) -> PaymentOutcome:
        """Press "Verifikasi": the same request again, with the code."""
        body = {"card_number": self._cards.get(order, "")}
        answer = self._ask("POST", f"{self._payment(order)}/prakerja", body, _otp(otp))
        return "paid" if answer["data"]["state"] == "paid" else "pending"

    # B8 and B9: the coupon, and what comes afterwards

    def history(self) -> list[OrderView]:
        """Open the list of bills, page by page."""
        return [bill(one) for one in self._all("/invoices")]

    def order(self, order: str) -> OrderView:
        """Open "Detail Tagihan"."""
        return bill(self._ask("GET", f"/invoices/{self._invoice(order)}")["data"])

    def resend_mail(self, order: str) -> None:
        """Have the coupon's e-mail sent again."""
        self._ask("POST", f"/invoices/{self._invoice(order)}/coupon-emails")

    def write_review(self, order: str, stars: int, text: str) -> None:
        """Give stars and say why."""
        body = {"rate": stars, "title": "", "content": text}
        self._ask("POST", f"/prakerja/transactions/{quote(order)}/reviews", body)

    def complain(self, order: str, text: str, topic: str = "refund") -> str:
        """Ask for the money back, or write to customer service about something else."""
        body = {"transaction_id": order, "reason": topic, "description": text}
        path = "/complaints"
        if topic == "refund":
            path = f"/prakerja/transactions/{quote(order)}/refund-requests"
        return str(self._ask("POST", path, body)["data"]["ticket_no"])

    def tickets(self, order: str) -> list[TicketView]:
        """Open the list of complaints."""
        return [ticket(one) for one in self._all("/complaints", transaction_id=order)]

    def complain_again(self, ticket: str, text: str) -> None:
        """Say that the answer did not help."""
        self._ask("POST", f"/complaints/{quote(ticket)}/replies", {"description": text})

    # HTTP

    def _log_in(self, password: str) -> None:
        self._grant(grant_type="password", username=self._phone, password=password, scope="public user")

    def _grant(self, **fields: str) -> None:
        """Get tokens as the official client does: all parameters in the query, an empty body."""
        path = f"/accounts/oauth/token?{urlencode({**APP, **fields})}"
        answer = self._transport.send("POST", path, {"Accept": ACCEPT})
        if answer.status != 200:
            raise refused(answer)
        self._tokens = answer.json()

    def _refreshed(self) -> bool:
        """Another access token for the refresh token; the old one is sent along."""
        old = self._tokens
        if "refresh_token" not in old:
            self._look_around()
            return True
        fields = {name: old[name] for name in ("refresh_token", "access_token")}
        try:
            self._grant(grant_type="refresh_token", **fields)
        except Refused:
            return False
        return True

    def _look_around(self) -> None:
        """A guest's token."""
        self._grant(grant_type="client_credentials", scope="public")

    def _payment(self, order: str) -> str:
        return f"/payments/{self._transaction(order)['payment_id']}"

    def _invoice(self, order: str) -> int:
        number: int = self._transaction(order)["invoice_id"]
        return number

    def _transaction(self, order: str) -> Mapping[str, Any]:
        """The ids from when the order was placed; for another order they are requested."""
        if order not in self._placed:
            self._placed[order] = self._ask("GET", f"/prakerja/transactions/{quote(order)}")["data"]
        return self._placed[order]

    def _expect_otp(self, method: str, path: str, body: Any) -> None:
        """Make a request that is answered by a code on the phone."""
        try:
            self._ask(method, path, body)
        except Refused as refusal:
            if refusal.code != OTP_NEEDED:
                raise

    def _all(self, path: str, **criteria: str) -> Iterator[Any]:
        """Every item of a list, page by page."""
        offset = 0
        while True:
            query = urlencode({**criteria, "limit": PAGE, "offset": offset})
            answer = self._ask("GET", f"{path}?{query}")
            yield from answer["data"]
            offset += PAGE
            if offset >= answer["meta"]["total"]:
                return

    def _ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        if not self._tokens:
            self._look_around()
        answer = self._send(method, path, body, headers or {})
        if answer.status == 401 and refused(answer).code == "10001" and self._refreshed():
            answer = self._send(method, path, body, headers or {})
        if answer.status >= 400:
            raise refused(answer)
        return answer.json()

    def _send(self, method: str, path: str, body: Any, more: Mapping[str, str]) -> Answer:
        headers = {"Accept": ACCEPT, "Bukalapak-Identity": DEVICE, **self.login, **more}
        raw = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            raw = orjson.dumps(body)
        return self._transport.send(method, f"/api{path}", headers, raw)


Shopper = BukalapakShopper
"""The name by which stories, property tests and load users find the class."""


def _password(phone: str) -> str:
    """The password that this person uses everywhere."""
    return f"rahasia-{phone[-4:]}"


def _otp(code: str) -> Mapping[str, str]:
    return {"Bukalapak-OTP-Key": code, "Bukalapak-OTP-Device-ID": DEVICE}
