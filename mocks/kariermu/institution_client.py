"""What an institution's system does at Karier.mu, which answers with texts and no codes."""

from typing import Any

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, Outcome
from prakerja_sim.simulator.values.errors import Reason

PATHS = {"check": "/voucher/check", "redeem": "/voucher/redeem", "report": "/completion"}

MEANS = {
    "Voucher tidak ditemukan": Reason.VOUCHER_UNKNOWN,
    "Voucher sudah digunakan": Reason.VOUCHER_USED,
    "Voucher sudah dibatalkan": Reason.VOUCHER_CANCELLED,
    "Dana voucher sedang dikembalikan": Reason.VOUCHER_LOCKED,
    "Voucher sudah kedaluwarsa": Reason.VOUCHER_EXPIRED,
    "Voucher bukan milik lembaga pelatihan": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Client(InstitutionClient):
    """An institution's connection to Karier.mu."""

    means = MEANS

    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send a request; the code of the institution stands before its signature."""
        raw = orjson.dumps({"voucher_code": voucher, **more})
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"{self.institution}:{self.signature(raw)}",
        }
        return self.transport.send("POST", f"/partner{PATHS[what]}", headers, raw)

    def outcome(self, answer: Answer) -> Outcome:
        """Read the envelope, whose status is that of HTTP."""
        content = answer.json()
        data = content["data"] or {}
        return Outcome(content["status"] == 200, str(data.get("slug", "")), "", str(content["message"]))
