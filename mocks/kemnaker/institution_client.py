"""What an institution's system does at Kemnaker: log in, check and burn a voucher, report, enter the mark."""

from typing import Any
from urllib.parse import quote

import orjson

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "Voucher tidak ditemukan.": Reason.VOUCHER_UNKNOWN,
    "Voucher sudah ditukarkan.": Reason.VOUCHER_USED,
    "Voucher sudah dibatalkan.": Reason.VOUCHER_CANCELLED,
    "Voucher sudah kedaluwarsa.": Reason.VOUCHER_EXPIRED,
    "Voucher ini untuk lembaga pelatihan lain.": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Desk:
    """An institution's connection to Kemnaker; see mocks/desk.py."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self._transport = transport
        self._institution = institution
        self._secret = secret
        self._token = ""

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""
        return self._call("GET", f"/vouchers/{quote(voucher, safe='')}")

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        return self._call("POST", f"/vouchers/{quote(voucher, safe='')}/redeem")

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished, then enter his mark: two steps at this site."""
        self._call("POST", "/completions", {"voucher_code": voucher, "name": name})
        self._call("POST", "/marks", {"voucher_code": voucher, "score": score})

    def _call(self, method: str, path: str, body: Any = None) -> str:
        if not self._token:
            self._log_in()
        headers = {"Authorization": f"Bearer {self._token}"}
        told = self._told(method, f"/api/skillhub/partner/v1{path}", body, headers)
        return str(told["data"]["training_code"])

    def _log_in(self) -> None:
        grant = {
            "grant_type": "client_credentials",
            "client_id": self._institution,
            "client_secret": self._secret,
        }
        self._token = str(self._told("POST", "/account/api/v1/tokens", grant, {})["access_token"])

    def _told(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        raw = orjson.dumps(body) if body is not None else b""
        answer = self._transport.send(
            method, path, {**headers, **({"Content-Type": "application/json"} if raw else {})}, raw
        )
        try:
            told = answer.json()
            if answer.status < 300 and told["data"]:
                return told
            errors = [text for texts in told.get("errors", {}).values() for text in texts]
            said = str((errors or [told["message"]])[0])
            course = str((told.get("data") or {}).get("training_code", ""))
        except (ValueError, LookupError, TypeError, AttributeError):
            said, course = f"HTTP {answer.status} without the site's envelope", ""
        raise VoucherRefused(MEANS.get(said, Reason.VOUCHER_UNKNOWN), str(answer.status), said, course)
