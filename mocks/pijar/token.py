"""The login's JSON web token (HS256), which says whether the phone is verified.

It follows from the sandbox's seed, from that and from the password, so none is kept, verifying ends the
token of the registration, and a new password ends every older one.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any

import orjson

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.account import drawn
from prakerja_sim.simulator.marketplace.records import Shopper


def token(call: Call, account: Shopper) -> str:
    """An account's token."""
    claims = {"sub": account.user, "phoneVerified": account.phone_verified}
    signed = b".".join((_encoded({"alg": "HS256", "typ": "JWT"}), _encoded(claims)))
    key = drawn(call, "pijar token", call.sandbox.name, account.password)
    return (signed + b"." + _base64(hmac.digest(key.encode(), signed, "sha256"))).decode()


def user_of(text: str) -> str:
    """The user that a token names; empty if it cannot be read."""
    part = text.encode().split(b".")[1:2]
    try:
        claims = orjson.loads(urlsafe_b64decode(part[0] + b"==")) if part else {}
    except (NotBase64, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""


def _encoded(part: Any) -> bytes:
    return _base64(orjson.dumps(part))


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
