"""What the institution's pages share: who is logged in, forms, rendering, the way to another page."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from prakerja_sim.mocks.http import pages
from prakerja_sim.mocks.http.bodies import validated
from prakerja_sim.mocks.http.face import Call, Reply
from prakerja_sim.mocks.http.pages import fields_of as fields_of  # noqa: PLC0414  # handlers read forms with it
from prakerja_sim.mocks.institution import accounts
from prakerja_sim.simulator.institution.records import Learner

COOKIE = "lp_session"
HEADERS = pages.HEADERS | {
    "Content-Security-Policy": pages.HEADERS["Content-Security-Policy"] + "; form-action 'self'"
}
Fields = dict[str, str]
Handler = Callable[[Call], Reply]
M = TypeVar("M", bound=BaseModel)


def learner_of(call: Call) -> Learner | None:
    """The learner who is logged in here with this browser."""
    return accounts.holder_of(call, pages.cookie_of(call, COOKIE))


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
    return Reply(
        call.parties.faces["institution"].app.page(template, **variables), 400 if wrong else status, HEADERS
    )


def site_of(call: Call) -> str:
    """The path of the institution's pages."""
    return f"{call.environ['SCRIPT_NAME']}/{call.path['institution']}/situs"


def sent_to(call: Call, page: str) -> Reply:
    """Redirect the browser to a page of the site."""
    return pages.sent_to(site_of(call) + page, HEADERS)


def entered(call: Call, token: str, to: str = "/kelas") -> Reply:
    """Redirect a browser with its login; an empty token ends it."""
    site = site_of(call)
    return pages.sent_to(site + to, HEADERS | {"Set-Cookie": pages.cookie(COOKIE, token, site)})
