"""What an institution's system does at Pijar: check a voucher, burn it, report who finished."""

import hashlib
import hmac
from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "ERR_VOUCHER_NOT_FOUND": Reason.VOUCHER_UNKNOWN,
    "ERR_VOUCHER_USED": Reason.VOUCHER_USED,
    "ERR_VOUCHER_VOID": Reason.VOUCHER_CANCELLED,
    "ERR_VOUCHER_EXPIRED": Reason.VOUCHER_EXPIRED,
    "ERR_VOUCHER_PARTNER": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Desk:
    """An institution's connection to Pijar; see mocks/desk.py."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self._transport = transport
        self._institution = institution
        self._secret = secret.encode()

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""
        return self._call("vouchers/check", {"voucherCode": voucher})

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        return self._call("vouchers/redeem", {"voucherCode": voucher})

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
        self._call("completions", {"voucherCode": voucher, "name": name, "score": score})

    def _call(self, path: str, body: dict[str, Any]) -> str:
        raw = orjson.dumps(body)
        headers = {
            "Content-Type": "application/json",
            "X-Partner": self._institution,
            "X-Signature": hmac.new(self._secret, raw, hashlib.sha256).hexdigest(),
        }
        answer = self._transport.send("POST", f"/api/v1/partner/{path}", headers, raw)
        try:
            told = answer.json()
            well, data = told["success"] is True, told["data"] or {}
            code, said = ("", "") if well else (str(told["code"]), str(told["message"]))
            course = str(data["prakerjaCode"] if well else data.get("prakerjaCode", ""))
        except (ValueError, LookupError, TypeError, AttributeError):
            well, code, said, course = False, "", f"HTTP {answer.status} without the site's envelope", ""
        if not well:
            raise VoucherRefused(MEANS.get(code, Reason.VOUCHER_UNKNOWN), code, said, course)
        return course
