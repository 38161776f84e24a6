"""The links of Prakerja's OpenAPI: which call can follow another one.

A payment goes from seats to void, a redeem code from status to attendance and tasks, a login from
the consent page to the profile.  A value that only a person can bring (an OTP, a scan) has no link.
"""

from collections.abc import Mapping

from prakerja_sim.mocks.http.describe import Link, Where, data
from prakerja_sim.mocks.prakerja.fields import API

PAYMENT, REDEEM, TPM = f"{API}/payment", f"{API}/payment/redeem-code", f"{API}/tpm"
SEND_OTP, AUTHORIZE = ("POST", f"{PAYMENT}/send-otp"), ("POST", f"{PAYMENT}/authorize")
STATUS, VOID = ("POST", f"{PAYMENT}/status"), ("POST", f"{PAYMENT}/void")
REDEEM_STATUS, COMMIT = ("POST", f"{REDEEM}/status"), ("POST", f"{REDEEM}/commit")
RESET, URL = ("POST", f"{REDEEM}/reset"), ("POST", f"{API}/oauth/url-generate")
SUBMISSION, TASK_STATUS = ("POST", f"{TPM}/submission"), ("POST", f"{TPM}/submission/status")
FEEDBACK, COMPLETION = ("POST", f"{TPM}/feedback/submission"), ("POST", "/simulated/completions")
REVIEW = ("POST", "/simulated/reviews")
VERIFY, VERIFIED = ("GET", "/verification"), ("POST", "/verification")
CONSENT, CONSENTED = ("GET", "/consent-sso"), ("POST", "/consent-sso")
TOKEN, REFRESH = ("POST", "/api/v1/oauth/token"), ("POST", "/api/v1/oauth/token/refresh")
PROFILE = ("GET", "/api/v1/resource/user_profile")
LOGIN = ("POST", "/dashboard/login")
DASHBOARD = ("profile", "trainings", "account", "incentives", "surveys")

SAME_INVOICE = {"invoice_code": "$request.body#/invoice_code"}
STATE = "$response.body#/data/state"
TASK = data("redeem_code", "scope", "sequence")
PAYMENT_TOKEN = {"header.Authorization": "Payment {$response.body#/data/payment_token}"}
ACCESS = {"header.Authorization": "$response.body#/data/access_token"}
ME = {"header.Authorization": "Bearer {$response.body#/data/token}"}
LOGIN_QUERY = {name: f"$request.query.{name}" for name in ("state", "scope", "redirect_uri", "login_uri")}

LINKS: Mapping[Where, tuple[Link, ...]] = {
    ("POST", f"{PAYMENT}/quota-schedule"): (
        Link("buy a seat", SEND_OTP, data("course_code", "schedule_code")),
    ),
    SEND_OTP: (Link("pay with the OTP", AUTHORIZE, parameters=PAYMENT_TOKEN),),
    AUTHORIZE: (
        Link("look at the payment", STATUS, data("invoice_code")),
        Link("take the payment back", VOID, data("invoice_code", "transaction_code")),
        Link("report that the buyer finished", COMPLETION, data("invoice_code")),
        Link("pass on what the buyer wrote", REVIEW, data("invoice_code")),
    ),
    STATUS: (Link("take the payment back", VOID, data("invoice_code", "transaction_code")),),
    VOID: (Link("look at what was taken back", STATUS, SAME_INVOICE),),
    REDEEM_STATUS: (
        Link("use the code", COMMIT, data("redeem_code")),
        Link("verify the participant", URL, data("redeem_code", "sequence")),
        Link("hand a task in", SUBMISSION, data("redeem_code")),
    ),
    COMMIT: (
        Link("look at the code", REDEEM_STATUS, data("redeem_code", "sequence")),
        Link("make a test code usable again", RESET, data("redeem_code")),
    ),
    RESET: (Link("look at the code", REDEEM_STATUS, data("redeem_code", "sequence")),),
    URL: (
        Link("open the page", VERIFY, parameters={"state": STATE}),
        Link("press a button there", VERIFIED, {"state": STATE}),
        Link(
            "ask whether he attended",
            REDEEM_STATUS,
            {name: f"$request.body#/{name}" for name in ("redeem_code", "sequence")},
        ),
    ),
    VERIFIED: (Link("press the next button", VERIFIED, {"state": "$request.body#/state"}),),
    SUBMISSION: (
        Link("ask how the task stands", TASK_STATUS, TASK),
        Link("mark the task", FEEDBACK, TASK),
    ),
    FEEDBACK: (Link("ask how the marking stands", TASK_STATUS, TASK),),
    ("GET", "/api/v1/oauth/authorize"): (Link("open the consent page", CONSENT, parameters=LOGIN_QUERY),),
    CONSENT: (
        Link(
            "press a button",
            CONSENTED,
            {name: f"$request.query.{name}" for name in (*LOGIN_QUERY, "client_id")},
        ),
    ),
    CONSENTED: (
        Link(
            "press the next button",
            CONSENTED,
            {name: f"$request.body#/{name}" for name in (*LOGIN_QUERY, "client_id")},
        ),
        Link("exchange the code that came back", TOKEN),
    ),
    TOKEN: (
        Link("refresh the tokens", REFRESH, {"token": "$response.body#/data/refresh_token"}),
        Link("read the profile", PROFILE, parameters=ACCESS),
    ),
    REFRESH: (Link("read the profile", PROFILE, parameters=ACCESS),),
    LOGIN: tuple(Link(f"see {what}", ("GET", f"/dashboard/{what}"), parameters=ME) for what in DASHBOARD),
}
