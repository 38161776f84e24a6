"""What an institution's system does at Bukalapak, with HTTP Basic: a coupon is named in the path."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, Outcome
from prakerja_sim.simulator.values.errors import Reason

PATHS = {"check": ("GET", ""), "redeem": ("POST", "/redeem"), "report": ("POST", "/completion")}
MEANS = {
    "40420": Reason.VOUCHER_UNKNOWN,
    "40320": Reason.VOUCHER_OF_OTHER_INSTITUTION,
    "40920": Reason.VOUCHER_USED,
    "40921": Reason.VOUCHER_LOCKED,
    "41020": Reason.VOUCHER_CANCELLED,
    "41021": Reason.VOUCHER_EXPIRED,
}


class Client(InstitutionClient):
    """An institution's connection to Bukalapak."""

    means = MEANS

    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send a request about a coupon."""
        login = b64encode(f"{self.institution}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Accept": "application/vnd.bukalapak.v4+json"}
        if more:
            headers["Content-Type"] = "application/json"
        method, action = PATHS[what]
        path = f"/api/_partners/prakerja/coupons/{quote(voucher, safe='')}{action}"
        return self.transport.send(method, path, headers, orjson.dumps(more) if more else b"")

    def outcome(self, answer: Answer) -> Outcome:
        """Read the v4 envelope; the first of its errors is the refusal."""
        content = answer.json()
        course = str((content.get("data") or {}).get("course_id", ""))
        if answer.status < 300:
            return Outcome(True, course)
        error = content["errors"][0]
        return Outcome(False, course, str(error["code"]), str(error["message"]))
