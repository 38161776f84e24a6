"""A marketplace's system that buys over the signed wire, with as little around it as possible."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

from tests.live import Live

API = "/api/v1/integration/payment"
COURSE, PRICE, OTP = "jualan-online", 150_000, "123456"
OPTIONS = ("--fixed-otp", OTP)
"""What the server must be started with."""


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Partner:
    """A connection to a server and Tokopedia's credential in one of its sandboxes."""

    server: Live
    sandbox: str = "default"
    course: str = COURSE
    _connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(self.server.url.removeprefix("http://"), timeout=30)
        clients = self.admin("GET", "/clients").body["clients"]
        self.credential = next(c for c in clients if c["party"] == "tokopedia")
        courses = self.admin("GET", "/courses").body["courses"]
        self.schedule = next((c["schedule_code"] for c in courses if c["course_code"] == self.course), "")

    def close(self) -> None:
        self._connection.close()

    def admin(self, method: str, path: str, body: Any = None) -> Answer:
        return self._send(method, f"/s/{self.sandbox}/__admin{path}", body, {})

    def list_course(self, course: str = COURSE, **more: Any) -> None:
        """Offer a course that is not there yet; it is what is bought from now on."""
        told = {
            "code": course,
            "title": course,
            "category": "x",
            "institution": "lp",
            "price": PRICE,
            "new": True,
        }
        listed = self.admin("POST", "/courses", told | more)
        assert listed.status in (200, 201), listed
        self.course, self.schedule = course, listed.body["schedule_code"]

    def enrol(self, number: int) -> str:
        enrolled = self.admin("POST", "/people", {"wave": 22, "number": number, "wallet": False})
        assert enrolled.status in (200, 201), enrolled
        card: str = enrolled.body["people"][0]["prakerja_id"]
        return card

    def code(self, phone: str) -> str:
        """The newest code that a phone got."""
        otp: str = self.admin("GET", f"/inbox/sms?to={quote(phone)}&otp=true").body["otp"]
        return otp

    def send_otp(self, card: str, user: str = "") -> Answer:
        order = {
            "prakerja_id": card,
            "user_platform_id": user or f"u{card}",
            "course_code": self.course,
            "schedule_code": self.schedule,
            "amount": PRICE,
        }
        return self.signed("/send-otp", order)

    def authorize(self, token: str, invoice: str) -> Answer:
        pay = {"otp": OTP, "invoice_url": "https://shop.example/i", "invoice_code": invoice}
        return self.signed("/authorize", pay, {"Authorization": f"Payment {token}"})

    def status(self, invoice: str) -> Answer:
        return self.signed("/status", {"invoice_code": invoice})

    def signed(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        raw = json.dumps(body, separators=(",", ":")).encode()
        stamp = str(int(time.time()))  # noqa: TID251  # a client stamps wall time
        signed = f"{self.credential['client_code']}{stamp}POST{API}{path}".encode()
        signed += (headers or {}).get("Authorization", "").encode() + raw
        signature = hmac.new(self.credential["sign_key"].encode(), signed, hashlib.sha1).hexdigest()
        names = {"client_code": self.credential["client_code"], "timestamp": stamp, "signature": signature}
        return self._send("POST", f"/s/{self.sandbox}{API}{path}", raw, {**names, **(headers or {})})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        self._connection.request(method, path, raw, {"Content-Type": "application/json", **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        return Answer(answer.status, json.loads(content) if content else None, dict(answer.getheaders()))


def leased(server: Live, sandbox: str) -> Partner:
    """A sandbox of one's own with one course, and a partner in it."""
    admin = Partner(server)
    lease = admin.admin("POST", "/sandboxes", {"name": sandbox, "settings": {"fixed_otp": OTP}})
    assert lease.status == 201, lease
    admin.sandbox = sandbox
    client = {"client_code": f"{sandbox}-toko", "sign_key": f"{sandbox}-key", "party": "tokopedia"}
    assert admin.admin("POST", "/clients", client).status in (200, 201)
    admin.close()
    partner = Partner(server, sandbox)
    partner.list_course()
    return partner
