"""What Prakerja's OpenAPI says in addition to its endpoints: the signature, the envelopes, examples.

The examples belong to the default sandbox with seed 42; a test sends every one of them.
"""

from typing import Any

from prakerja_sim.mocks.http.bodies import MalformedHeaders
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.describe import Described, Example, Schema
from prakerja_sim.mocks.prakerja.fields import API
from prakerja_sim.mocks.prakerja.forgotten import LINK_PAGE, PASSWORD_PAGE
from prakerja_sim.mocks.prakerja.links import LINKS
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.mocks.shop.registry import DEFAULT
from prakerja_sim.simulator.programme.attendance import ABANDONED, ScanResult
from prakerja_sim.simulator.values.errors import Reason, Rejected

PAYMENT, REDEEM, TPM = f"{API}/payment", f"{API}/payment/redeem-code", f"{API}/tpm"
SSO = ("/api/v1/oauth", "/api/v1/resource")
DASHBOARD = (
    "account", "incentives", "logout", "notices", "phone", "profile", "surveys", "trainings", "videos",
)  # fmt: skip
PAGES = ("/verification", "/consent-sso", "/dasbor")
SECTIONS = (
    "/dasbor",
    *(f"/dasbor/{name}" for name in ("insentif", "rekening", "survei", "pemberitahuan", "pengaduan")),
    *(f"/dasbor/{name}" for name in ("video", "gelombang", "pelatihan/<transaction>")),
)
SIGNED = {
    "client_code": {"in": "header", "name": "client_code", "description": "Issued with a sign_key."},
    "timestamp": {"in": "header", "name": "timestamp", "description": "Unix seconds, as it is signed."},
    "signature": {
        "in": "header",
        "name": "signature",
        "description": "hex(HMAC-SHA1(sign_key, client_code + timestamp + METHOD + path + body)).",
    },
}
TOKEN = {
    "payment_token": {"in": "header", "name": "Authorization", "description": "`Payment <payment_token>`."}
}

CLIENT = {"X-Client-Id": {"in": "header", "name": "X-Client-Id", "description": "The client_code."}}
SIGNED_CLIENT = {
    f"X-{name.title()}": {"in": "header", "name": f"X-{name.title()}", "description": header["description"]}
    for name, header in SIGNED.items()
    if name != "client_code"
}
ACCESS = {
    "access_token": {"in": "header", "name": "Authorization", "description": "With or without `Bearer`."}
}
LOGIN_QUERY = {
    "client_id": "The client_code.",
    "client_name": "What the participant is told who asks.",
    "login_uri": "Where to go if he refuses.",
    "redirect_uri": "Where to go with the code.",
    "scope": "Some of: name email prakerjaid notelp.",
    "state": "Made by the client; comes back unchanged.",
}

TEXT: Schema = {"type": "string"}
PASSWORD = {"email": TEXT, "password": TEXT}
FORMS = {
    ("POST", LINK_PAGE): {"account": TEXT},
    ("POST", PASSWORD_PAGE): {"code": TEXT, "password": TEXT},
    ("POST", "/verification"): {
        "state": TEXT,
        "do": {"enum": ["login", "dummy", "logout", "consent", "refuse", "scan"]},
        "outcome": {"enum": [*ScanResult, ABANDONED]},
        **PASSWORD,
    },
    ("POST", "/consent-sso"): {
        **dict.fromkeys(LOGIN_QUERY, TEXT),
        "do": {"enum": ["login", "logout", "allow", "deny"]},
        **PASSWORD,
    },
}

CARD, SCHEDULE, TEST_CODE = "9900164602219921", "eb67c9c62f3962e2", "PRAT-XJLOFO"
REFUSED_LATER = "9999201000000000"
DP, LP = DEFAULT, "lp-kopi"
PURCHASE = {
    "prakerja_id": CARD,
    "user_platform_id": "user-1",
    "course_code": "barista-dasar",
    "schedule_code": SCHEDULE,
    "amount": 650_000,
}
AUTHORIZE = {"otp": "123456", "invoice_url": "https://dp.example/inv/1", "invoice_code": "INV-1"}
TASK = {"redeem_code": TEST_CODE, "scope": "tpm", "sequence": 2}
ATTEND = {
    "redeem_code": TEST_CODE,
    "redirect_uri": "https://lp.example/callback",
    "email": "peserta@example.id",
    "sequence": 1,
}
EXAMPLES = {
    ("POST", f"{PAYMENT}/send-otp"): (
        Example("an OTP is sent", PURCHASE, 200, DP),
        Example("a card of the test range", {**PURCHASE, "prakerja_id": "9999103000000000"}, 400, DP),
        Example("a card that is refused later", {**PURCHASE, "prakerja_id": REFUSED_LATER}, 200, DP),
    ),
    ("POST", f"{PAYMENT}/authorize"): (
        Example("no such token", AUTHORIZE, 400, DP, "Payment 0123456789abcdef0123456789abcdef"),
    ),
    ("POST", f"{PAYMENT}/status"): (Example("no such payment", {"invoice_code": "INV-1"}, 400, DP),),
    ("POST", f"{PAYMENT}/void"): (
        Example(
            "no such payment", {"invoice_code": "INV-1", "transaction_code": "QHBST9GB5OSS888I"}, 400, DP
        ),
    ),
    ("POST", f"{PAYMENT}/quota-schedule"): (
        Example("seats left", {"course_code": "barista-dasar", "schedule_code": SCHEDULE}, 200, DP),
        Example("empty codes", {"course_code": "", "schedule_code": ""}, 400, DP),
    ),
    ("POST", f"{REDEEM}/status"): (
        Example("a test code", {"redeem_code": TEST_CODE, "sequence": 1}, 200, LP),
        Example("a named test case", {"redeem_code": "TC2-999-200", "sequence": 999}, 200, LP),
        Example("a typed error code", {"redeem_code": "ERRTRX40101"}, 401, LP),
    ),
    ("POST", f"{REDEEM}/commit"): (
        Example("a test code", {"redeem_code": TEST_CODE}, 200, LP),
        Example("no such code", {"redeem_code": "GHOPNYXUVMT0"}, 400, LP),
    ),
    ("POST", f"{REDEEM}/reset"): (
        Example("a test code", {"redeem_code": TEST_CODE}, 200, LP),
        Example("no test code", {"redeem_code": "GHOPNYXUVMT0"}, 400, LP),
    ),
    ("POST", f"{API}/oauth/url-generate"): (Example("an address to verify at", ATTEND, 200, LP),),
    ("POST", f"{TPM}/feedback/submission"): (
        Example("marked before it was handed in", {**TASK, "notes": "Bagus", "url_file": ""}, 400, LP),
    ),
    ("POST", f"{TPM}/submission"): (
        Example("a file is handed in", {**TASK, "url_file": "https://lp.example/f.pdf"}, 200, LP),
    ),
    ("POST", f"{TPM}/submission/status"): (Example("where both stand", TASK, 200, LP),),
    ("POST", "/simulated/completions"): (
        Example("no such payment", {"invoice_code": "INV-1", "name": "Ani", "score": 80}, 400, DP),
    ),
    ("POST", "/simulated/attendance-reports"): (
        Example(
            "a file in which one row is wrong",
            {
                "schedule_code": SCHEDULE,
                "csv": f"redeem_code,sequence,attended_at\n{TEST_CODE},1,01/11/2021 09:00:00\nX,1,x\n",
            },
            200,
            LP,
        ),
    ),
    ("POST", "/simulated/reviews"): (
        Example("no such payment", {"invoice_code": "INV-1", "stars": 5, "review": "Bagus"}, 400, DP),
    ),
}


def _wrapped(path: str, answer: Schema | None) -> Schema | None:
    """The documented envelope; single sign-on has its own envelope, pages have none."""
    if path.startswith(PAGES):
        return None
    fields: dict[str, Any] = {"success": {"const": True}, "message": {"type": "string"}}
    if path.startswith(SSO):
        fields["errorCode"] = {"type": "string"}
    required = list(fields)
    if answer is not None:
        fields["data"] = answer
        required.append("data")
    return {"type": "object", "required": required, "properties": fields}


def _provenance(reason: Reason) -> str:
    return REJECTIONS[reason][3].value


DESCRIBED = Described(
    signed_by={Role.MARKETPLACE: DP, Role.INSTITUTION: LP},
    links=LINKS,
    security=SIGNED,
    more_security={
        ("POST", f"{PAYMENT}/authorize"): TOKEN,
        ("GET", "/api/v1/oauth/authorize"): {**CLIENT, **SIGNED_CLIENT},
        ("POST", "/api/v1/oauth/token"): CLIENT,
        ("POST", "/api/v1/oauth/token/refresh"): CLIENT,
        ("GET", "/api/v1/resource/user_profile"): {**CLIENT, **ACCESS},
    },
    forms=FORMS,
    statuses={("POST", page): (303, 200) for page in PAGES},
    queries={
        ("GET", "/verification"): {"state": "The name of the attempt, as url-generate gave it."},
        ("GET", "/consent-sso"): LOGIN_QUERY,
        ("GET", PASSWORD_PAGE): {"kode": "The code of the link in the e-mail."},
        ("GET", "/api/v1/oauth/authorize"): LOGIN_QUERY,
        ("POST", "/api/v1/oauth/token"): {"code": "The code, where it is not in the body."},
    },
    always=(MalformedHeaders("headers are missing"), Rejected(Reason.SIGNATURE_STALE)),
    logged_in=tuple(f"/dashboard/{what}" for what in DASHBOARD),
    pages=PAGES,
    wrapped=_wrapped,
    provenance_of=_provenance,
    examples=EXAMPLES,
    others={
        **{("POST", path): (303, 400) for path in (*SECTIONS, PASSWORD_PAGE)},
        ("POST", LINK_PAGE): (400,),
        ("POST", "/verification"): (303, 400, 401, 403, 404, 410),
        ("GET", "/verification"): (303, 400, 401, 403, 404, 410),
        ("POST", "/consent-sso"): (303, 400, 401, 403, 404, 410),
        ("GET", "/consent-sso"): (303, 400, 401, 403, 404, 410),
    },
)
