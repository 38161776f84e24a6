"""What an institution's system does at Karier.mu: check a voucher, burn it, report who finished."""

import hashlib
import hmac
from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "Voucher tidak ditemukan": Reason.VOUCHER_UNKNOWN,
    "Voucher sudah digunakan": Reason.VOUCHER_USED,
    "Voucher sudah dibatalkan": Reason.VOUCHER_CANCELLED,
    "Voucher sudah kedaluwarsa": Reason.VOUCHER_EXPIRED,
    "Voucher bukan milik lembaga pelatihan": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Desk:
    """An institution's connection to Karier.mu; see mocks/desk.py."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self._transport = transport
        self._institution = institution
        self._secret = secret.encode()

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""
        return self._call("/voucher/check", {"voucher_code": voucher})

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        return self._call("/voucher/redeem", {"voucher_code": voucher})

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
        self._call("/completion", {"voucher_code": voucher, "name": name, "score": score})

    def _call(self, path: str, body: dict[str, Any]) -> str:
        raw = orjson.dumps(body)
        signature = hmac.new(self._secret, raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Authorization": f"{self._institution}:{signature}"}
        answer = self._transport.send("POST", f"/partner{path}", headers, raw)
        try:
            told = answer.json()
            well, said, data = told["status"] == 200, str(told["message"]), told["data"] or {}
            course = str(data["slug"] if well else data.get("slug", ""))
        except (ValueError, LookupError, TypeError, AttributeError):
            well, said, course = False, f"HTTP {answer.status} without the site's envelope", ""
        if not well:
            raise VoucherRefused(MEANS.get(said, Reason.VOUCHER_UNKNOWN), str(answer.status), said, course)
        return course
