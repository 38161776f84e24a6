"""The participant's dashboard: login, card and balance, trainings, rating; `earnings` has the incentives.

The real dashboard has pages and no public API; everything here is simulated.
"""

from datetime import datetime
from hmac import compare_digest
from typing import Annotated

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body, Model
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply, Unauthorized
from prakerja_sim.mocks.prakerja import labels, todo
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.programme import account_password, completion, deadlines, enrolment
from prakerja_sim.simulator.programme.records import Course, Participant
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import logins
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED
Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Login(Body):
    """E-mail and password of the Prakerja account."""

    email: Text
    password: Text


class Review(Body):
    """Stars and text for a finished training."""

    stars: Annotated[int, Field(ge=1, le=5)]
    review: Annotated[str, StringConstraints(min_length=1, max_length=2000), NOT_BLANK]


class Token(Model):
    """The token of a login."""

    token: str


def add_to(face: Face) -> None:
    """Register the dashboard's endpoints."""
    for method, path, body, answer, handler in ENDPOINTS:
        face.endpoint(
            method,
            f"/dashboard{path}",
            provenance=SIMULATED,
            body=body,
            answer=answer,
            callers=Role.PERSON,
            open_to_all=True,
        )(handler)


@refuses(Reason.LOGIN_REFUSED)
def token_for(call: Call, *, email: str, password: str) -> str:
    """A token, if e-mail and password are right; raises Rejected."""
    owner: Participant | None = call.ask(account_password.of_email, email=email)
    card = owner.card if owner is not None else ""
    right = call.ask(account_password.is_right, card=card, password=password)
    if owner is None or not right or owner.blocked:
        blocked = owner is not None and owner.blocked
        about = {
            "email": email,
            "account_known": owner is not None,
            "password_right": right,
            "blocked": blocked,
        }
        raise Rejected(Reason.LOGIN_REFUSED, unsaid=about)
    return f"{card}.{secret_of(call, card)}"


@refuses(token_for)
def login(call: Call, body: Login) -> Reply:
    """Log in; unknown e-mail and wrong password are told alike."""
    return success({"token": token_for(call, email=body.email, password=body.password)})


def participant_of(call: Call, token: str) -> Participant | None:
    """The participant of a token; None if the token is wrong or the account is blocked."""
    card, _, secret = token.partition(".")
    participant: Participant | None = call.ask(Unit.get, kind=Participant, key=card)
    right = compare_digest(secret_of(call, card).encode(), secret.encode())
    return participant if right and participant is not None and not participant.blocked else None


def secret_of(call: Call, card: str, about: str = "") -> str:
    """The secret part of a token, which nobody can guess and a logout ends."""
    whose = {"holder": account_password.login_of(card), "sandbox": call.sandbox.name}
    secret: str = call.ask(logins.secret, **whose, about=about)
    return secret


def log_out(call: Call, card: str) -> None:
    """End all logins of a participant's account."""
    call.do(logins.end, holder=account_password.login_of(card))


def logout(call: Call) -> Reply:
    """Log out; every token of the account ends."""
    log_out(call, my_account(call).card)
    return success()


def profile(call: Call) -> Reply:
    """Card number, balance, wave and deadlines."""
    who = my_account(call)
    round_ = wave(who.wave)
    return success(
        {
            "prakerja_id": who.card,
            "name": who.name,
            "phone": who.phone,
            "email": who.email,
            "wave": who.wave,
            "status": who.status.value,
            "balance": call.ask(ledger.balance, account=bookings.card(who.card)),
            "buy_first_until": iso(deadlines.buy_first_until(who)),
            "spend_until": iso(round_.spend_until),
            "videos_watched": who.videos_watched,
            "next": todo.next_steps(call, who),
        }
    )


def videos(call: Call) -> Reply:
    """Watch the three induction videos to the end."""
    call.do(enrolment.watch_videos, card=my_account(call).card)
    return success()


def trainings(call: Call) -> Reply:
    """What was bought, with its redeem code and where it stands."""
    return success({"trainings": training_rows(call, my_account(call))})


def training_rows(call: Call, who: Participant) -> list[dict[str, object]]:
    """The trainings for the API and for the page; oldest first."""
    rows: list[dict[str, object]] = []
    for training in call.ask(Unit.find, kind=Training, card=who.card):
        course = call.ask(Unit.need, kind=Course, key=training.course)
        rows.append(
            {
                "transaction_code": training.transaction,
                "course_code": training.course,
                "title": course.title,
                "institution": course.institution,
                "dp_platform": training.marketplace,
                "redeem_code": training.redeem_code,
                "status": labels.TRAINING[training.status],
                "bought_at": iso(training.bought_at),
                "certificate_at": iso(training.certified_at) if training.certified_at else None,
                "score": training.score,
                "rating": training.rating,
                "review": training.review,
            }
        )
    return sorted(rows, key=lambda row: str(row["bought_at"]))


@refuses(completion.rate)
def review(call: Call, body: Review) -> Reply:
    """Give stars and a review."""
    who = my_account(call)
    call.do(
        completion.rate,
        card=who.card,
        transaction=call.path["transaction"],
        stars=body.stars,
        review=body.review,
    )
    return success()


ENDPOINTS = (
    ("POST", "/login", Login, Token, login),
    ("POST", "/logout", None, None, logout),
    ("GET", "/profile", None, None, profile),
    ("POST", "/videos", None, None, videos),
    ("GET", "/trainings", None, None, trainings),
    ("POST", "/trainings/<transaction>/review", Review, None, review),
)


def my_account(call: Call) -> Participant:
    """The participant of the request's token; raises Unauthorized."""
    token = call.headers.get("Authorization", "").removeprefix("Bearer ")
    participant = participant_of(call, token)
    if participant is None:
        raise Unauthorized("no valid dashboard token")
    return participant


def iso(at: datetime) -> str:
    """An instant in the format of the dashboard's answers."""
    return at.isoformat()
