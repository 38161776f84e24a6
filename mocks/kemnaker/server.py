"""Kemnaker's face: the ministry's sign-on, Skillhub, and the partner's side, where a program logs in too."""

from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Call, Unauthorized
from prakerja_sim.mocks.kemnaker.codes import SITE, secret
from prakerja_sim.mocks.kemnaker.envelope import WORDS
from prakerja_sim.mocks.kemnaker.paths import (
    BUYERS,
    GUESTS,
    INSTITUTIONS,
    LINKS,
    ORDER,
    ORDERS,
    PARTNER,
    PAY,
    REVIEWS,
    SUPPORT,
    USERS,
)
from prakerja_sim.mocks.kemnaker.sso import credential_of
from prakerja_sim.mocks.shop.account import same
from prakerja_sim.mocks.shop.routes import mount_short, shop_face


def institution(call: Call) -> None:
    """Establish the institution from the token that it got for its secret; raises Unauthorized."""
    token = call.headers.get("Authorization", "").removeprefix("Bearer ")
    client = token.partition("|")[0]
    credential = credential_of(call, client)
    if credential is None or not same(secret(call, "partner", client, credential.sign_key), token):
        raise Unauthorized(f"no valid token of {client}")
    call.admit(credential)


ROUTES = (GUESTS, BUYERS, INSTITUTIONS)
FACE = shop_face(SITE, WORDS, lambda token: token.partition("|")[0], ROUTES, institution)
FACE.hosts = (
    "account.kemnaker.go.id",
    "api.kemnaker.go.id",
    "skillhub.kemnaker.go.id",
    "sandbox.skillhub.kemnaker.go.id",
)
mount_short(FACE, "/account", "/api")
BEARER = {"token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`."}}
MADE = (USERS, ORDERS, REVIEWS, SUPPORT, f"{PARTNER}/completions", f"{PARTNER}/marks")
FACE.described = Described(
    links=LINKS,
    security=BEARER,
    more_security={(one.method, one.path): BEARER for one in INSTITUTIONS},
    nullable=frozenset({"paid_at", "voucher", "number", "from", "to"}),
    optional=frozenset({"refresh_token", "user", "profile"}),  # a program's token has none
    statuses={
        **{("POST", path): (201,) for path in MADE},
        ("GET", "/account/auth"): (200, 302),
        ("POST", f"{PAY}/confirm"): (200, 202),
        ("POST", f"{ORDER}/voucher-email"): (202,),
    },
    others={
        ("POST", "/account/auth"): (401, 419, 422),
        ("POST", "/account/auth/login"): (419,),
        ("POST", "/account/api/v1/tokens"): (401,),
    },
)
