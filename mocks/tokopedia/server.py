"""Tokopedia's face: the consumer's GraphQL, cart and payment page, and the partner's side.

The surfaces are mounted as on the real hosts, so that under such a host the short path answers.
Who asks is established by the surface: a shopper by his bearer token, an institution by its
signature.
"""

from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.face import Envelope, Environ, Face
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.routes import mount, mount_short
from prakerja_sim.mocks.tokopedia import account, graphql, partner, paths, webhooks
from prakerja_sim.mocks.tokopedia.codes import SITE
from prakerja_sim.mocks.tokopedia.words import Words

HOST_MOUNTS = ("/gql", "/pulsa", "/accounts", "/b2b", "/fs")
"""What the real hosts leave out of the path: gql.tokopedia.com/graphql, and `/token` at the root."""

BUSINESS = registry.business(SITE.code)


def _envelope(environ: Environ) -> Envelope:
    """The words of the surface that was asked."""
    surface = environ["PATH_INFO"][1:].partition("/")[0]
    return (BUSINESS.envelopes.get(surface, Words) if BUSINESS else Words)(environ)


def limits(seconds: int) -> dict[str, str]:
    """The four headers that come with 429, which known clients read (seen; the numbers are not known)."""
    return {
        "X-Ratelimit-Limit": "50",
        "X-Ratelimit-Remaining": "0",
        "X-Ratelimit-Reset-After": f"{seconds}.0",
        "X-Ratelimit-Full-Reset-After": f"{seconds}.0",
    }


FACE = Face(SITE.code, SITE.title, _envelope, account.log_in, Role.PERSON)
FACE.hosts = (
    "accounts.tokopedia.com",
    "b2b.tokopedia.com",
    "b2b-playground.tokopedia.com",
    "fs.tokopedia.net",
    "gql.tokopedia.com",
    "pay.tokopedia.com",
    "pulsa-api.tokopedia.com",
    "www.tokopedia.com",
)
FACE.roots = ("/token",)
FACE.limits = limits
graphql.add_to(FACE, SITE, paths.OPERATIONS, account.log_in)
mount(FACE, SITE, paths.ANYBODY, guests=True)
mount(FACE, SITE, paths.ROUTES)
mount(FACE, SITE, paths.INSTITUTIONS, sender=partner.check_signature, callers=Role.INSTITUTION)
mount(FACE, SITE, webhooks.ROUTES, sender=webhooks.sender, callers=Role.INSTITUTION)
FACE.described = Described(
    links=paths.LINKS,
    security={"token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`."}},
    logged_in=("/gql/graphql",),
    nullable=frozenset({"voucher"}),
    refuses_within=(graphql.PATH,),
    queries={
        ("GET", "/pulsa/v1.4/voucher/check"): {"voucher_code": "A promo.", "category_id": "Whose cart."},
        ("GET", "/pay/v2/methods"): {"transaction_id": "The transaction to be paid."},
    },
    others={
        # A list of operations is answered with a list; the token endpoint speaks OAuth.
        **{("POST", e.path): (400, 401) for e in FACE.endpoints if e.path.startswith("/gql/graphql")},
        ("POST", "/accounts/token"): (400, 401),
    },
)
if BUSINESS is not None:
    BUSINESS.add_to(FACE)
mount_short(FACE, *HOST_MOUNTS)
