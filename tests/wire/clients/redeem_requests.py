"""An institution's program with requests: asks about a redeem code, commits it, prints both answers.

Arguments: URL CLIENT_CODE SIGN_KEY REDEEM_CODE [HOST].  Proxy and CA come from the environment,
as requests reads it.  It signs the compact body and sends the one that json.dumps makes.
"""

import hashlib
import hmac
import json
import sys
import time

import requests

PATH = "/api/v1/integration/payment/redeem-code/"


def call(step: str, body: dict[str, object]) -> object:
    """One signed request."""
    url, client_code, sign_key, _, *host = sys.argv[1:]
    timestamp = str(int(time.time()))
    compact = json.dumps(body, separators=(",", ":"))
    signed = client_code + timestamp + "POST" + PATH + step + compact
    headers = {
        "Content-Type": "application/json",
        "client_code": client_code,
        "signature": hmac.new(sign_key.encode(), signed.encode(), hashlib.sha1).hexdigest(),
        "timestamp": timestamp,
    }
    if host:
        headers["Host"] = host[0]
    return requests.post(url + PATH + step, data=json.dumps(body), headers=headers, timeout=30).json()


def main() -> None:
    """Status, then commit."""
    code = sys.argv[4]
    status = call("status", {"redeem_code": code, "sequence": 1})
    print(json.dumps({"status": status, "commit": call("commit", {"redeem_code": code})}))


main()
