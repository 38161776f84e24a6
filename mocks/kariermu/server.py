"""Karier.mu's face: account, programs, payment, transactions, and the partner's side (marketplaces 5).

Users are known by a bare token, institutions by their signature.
"""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.kariermu import account, partner, payment, programs, transactions
from prakerja_sim.mocks.kariermu.links import LINKS
from prakerja_sim.mocks.kariermu.words import MARKETPLACE, Words

FACE = Face(MARKETPLACE.code, MARKETPLACE.title, Words, account.log_in)
FACE.hosts = ("api.sekolah.mu", "prakerja.karier.mu")
for chapter in (account, programs, payment, transactions, partner):
    chapter.add_to(FACE)
TOKEN = {"token": {"in": "header", "name": "Authorization", "description": "The token, without Bearer."}}
SIGNED = {
    "institution": {
        "in": "header",
        "name": "Authorization",
        "description": "`CODE:hex(HMAC-SHA256(key, body))`.",
    }
}
FACE.described = Described(
    links=LINKS,
    security=TOKEN,
    more_security={("POST", e.path): SIGNED for e in FACE.endpoints if e.path.startswith("/partner/")},
    nullable=frozenset({"voucher_code", "voucher_expired_at", "redeem_url"}),
    statuses={("POST", "/payment/prakerja/otp"): (200, 202)},
    others={
        ("POST", "/v2/auth/register"): (409,),
        ("GET", "/transaction/<user_id>/<page>/<limit>"): (422,),
        ("GET", "/program_activity/enrolled/<user_id>/<page>/<limit>"): (422,),
    },
)
