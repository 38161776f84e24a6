"""The institution's pages for a browser: account, voucher page, class, certificate (simulated).

Rendered on the server, without scripts.  A form is sent to its own page, and a refusal is shown above
the form.  The pages call the same functions as the endpoints for programs.
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
from prakerja_sim.mocks.institution import accounts, vouchers
from prakerja_sim.mocks.institution.words import message_for, report_later
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.institution import accounts as learners
from prakerja_sim.simulator.institution import learning
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
    """Register the pages: GET shows a page, POST receives its form."""
    for path, show, submit in PAGES:
        for method, handler in (("GET", show), ("POST", submit)):
            if handler is not None:
                at = f"/<institution>/situs{path}"
                face.endpoint(method, at, provenance=Provenance.SIMULATED, sender=check_institution)(
                    _page(show, handler)
                )


def _page(show: Handler, handler: Handler) -> Handler:
    """The handler; after a refusal it shows the page again with a message."""

    @wraps(handler)
    def answered(call: Call) -> Reply:
        try:
            return handler(call)
        except REFUSALS as problem:
            call.environ["sim.wrong"] = message_for(problem)
        try:
            return _rendered(call, "message.html") if handler is show else show(call)
        except REFUSALS as problem:
            call.environ["sim.wrong"] = message_for(problem)
            return _rendered(call, "message.html")

    return answered


def login_page(call: Call) -> Reply:
    """Show the login form."""
    return _rendered(call, "login.html")


def enter(call: Call) -> Reply:
    """Log in and go to the classes."""
    return _entered(call, accounts.token_for(call, _form(call, accounts.Login)))


def register_page(call: Call) -> Reply:
    """Show the form for a new account."""
    return _rendered(call, "register.html")


def register(call: Call) -> Reply:
    """Open an account and go to the classes."""
    new = _form(call, accounts.NewAccount)
    accounts.opened_account(call, new)
    return _entered(call, accounts.token_for(call, accounts.Login(email=new.email, password=new.password)))


def forgotten_page(call: Call) -> Reply:
    """Show the form for a forgotten password."""
    return _rendered(call, "forgotten.html")


def forgotten(call: Call) -> Reply:
    """Mail a link to a new password; whether there is such an account is not told."""
    accounts.send_link(call, _form(call, accounts.Forgotten).email)
    return _rendered(call, "forgotten.html", sent=True)


def password_page(call: Call) -> Reply:
    """Show the form for a new password, to which the link in the e-mail leads."""
    code = call.query.get("kode") or _fields(call).get("code", "")
    return _rendered(call, "password.html", code=code)


def change_password(call: Call) -> Reply:
    """Set the new password and ask to log in with it."""
    accounts.changed_password(call, _form(call, accounts.NewPassword))
    return _sent_to(call, "/masuk")


def classes_page(call: Call) -> Reply:
    """Show the learner's classes, and where a voucher is entered."""
    me = _me(call)
    classes = [] if me is None else call.ask(learners.classes_of, learner=me)
    if me is None:
        return _sent_to(call, "/masuk")
    sites = [(code, registry.title(code)) for code in registry.codes()]
    rows = [(one, _course(call, one)) for one in classes]
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
    enrolment = _mine(call)
    if enrolment is None:
        return _sent_to(call, "/masuk")
    return _rendered(call, "class.html", enrolment=enrolment, course=_course(call, enrolment))


def learn(call: Call) -> Reply:
    """Take the step that a button of the class stands for."""
    enrolment, fields = _mine(call), _fields(call)
    if enrolment is None:
        return _sent_to(call, "/masuk")
    step = fields.get("do", "")
    if step == "pre-test":
        call.do(learning.take_pre_test, voucher=enrolment.key, score=_score(fields))
    elif step == "lesson":
        call.do(learning.study, voucher=enrolment.key)
    elif step == "final-test":
        try:
            vouchers.finish(call, voucher=enrolment.key, score=_score(fields))
        except (VoucherRefused, NoReply) as problem:  # the certificate is there
            call.environ["sim.wrong"] = report_later(problem)
            return class_page(call)
    elif step == "name":
        call.do(learning.correct_name, voucher=enrolment.key, name=_form(call, Named).name)
    elif step == "redeem-code":
        vouchers.attest(call, voucher=enrolment.key, redeem_code=_form(call, Coded).redeem_code.strip())
    else:
        raise Malformed("do: no such step")
    return _sent_to(call, f"/kelas/{enrolment.key}")


def certificate_page(call: Call) -> Reply:
    """Show a certificate, which only its holder sees."""
    enrolment = _mine(call)
    if enrolment is None:
        return _sent_to(call, "/masuk")
    if enrolment.certificate is None:
        raise Rejected(Reason.COURSE_UNFINISHED)
    return _rendered(call, "certificate.html", enrolment=enrolment, course=_course(call, enrolment))


def leave(call: Call) -> Reply:
    """Log out, which ends the login's token too."""
    me = _me(call)
    if me is not None:
        accounts.log_out(call, me)
    return _entered(call, "", to="/masuk")


class Named(accounts.Body):
    """The learner's name as Prakerja has it."""

    name: accounts.Name


class Coded(accounts.Body):
    """The programme's redeem code."""

    redeem_code: accounts.Name


def presence_page(call: Call) -> Reply:
    """Show who comes back from Prakerja's scan that the institution now asks Prakerja."""
    return _rendered(call, "returned.html", text="Kehadiran Anda sedang diperiksa di Prakerja.")


def logged_in_page(call: Call) -> Reply:
    """Show who comes back from Prakerja's login that he is back."""
    return _rendered(call, "returned.html", text="Anda sudah masuk dengan akun Prakerja.")


PAGES: tuple[tuple[str, Handler, Handler | None], ...] = (
    ("/masuk", login_page, enter),
    ("/daftar", register_page, register),
    ("/lupa-sandi", forgotten_page, forgotten),
    ("/sandi-baru", password_page, change_password),
    ("/kelas", classes_page, redeem),
    ("/kelas/<voucher>", class_page, learn),
    ("/kelas/<voucher>/sertifikat", certificate_page, None),
    ("/keluar", leave, None),
    ("/kehadiran", presence_page, None),
    ("/selesai", logged_in_page, None),
)


def check_institution(call: Call) -> None:
    """Check that the institution has a course; raises NotFound."""
    if not call.ask(Unit.find, kind=Course, institution=call.path["institution"], limit=1):
        raise NotFound


def _me(call: Call) -> Learner | None:
    """The learner who is logged in here with this browser."""
    try:
        cookie = SimpleCookie(call.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return None
    token = cookie.value if cookie is not None else ""
    return accounts.holder_of(call, token)


def _mine(call: Call) -> Enrolment | None:
    """The class in the path, or None without a login; another learner's class is unknown to him."""
    me = _me(call)
    if me is None:
        return None
    enrolment: Enrolment = call.ask(learning.enrolled, voucher=call.path["voucher"])
    if (enrolment.institution, enrolment.learner) != (me.institution, me.email):
        raise Rejected(Reason.ENROLMENT_UNKNOWN)
    return enrolment


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
    text = fields.get("score", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise Malformed("score: must be a whole number from 0 to 100")
    return int(text)


def _rendered(call: Call, template: str, *, status: int = 200, **facts: Any) -> Reply:
    wrong = call.environ.get("sim.wrong", "")
    site = _site(call)
    variables = {
        "institution": call.path["institution"],
        "site": site,
        "wrong": wrong,
        "me": _me(call),
    } | facts
    return Reply(render_template(template, **variables), 400 if wrong else status, HEADERS)


def _site(call: Call) -> str:
    return f"{call.environ['SCRIPT_NAME']}/{call.path['institution']}/situs"


def _sent_to(call: Call, page: str, **more: str) -> Reply:
    return Reply("", 303, {**HEADERS, "Location": _site(call) + page, **more})


def _entered(call: Call, token: str, to: str = "/kelas") -> Reply:
    life = "" if token else "; Max-Age=0"
    cookie = f"{COOKIE}={token}; Path={_site(call)}; HttpOnly; SameSite=Lax{life}"
    return _sent_to(call, to, **{"Set-Cookie": cookie})
