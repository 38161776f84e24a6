"""What an institution's system does to ask a marketplace about a voucher, and to report back.

The partner surface has response codes in the style of the real voucher suppliers' interface:
00 is well, 11 void or expired, 12 not found, 13 used, 44 another course's.
"""

import hashlib
import hmac
from typing import Any

import orjson

from mocks.transport import Transport
from simulator.errors import Reason

MEANS = {
    "11": Reason.VOUCHER_CANCELLED,
    "12": Reason.VOUCHER_UNKNOWN,
    "13": Reason.VOUCHER_USED,
    "44": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class VoucherRefused(Exception):
    """The marketplace said no."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code} {said}")
        self.reason = MEANS.get(code, Reason.VOUCHER_UNKNOWN)
        self.said = said


class MarketplaceClient:
    """An institution's connection to one marketplace."""

    def __init__(self, transport: Transport, client_id: str, secret: str) -> None:
        self._transport = transport
        self._client_id = client_id
        self._secret = secret.encode()

    @classmethod
    def of(cls, parties: Any, sandbox: Any, institution: str, marketplace: str) -> "MarketplaceClient":
        """The connection of one of the simulator's own institutions in a sandbox."""
        credential = parties.sandboxes.credential_of(sandbox, institution)
        return cls(parties.transport(marketplace, sandbox), institution, credential.sign_key)

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        answer = self._call("voucher/redeem", {"voucher_code": voucher})
        return str(answer["product_code"])

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
        self._call("completion", {"voucher_code": voucher, "name": name, "score": score})

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        raw = orjson.dumps(body)
        headers = {
            "Content-Type": "application/json",
            "Client-Id": self._client_id,
            "Signature": hmac.new(self._secret, raw, hashlib.sha256).hexdigest(),
        }
        answer = self._transport.send("POST", f"/partner/api/v1/{path}", headers, raw)
        try:
            told = answer.json()
            code = str(told["response_code"])
        except (ValueError, KeyError, TypeError):
            raise VoucherRefused("12", f"HTTP {answer.status} without a response code") from None
        if code != "00":
            raise VoucherRefused(code, str(told.get("message", "")))
        return told
