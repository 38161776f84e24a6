"""Accounts at an institution's site, for programs: register, login, forgotten password (simulated)."""

from typing import Annotated, Any

from pydantic import StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.simulator.institution import accounts
from prakerja_sim.simulator.institution.records import Learner
from prakerja_sim.simulator.world import logins
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

Email = Annotated[
    str, StringConstraints(min_length=3, max_length=254, pattern=r"^[^\s@\x00/]+@[^\s@\x00/]+$")
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f]+$"), NOT_BLANK]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128)]
Typed = Annotated[str, StringConstraints(max_length=512)]


class NewAccount(Body):
    """A new account; the name should be exactly the same as at Prakerja (F25)."""

    email: Email
    name: Name
    password: Password


class Login(Body):
    """E-mail and password."""

    email: Typed
    password: Typed


class Forgotten(Body):
    """Whose password is forgotten."""

    email: Typed


class NewPassword(Body):
    """The code from the link in the e-mail, and the new password."""

    code: Typed
    password: Password


class Account(Model):
    """An account as its holder sees it."""

    email: str
    name: str


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for method, path, body, answer, handler in (
        ("POST", "", NewAccount, Account, register),
        ("POST", "/login", Login, None, log_in),
        ("POST", "/forgotten", Forgotten, None, forgotten),
        ("POST", "/password", NewPassword, Account, change_password),
    ):
        more: dict[str, Any] = {"body": body, "answer": answer}
        face.endpoint(method, f"/<institution>/accounts{path}", provenance=Provenance.SIMULATED, **more)(
            handler
        )
    for method, path, mine in (("GET", "/me", me), ("POST", "/logout", logout)):
        at = f"/<institution>/accounts{path}"
        face.endpoint(method, at, provenance=Provenance.SIMULATED, sender=holder)(mine)


@refuses(accounts.register)
def register(call: Call, body: NewAccount) -> Reply:
    """Open an account; an e-mail has one."""
    opened = opened_account(call, body)
    return Reply({"email": opened.email, "name": opened.name}, 201)


@refuses(accounts.logged_in)
def log_in(call: Call, body: Login) -> Reply:
    """Log in; an unknown e-mail and a wrong password are told alike."""
    return Reply({"token": token_for(call, body)})


def forgotten(call: Call, body: Forgotten) -> Reply:
    """Ask for a link to a new password by e-mail; the answer is the same if there is no such account."""
    send_link(call, body.email)
    return Reply({"sent": True})


@refuses(accounts.holder_of_link, accounts.change_password)
def change_password(call: Call, body: NewPassword) -> Reply:
    """Set a new password with the link's code; whoever was logged in is no more."""
    changed = changed_password(call, body)
    return Reply({"email": changed.email, "name": changed.name})


def me(call: Call) -> Reply:
    """The account, and the vouchers whose classes it has."""
    learner: Learner = call.ask(Unit.need, kind=Learner, key=call.sender)
    classes = call.ask(accounts.classes_of, learner=learner)
    rows = [{"voucher_code": one.key, "course_code": one.course} for one in classes]
    return Reply({"email": learner.email, "name": learner.name, "classes": rows})


def logout(call: Call) -> Reply:
    """Log out; every token of the learner ends."""
    learner: Learner = call.ask(Unit.need, kind=Learner, key=call.sender)
    log_out(call, learner)
    return Reply({"email": learner.email, "name": learner.name})


def opened_account(call: Call, new: NewAccount) -> Learner:
    """Open an account; raises Rejected."""
    institution = call.path["institution"]
    digest = _digest(call, new.email, new.password)
    arguments = {"institution": institution, "email": new.email, "name": new.name, "password": digest}
    opened: Learner = call.do(accounts.register, **arguments)
    return opened


def token_for(call: Call, login: Login) -> str:
    """A token for a learner, if e-mail and password are right; raises Rejected."""
    arguments = {"institution": call.path["institution"], "email": login.email, "password": login.password}
    learner = call.ask(accounts.logged_in, **arguments)
    token: str = call.ask(accounts.token_of, learner=learner, sandbox=call.sandbox.name)
    return token


def holder_of(call: Call, token: str) -> Learner | None:
    """The learner of a token at the institution of the path, None if the token is not valid."""
    about = {"institution": call.path["institution"], "token": token, "sandbox": call.sandbox.name}
    learner: Learner | None = call.ask(accounts.holder_of, **about)
    return learner


def log_out(call: Call, learner: Learner) -> None:
    """End all logins of a learner."""
    call.do(logins.end, holder=accounts.login_of(learner))


def send_link(call: Call, email: str) -> None:
    """Send an e-mail with a link for a new password, if the account exists."""
    institution = call.path["institution"]
    page = f"https://{institution}.example{PASSWORD_PAGE}"
    call.do(accounts.send_link, institution=institution, email=email, page=page)


def changed_password(call: Call, new: NewPassword) -> Learner:
    """Set an account's new password; raises Rejected."""
    arguments = {"institution": call.path["institution"], "code": new.code}
    owner: Learner = call.ask(accounts.holder_of_link, **arguments)
    digest = _digest(call, owner.email, new.password)
    changed: Learner = call.do(accounts.change_password, password=digest, **arguments)
    return changed


PASSWORD_PAGE = "/situs/sandi-baru"  # a path, not a password


def holder(call: Call) -> None:
    """Establish the learner from the token of his login; raises Unauthorized."""
    token = call.headers.get("Authorization", "").removeprefix("Bearer ")
    learner = holder_of(call, token)
    if learner is None:
        raise Unauthorized("no token of a learner here")
    call.sender = learner.key


def _digest(call: Call, email: str, password: str) -> str:
    account = accounts.key_of(call.path["institution"], email)
    digest: str = call.ask(logins.digest, account=account, password=password)
    return digest
