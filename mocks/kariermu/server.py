"""Karier.mu's face. Users are known by a bare token, institutions by their signature."""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.kariermu.codes import SITE
from prakerja_sim.mocks.kariermu.envelope import WORDS
from prakerja_sim.mocks.kariermu.paths import BUYERS, ENROLLED, GUESTS, INSTITUTIONS, LINKS, MINE
from prakerja_sim.mocks.shop.partner_api import check_signature, credential_of
from prakerja_sim.mocks.shop.routes import shop_face


def institution(call: Call) -> None:
    """Establish the institution; its `Authorization` is `CODE:hex(HMAC-SHA256(key, body))`."""
    code, _, signature = call.headers.get("Authorization", "").partition(":")
    check_signature(call, credential_of(call, code), signature)


ROUTES = (GUESTS, BUYERS, INSTITUTIONS)
FACE = shop_face(SITE, WORDS, lambda token: token.partition(".")[0], ROUTES, institution)
FACE.hosts = ("api.sekolah.mu", "prakerja.karier.mu")
HEADER = {"in": "header", "name": "Authorization"}
SIGNED = {"institution": HEADER | {"description": "`CODE:hex(HMAC-SHA256(key, body))`."}}
FACE.described = Described(
    links=LINKS,
    security={"token": HEADER | {"description": "The token, without Bearer."}},
    more_security={("POST", one.path): SIGNED for one in INSTITUTIONS},
    nullable=frozenset({"voucher_code", "voucher_expired_at", "redeem_url"}),
    statuses={("POST", "/payment/prakerja/otp"): (200, 202)},
    others={("GET", path): (422,) for path in (MINE, ENROLLED)},
)
