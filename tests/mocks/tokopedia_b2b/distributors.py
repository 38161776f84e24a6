"""A distributor of digital goods, written from the reference alone: own token, own signatures."""

from base64 import b64decode, b64encode
from functools import cache

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

SHA256 = hashes.SHA256()
AT = "/b2b/api"


@cache
def private_key(pem):
    """A private key, which takes long to read: it is looked at whether it is one."""
    return serialization.load_pem_private_key(pem.encode(), None)


class Distributor:
    """Somebody who orders over the wire of a market in this process."""

    def __init__(self, market, deposit=5_000_000):
        self.market = market
        self.told = market.admin("GET", "/distributor")
        if deposit:
            market.admin("POST", "/deposits", amount=deposit)
        self.key = private_key(self.told["private_key"])
        self.platform = serialization.load_pem_public_key(self.told["platform_public_key"].encode())
        self.token = self.new_token()

    def new_token(self):
        pair = f"{self.told['client_id']}:{self.told['client_secret']}".encode()
        headers = {"Authorization": "Basic " + b64encode(pair).decode()}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.market.wire.send("POST", "/accounts/token", headers, b"grant_type=client_credentials")
        return answer.json()["access_token"]

    def sign(self, raw, salt=32):
        return b64encode(self.key.sign(raw, padding.PSS(padding.MGF1(SHA256), salt), SHA256)).decode()

    def send(self, method, path, raw=b"", **headers):
        told = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers
        return self.market.wire.send(method, AT + path, told, raw)

    def get(self, path):
        answer = self.send("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()["data"]

    def saldo(self):
        return self.get("/v2/account")["attributes"]["saldo"]

    def body(self, request, product, number="081234567890", **more):
        attributes = {"product_code": product, "client_number": number, "fields": []} | more
        return orjson.dumps({"data": {"type": "order", "id": request, "attributes": attributes}})

    def order(self, request, product="prakerja-barista-101", number="081234567890", salt=32, **more):
        raw = self.body(request, product, number, **more)
        return self.send("POST", "/v2/order", raw, Signature=self.sign(raw, salt))

    def inquire(self, product, number="081234567890", **more):
        attributes = {"product_code": product, "client_number": number, "fields": []} | more
        raw = orjson.dumps({"data": {"type": "inquiry", "attributes": attributes}})
        return self.send("POST", "/v2/inquiry", raw)

    def verified(self, raw, signature):
        """Whether the platform signed these bytes, with the longest salt, as the strictest client wants."""
        longest = padding.PSS(padding.MGF1(SHA256), padding.PSS.MAX_LENGTH)
        try:
            self.platform.verify(b64decode(signature), raw, longest, SHA256)
        except InvalidSignature:
            return False
        return True

    def status(self, request):
        answer = self.send("GET", f"/v2/order/{request}")
        assert answer.status == 200, answer.body
        assert self.verified(answer.body, answer.headers["Signature"])
        return answer.json()["data"]["attributes"]


def refused(answer):
    """Status, code and text of a refusal in this surface's envelope."""
    told = answer.json()
    assert list(told) == ["errors"]
    [error] = told["errors"]
    assert list(error) == ["code", "detail", "status"]
    assert error["status"] == str(answer.status)
    return answer.status, error["code"], error["detail"]
