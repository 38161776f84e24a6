"""An institution's program with httpx: asks about a redeem code, commits it, prints both answers.

Arguments: URL CLIENT_CODE SIGN_KEY REDEEM_CODE [HOST].  Proxy and CA come from the environment,
as httpx reads it.  Its header names are capitalised, and one connection serves both requests.
"""

import hashlib
import hmac
import json
import sys
import time

import httpx

PATH = "/api/v1/integration/payment/redeem-code/"


def call(client: httpx.Client, step: str, body: dict[str, object]) -> object:
    """One signed request."""
    url, client_code, sign_key, _, *host = sys.argv[1:]
    timestamp = str(int(time.time()))
    content = json.dumps(body, separators=(",", ":"))
    signed = client_code + timestamp + "POST" + PATH + step + content
    headers = {
        "Content-Type": "application/json",
        "Client_code": client_code,
        "Signature": hmac.new(sign_key.encode(), signed.encode(), hashlib.sha1).hexdigest(),
        "Timestamp": timestamp,
    }
    if host:
        headers["Host"] = host[0]
    return client.post(url + PATH + step, content=content, headers=headers).json()


def main() -> None:
    """Status, then commit."""
    code = sys.argv[4]
    with httpx.Client(timeout=30) as client:
        status = call(client, "status", {"redeem_code": code, "sequence": 1})
        commit = call(client, "commit", {"redeem_code": code})
    print(json.dumps({"status": status, "commit": commit}))


main()
