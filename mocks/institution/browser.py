"""What the institution's pages share: who is logged in, forms, rendering, the way to another page."""

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import render_template
from pydantic import BaseModel

from prakerja_sim.mocks.http.bodies import Malformed, validated
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.institution import accounts
from prakerja_sim.simulator.institution.records import Learner

COOKIE = "lp_session"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
}
Fields = dict[str, str]
Handler = Callable[[Call], Reply]
M = TypeVar("M", bound=BaseModel)


def learner_of(call: Call) -> Learner | None:
    """The learner who is logged in here with this browser."""
    try:
        cookie = SimpleCookie(call.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return None
    token = cookie.value if cookie is not None else ""
    return accounts.holder_of(call, token)


def fields_of(call: Call) -> Fields:
    """The fields of a form that was sent."""
    try:
        return dict(parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:  # not UTF-8, or too many
        raise Malformed("form: cannot be read") from None


def form(call: Call, model: type[M]) -> M:
    """A form that was sent, as its model; raises Malformed."""
    form: M = validated(fields_of(call), model)
    return form


def rendered(call: Call, template: str, *, status: int = 200, **facts: Any) -> Reply:
    """A page from a template, with what is wrong above its form."""
    wrong = call.environ.get("sim.wrong", "")
    site = site_of(call)
    variables = {
        "institution": call.path["institution"],
        "site": site,
        "wrong": wrong,
        "me": learner_of(call),
    } | facts
    return Reply(render_template(template, **variables), 400 if wrong else status, HEADERS)


def site_of(call: Call) -> str:
    """The path of the institution's pages."""
    return f"{call.environ['SCRIPT_NAME']}/{call.path['institution']}/situs"


def sent_to(call: Call, page: str, **more: str) -> Reply:
    """Redirect the browser to a page of the site."""
    return Reply("", 303, {**HEADERS, "Location": site_of(call) + page, **more})


def entered(call: Call, token: str, to: str = "/kelas") -> Reply:
    """Redirect a browser with its login; an empty token ends it."""
    life = "" if token else "; Max-Age=0"
    cookie = f"{COOKIE}={token}; Path={site_of(call)}; HttpOnly; SameSite=Lax{life}"
    return sent_to(call, to, **{"Set-Cookie": cookie})
