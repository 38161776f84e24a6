"""Bukalapak's face: the v4 API, its OAuth, the partner paths, and the older v2.

A shopper or a guest comes with a token; providers and v2 come with HTTP Basic.
"""

from hmac import compare_digest

from prakerja_sim.mocks.bukalapak import legacy, paths, tokens
from prakerja_sim.mocks.bukalapak.codes import SITE
from prakerja_sim.mocks.bukalapak.fields import basic
from prakerja_sim.mocks.bukalapak.words import MOUNTS, Words
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Call, Face, Unauthorized
from prakerja_sim.mocks.shop.routes import mount, mount_short


def provider(call: Call) -> None:
    """Establish the institution from HTTP Basic; its credential may also name its sandbox."""
    name, secret = basic(call) or ("", "")
    credential = call.parties.sandboxes.presented(name, to=call.sandbox, named=call.named)
    if credential is None or not compare_digest(credential.sign_key.encode(), secret.encode()):
        raise Unauthorized("unknown provider or wrong key")
    call.admit(credential)


FACE = Face(SITE.code, SITE.title, Words, tokens.user, Role.PERSON)
FACE.hosts = ("api.bukalapak.com", "accounts.bukalapak.com", "www.bukalapak.com")
mount(FACE, SITE, paths.ANYBODY, guests=True)
mount(FACE, SITE, paths.GUESTS, sender=tokens.anyone)
mount(FACE, SITE, paths.BUYERS)
mount(FACE, SITE, paths.INSTITUTIONS, sender=provider, callers=Role.INSTITUTION)
mount(FACE, SITE, paths.OLD, sender=legacy.check_basic)
mount_short(FACE, *MOUNTS)
FACE.described = Described(
    links=paths.LINKS,
    security={"token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`."}},
    queries=paths.QUERIES,
    nullable=frozenset({"paid_at", "coupon"}),
    optional=frozenset({"masked_phone", "expired_at"}),  # only while an OTP is awaited
    refuses_within=("/api/v2/",),
    statuses={
        **{("POST", path): (201,) for path in paths.MADE},
        ("POST", paths.AUTHORIZE): (302,),
        ("POST", f"{paths.PAYMENT}/prakerja"): (200, 202),
        ("POST", f"{paths.PAYMENT}/otp"): (202,),
        ("POST", paths.MAILS): (202,),
    },
    pages=(paths.AUTHORIZE,),
    others={
        ("POST", paths.TOKEN): (401,),
        ("PUT", f"{paths.USERS}/tfa-status"): (401,),
        ("PUT", f"{paths.USERS}/passwords"): (401,),
    },
)
