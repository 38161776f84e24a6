"""A partner's signed request, by whatever client sends it."""

import hashlib
import hmac
import json
import time
from typing import Any

API = "/api/v1/integration"
REAL = "https://api.prakerja.go.id"


def signed(env: dict[str, str], path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    """What `requests.post` and `httpx.post` take beside the address."""
    raw, now = json.dumps(body), str(int(time.time()))  # noqa: TID251  # as a real client
    authorization = f"Payment {token}" if token else ""
    text = f"{env['PRAKERJA_CLIENT_CODE']}{now}POST{API}{path}{authorization}{raw}"
    headers = {
        "Content-Type": "application/json",
        "client_code": env["PRAKERJA_CLIENT_CODE"],
        "timestamp": now,
        "signature": hmac.new(env["PRAKERJA_SIGN_KEY"].encode(), text.encode(), hashlib.sha1).hexdigest(),
    }
    if token:
        headers["Authorization"] = authorization
    return {"content": raw.encode(), "headers": headers}


class Shop:
    """A marketplace that sends by `requests` or by `httpx`, to an address."""

    def __init__(self, client: Any, url: str, env: dict[str, str], timeout: float | None = 30) -> None:
        self.client, self.url, self.env, self.timeout = client, url, env, timeout

    def post(self, path: str, body: dict[str, Any], token: str = "") -> Any:
        sent = signed(self.env, path, body, token)
        if self.client.__name__ == "requests":
            sent["data"] = sent.pop("content")
        answer = self.client.post(self.url + API + path, **sent, timeout=self.timeout)
        return answer.json()

    def asks(self, person: Any, course: Any) -> Any:
        body = {"prakerja_id": person.card, "user_platform_id": person.nik, "amount": course.price}
        body |= {"course_code": course.course_code, "schedule_code": course.schedule_code}
        return self.post("/payment/send-otp", body)

    def pays(self, token: str, otp: str, invoice: str = "INV-1") -> Any:
        body = {"otp": otp, "invoice_code": invoice, "invoice_url": "https://shop.example/1"}
        return self.post("/payment/authorize", body, token)

    def buys(self, box: Any, person: Any, course: Any, invoice: str = "INV-1") -> Any:
        token = self.asks(person, course)["data"]["payment_token"]
        return self.pays(token, box.sms.otp(person), invoice)
