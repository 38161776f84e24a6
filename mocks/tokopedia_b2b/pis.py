"""The connection to a voucher's supplier ("PIS"): JSON that is encrypted and signed, both ways, with a token.

Documented: calls, fields, response codes, `Authorization`, `Signature`, `Key`, the octet stream and
Jakarta's time.  How it is encrypted is not: here AES-256-GCM, ciphertext, tag, then nonce, as in this
site's webhooks; the key by RSA-OAEP in `Key`; `Signature` RSA-PSS over the bytes that are sent.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import shake_256
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.transport import Answer, NoReply, Transport

CATEGORY = "kartu-prakerja"
FETCHED_AGAIN_AFTER = timedelta(hours=1)
"""A token is good for two hours and fetched every hour (documented)."""
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
NONCE_BYTES = 12
INVALID_TOKEN = ("30", "31")
"""Two pages of the documentation swap these; both are taken as a reason to fetch a token again."""

Tokens = MutableMapping[str, tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """A supplier's answer."""

    code: str
    message: str
    fields: Mapping[str, Any]

    def detail(self, name: str) -> str:
        """One of the bill's details by its name; empty if there is none."""
        rows = self.fields.get("bill_details")
        details = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return next((str(row.get("value", "")) for row in details if row.get("name") == name), "")


@dataclass(frozen=True, slots=True)
class Supplier:
    """The connection to one institution."""

    transport: Transport
    institution: str
    client_id: str
    client_secret: str
    ours: rsa.RSAPrivateKey
    theirs: rsa.RSAPublicKey
    now: datetime
    tokens: Tokens

    def ask(self, what: str, **fields: Any) -> SupplierAnswer:
        """One call with a token; an invalid one is fetched again once. Raises NoReply."""
        answer = self._send(what, fields, self._token())
        if answer.code in INVALID_TOKEN:
            self.tokens.pop(self.institution, None)
            answer = self._send(what, fields, self._token())
        return answer

    def _token(self) -> str:
        cached = self.tokens.get(self.institution)
        if cached is not None and self.now - cached[1] < FETCHED_AGAIN_AFTER:
            return cached[0]
        credential = {"client_id": self.client_id, "client_secret": self.client_secret}
        token = str(self._send("token", credential, "").fields.get("token", ""))
        self.tokens[self.institution] = (token, self.now)
        return token

    def _send(self, what: str, fields: Mapping[str, Any], token: str) -> SupplierAnswer:
        plain = orjson.dumps({**fields, "timestamp": self.now.strftime("%Y-%m-%d %H:%M:%S")})
        key, raw = sealed(self.theirs, plain)
        headers = {"Content-Type": "application/octet-stream", "Key": key}
        headers["Signature"] = key_pairs.sign(self.ours, raw)
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.transport.send("POST", f"/{self.institution}/pis/{what}", headers, raw)
        return self._read(answer)

    def _read(self, answer: Answer) -> SupplierAnswer:
        """The content of an answer; raises NoReply if it cannot be read or is not signed."""
        try:
            content = orjson.loads(self._opened(answer))
            return SupplierAnswer(str(content["response_code"]), str(content.get("message", "")), content)
        except (ValueError, KeyError, TypeError, AttributeError, InvalidTag):
            raise NoReply(f"{self.institution} answers {answer.status} in no words of a supplier") from None

    def _opened(self, answer: Answer) -> bytes:
        key = answer.headers.get("Key")
        if key is None:  # a supplier that cannot read the request answers without encryption
            return answer.body
        if not key_pairs.is_signed(self.theirs, answer.body, answer.headers.get("Signature", "")):
            raise ValueError("not signed")
        return opened(self.ours, key, answer.body)


def sealed(theirs: rsa.RSAPublicKey, plain: bytes) -> tuple[str, bytes]:
    """The `Key` header and the body for somebody who has the private key."""
    # Nothing here is really secret, so key and nonce may follow from the text.
    drawn = shake_256(b"pis" + plain).digest(32 + NONCE_BYTES)
    key, nonce = drawn[:32], drawn[32:]
    return b64encode(theirs.encrypt(key, OAEP)).decode(), AESGCM(key).encrypt(nonce, plain, None) + nonce


def opened(ours: rsa.RSAPrivateKey, key: str, raw: bytes) -> bytes:
    """What was sealed; raises ValueError or InvalidTag."""
    plain = ours.decrypt(b64decode(key, validate=True), OAEP)
    return AESGCM(plain).decrypt(raw[-NONCE_BYTES:], raw[:-NONCE_BYTES], None)
