"""A Bukalapak v4 program with requests: logs in, confirms its phone, buys a course, prints what it got.

Arguments: ACCOUNTS API CLIENT_ID CLIENT_SECRET PHONE PASSWORD COURSE CARD SMS [ACCOUNTS_HOST API_HOST].
SMS is where the text messages of a phone can be read.  OAuth's parameters go as a form body.
"""

import json
import sys
from typing import Any

import requests

ACCOUNTS, API, CLIENT_ID, CLIENT_SECRET, PHONE, PASSWORD, COURSE, CARD, SMS, *HOSTS = sys.argv[1:]
VERSION = "application/vnd.bukalapak.v4+json"
TIMEOUT = 30


def token(**grant: str) -> Any:
    """OAuth as public test suites do it."""
    form = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **grant}
    headers = {"Accept": VERSION, **({"Host": HOSTS[0]} if HOSTS else {})}
    answer = requests.post(f"{ACCOUNTS}/oauth/token", data=form, headers=headers, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()


class Session:
    """A login, and the requests made with it."""

    def __init__(self) -> None:
        self.tokens = token(grant_type="password", username=PHONE, password=PASSWORD, scope="public user")
        self.statuses: list[int] = []

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; answers data, or the code of the first error."""
        told = {"Accept": VERSION, "Authorization": f"Bearer {self.tokens['access_token']}", **headers}
        if HOSTS:
            told["Host"] = HOSTS[1]
        answer = requests.request(method, API + path, json=body, headers=told, timeout=TIMEOUT)
        self.statuses.append(answer.status_code)
        content = answer.json()
        assert content["meta"]["http_status"] == answer.status_code
        return content["data"] if answer.ok else content["errors"][0]["code"]

    def with_otp(self, method: str, path: str, body: Any) -> Any:
        """A protected request: the same again, with the code of the text message that it caused."""
        before = len(messages(0)["messages"])
        first = self.send(method, path, body)
        assert first == 10110 or first["state"] == "otp_required", first
        code = messages(before)["otp"]
        return self.send(method, path, body, **{"Bukalapak-OTP-Key": code, "Bukalapak-OTP-Device-ID": "5e1f"})

    def refresh(self) -> None:
        """Another access token; the old one is sent along."""
        old = self.tokens
        kept = {name: old[name] for name in ("refresh_token", "access_token")}
        self.tokens = token(grant_type="refresh_token", **kept)


def messages(after: int) -> Any:
    """What came to the phone."""
    wanted = {"to": PHONE, "after": after, "wait": "0s" if after == 0 else "10s"}
    return requests.get(SMS, params=wanted, timeout=TIMEOUT).json()


def main() -> None:
    """Log in, look, order, pay, read the bill."""
    session = Session()
    me = session.send("GET", "/me")
    if not me["phone_confirmed"]:
        session.with_otp("PUT", "/users/tfa-status", {"state": "active"})
    found = [course["id"] for course in session.send("GET", "/prakerja/courses?keywords=prakerja&limit=50")]
    detail = session.send("GET", f"/prakerja/courses/{COURSE}")
    ordered = session.send("POST", "/prakerja/transactions", {"course_id": COURSE, "tnc_accepted": True})
    wanted = {"transactions": [{"id": ordered["id"], "type": "prakerja"}], "payment_type": "prakerja"}
    invoice = session.send("POST", "/invoices", wanted)
    payment = f"/payments/{invoice['payment_id']}"
    card = {"card_number": CARD}
    checked = session.send("POST", f"{payment}/prakerja/cards", card)
    paid = session.with_otp("POST", f"{payment}/prakerja", card)
    session.refresh()
    bill = session.send("GET", f"/invoices/{invoice['id']}")
    told = {
        "found": COURSE in found,
        "curriculum": len(detail["curriculum"]),
        "checked": checked["state"],
        "paid": paid["state"],
        "coupon": bill["transactions"][0]["coupon"]["code"],
        "confirmed": session.send("GET", "/me")["phone_confirmed"],
        "statuses": sorted(set(session.statuses)),
    }
    print(json.dumps(told))


main()
