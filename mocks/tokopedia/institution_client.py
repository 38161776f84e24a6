"""What an institution's system does at Tokopedia: check a voucher, burn it, report who finished.

The partner surface has response codes in the style of the real voucher suppliers' interface:
00 is well, 11 void or expired, 12 not found, 13 used, 44 another course's.
"""

import hashlib
import hmac
from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "11": Reason.VOUCHER_CANCELLED,
    "12": Reason.VOUCHER_UNKNOWN,
    "13": Reason.VOUCHER_USED,
    "44": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Client:
    """An institution's connection to Tokopedia."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self._transport = transport
        self._institution = institution
        self._secret = secret.encode()

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""
        return str(self._call("voucher/status", {"voucher_code": voucher})["product_code"])

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        return str(self._call("voucher/redeem", {"voucher_code": voucher})["product_code"])

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
        self._call("completion", {"voucher_code": voucher, "name": name, "score": score})

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        raw = orjson.dumps(body)
        headers = {
            "Content-Type": "application/json",
            "Client-Id": self._institution,
            "Signature": hmac.new(self._secret, raw, hashlib.sha256).hexdigest(),
        }
        answer = self._transport.send("POST", f"/partner/api/v1/{path}", headers, raw)
        try:
            told = answer.json()
            code = str(told["response_code"])
        except (ValueError, KeyError, TypeError):
            code, told = "12", {"message": f"HTTP {answer.status} without a response code"}
        if code != "00":
            reason = MEANS.get(code, Reason.VOUCHER_UNKNOWN)
            raise VoucherRefused(
                reason, code, str(told.get("message", "")), str(told.get("product_code", ""))
            )
        return told
