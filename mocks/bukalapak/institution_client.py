"""What an institution's system does at Bukalapak: check a coupon, burn it, report who finished."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "40420": Reason.VOUCHER_UNKNOWN,
    "40320": Reason.VOUCHER_OF_OTHER_INSTITUTION,
    "40920": Reason.VOUCHER_USED,
    "41020": Reason.VOUCHER_CANCELLED,
    "41021": Reason.VOUCHER_EXPIRED,
}


class Client:
    """An institution's connection to Bukalapak, with HTTP Basic."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self._transport = transport
        self._login = "Basic " + b64encode(f"{institution}:{secret}".encode()).decode()

    def check(self, voucher: str) -> str:
        """Ask whether a coupon may be redeemed; answers the course that it opens."""
        return self._course("GET", voucher)

    def redeem(self, voucher: str) -> str:
        """Burn a coupon; answers the course that it opens."""
        return self._course("POST", voucher, "/redeem")

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the coupon's buyer finished."""
        self._ask("POST", voucher, "/completion", {"name": name, "score": score})

    def _course(self, method: str, voucher: str, what: str = "") -> str:
        course = self._ask(method, voucher, what).get("course_id")
        if not course:
            raise VoucherRefused(Reason.VOUCHER_UNKNOWN, "", "the answer names no course")
        return str(course)

    def _ask(self, method: str, voucher: str, what: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": self._login, "Accept": "application/vnd.bukalapak.v4+json"}
        raw = b""
        if body is not None:
            headers["Content-Type"] = "application/json"
            raw = orjson.dumps(body)
        path = f"/api/_partners/prakerja/coupons/{quote(voucher, safe='')}{what}"
        answer = self._transport.send(method, path, headers, raw)
        try:
            told = answer.json()
            data = told.get("data") or {}
            if answer.status < 300:
                return data
            error = told["errors"][0]
            code, said, course = str(error["code"]), str(error["message"]), str(data.get("course_id", ""))
        except (ValueError, LookupError, TypeError, AttributeError):
            code, said, course = "", f"HTTP {answer.status} without an error of the site's", ""
        raise VoucherRefused(MEANS.get(code, Reason.VOUCHER_UNKNOWN), code, said, course)
