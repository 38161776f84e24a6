"""The participant's dashboard: card, balance, trainings, rating, linked account, incentives, surveys.

The real one has pages and no public API; everything here is simulated.  The labels are those
that people saw (programme reference, section 7).
"""

from datetime import datetime
from hmac import compare_digest
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mocks.contract import Call, Face, Provenance, Reply, Unauthorized
from mocks.prakerja.words import success
from simulator import bookings, chance, completion, enrolment, ledger, linking
from simulator import surveys as evaluation
from simulator.errors import Reason, Rejected
from simulator.ids import HEX, UNAMBIGUOUS
from simulator.records import (
    Course,
    Incentive,
    IncentiveStatus,
    LinkedAccount,
    Participant,
    Survey,
    Training,
    TrainingStatus,
)
from simulator.store import Unit
from simulator.waves import wave

SIMULATED = Provenance.SIMULATED
INCENTIVE_LABELS = {
    IncentiveStatus.HELD: "Dana tertahan",
    IncentiveStatus.WAITING: "Menunggu diproses",
    IncentiveStatus.SCHEDULED: "Dijadwalkan",
    IncentiveStatus.SENT: "Sedang diproses",
    IncentiveStatus.FAILED: "Gagal",
    IncentiveStatus.CHECKING: "Dalam pengecekan",
    IncentiveStatus.PAID: "Berhasil",
    IncentiveStatus.UNDELIVERED: "Gagal",
}
TRAINING_LABELS = {
    TrainingStatus.BOUGHT: "Belum selesai",
    TrainingStatus.REPORTED: "Menunggu sertifikat",
    TrainingStatus.CERTIFIED: "Selesai",
    TrainingStatus.RATED: "Selesai",
    TrainingStatus.VOIDED: "Dibatalkan",
}

Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class Body(BaseModel):
    """A request body with exact types."""

    model_config = ConfigDict(strict=True, frozen=True)


class Login(Body):
    """E-mail and password of the Prakerja account."""

    email: Text
    password: Text


class Review(Body):
    """Stars and text for a finished training."""

    stars: Annotated[int, Field(ge=1, le=5)]
    review: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Account(Body):
    """A bank or e-wallet account to link."""

    partner: Text
    number: Text


class Otp(Body):
    """The payment partner's OTP."""

    otp: Text


class Answers(Body):
    """A survey's answers, which do not matter."""

    answers: list[str] = []


class Token(BaseModel):
    """The token of a login."""

    token: str


def password_of(world: Unit, *, card: str) -> str:
    """The password of a synthetic participant's account, told by the admin API."""
    return chance.code(UNAMBIGUOUS, 10, world.seed, "password", card)


def add_to(face: Face) -> None:
    """Register the dashboard's endpoints."""
    for method, path, body, answer, refuses, handler in ENDPOINTS:
        face.endpoint(
            method,
            f"/dashboard{path}",
            provenance=SIMULATED,
            body=body,
            answer=answer,
            refuses=refuses,
            open_to_all=True,
        )(handler)


def login(call: Call, body: Login) -> Reply:
    """Log in; unknown e-mail and wrong password are told alike."""
    return success({"token": token_for(call, email=body.email, password=body.password)})


def token_for(call: Call, *, email: str, password: str) -> str:
    """The token of who knows the password; raises Rejected."""
    found = call.ask(Unit.find, kind=Participant, email=email, limit=1)
    card = found[0].card if found else ""
    right = compare_digest(call.ask(password_of, card=card).encode(), password.encode())
    if not found or not right:
        raise Rejected(Reason.LOGIN_REFUSED)
    return f"{card}.{call.ask(secret_of, card=card)}"


def participant_of(call: Call, token: str) -> Participant | None:
    """Whom a token names."""
    card, _, secret = token.partition(".")
    participant: Participant | None = call.ask(Unit.get, kind=Participant, key=card)
    right = compare_digest(call.ask(secret_of, card=card).encode(), secret.encode())
    return participant if right else None


def secret_of(world: Unit, *, card: str) -> str:
    """The half of a token that cannot be guessed."""
    return chance.code(HEX, 32, world.seed, "dashboard", card)


def profile(call: Call) -> Reply:
    """Card number, balance, wave and deadlines."""
    me = my_account(call)
    round_ = wave(me.wave)
    return success(
        {
            "prakerja_id": me.card,
            "name": me.name,
            "phone": me.phone,
            "email": me.email,
            "wave": me.wave,
            "status": me.status.value,
            "balance": call.ask(ledger.balance, account=bookings.card(me.card)),
            "buy_first_until": _iso(round_.buy_first_until),
            "spend_until": _iso(round_.spend_until),
            "videos_watched": me.videos_watched,
        }
    )


def videos(call: Call) -> Reply:
    """Watch the three induction videos to the end."""
    call.do(enrolment.watch_videos, card=my_account(call).card)
    return success()


def trainings(call: Call) -> Reply:
    """What was bought, with its redeem code and where it stands."""
    me = my_account(call)
    rows = []
    for training in call.ask(Unit.find, kind=Training, card=me.card):
        course = call.ask(Unit.need, kind=Course, key=training.course)
        rows.append(
            {
                "transaction_code": training.transaction,
                "course_code": training.course,
                "title": course.title,
                "institution": course.institution,
                "dp_platform": training.marketplace,
                "redeem_code": training.redeem_code,
                "status": TRAINING_LABELS[training.status],
                "bought_at": _iso(training.bought_at),
                "certificate_at": _iso(training.certified_at) if training.certified_at else None,
                "score": training.score,
                "rating": training.rating,
                "review": training.review,
            }
        )
    return success({"trainings": sorted(rows, key=lambda row: str(row["bought_at"]))})


def review(call: Call, body: Review) -> Reply:
    """Give stars and a review."""
    me = my_account(call)
    call.do(
        completion.rate,
        card=me.card,
        transaction=call.path["transaction"],
        stars=body.stars,
        review=body.review,
    )
    return success()


def account(call: Call) -> Reply:
    """The linked account."""
    linked = call.ask(Unit.get, kind=LinkedAccount, key=my_account(call).card)
    if linked is None or linked.linked_at is None:
        return success({"linked": False})
    partner, _, number = linked.wallet.partition("/")
    return success({"linked": True, "partner": partner, "number": f"****{number[-4:]}"})


def link(call: Call, body: Account) -> Reply:
    """Begin to link an account; the payment partner texts an OTP."""
    call.do(linking.link, card=my_account(call).card, partner=body.partner, number=body.number)
    return success()


def confirm_link(call: Call, body: Otp) -> Reply:
    """Enter the payment partner's OTP."""
    call.do(linking.confirm_link, card=my_account(call).card, otp=body.otp)
    return success()


def incentive_rows(call: Call) -> Reply:
    """The incentive's schedule."""
    rows = call.ask(Unit.find, kind=Incentive, card=my_account(call).card)
    return success(
        {
            "incentives": [
                {
                    "slot": row.slot,
                    "amount": row.amount.amount,
                    "status": INCENTIVE_LABELS[row.status],
                    "due_at": _iso(row.due_at),
                    "paid_at": _iso(row.paid_at) if row.paid_at else None,
                }
                for row in rows
            ]
        }
    )


def surveys(call: Call) -> Reply:
    """The surveys and when they open."""
    me = my_account(call)
    rows = []
    for number in range(1, wave(me.wave).scheme.surveys + 1):
        opens = call.ask(evaluation.opening, participant=me, number=number)
        filled = call.ask(Unit.get, kind=Survey, key=f"{me.card}/{number}")
        rows.append(
            {"survey": number, "opens_at": _iso(opens) if opens else None, "filled": filled is not None}
        )
    return success({"surveys": rows, "until": _iso(wave(me.wave).surveys_until)})


def fill_survey(call: Call, body: Answers) -> Reply:  # noqa: ARG001  # the answers do not matter (R24)
    """Fill in a survey."""
    number = call.path["number"]
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise Rejected(Reason.SURVEY_NOT_OPEN)
    call.do(evaluation.fill, card=my_account(call).card, number=int(number))
    return success()


ENDPOINTS = (
    ("POST", "/login", Login, Token, (Reason.LOGIN_REFUSED,), login),
    ("GET", "/profile", None, None, (), profile),
    ("POST", "/videos", None, None, (), videos),
    ("GET", "/trainings", None, None, (), trainings),
    (
        "POST",
        "/trainings/<transaction>/review",
        Review,
        None,
        (Reason.TRAINING_UNKNOWN, Reason.CERTIFICATE_MISSING, Reason.ALREADY_RATED),
        review,
    ),
    ("GET", "/account", None, None, (), account),
    (
        "POST",
        "/account",
        Account,
        None,
        (
            Reason.WALLET_UNKNOWN,
            Reason.NIK_DIFFERS,
            Reason.PHONE_DIFFERS,
            Reason.WALLET_NOT_UPGRADED,
            Reason.ALREADY_LINKED,
            Reason.CODE_TRIES_EXHAUSTED,
        ),
        link,
    ),
    (
        "POST",
        "/account/confirm",
        Otp,
        None,
        (
            Reason.LINK_NOT_BEGUN,
            Reason.ALREADY_LINKED,
            Reason.CODE_WRONG,
            Reason.CODE_EXPIRED,
            Reason.CODE_TRIES_EXHAUSTED,
        ),
        confirm_link,
    ),
    ("GET", "/incentives", None, None, (), incentive_rows),
    ("GET", "/surveys", None, None, (), surveys),
    (
        "POST",
        "/surveys/<number>",
        Answers,
        None,
        (Reason.SURVEY_NOT_OPEN, Reason.SURVEY_CLOSED, Reason.SURVEY_DONE),
        fill_survey,
    ),
)


def my_account(call: Call) -> Participant:
    """The participant whom the token names."""
    token = call.headers.get("Authorization", "").removeprefix("Bearer ")
    participant = participant_of(call, token)
    if participant is None:
        raise Unauthorized("no valid dashboard token")
    return participant


def _iso(at: datetime) -> str:
    return at.isoformat()
