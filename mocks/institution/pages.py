"""The institution's pages for a browser: account, voucher page, class, certificate (simulated).

Server-rendered, without script; a form goes back to its own page, and what was refused is said
above it.  They do what the endpoints for programs do, in the same functions.
"""

from collections.abc import Callable
from functools import wraps
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import render_template
from pydantic import BaseModel
from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.bodies import Malformed, validated
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.institution import door, vouchers
from prakerja_sim.mocks.institution.words import said
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.institution import accounts, learning
from prakerja_sim.simulator.institution.records import Enrolment, Learner
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

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
REFUSALS = (Rejected, VoucherRefused, Refused, NoReply, Malformed)
M = TypeVar("M", bound=BaseModel)


def add_to(face: Face) -> None:
    """Register the pages: each is shown, and each with a form takes it."""
    for path, shown, taken in PAGES:
        for method, handler in (("GET", shown), ("POST", taken)):
            if handler is not None:
                at = f"/<institution>/situs{path}"
                face.endpoint(method, at, provenance=Provenance.SIMULATED, sender=known)(
                    _page(shown, handler)
                )


def _page(shown: Handler, handler: Handler) -> Handler:
    """A handler after whose refusal its page is shown again, with what was wrong."""

    @wraps(handler)
    def answered(call: Call) -> Reply:
        try:
            return handler(call)
        except REFUSALS as problem:
            call.environ["sim.wrong"] = said(problem)
        try:
            return _rendered(call, "message.html") if handler is shown else shown(call)
        except REFUSALS as problem:
            call.environ["sim.wrong"] = said(problem)
            return _rendered(call, "message.html")

    return answered


def login_page(call: Call) -> Reply:
    """Show the login form."""
    return _rendered(call, "login.html")


def enter(call: Call) -> Reply:
    """Log in and go to the classes."""
    return _entered(call, door.token_for(call, _form(call, door.Login)))


def register_page(call: Call) -> Reply:
    """Show the form for a new account."""
    return _rendered(call, "register.html")


def register(call: Call) -> Reply:
    """Open an account and go to the classes."""
    wanted = _form(call, door.NewAccount)
    door.opened_account(call, wanted)
    return _entered(call, door.token_for(call, door.Login(email=wanted.email, password=wanted.password)))


def forgotten_page(call: Call) -> Reply:
    """Show the form for a forgotten password."""
    return _rendered(call, "forgotten.html")


def forgotten(call: Call) -> Reply:
    """Mail a link to a new password; whether there is such an account is not told."""
    door.send_link(call, _form(call, door.Forgotten).email)
    return _rendered(call, "forgotten.html", sent=True)


def password_page(call: Call) -> Reply:
    """Show the form for a new password, to which the link in the e-mail leads."""
    code = call.query.get("kode") or _fields(call).get("code", "")
    return _rendered(call, "password.html", code=code)


def change_password(call: Call) -> Reply:
    """Set the new password and ask to log in with it."""
    door.changed_password(call, _form(call, door.NewPassword))
    return _sent_to(call, "/masuk")


def classes_page(call: Call) -> Reply:
    """Show the learner's classes, and where a voucher is entered."""
    me = _me(call)
    found = [] if me is None else call.ask(accounts.classes_of, learner=me)
    if me is None:
        return _sent_to(call, "/masuk")
    sites = [(code, registry.title(code)) for code in registry.codes()]
    rows = [(one, _course(call, one)) for one in found]
    return _rendered(call, "classes.html", me=me, classes=rows, sites=sites)


def redeem(call: Call) -> Reply:
    """Redeem a voucher and open its class."""
    me, fields = _me(call), _fields(call)
    if me is None:
        return _sent_to(call, "/masuk")
    opened = vouchers.redeem(
        call,
        voucher=fields.get("voucher", "").strip(),
        marketplace=fields.get("marketplace", ""),
        email=me.email,
        name=me.name,
    )
    return _sent_to(call, f"/kelas/{opened.key}")


def class_page(call: Call) -> Reply:
    """Show a class: what is done, and what comes next."""
    found = _mine(call)
    if found is None:
        return _sent_to(call, "/masuk")
    return _rendered(call, "class.html", enrolment=found, course=_course(call, found))


def learn(call: Call) -> Reply:
    """Take the step that a button of the class stands for."""
    found, fields = _mine(call), _fields(call)
    if found is None:
        return _sent_to(call, "/masuk")
    step = fields.get("do", "")
    if step == "pre-test":
        call.do(learning.take_pre_test, voucher=found.key, score=_score(fields))
    elif step == "lesson":
        call.do(learning.study, voucher=found.key)
    elif step == "final-test":
        vouchers.finish(call, voucher=found.key, score=_score(fields))
    elif step == "name":
        call.do(learning.correct_name, voucher=found.key, name=_form(call, Named).name)
    elif step == "redeem-code":
        vouchers.attest(call, voucher=found.key, redeem_code=_form(call, Coded).redeem_code.strip())
    else:
        raise Malformed("do: no such step")
    return _sent_to(call, f"/kelas/{found.key}")


def certificate_page(call: Call) -> Reply:
    """Show a certificate, which only its holder sees."""
    found = _mine(call)
    if found is None:
        return _sent_to(call, "/masuk")
    if found.certificate is None:
        raise Rejected(Reason.COURSE_UNFINISHED)
    return _rendered(call, "certificate.html", enrolment=found, course=_course(call, found))


def leave(call: Call) -> Reply:
    """Log out."""
    return _entered(call, "", to="/masuk")


class Named(door.Body):
    """The learner's name as Prakerja has it."""

    name: door.Name


class Coded(door.Body):
    """The programme's redeem code."""

    redeem_code: door.Name


PAGES: tuple[tuple[str, Handler, Handler | None], ...] = (
    ("/masuk", login_page, enter),
    ("/daftar", register_page, register),
    ("/lupa-sandi", forgotten_page, forgotten),
    ("/sandi-baru", password_page, change_password),
    ("/kelas", classes_page, redeem),
    ("/kelas/<voucher>", class_page, learn),
    ("/kelas/<voucher>/sertifikat", certificate_page, None),
    ("/keluar", leave, None),
)


def known(call: Call) -> None:
    """Find the institution, which must teach something."""
    if not call.ask(Unit.find, kind=Course, institution=call.path["institution"], limit=1):
        raise NotFound


def _me(call: Call) -> Learner | None:
    """Who is logged in here with this browser."""
    try:
        kept = SimpleCookie(call.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return None
    token = kept.value if kept is not None else ""
    found: Learner | None = call.ask(accounts.holder_of, institution=call.path["institution"], token=token)
    return found


def _mine(call: Call) -> Enrolment | None:
    """The class of the page, if somebody is logged in; another's class does not exist for him."""
    me = _me(call)
    if me is None:
        return None
    found: Enrolment = call.ask(learning.enrolled, voucher=call.path["voucher"])
    if (found.institution, found.learner) != (me.institution, me.email):
        raise Rejected(Reason.ENROLMENT_UNKNOWN)
    return found


def _course(call: Call, enrolment: Enrolment) -> Course:
    course: Course = call.ask(Unit.need, kind=Course, key=enrolment.course)
    return course


def _fields(call: Call) -> Fields:
    """The fields of a form that was sent."""
    try:
        return dict(parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=50))
    except ValueError:  # not UTF-8, or too many
        raise Malformed("form: cannot be read") from None


def _form(call: Call, model: type[M]) -> M:
    form: M = validated(_fields(call), model)
    return form


def _score(fields: Fields) -> int:
    given = fields.get("score", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and int(given) <= 100):
        raise Malformed("score: must be a whole number from 0 to 100")
    return int(given)


def _rendered(call: Call, template: str, *, status: int = 200, **facts: Any) -> Reply:
    wrong = call.environ.get("sim.wrong", "")
    site = _site(call)
    told = {"institution": call.path["institution"], "site": site, "wrong": wrong, **facts}
    return Reply(render_template(template, **told), 400 if wrong else status, HEADERS)


def _site(call: Call) -> str:
    return f"{call.environ['SCRIPT_NAME']}/{call.path['institution']}/situs"


def _sent_to(call: Call, page: str, **more: str) -> Reply:
    return Reply("", 303, {**HEADERS, "Location": _site(call) + page, **more})


def _entered(call: Call, token: str, to: str = "/kelas") -> Reply:
    life = "" if token else "; Max-Age=0"
    cookie = f"{COOKIE}={token}; Path={_site(call)}; HttpOnly; SameSite=Lax{life}"
    return _sent_to(call, to, **{"Set-Cookie": cookie})
