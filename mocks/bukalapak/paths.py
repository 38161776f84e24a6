"""Bukalapak's paths: what each does and takes, how it answers, what it leads to (marketplaces 2).

They are mounted as on the real hosts: `/api`, `/accounts`.
"""

from prakerja_sim.mocks.bukalapak import envelope, fields, legacy, login_page, steps, tokens
from prakerja_sim.mocks.bukalapak.envelope import (
    bill,
    judged,
    named,
    paying,
    some,
    ticket,
    transaction,
    utc,
    v4,
)
from prakerja_sim.mocks.http.describe import Link
from prakerja_sim.mocks.http.face import Provenance
from prakerja_sim.mocks.shop import catalogue, ordering, partner_api, support
from prakerja_sim.mocks.shop import fields as shop
from prakerja_sim.mocks.shop.routes import Route, as_it_is, get, post

DOCUMENTED, SEEN = Provenance.DOCUMENTED, Provenance.SEEN
INFERRED, SIMULATED = Provenance.INFERRED, Provenance.SIMULATED
AUTHORIZE, TOKEN = "/accounts/oauth/authorize", "/accounts/oauth/token"
USERS, PROGRAMME = "/api/users", "/api/prakerja"
COURSES, TRANSACTIONS = f"{PROGRAMME}/courses", f"{PROGRAMME}/transactions"
COURSE, TRANSACTION = f"{COURSES}/<course>", f"{TRANSACTIONS}/<transaction>"
INVOICES, INVOICE, PAYMENT = "/api/invoices", "/api/invoices/<invoice>", "/api/payments/<payment>"
MAILS, COMPLAINTS = f"{INVOICE}/coupon-emails", "/api/complaints"
COUPON, V2 = "/api/_partners/prakerja/coupons/<coupon>", "/api/v2"
CLOSED = "Kursus Prakerja hanya dapat dibayar dengan Kartu Prakerja"
METHODS = [
    {
        "group": "Program Pemerintah",
        "methods": [{"id": "prakerja", "name": "Kartu Prakerja", "enabled": True, "reason": ""}],
    },
    {
        "group": "Dompet Digital",
        "methods": [{"id": "wallet", "name": "Dompet Digital", "enabled": False, "reason": CLOSED}],
    },
]


def names(*of_its_own: str, paged: bool = True) -> tuple[str, ...]:
    """What a list's query may name; the token too, since some clients put it there (seen)."""
    return (*of_its_own, *(("limit", "offset") if paged else ()), "access_token")


ANYBODY = (
    get(AUTHORIZE, login_page.authorize, as_it_is, provenance=SEEN),
    post(AUTHORIZE, login_page.answer, as_it_is, provenance=SIMULATED),
    post(TOKEN, tokens.token, as_it_is, provenance=DOCUMENTED),
    post(f"{V2}/authenticate.json", legacy.authenticate, as_it_is, provenance=SEEN),
)
GUESTS = (
    post(USERS, steps.register, v4(envelope.profile, 201), fields.NewUser, provenance=SIMULATED),
    Route(
        "PUT", f"{USERS}/passwords", steps.reset_password, as_it_is, fields.NewPassword, provenance=SIMULATED
    ),
    get("/api/products", steps.products, some(envelope.product), provenance=SEEN, names=names("keywords")),
    get(
        COURSES,
        steps.courses,
        some(envelope.course),
        names=names("keywords", "category_id", "provider_id", "type", "sort"),
    ),
    get(
        f"{PROGRAMME}/categories",
        catalogue.categories,
        v4(lambda all_: [named(one) for one in all_]),
        names=names(paged=False),
    ),
    get(
        f"{PROGRAMME}/providers",
        steps.providers,
        v4(lambda all_: [named(one) for one in all_]),
        names=names("category_id", paged=False),
    ),
    get(COURSE, catalogue.detail, v4(envelope.course_page)),
    get(f"{COURSE}/reviews", steps.reviews, some(envelope.review), names=names()),
)
BUYERS = (
    get("/api/me", steps.me, v4(envelope.profile)),
    Route("PUT", f"{USERS}/tfa-status", steps.activate, as_it_is, fields.TfaStatus, provenance=SEEN),
    post(TRANSACTIONS, steps.order_course, v4(transaction, 201), fields.NewTransaction),
    get(TRANSACTION, ordering.one_order, v4(transaction), provenance=SIMULATED),
    post(
        "/api/vouchers/validate",
        steps.validate_voucher,
        v4(lambda one: {"discount": one.amount, "message": "Voucher dapat digunakan"}),
        fields.Promo,
    ),
    post(INVOICES, steps.create_invoice, v4(bill, 201), fields.NewInvoice, provenance=SEEN),
    get(INVOICES, steps.invoices, some(bill), provenance=SEEN, names=names()),
    get(INVOICE, steps.invoice, v4(bill), provenance=SEEN),
    get(f"{PAYMENT}/methods", ordering.methods, v4(lambda _: METHODS)),
    post(
        f"{PAYMENT}/prakerja/cards",
        steps.check_card,
        v4(envelope.card),
        shop.Card,
        provenance=SIMULATED,
    ),
    post(f"{PAYMENT}/prakerja", steps.pay, paying, shop.Card),
    post(f"{PAYMENT}/otp", steps.resend_otp, paying),
    post(
        MAILS,
        ordering.resend_mail,
        v4(lambda one: {"state": "sent", "next_allowed_at": utc(one.again_at)}, 202),
    ),
    post(
        f"{TRANSACTION}/reviews",
        steps.review,
        v4(lambda one: {"id": int(f"9{one.order}"), "rate": one.stars}, 201),
        fields.Review,
    ),
    post(f"{TRANSACTION}/refund-requests", steps.ask_refund, v4(ticket, 201), fields.RefundRequest),
    post(COMPLAINTS, support.complain, v4(ticket, 201), fields.Complaint),
    get(
        COMPLAINTS,
        steps.list_complaints,
        some(ticket),
        provenance=SIMULATED,
        names=names("transaction_id"),
    ),
    post(f"{COMPLAINTS}/<ticket>/replies", support.reopen, v4(ticket, 201), shop.Again, provenance=SIMULATED),
)
INSTITUTIONS = (
    get(COUPON, partner_api.check, judged),
    post(f"{COUPON}/redeem", partner_api.redeem, judged),
    post(f"{COUPON}/completion", partner_api.report, judged, fields.Completion, provenance=SIMULATED),
)
OLD = (
    get(f"{V2}/users/info.json", legacy.info, as_it_is, provenance=SEEN, names=()),
    get(
        f"{V2}/transactions.json",
        legacy.transactions,
        as_it_is,
        provenance=SEEN,
        names=("page", "per_page"),
    ),
    get(
        f"{V2}/transactions/<transaction>.json",
        legacy.one_transaction,
        as_it_is,
        provenance=SEEN,
        names=(),
    ),
    post(
        f"{V2}/transactions/<transaction>/feedbacks.json",
        legacy.give_feedback,
        as_it_is,
        fields.Feedback,
        provenance=SEEN,
    ),
)

FIRST, CHOSEN = "$response.body#/data/0/id", "$response.body#/data/id"
BILLED, PAID = (f"$response.body#/data/{name}" for name in ("invoice_id", "payment_id"))
LINKS = {
    ("GET", f"{PROGRAMME}/categories"): (
        Link("see the first one's courses", ("GET", COURSES), parameters={"category_id": FIRST}),
    ),
    ("GET", COURSES): (Link("look at the first", ("GET", COURSE), parameters={"course": FIRST}),),
    ("GET", COURSE): (
        Link("buy it", ("POST", TRANSACTIONS), {"course_id": CHOSEN}),
        Link("read its reviews", ("GET", f"{COURSE}/reviews"), parameters={"course": CHOSEN}),
    ),
    ("POST", TRANSACTIONS): (
        Link("look at it", ("GET", TRANSACTION), parameters={"transaction": CHOSEN}),
        Link("open its bill", ("GET", INVOICE), parameters={"invoice": BILLED}),
        Link("see how to pay", ("GET", f"{PAYMENT}/methods"), parameters={"payment": PAID}),
        Link("have the card checked", ("POST", f"{PAYMENT}/prakerja/cards"), parameters={"payment": PAID}),
    ),
}
PAGED = {"limit": "How many, 1 to 100.", "offset": "After how many."}
SOUGHT = {"keywords": "Words that must all be there.", **PAGED}
WANTED = {
    "client_id": "The app, or a partner.",
    "redirect_uri": "Where the browser goes afterwards.",
    "response_type": "code.",
    "scope": "Some of public, user and store.",
    "state": "Comes back as it is.",
}
QUERIES = {
    ("GET", AUTHORIZE): WANTED,
    ("POST", AUTHORIZE): WANTED,
    ("POST", TOKEN): {
        "grant_type": "client_credentials, password, authorization_code or refresh_token.",
        "client_id": "The app, or a partner.",
        "client_secret": "Its secret.",
        "scope": "public, or public user.",
        "username": "For a password: phone, e-mail or number.",
        "password": "The account's own.",
        "code": "For a code, with its redirect_uri.",
        "redirect_uri": "Where the code came to.",
        "refresh_token": "For another access token.",
    },
    ("GET", "/api/products"): SOUGHT,
    ("GET", COURSES): {
        **SOUGHT,
        "category_id": "Of this category.",
        "provider_id": "Of this provider.",
        "type": "self_paced, webinar or offline.",
        "sort": "title, price or -price.",
    },
    ("GET", f"{PROGRAMME}/providers"): {"category_id": "With a course of this category."},
    ("GET", f"{COURSE}/reviews"): PAGED,
    ("GET", INVOICES): PAGED,
    ("GET", COMPLAINTS): {"transaction_id": "About this transaction.", **PAGED},
    ("GET", f"{V2}/transactions.json"): {"page": "From 1.", "per_page": "6, 18, 20, 40 or 80."},
}
MADE = (
    USERS,
    TRANSACTIONS,
    INVOICES,
    f"{TRANSACTION}/reviews",
    f"{TRANSACTION}/refund-requests",
    COMPLAINTS,
    f"{COMPLAINTS}/<ticket>/replies",
)
