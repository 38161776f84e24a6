"""Bukalapak's face: the v4 API, its OAuth, the partner paths, and the older v2.

Mounted as on the real hosts, so that under such a host the short path answers.  A shopper or a
guest comes with a token; providers and v2 come with HTTP Basic.
"""

from prakerja_sim.mocks.bukalapak import account, afterwards, buying, catalogue, legacy, partner, pay, tokens
from prakerja_sim.mocks.bukalapak.words import MARKETPLACE, MOUNTS, Words
from prakerja_sim.mocks.http.describe import Described, Link
from prakerja_sim.mocks.http.face import Face

PAGED = {"limit": "How many, 1 to 100.", "offset": "After how many."}
SOUGHT = {"keywords": "Words that must all be there.", **PAGED}
GRANT = {
    "grant_type": "client_credentials, password or refresh_token.",
    "client_id": "The app, or a partner.",
    "client_secret": "Its secret.",
    "scope": "public, or public user.",
    "username": "For a password: phone, e-mail or number.",
    "password": "The account's own.",
    "refresh_token": "For another access token.",
}
COURSES = ("GET", "/api/prakerja/courses")
COURSE = ("GET", "/api/prakerja/courses/<course>")
ORDERED, BILL, PAYMENT = (f"$response.body#/data/{name}" for name in ("id", "invoice_id", "payment_id"))

FACE = Face(MARKETPLACE.code, MARKETPLACE.title, Words, tokens.user)
FACE.hosts = ("api.bukalapak.com", "accounts.bukalapak.com")
for chapter in (tokens, account, catalogue, buying, pay, afterwards, partner, legacy):
    chapter.add_to(FACE)
FACE.described = Described(
    links={
        ("GET", "/api/prakerja/categories"): (
            Link(
                "see the first one's courses",
                COURSES,
                parameters={"category_id": "$response.body#/data/0/id"},
            ),
        ),
        COURSES: (Link("look at the first", COURSE, parameters={"course": "$response.body#/data/0/id"}),),
        COURSE: (
            Link("buy it", ("POST", "/api/prakerja/transactions"), {"course_id": "$response.body#/data/id"}),
            Link(
                "read its reviews",
                ("GET", "/api/prakerja/courses/<course>/reviews"),
                parameters={"course": "$response.body#/data/id"},
            ),
        ),
        ("POST", "/api/prakerja/transactions"): (
            Link(
                "look at it",
                ("GET", "/api/prakerja/transactions/<transaction>"),
                parameters={"transaction": ORDERED},
            ),
            Link("open its bill", ("GET", "/api/invoices/<invoice>"), parameters={"invoice": BILL}),
            Link(
                "see how to pay", ("GET", "/api/payments/<payment>/methods"), parameters={"payment": PAYMENT}
            ),
            Link(
                "have the card checked",
                ("POST", "/api/payments/<payment>/prakerja/cards"),
                parameters={"payment": PAYMENT},
            ),
        ),
    },
    security={"token": {"in": "header", "name": "Authorization", "description": "`Bearer TOKEN`."}},
    queries={
        ("POST", "/accounts/oauth/token"): GRANT,
        ("GET", "/api/products"): SOUGHT,
        ("GET", "/api/prakerja/courses"): {
            **SOUGHT,
            "category_id": "Of this category.",
            "provider_id": "Of this provider.",
            "type": "self_paced, webinar or offline.",
            "sort": "title, price or -price.",
        },
        ("GET", "/api/prakerja/providers"): {"category_id": "With a course of this category."},
        ("GET", "/api/prakerja/courses/<course>/reviews"): PAGED,
        ("GET", "/api/invoices"): PAGED,
        ("GET", "/api/complaints"): {"transaction_id": "About this transaction.", **PAGED},
        ("GET", "/api/v2/transactions.json"): {"page": "From 1.", "per_page": "6, 18, 20, 40 or 80."},
    },
    nullable=frozenset({"paid_at", "coupon"}),
    optional=frozenset({"masked_phone", "expired_at"}),  # only while an OTP is awaited
    refuses_within=("/api/v2/",),
    statuses={
        ("POST", "/api/users"): (201,),
        ("POST", "/api/prakerja/transactions"): (201,),
        ("POST", "/api/invoices"): (201,),
        ("POST", "/api/payments/<payment>/prakerja"): (200, 202),
        ("POST", "/api/payments/<payment>/otp"): (202,),
        ("POST", "/api/invoices/<invoice>/coupon-emails"): (202,),
        ("POST", "/api/prakerja/transactions/<transaction>/reviews"): (201,),
        ("POST", "/api/prakerja/transactions/<transaction>/refund-requests"): (201,),
        ("POST", "/api/complaints"): (201,),
        ("POST", "/api/complaints/<ticket>/replies"): (201,),
    },
    others={
        ("POST", "/accounts/oauth/token"): (401,),
        ("PUT", "/api/users/tfa-status"): (401,),
        ("PUT", "/api/users/passwords"): (401,),
        ("POST", "/api/payments/<payment>/prakerja"): (409,),
        ("POST", "/api/payments/<payment>/otp"): (409,),
        ("POST", "/api/invoices/<invoice>/coupon-emails"): (429,),
    },
)
for one in FACE.endpoints:
    for mount in MOUNTS:
        if one.path.startswith(mount + "/"):
            path = one.path.removeprefix(mount)
            FACE.app.add_url_rule(path, endpoint=f"{one.method} {one.path}", methods=[one.method])
