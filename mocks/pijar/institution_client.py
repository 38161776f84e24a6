"""What an institution's system does at Pijar, which answers with codes."""

from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, Outcome
from prakerja_sim.simulator.values.errors import Reason

PATHS = {"check": "vouchers/check", "redeem": "vouchers/redeem", "report": "completions"}

MEANS = {
    "ERR_VOUCHER_NOT_FOUND": Reason.VOUCHER_UNKNOWN,
    "ERR_VOUCHER_USED": Reason.VOUCHER_USED,
    "ERR_VOUCHER_VOID": Reason.VOUCHER_CANCELLED,
    "ERR_VOUCHER_REFUND": Reason.VOUCHER_LOCKED,
    "ERR_VOUCHER_EXPIRED": Reason.VOUCHER_EXPIRED,
    "ERR_VOUCHER_PARTNER": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Client(InstitutionClient):
    """An institution's connection to Pijar."""

    means = MEANS

    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send a request, signed in a header of its own."""
        raw = orjson.dumps({"voucherCode": voucher, **more})
        headers = {"Content-Type": "application/json", "X-Partner": self.institution}
        headers["X-Signature"] = self.signature(raw)
        return self.transport.send("POST", f"/api/v1/partner/{PATHS[what]}", headers, raw)

    def outcome(self, answer: Answer) -> Outcome:
        """Read the envelope, which says whether the request succeeded."""
        content = answer.json()
        course = str((content["data"] or {}).get("prakerjaCode", ""))
        if content["success"] is True:
            return Outcome(True, course)
        return Outcome(False, course, str(content["code"]), str(content["message"]))
