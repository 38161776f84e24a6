"""The console in the admin face: finds the page, does what a form asks for, and renders.

Its pages stand beside the face's endpoints: they are for people, and no part of the API's contract.
"""

from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from flask import request
from jinja2 import Environment
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from prakerja_sim.mocks.admin.console import access, operations
from prakerja_sim.mocks.admin.console.page import GUARD, OPERATION, REFUSED, Page, Visit
from prakerja_sim.mocks.admin.console.pages import (
    catalogue,
    clock,
    faults,
    inboxes,
    learning,
    ledger,
    payments,
    people,
    sandboxes,
    signature,
    start,
    stories,
    webhooks,
)
from prakerja_sim.mocks.admin.console.pages import timeline as exchanges
from prakerja_sim.mocks.admin.console.texts import FILTERS
from prakerja_sim.mocks.admin.console.words import LANGUAGES, WORDS, spoken
from prakerja_sim.mocks.http import timeline, why
from prakerja_sim.mocks.http.bodies import body_of
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Reply
from prakerja_sim.mocks.http.pages import cookie_of, templates

HERE = Path(__file__).parent
AT = "/console"
PAGES: tuple[Page, ...] = (
    start.PAGE,
    exchanges.PAGE,
    clock.PAGE,
    people.PAGE,
    inboxes.PAGE,
    inboxes.MAIL,
    payments.PAGE,
    catalogue.PAGE,
    learning.PAGE,
    faults.PAGE,
    ledger.PAGE,
    webhooks.PAGE,
    sandboxes.PAGE,
    stories.PAGE,
    signature.PAGE,
)
"""In the order of the navigation."""
TITLES = {page.name: page.words["title"] for page in PAGES}
ASSETS = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
"""With these headers a page runs only the console's own script, and cannot be put into a frame."""
FRAMED = HEADERS | {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " frame-ancestors 'self'",
}
"""A page in a frame of ours runs no script at all."""
YEAR_SECONDS = 365 * 24 * 3600
MOST_FIELDS = 100


def add_to(face: Face) -> None:
    """Serve the pages, the login, the exports and the assets."""
    both, get = ["GET", "POST"], ["GET"]
    for path, name, view, methods in (
        ("/", "console", _served, both),
        (f"{AT}/<name>", "console_page", _served, both),
        (f"{AT}/login", "console_login", _login, both),
        (f"{AT}/logout", "console_logout", _logout, ["POST"]),
        (f"{AT}/export", "console_export", _export, get),
        (f"{AT}/static/<name>", "console_asset", _asset, get),
    ):
        face.app.add_url_rule(path, name, partial(view, face), methods=methods)


def _served(face: Face, name: str = PAGES[0].name) -> Response:
    page = next((one for one in PAGES if one.name == name), None)
    if page is None:
        raise NotFound
    call = _call()
    try:
        return _visited(face, page, call) if access.holds(call) else _login(face)
    finally:
        call.parties.webhook_delivery.after_request(call.sandbox)


def _logout(_: Face) -> Response:
    left = redirect(f"{_base()}/", 303)
    left.delete_cookie(access.COOKIE, path="/")
    return left


def _export(face: Face) -> Response:
    """The exchanges that the filters pick, as a file."""
    call = _call()
    if not access.holds(call):
        return _login(face)
    visit = Visit(call, face, _base(), _language(call))
    filters = {name: value for name in (*exchanges.FILTERS, "format") if (value := visit.query(name))}
    try:
        reply = operations.replied(face, call, "GET", "/timeline", filters)
    except REFUSED as problem:
        reply = Reply(why.explained(problem), 400)
    headers = {**reply.headers, "Content-Disposition": "attachment"}
    return face.response_of(replace(reply, headers=headers))


def _asset(face: Face, name: str) -> Response:
    if name not in ASSETS:
        raise NotFound
    headers = {
        "Content-Type": ASSETS[name],
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    return face.response_of(Reply((HERE / "static" / name).read_bytes(), headers=headers))


def _call() -> Call:
    environ = request.environ
    timeline.of(environ).passed_on = True
    return Call(environ, environ["sim.sandbox"], environ["sim.parties"], b"")


def _base() -> str:
    """What stands before every path of this sandbox."""
    base: str = request.environ["SCRIPT_NAME"].removesuffix("/__admin")
    return base


def _visited(face: Face, page: Page, call: Call) -> Response:
    """The page, after what its form asks for was done."""
    visit = Visit(call, face, _base(), _language(call))
    if request.method == "POST":
        try:
            visit.typed = _form(call)
            access.check_form(call, visit.typed.get(GUARD, [""])[-1])
            visit.act()
        except REFUSED as problem:
            visit.refused = why.explained(problem)
        if call.parties.sandboxes.get(call.sandbox.name) is not call.sandbox:
            return redirect(f"{AT}/sandboxes", 303)
    answer = face.response_of(Reply(_rendered(page, visit), headers=FRAMED if page.framed else HEADERS))
    if call.query.get("lang") in LANGUAGES:
        answer.set_cookie(access.LANGUAGE, visit.language, max_age=YEAR_SECONDS, samesite="Lax")
    return answer


def _rendered(page: Page, visit: Visit) -> str:
    given = page.show(visit)
    now, now_doing = visit.call.sandbox.now(), timeline.of(visit.call.environ)
    return (
        _templates()
        .get_template(f"{page.name}.html")
        .render(
            w=spoken(
                visit.language, WORDS, {f"page_{name}": title for name, title in TITLES.items()}, page.words
            ),
            page=page.name,
            pages=[one.name for one in PAGES if one.listed],
            visit=visit,
            base=visit.base,
            at=f"{visit.base}{AT}",
            guard=access.form_guard(visit.call),
            languages=LANGUAGES,
            other_language=f"?{urlencode({**visit.call.query, 'lang': _other(visit.language)})}",
            sandbox=visit.call.sandbox.name,
            sandboxes=visit.call.parties.sandboxes.names(),
            stopped=visit.call.sandbox.stopped,
            now=now,
            exchange=now_doing.id if now_doing.effects else "",
            exposed=visit.call.parties.admin_token is not None,
            OPERATION=OPERATION,
            **given,
        )
    )


def _login(face: Face) -> Response:
    """Ask for the token; with the right one, back to where the person wanted to go."""
    call = _call()
    wrong, back = False, call.query.get("back", request.environ["PATH_INFO"])
    if request.method == "POST" and request.path.endswith("/login"):
        typed = _form(call)
        back = typed.get("back", [""])[-1]
        if access.opens(call, typed.get("token", [""])[-1]):
            return _entered(call, back)
        wrong = True
    language = _language(call)
    text = (
        _templates()
        .get_template("login.html")
        .render(
            w=spoken(language, WORDS),
            base=_base(),
            at=f"{_base()}{AT}",
            languages=LANGUAGES,
            visit=Visit(call, face, _base(), language),
            back=back,
            wrong=wrong,
        )
    )
    return face.response_of(Reply(text, 401, HEADERS))


def _entered(call: Call, back: str) -> Response:
    token: str = call.parties.admin_token
    ours = back.startswith(f"{AT}/") and "//" not in back and back != f"{AT}/login"
    inside = redirect(_base() + (back if ours else "/"), 303)
    inside.set_cookie(
        access.COOKIE,
        access.session(token),
        httponly=True,
        samesite="Strict",
        secure=call.environ["wsgi.url_scheme"] == "https",
    )
    return inside


def _form(call: Call) -> dict[str, list[str]]:
    """The fields of the form that was sent; raises Malformed."""
    call.raw = call.environ["sim.body"] = body_of(call.environ)
    try:
        return parse_qs(call.raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # not UTF-8, or too many
        raise Malformed("form: cannot be read") from None


def _language(call: Call) -> str:
    """As the query says, else as was chosen before, else as the browser asks."""
    chosen = call.query.get("lang", "") or cookie_of(call, access.LANGUAGE)
    first = next(iter(LANGUAGES))
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, first) or first


def _other(language: str) -> str:
    return next(one for one in LANGUAGES if one != language)


@cache
def _templates() -> Environment:
    return templates(HERE / "templates", FILTERS)
