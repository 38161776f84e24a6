"""What an institution's system does at Kemnaker: it logs in first, and enters the grades of learners."""

from typing import Any
from urllib.parse import quote

import orjson

from prakerja_sim.mocks.http.transport import Answer
from prakerja_sim.mocks.shop.institution_client import InstitutionClient, Outcome
from prakerja_sim.simulator.values.errors import Reason

MEANS = {
    "Voucher tidak ditemukan.": Reason.VOUCHER_UNKNOWN,
    "Voucher sudah ditukarkan.": Reason.VOUCHER_USED,
    "Voucher sudah dibatalkan.": Reason.VOUCHER_CANCELLED,
    "Dana voucher ini sedang dikembalikan.": Reason.VOUCHER_LOCKED,
    "Voucher sudah kedaluwarsa.": Reason.VOUCHER_EXPIRED,
    "Voucher ini untuk lembaga pelatihan lain.": Reason.VOUCHER_OF_OTHER_INSTITUTION,
}


class Client(InstitutionClient):
    """An institution's connection to Kemnaker."""

    means = MEANS
    _token = ""

    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send a request with the token; a report is two of them at this site."""
        at = f"/vouchers/{quote(voucher, safe='')}"
        if what == "check":
            return self._send("GET", at)
        if what == "redeem":
            return self._send("POST", f"{at}/redeem")
        self.read(self._send("POST", "/completions", {"voucher_code": voucher, "name": more["name"]}))
        return self._send("POST", "/marks", {"voucher_code": voucher, "score": more["score"]})

    def outcome(self, answer: Answer) -> Outcome:
        """Read the envelope; a refusal is content by field or as a whole."""
        content = answer.json()
        if answer.status < 300 and content["data"]:
            self._token = str(content["data"].get("access_token", self._token))
            return Outcome(True, str(content["data"].get("training_code", "")))
        errors = [text for texts in content.get("errors", {}).values() for text in texts]
        course = str((content.get("data") or {}).get("training_code", ""))
        return Outcome(False, course, "", str((errors or [content["message"]])[0]))

    def _send(self, method: str, path: str, body: Any = None) -> Answer:
        if not self._token:
            login = {"client_id": self.institution, "client_secret": self.secret}
            granted = {"grant_type": "client_credentials", **login}
            self.read(self._json("POST", "/account/api/v1/tokens", granted, {}))
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._json(method, f"/api/skillhub/partner/v1{path}", body, headers)

    def _json(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        raw = orjson.dumps(body) if body is not None else b""
        kind = {"Content-Type": "application/json"} if raw else {}
        return self.transport.send(method, path, headers | kind, raw)
