"""Pijar's face: account, catalogue, orders, payment, and the partner's side (marketplaces 3).

Buyers are known by their bearer token, institutions by their signature.
"""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.pijar import account, afterwards, buying, care, catalogue, partner
from prakerja_sim.mocks.pijar.links import LINKS
from prakerja_sim.mocks.pijar.words import MARKETPLACE, Words

FACE = Face(MARKETPLACE.code, MARKETPLACE.title, Words, account.log_in)
FACE.hosts = ("pijarmahir.id", "www.pijarmahir.id", "api.pijarmahir.id")
for chapter in (account, catalogue, buying, afterwards, care, partner):
    chapter.add_to(FACE)
SIGNATURE = {
    "X-Partner": {"in": "header", "name": "X-Partner", "description": "The institution's code."},
    "X-Signature": {"in": "header", "name": "X-Signature", "description": "hex(HMAC-SHA256(key, body))."},
}
PAID, MAILED, MADE = (200, 202), (202,), (201,)
FACE.described = Described(
    links=LINKS,
    security={"token": {"in": "header", "name": "Authorization", "description": "`Bearer JWT`."}},
    more_security={("POST", e.path): SIGNATURE for e in FACE.endpoints if "/partner/" in e.path},
    nullable=frozenset({"paidAt", "voucherCode", "voucherStatus", "validUntil", "redeemUrl"}),
    statuses={
        ("POST", "/api/v1/auth/register"): MADE,
        ("POST", "/api/v1/orders"): MADE,
        ("POST", "/api/v1/tickets"): MADE,
        ("POST", "/api/v1/classes/<class_id>/reviews"): MADE,
        ("POST", "/api/v1/orders/<order_id>/prakerja/verify"): PAID,
        ("POST", "/api/v1/orders/<order_id>/resend-email"): MAILED,
    },
    others={
        ("POST", "/api/v1/auth/register"): (409,),
        ("POST", "/api/v1/auth/phone/otp"): (404,),
        ("POST", "/api/v1/auth/phone/verify"): (404,),
    },
)
