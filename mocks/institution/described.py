"""What the institution's OpenAPI says in addition to its endpoints: errors of other parties, links."""

from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.describe import Described, Link
from prakerja_sim.mocks.institution.pages import PAGES
from prakerja_sim.simulator.values.errors import Reason, Rejected

SITE, VOUCHER = "/<institution>", "/<institution>/vouchers/<voucher>"
ELSEWHERE = (409, 504)
"""A refusal of a marketplace or of Prakerja, with its own code; and no answer from them."""
ASKING = (
    f"{SITE}/vouchers/redeem",
    f"{SITE}/login",
    f"{SITE}/login/return",
    f"{VOUCHER}/final-test",
    f"{VOUCHER}/redeem-code",
    f"{VOUCHER}/attendance",
    f"{VOUCHER}/attendance/return",
    f"{SITE}/attendance-reports",
    f"{VOUCHER}/tasks",
    f"{VOUCHER}/feedback",
)
HERE = {"institution": "$request.path.institution"}
OPENED = {**HERE, "voucher": "$response.body#/voucher_code"}
SAME = {**HERE, "voucher": "$request.path.voucher"}

DESCRIBED = Described(
    always=(NotFound(), Rejected(Reason.ENROLMENT_UNKNOWN)),
    pages=(f"{SITE}/situs",),
    opaque=(f"{SITE}/pis",),
    nullable=frozenset({"pre_test", "post_test", "certificate"}),
    optional=frozenset({"id", "redeem_code", "scope", "sequence", "status", "url_file"}),  # of a task
    statuses={("POST", f"{SITE}/accounts"): (201,), ("POST", f"{SITE}/accounts/complaints"): (201,)}
    | {
        (method, f"{SITE}/situs{page}"): (200, 303, 400) for page, _, _ in PAGES for method in ("GET", "POST")
    },
    others={("POST", f"{SITE}/webhooks"): (400,)} | {("POST", path): ELSEWHERE for path in ASKING},
    links={
        ("POST", f"{SITE}/vouchers/redeem"): tuple(
            Link(name, where, parameters=OPENED)
            for name, where in (
                ("see the progress", ("GET", VOUCHER)),
                ("take the pre-test", ("POST", f"{VOUCHER}/pre-test")),
                ("hand the redeem code in", ("POST", f"{VOUCHER}/redeem-code")),
            )
        ),
        ("POST", f"{VOUCHER}/pre-test"): (
            Link("do a lesson", ("POST", f"{VOUCHER}/lessons"), parameters=SAME),
        ),
        ("POST", f"{VOUCHER}/lessons"): (
            Link("do the next", ("POST", f"{VOUCHER}/lessons"), parameters=SAME),
            Link("take the final test", ("POST", f"{VOUCHER}/final-test"), parameters=SAME),
        ),
    },
)
