"""A partner's client for Prakerja: it signs, sends, and reads the answer.

It shares no code with the server, so that the two can disagree.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.simulator.values.errors import Reason

API = "/api/v1/integration"

MEANS: Mapping[str, Reason] = {
    "ERRPLT40078": Reason.TOO_LATE_TO_FINISH,
    "ERRPLT40079": Reason.NAME_DIFFERS,
    "ERRPLT40080": Reason.SCHEDULE_UNKNOWN,
    "ERRPLT40081": Reason.SCHEDULE_OF_OTHER_COURSE,
    "ERRPLT40082": Reason.COURSE_STARTED,
    "ERRPLT40083": Reason.QUOTA_EXHAUSTED,
    "ERRPLT40084": Reason.AGE_UNFIT,
    "ERRPLT40085": Reason.EDUCATION_UNFIT,
    "ERRPLT40086": Reason.CARD_UNKNOWN,
    "ERRPLT40087": Reason.CARD_INACTIVE,
    "ERRPLT40088": Reason.BALANCE_TOO_LOW,
    "ERRPLT40089": Reason.ACCOUNT_BOUND,
    "ERRPLT40090": Reason.PREVIOUS_UNFINISHED,
    "ERRPLT40091": Reason.BALANCE_CLOSED,
    "ERRPLT40092": Reason.VIDEOS_NOT_WATCHED,
    "ERRPLT40093": Reason.OTP_TOO_SOON,
    "ERRPLT40094": Reason.OTP_WRONG,
    "ERRPLT40095": Reason.OTP_EXPIRED,
    "ERRPLT40096": Reason.OTP_TRIES_EXHAUSTED,
    "ERRPLT40097": Reason.TOKEN_UNKNOWN,
    "ERRPLT40098": Reason.INVOICE_USED,
    "ERRPLT40099": Reason.PAYMENT_UNKNOWN,
    "ERRVOD40080": Reason.VOID_AFTER_REDEEM,
}
"""What a marketplace takes Prakerja's codes to mean; any other code means that Prakerja itself has failed."""


class Refused(Exception):
    """Prakerja said no, with its code and the message that is shown to the user unchanged."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message

    @property
    def reason(self) -> Reason:
        """What it means; SERVICE_UNAVAILABLE for whatever a marketplace cannot tell its buyer."""
        return MEANS.get(self.code, Reason.SERVICE_UNAVAILABLE)

    @property
    def is_open(self) -> bool:
        """Whether it leaves open what Prakerja did: the service is broken, or this is not its envelope."""
        return self.status >= 500 or not self.code


class PrakerjaClient:
    """A partner's connection; `now` gives the Unix seconds to sign with."""

    def __init__(self, transport: Transport, client_code: str, sign_key: str, now: Callable[[], int]) -> None:
        self._transport = transport
        self._client_code = client_code
        self._key = sign_key.encode()
        self._now = now

    @classmethod
    def of(cls, parties: Any, sandbox: Any, party: str) -> "PrakerjaClient":
        """The connection of one of the simulator's own parties in a sandbox."""
        credential = parties.sandboxes.credential_of(sandbox, party)
        return cls(
            parties.transport("prakerja", sandbox, asker=party),
            credential.client_code,
            credential.sign_key,
            lambda: parties.stamp("prakerja", sandbox),
        )

    def send_otp(self, *, card: str, user: str, course: str, schedule: str, amount: int) -> Any:
        """Ask for the OTP; answers the payment token."""
        body = {
            "prakerja_id": card,
            "user_platform_id": user,
            "course_code": course,
            "schedule_code": schedule,
            "amount": amount,
        }
        return _needed(self.call("/payment/send-otp", body), "payment_token")

    def authorize(self, *, token: str, otp: str, invoice_code: str, invoice_url: str) -> Any:
        """Pay; answers the transaction code."""
        body = {"otp": otp, "invoice_url": invoice_url, "invoice_code": invoice_code}
        paid = self.call("/payment/authorize", body, authorization=f"Payment {token}")
        return _needed(paid, "transaction_code")

    def status(self, *, invoice_code: str) -> Any:
        """What became of a payment."""
        state = self.call("/payment/status", {"invoice_code": invoice_code})
        _needed(state, "transaction_code")
        return state

    def void(self, *, invoice_code: str, transaction_code: str) -> None:
        """Take a payment back."""
        self.call("/payment/void", {"invoice_code": invoice_code, "transaction_code": transaction_code})

    def redeem_status(self, *, redeem_code: str, sequence: int = 1) -> Any:
        """The status of a redeem code."""
        return self.call("/payment/redeem-code/status", {"redeem_code": redeem_code, "sequence": sequence})

    def redeem_commit(self, *, redeem_code: str) -> Any:
        """Mark a redeem code as used."""
        return self.call("/payment/redeem-code/commit", {"redeem_code": redeem_code})

    def url_generate(self, *, redeem_code: str, redirect_uri: str, email: str, sequence: int) -> Any:
        """Ask for the address at which a participant verifies himself."""
        body = {
            "redeem_code": redeem_code,
            "redirect_uri": redirect_uri,
            "email": email,
            "sequence": sequence,
        }
        opened = self.call("/oauth/url-generate", body)
        _needed(opened, "url")
        return opened

    def pass_on_review(self, *, invoice_code: str, stars: int, review: str) -> None:
        """Pass on a review that was written on the marketplace (simulated, as `report_completion`)."""
        body = {"invoice_code": invoice_code, "stars": stars, "review": review}
        self.call("", body, path="/simulated/reviews")

    def report_completion(self, *, invoice_code: str, name: str, score: int) -> None:
        """Report that a participant finished (simulated: no public API is known)."""
        self.call(
            "", {"invoice_code": invoice_code, "name": name, "score": score}, path="/simulated/completions"
        )

    def report_attendance(self, *, schedule_code: str, csv: str) -> Any:
        """Report who attended, as a CSV file (simulated); answers the result of the file."""
        body = {"schedule_code": schedule_code, "csv": csv}
        return self.call("", body, path="/simulated/attendance-reports")

    def call(
        self, endpoint: str, body: dict[str, Any], *, authorization: str = "", path: str | None = None
    ) -> Any:
        """Send one signed request; answers `data`. Raises Refused or NoReply."""
        path = path or API + endpoint
        raw = orjson.dumps(body)
        headers = {
            "Content-Type": "application/json",
            **signed_headers(self._client_code, self._key, self._now(), f"POST{path}", authorization, raw),
        }
        if authorization:
            headers["Authorization"] = authorization
        answer = self._transport.send("POST", path, headers, raw)
        try:
            content = answer.json()
        except ValueError:
            raise Refused(answer.status, "", "answer is not JSON") from None
        if not isinstance(content, dict):
            raise Refused(answer.status, "", "answer is not a JSON object")
        if answer.status != 200 or content.get("success") is not True:
            raise Refused(answer.status, str(content.get("code", "")), str(content.get("message", "")))
        return content.get("data") or {}


def signed_headers(
    client_code: str, key: bytes, seconds: int, target: str, authorization: str, raw: bytes
) -> dict[str, str]:
    """The three headers that sign a request at that Unix second; `target` is its method and path."""
    signed = f"{client_code}{seconds}{target}{authorization}".encode() + raw
    return {
        "client_code": client_code,
        "timestamp": str(seconds),
        "signature": hmac.new(key, signed, hashlib.sha1).hexdigest(),
    }


def _needed(data: Any, field: str) -> Any:
    """A field that every success must have; raises Refused without it."""
    value = data.get(field) if isinstance(data, dict) else None
    if not value:
        raise Refused(200, "", f"answer has no {field}")
    return value
