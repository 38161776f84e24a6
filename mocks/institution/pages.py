"""The institution's pages for a browser: account, voucher page, class, certificate (simulated).

Rendered on the server, without scripts.  A form is sent to its own page, and a refusal is shown above
the form.  The pages call the same functions as the endpoints for programs.
"""

from functools import wraps

from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.bodies import Body, Malformed
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.institution import accounts, support, vouchers
from prakerja_sim.mocks.institution.browser import (
    Fields,
    Handler,
    entered,
    fields_of,
    form,
    learner_of,
    rendered,
    sent_to,
)
from prakerja_sim.mocks.institution.words import message_for, report_later
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.mocks.shop.prakerja_client import Refused
from prakerja_sim.simulator.institution import accounts as learners
from prakerja_sim.simulator.institution import learning
from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.store import Unit

REFUSALS = (Rejected, VoucherRefused, Refused, NoReply, Malformed)


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
            _note(call, problem)
        try:
            return rendered(call, "message.html") if handler is show else show(call)
        except REFUSALS as problem:
            _note(call, problem)
            return rendered(call, "message.html")

    return answered


def _note(call: Call, problem: Exception) -> None:
    """Keep what the page says; what others refused is in the timeline by what they were asked."""
    call.environ["sim.wrong"] = message_for(problem)
    if isinstance(problem, Rejected | Malformed):
        timeline.of(call.environ).refusal = problem


def login_page(call: Call) -> Reply:
    """Show the login form."""
    return rendered(call, "login.html")


def enter(call: Call) -> Reply:
    """Log in and go to the classes."""
    return entered(call, accounts.token_for(call, form(call, accounts.Login)))


def register_page(call: Call) -> Reply:
    """Show the form for a new account."""
    return rendered(call, "register.html")


def register(call: Call) -> Reply:
    """Open an account and go to the classes."""
    new = form(call, accounts.NewAccount)
    accounts.opened_account(call, new)
    return entered(call, accounts.token_for(call, accounts.Login(email=new.email, password=new.password)))


def forgotten_page(call: Call) -> Reply:
    """Show the form for a forgotten password."""
    return rendered(call, "forgotten.html")


def forgotten(call: Call) -> Reply:
    """Mail a link to a new password; whether there is such an account is not told."""
    accounts.send_link(call, form(call, accounts.Forgotten).email)
    return rendered(call, "forgotten.html", sent=True)


def password_page(call: Call) -> Reply:
    """Show the form for a new password, to which the link in the e-mail leads."""
    code = call.query.get("kode") or fields_of(call).get("code", "")
    return rendered(call, "password.html", code=code)


def change_password(call: Call) -> Reply:
    """Set the new password and ask to log in with it."""
    accounts.changed_password(call, form(call, accounts.NewPassword))
    return sent_to(call, "/masuk")


def classes_page(call: Call) -> Reply:
    """Show the learner's classes, and where a voucher is entered."""
    me = learner_of(call)
    classes = [] if me is None else call.ask(learners.classes_of, learner=me)
    if me is None:
        return sent_to(call, "/masuk")
    sites = [(code, registry.title(code)) for code in registry.codes()]
    rows = [(one, _course(call, one)) for one in classes]
    return rendered(call, "classes.html", me=me, classes=rows, sites=sites)


def redeem(call: Call) -> Reply:
    """Redeem a voucher and open its class."""
    me, fields = learner_of(call), fields_of(call)
    if me is None:
        return sent_to(call, "/masuk")
    opened = vouchers.redeem(
        call,
        voucher=fields.get("voucher", "").strip(),
        marketplace=fields.get("marketplace", ""),
        email=me.email,
        name=me.name,
    )
    return sent_to(call, f"/kelas/{opened.key}")


def class_page(call: Call) -> Reply:
    """Show a class: what is done, and what comes next."""
    enrolment = _mine(call)
    if enrolment is None:
        return sent_to(call, "/masuk")
    return rendered(call, "class.html", enrolment=enrolment, course=_course(call, enrolment))


def learn(call: Call) -> Reply:
    """Take the step that a button of the class stands for."""
    enrolment, fields = _mine(call), fields_of(call)
    if enrolment is None:
        return sent_to(call, "/masuk")
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
        call.do(learning.correct_name, voucher=enrolment.key, name=form(call, Named).name)
    elif step == "redeem-code":
        vouchers.attest(call, voucher=enrolment.key, redeem_code=form(call, Coded).redeem_code.strip())
    else:
        raise Malformed("do: no such step")
    return sent_to(call, f"/kelas/{enrolment.key}")


def certificate_page(call: Call) -> Reply:
    """Show a certificate, which only its holder sees."""
    enrolment = _mine(call)
    if enrolment is None:
        return sent_to(call, "/masuk")
    if enrolment.certificate is None:
        raise Rejected(Reason.COURSE_UNFINISHED, lessons_done=enrolment.lessons_done, certificate=None)
    return rendered(call, "certificate.html", enrolment=enrolment, course=_course(call, enrolment))


def leave(call: Call) -> Reply:
    """Log out, which ends the login's token too."""
    me = learner_of(call)
    if me is not None:
        accounts.log_out(call, me)
    return entered(call, "", to="/masuk")


def support_page(call: Call) -> Reply:
    """Show the learner's complaints, and the form for another one."""
    me = learner_of(call)
    if me is None:
        return sent_to(call, "/masuk")
    desk = support.support_of(me.institution)
    tickets = support.tickets_of(call, me)
    return rendered(call, "support.html", desk=desk, topics=support.TOPICS, tickets=tickets)


def complain(call: Call) -> Reply:
    """Send a complaint to the institution's customer service."""
    me = learner_of(call)
    if me is None:
        return sent_to(call, "/masuk")
    support.opened(call, me, form(call, support.Complaint))
    return sent_to(call, "/bantuan")


class Named(Body):
    """The learner's name as Prakerja has it."""

    name: accounts.Name


class Coded(Body):
    """The programme's redeem code."""

    redeem_code: accounts.Name


def presence_page(call: Call) -> Reply:
    """Show who comes back from Prakerja's scan that the institution now asks Prakerja."""
    return rendered(call, "returned.html", text="Kehadiran Anda sedang diperiksa di Prakerja.")


def logged_in_page(call: Call) -> Reply:
    """Show who comes back from Prakerja's login that he is back."""
    return rendered(call, "returned.html", text="Anda sudah masuk dengan akun Prakerja.")


PAGES: tuple[tuple[str, Handler, Handler | None], ...] = (
    ("/masuk", login_page, enter),
    ("/daftar", register_page, register),
    ("/lupa-sandi", forgotten_page, forgotten),
    ("/sandi-baru", password_page, change_password),
    ("/kelas", classes_page, redeem),
    ("/kelas/<voucher>", class_page, learn),
    ("/kelas/<voucher>/sertifikat", certificate_page, None),
    ("/bantuan", support_page, complain),
    ("/keluar", leave, None),
    ("/kehadiran", presence_page, None),
    ("/selesai", logged_in_page, None),
)


def check_institution(call: Call) -> None:
    """Check that the institution has a course; raises NotFound."""
    if not call.ask(Unit.find, kind=Course, institution=call.path["institution"], limit=1):
        raise NotFound


def _mine(call: Call) -> Enrolment | None:
    """The class in the path, or None without a login; another learner's class is unknown to him."""
    me = learner_of(call)
    if me is None:
        return None
    enrolment: Enrolment = call.ask(learning.enrolled, voucher=call.path["voucher"])
    if (enrolment.institution, enrolment.learner) != (me.institution, me.email):
        raise Rejected(Reason.ENROLMENT_UNKNOWN, unsaid={"voucher": enrolment.key, "of": enrolment.learner})
    return enrolment


def _course(call: Call, enrolment: Enrolment) -> Course:
    course: Course = call.ask(Unit.need, kind=Course, key=enrolment.course)
    return course


def _score(fields: Fields) -> int:
    text = fields.get("score", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise Malformed("score: must be a whole number from 0 to 100")
    return int(text)
