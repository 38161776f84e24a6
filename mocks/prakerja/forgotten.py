"""Prakerja's "Lupa Password": a link to a new password for whoever names an e-mail, NIK or phone.

That there is one, and what it asks for, is known; its pages and endpoints are simulated.
"""

from typing import Annotated

from pydantic import StringConstraints

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, validated
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.prakerja import pages
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.simulator.programme import account_password
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.world import logins
from prakerja_sim.simulator.world.refusals import refuses

LINK_PAGE, PASSWORD_PAGE = "/dasbor/lupa-password", "/dasbor/password-baru"  # paths, not passwords
WRONG = "Isi password baru, 8 sampai 128 karakter."


class Forgotten(Body):
    """Whose password is forgotten: an e-mail, a NIK or a phone."""

    account: Annotated[str, StringConstraints(min_length=1, max_length=255), NOT_BLANK]


class NewPassword(Body):
    """The code from the link in the e-mail, and the new password."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    password: Annotated[str, StringConstraints(min_length=8, max_length=128)]


def add_to(face: Face) -> None:
    """Register the endpoints for programs and the two pages."""
    open_ = {"provenance": Provenance.SIMULATED, "callers": Role.PERSON, "open_to_all": True}
    face.endpoint("POST", "/dashboard/password/forgotten", body=Forgotten, **open_)(forgotten)  # type: ignore[arg-type]
    face.endpoint("POST", "/dashboard/password", body=NewPassword, **open_)(set_anew)  # type: ignore[arg-type]
    for path, show, submit in (
        (LINK_PAGE, forgotten_page, forgotten_sent),
        (PASSWORD_PAGE, password_page, password_sent),
    ):
        face.endpoint("GET", path, **open_)(show)  # type: ignore[arg-type]
        face.endpoint("POST", path, **open_)(submit)  # type: ignore[arg-type]


def forgotten(call: Call, body: Forgotten) -> Reply:
    """Ask for a link to a new password by e-mail; the answer is the same if there is no such account."""
    _send(call, body)
    return success()


@refuses(account_password.holder_of_link, account_password.change)
def set_anew(call: Call, body: NewPassword) -> Reply:
    """Set a new password with the link's code; all logins of the account end."""
    _change(call, body)
    return success()


def forgotten_page(call: Call) -> Reply:
    """Ask whose password is forgotten."""
    return pages.rendered(call, "forgotten.html")


@pages.page
def forgotten_sent(call: Call) -> Reply:
    """Send the link; whether there is such an account is not told."""
    _send(call, validated({"account": pages.fields_of(call).get("account", "").strip()}, Forgotten))
    return pages.rendered(call, "forgotten.html", sent=True)


def password_page(call: Call) -> Reply:
    """Ask for the new password; the link in the e-mail leads here."""
    return pages.rendered(call, "password.html", code=call.query.get("kode", ""))


@refuses(account_password.holder_of_link, account_password.change)
@pages.page
def password_sent(call: Call) -> Reply:
    """Set the new password, and go to the login."""
    fields = pages.fields_of(call)
    code = fields.get("code", "")
    try:
        new = validated({"code": code, "password": fields.get("password", "")}, NewPassword)
    except Malformed as problem:
        timeline.of(call.environ).refusal = problem
        return pages.rendered(call, "password.html", status=400, code=code, message=WRONG)
    try:
        _change(call, new)
    except Rejected as refusal:
        timeline.of(call.environ).refusal = refusal
        message = pages.message(refusal.reason)
        return pages.rendered(call, "password.html", status=400, code=code, message=message)
    return pages.sent_to(f"{call.environ['SCRIPT_NAME']}/dasbor")


def _send(call: Call, body: Forgotten) -> None:
    page = f"https://{pages.PAGES_HOST}{PASSWORD_PAGE}"  # becomes ours on the way out, as every address
    call.do(account_password.send_link, account=body.account, page=page)


def _change(call: Call, new: NewPassword) -> None:
    kept = call.ask(account_password.holder_of_link, code=new.code)
    digest = call.ask(logins.digest, account=kept.card, password=new.password)
    call.do(account_password.change, code=new.code, password=digest)
