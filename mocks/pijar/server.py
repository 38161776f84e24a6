"""Pijar's face. Buyers are known by their bearer token, institutions by their signature."""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.pijar.codes import SITE
from prakerja_sim.mocks.pijar.envelope import WORDS
from prakerja_sim.mocks.pijar.paths import (
    AUTH,
    BUYERS,
    GUESTS,
    INSTITUTIONS,
    LINKS,
    ORDER,
    ORDERS,
    PAY,
    REVIEWS,
    TICKETS,
)
from prakerja_sim.mocks.pijar.token import user_of
from prakerja_sim.mocks.shop.partner_api import check_signature, credential_of
from prakerja_sim.mocks.shop.routes import shop_face


def institution(call: Call) -> None:
    """Establish the institution: `X-Partner` names it and `X-Signature` proves it."""
    credential = credential_of(call, call.headers.get("X-Partner", ""))
    check_signature(call, credential, call.headers.get("X-Signature", ""))


FACE = shop_face(SITE, WORDS, user_of, (GUESTS, BUYERS, INSTITUTIONS), institution)
FACE.hosts = ("pijarmahir.id", "www.pijarmahir.id", "api.pijarmahir.id")
FACE.pages = {"/belajar/": f"/institution/{SITE.code}/situs/kelas/"}  # its own learning site
SIGNATURE = {
    "X-Partner": {"in": "header", "name": "X-Partner", "description": "The institution's code."},
    "X-Signature": {"in": "header", "name": "X-Signature", "description": "hex(HMAC-SHA256(key, body))."},
}
FACE.described = Described(
    links=LINKS,
    security={"token": {"in": "header", "name": "Authorization", "description": "`Bearer JWT`."}},
    more_security={("POST", one.path): SIGNATURE for one in INSTITUTIONS},
    nullable=frozenset({"paidAt", "voucherCode", "voucherStatus", "validUntil", "redeemUrl"}),
    statuses={
        **{("POST", path): (201,) for path in (f"{AUTH}/register", ORDERS, TICKETS, REVIEWS)},
        ("POST", f"{PAY}/verify"): (200, 202),
        ("POST", f"{ORDER}/resend-email"): (202,),
    },
)
