"""A tiny learning site: it opens a class for a redeem code, and attests that its owner takes part."""

import hashlib
import hmac
import json
import os
import time

import httpx

API = "/api/v1/integration/"
BACK = "https://lp.example/kembali"


class NotOpened(Exception):
    """The class stays shut; the message is for the participant, in Prakerja's words."""


def call(step, body):
    """One signed request; answers `data`. Raises NotOpened; what is lost is httpx.TransportError."""
    raw, now = json.dumps(body), str(int(time.time()))
    client_code, key = os.environ["PRAKERJA_CLIENT_CODE"], os.environ["PRAKERJA_SIGN_KEY"]
    text = f"{client_code}{now}POST{API}{step}{raw}"
    headers = {
        "Content-Type": "application/json",
        "client_code": client_code,
        "timestamp": now,
        "signature": hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest(),
    }
    url = os.environ.get("PRAKERJA_BASE_URL", "https://api.prakerja.go.id") + API + step
    answer = httpx.post(url, content=raw, headers=headers, timeout=1).json()
    if not answer.get("success"):
        raise NotOpened(answer["message"])
    return answer["data"]


class Site:
    """Classes by redeem code."""

    def __init__(self):
        self.opened = {}

    def check(self, code):
        """Whether a code may still be used; changes nothing."""
        return self._state(code)["status"] == 0

    def redeem(self, code):
        """Use the code and open its class; after a lost answer Prakerja says whether it is used."""
        try:
            used = call("payment/redeem-code/commit", {"redeem_code": code})
        except httpx.TransportError:
            used = self._state(code)
        if used["status"] == 1:
            self.opened[code] = used["course_code"]
        return code in self.opened

    def attendance_page(self, code, email):
        """Where the participant shows his face."""
        asked = {"redeem_code": code, "redirect_uri": BACK, "email": email, "sequence": 1}
        return call("oauth/url-generate", asked)["url"]

    def attended(self, code):
        """Whether Prakerja has seen the face; that a browser came back proves nothing."""
        return self._state(code)["attendance_status"] == 1

    def _state(self, code):
        return call("payment/redeem-code/status", {"redeem_code": code, "sequence": 1})
