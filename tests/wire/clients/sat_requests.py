"""A distributor's program with requests and cryptography: one purchase from token to verified callback.

Arguments: URL CLIENT_ID CLIENT_SECRET PRIVATE_KEY PUBLIC_KEY PRODUCT NUMBER REQUEST_ID PORT, the keys
being files.  As the Python client that is known it signs with the longest salt and accepts no other,
takes the token from a form with Basic, and verifies a callback's text as json.dumps writes it again.
"""

import base64
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

URL, CLIENT_ID, CLIENT_SECRET, PRIVATE, PUBLIC, PRODUCT, NUMBER, REQUEST_ID, PORT = sys.argv[1:]
API = URL + "/tokopedia/b2b/api"
PSS = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)
private = serialization.load_pem_private_key(Path(PRIVATE).read_bytes(), None)
public = serialization.load_pem_public_key(Path(PUBLIC).read_bytes())
called = threading.Event()
callbacks: list[dict[str, object]] = []


def verify(text: str, signature: str) -> None:
    """Raise InvalidSignature unless the platform signed this text."""
    public.verify(base64.b64decode(signature), text.encode(), PSS, hashes.SHA256())


class Callback(BaseHTTPRequestHandler):
    """Takes a callback, and believes it if it is signed."""

    def do_POST(self) -> None:
        """Verify, keep, answer."""
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verify(json.dumps(document), self.headers["signature"])
        callbacks.append({"type": self.headers["Content-Type"], "document": document})
        self.send_response(200)
        self.end_headers()
        called.set()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


def main() -> None:
    """Token, account, product, inquiry, order, status, callback."""
    server = HTTPServer(("127.0.0.1", int(PORT)), Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    token = requests.post(
        URL + "/tokopedia/accounts/token",
        auth=(CLIENT_ID, CLIENT_SECRET),
        data={"grant_type": "client_credentials"},
        timeout=30,
    ).json()
    session = requests.Session()
    session.headers["Authorization"] = f"{token['token_type']} {token['access_token']}"
    ping = session.get(API + "/ping", timeout=30).json()
    before = session.get(API + "/v2/account", timeout=30).json()["data"]["attributes"]["saldo"]
    products = session.get(API + "/v2/product-list", params={"product_code": PRODUCT}, timeout=30).json()
    wanted = {"product_code": PRODUCT, "client_number": NUMBER, "fields": []}
    asked = {"data": {"type": "inquiry", "attributes": wanted}}
    inquiry = session.post(API + "/v2/inquiry", json=asked, timeout=30).json()["data"]["attributes"]
    attributes = wanted | {"amount": inquiry["sales_price"]}
    body = json.dumps({"data": {"type": "order", "id": REQUEST_ID, "attributes": attributes}})
    signature = base64.b64encode(private.sign(body.encode(), PSS, hashes.SHA256())).decode()
    headers = {"Signature": signature, "Content-Type": "application/json"}
    order = session.post(API + "/v2/order", data=body, headers=headers, timeout=30).json()
    again = session.post(API + "/v2/order", data=body, headers=headers, timeout=30).json()
    status = session.get(f"{API}/v2/order/{REQUEST_ID}", timeout=30)
    verify(status.text, status.headers["signature"])
    after = session.get(API + "/v2/account", timeout=30).json()["data"]["attributes"]["saldo"]
    called.wait(30)
    told = {"ping": ping, "product": products["data"][0]["attributes"], "price": inquiry["sales_price"]}
    told |= {"order": order, "again": again, "status": status.json(), "spent": before - after}
    print(json.dumps(told | {"callbacks": callbacks}))


main()
