"""What an institution's system does at Tokopedia.

The partner surface has response codes in the style of the real voucher suppliers' interface:
00 is well, 01 being refunded, 11 void or expired, 12 not found, 13 used, 44 another course's.
"""

from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, Outcome
from prakerja_sim.simulator.values.errors import Reason

PATHS = {"check": "voucher/status", "redeem": "voucher/redeem", "report": "completion"}
MEANS = {
    "01": Reason.VOUCHER_LOCKED,
    "11": Reason.VOUCHER_CANCELLED,
    "12": Reason.VOUCHER_UNKNOWN,
    "13": Reason.VOUCHER_USED,
    "44": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Client(InstitutionClient):
    """An institution's connection to Tokopedia."""

    means = MEANS

    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send a request; the `Client-Id` names the institution."""
        raw = orjson.dumps({"voucher_code": voucher, **more})
        headers = {"Content-Type": "application/json", "Client-Id": self.institution}
        headers["Signature"] = self.signature(raw)
        return self.transport.send("POST", f"/partner/api/v1/{PATHS[what]}", headers, raw)

    def outcome(self, answer: Answer) -> Outcome:
        """Read the response code."""
        content = answer.json()
        code, message = str(content["response_code"]), str(content.get("message", ""))
        return Outcome(code == "00", str(content.get("product_code", "")), code, message)
