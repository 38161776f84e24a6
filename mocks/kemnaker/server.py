"""Kemnaker's face: the single sign-on, Skillhub's catalogue and orders, and the partner's side.

The two real hosts are mounted as `/account` and `/api`, so that under such a host the short path
answers (marketplaces 4).
"""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.kemnaker import account, care, catalogue, ordering, partner, sso
from prakerja_sim.mocks.kemnaker.links import LINKS
from prakerja_sim.mocks.kemnaker.words import MARKETPLACE, Words

FACE = Face(MARKETPLACE.code, MARKETPLACE.title, Words, account.log_in)
FACE.hosts = (
    "account.kemnaker.go.id",
    "api.kemnaker.go.id",
    "skillhub.kemnaker.go.id",
    "sandbox.skillhub.kemnaker.go.id",
)
for chapter in (account, sso, catalogue, ordering, care, partner):
    chapter.add_to(FACE)
BEARER = {"token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`."}}
MADE, SENT, PAID = (201,), (202,), (200, 202)
ORDERS = "/api/skillhub/order/v1/orders"
FACE.described = Described(
    links=LINKS,
    security=BEARER,
    more_security={(e.method, e.path): BEARER for e in FACE.endpoints if "/partner/v1/" in e.path},
    nullable=frozenset({"paid_at", "voucher", "number", "from", "to"}),
    optional=frozenset({"refresh_token", "user"}),  # a program's token has none
    statuses={
        ("GET", "/account/auth"): (200, 302),
        ("POST", "/account/api/v1/users"): MADE,
        ("POST", ORDERS): MADE,
        ("POST", f"{ORDERS}/<order_id>/payments/prakerja/confirm"): PAID,
        ("POST", f"{ORDERS}/<order_id>/voucher-email"): SENT,
        ("POST", "/api/skillhub/review/v1/reviews"): MADE,
        ("POST", "/api/care/v1/tickets"): MADE,
        ("POST", "/api/skillhub/partner/v1/completions"): MADE,
        ("POST", "/api/skillhub/partner/v1/marks"): MADE,
    },
    others={
        ("POST", "/account/auth/login"): (419,),
        ("POST", "/account/api/v1/tokens"): (401,),
    },
)
for one in FACE.endpoints:
    for mount in ("/account", "/api"):
        if one.path.startswith(mount + "/"):
            path = one.path.removeprefix(mount)
            FACE.app.add_url_rule(path, endpoint=f"{one.method} {one.path}", methods=[one.method])
