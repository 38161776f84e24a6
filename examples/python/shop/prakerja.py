"""What a marketplace sends to Prakerja, signed: HMAC-SHA1 over code, time, method, path, token and body."""

import hashlib
import hmac
import json
import os
import time

import requests

API = "/api/v1/integration/payment/"
SECONDS = 1


class Declined(Exception):
    """Prakerja said no; `code` is its own, such as ERRPLT40094."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class NoAnswer(Exception):
    """Nothing came back, so nobody here knows what Prakerja did."""


def call(step, body, token=""):
    """One signed request; answers `data`. Raises Declined or NoAnswer."""
    raw, now = json.dumps(body), str(int(time.time()))
    client_code, key = os.environ["PRAKERJA_CLIENT_CODE"], os.environ["PRAKERJA_SIGN_KEY"]
    authorization = f"Payment {token}" if token else ""
    text = f"{client_code}{now}POST{API}{step}{authorization}{raw}"
    headers = {
        "Content-Type": "application/json",
        "client_code": client_code,
        "timestamp": now,
        "signature": hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest(),
    }
    if token:
        headers["Authorization"] = authorization
    url = os.environ.get("PRAKERJA_BASE_URL", "https://api.prakerja.go.id") + API + step
    try:
        answer = requests.post(url, data=raw, headers=headers, timeout=SECONDS).json()
    except requests.RequestException as problem:
        raise NoAnswer(str(problem)) from problem
    if not answer.get("success"):
        raise Declined(answer["code"], answer["message"])
    return answer.get("data") or {}
