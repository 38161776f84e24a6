"""The dashboard's part about incentives: linked account, phone number, schedule, notices, surveys.

A row of the schedule and a notice about it may disagree (F35).
"""

from typing import Annotated

from pydantic import Field

from prakerja_sim.mocks.http.bodies import Body
from prakerja_sim.mocks.http.contacts import Mobile
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Reply
from prakerja_sim.mocks.prakerja import labels
from prakerja_sim.mocks.prakerja.dashboard import SIMULATED, Text, iso, my_account
from prakerja_sim.mocks.prakerja.words import success
from prakerja_sim.simulator.programme import payout_accounts
from prakerja_sim.simulator.programme import surveys as evaluation
from prakerja_sim.simulator.programme.incentive_records import Incentive, LinkedAccount, Notice, Survey
from prakerja_sim.simulator.programme.incentive_rows import next_pay_day
from prakerja_sim.simulator.programme.records import BellNotice, NoticeKind, Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


class Account(Body):
    """A bank or e-wallet account to link."""

    partner: Text
    number: Text


class Otp(Body):
    """The code that was sent to the phone."""

    otp: Text


class NewPhone(Body):
    """The new phone number."""

    phone: Mobile


class Answers(Body):
    """A survey's answers; their content has no effect."""

    answers: Annotated[list[str], Field(default_factory=list)]


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for method, path, body, handler in ENDPOINTS:
        face.endpoint(
            method,
            f"/dashboard{path}",
            provenance=SIMULATED,
            body=body,
            callers=Role.PERSON,
            open_to_all=True,
        )(handler)


def account(call: Call) -> Reply:
    """The linked account."""
    return success(linked_account(call, my_account(call)))


@refuses(payout_accounts.link)
def link(call: Call, body: Account) -> Reply:
    """Begin to link an account; the payment partner texts an OTP."""
    call.do(payout_accounts.link, card=my_account(call).card, partner=body.partner, number=body.number)
    return success()


@refuses(payout_accounts.confirm_link)
def confirm_link(call: Call, body: Otp) -> Reply:
    """Enter the payment partner's OTP."""
    call.do(payout_accounts.confirm_link, card=my_account(call).card, otp=body.otp)
    return success()


@refuses(payout_accounts.unlink)
def unlink(call: Call) -> Reply:
    """Let go of the linked account; what falls due meanwhile is held."""
    call.do(payout_accounts.unlink, card=my_account(call).card)
    return success()


@refuses(payout_accounts.change_phone)
def change_phone(call: Call, body: NewPhone) -> Reply:
    """Begin to change the phone number; the new one gets an OTP."""
    call.do(payout_accounts.change_phone, card=my_account(call).card, phone=body.phone)
    return success()


@refuses(payout_accounts.confirm_phone)
def confirm_phone(call: Call, body: Otp) -> Reply:
    """Enter the OTP that the new phone got."""
    call.do(payout_accounts.confirm_phone, card=my_account(call).card, otp=body.otp)
    return success()


def incentive_rows(call: Call) -> Reply:
    """The incentive's schedule, with what to do next."""
    return success({"incentives": schedule(call, my_account(call))})


def notices(call: Call) -> Reply:
    """The bell: all that the dashboard told, oldest first; an incentive's row may say otherwise (F35)."""
    return success({"notices": notice_rows(call, my_account(call))})


def surveys(call: Call) -> Reply:
    """The surveys and when they open."""
    who = my_account(call)
    return success({"surveys": survey_rows(call, who), "until": iso(wave(who.wave).surveys_until)})


@refuses(Reason.SURVEY_NOT_OPEN)
def survey_number(text: str) -> int:
    """A survey's number from text; raises Rejected if the text is not a number of a survey."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Rejected(Reason.SURVEY_NOT_OPEN, survey=text)
    return int(text)


@refuses(survey_number, evaluation.fill)
def fill_survey(call: Call, body: Answers) -> Reply:  # noqa: ARG001  # the answers do not matter (R24)
    """Fill in a survey."""
    call.do(evaluation.fill, card=my_account(call).card, number=survey_number(call.path["number"]))
    return success()


# The data for the API and for the pages


def linked_account(call: Call, who: Participant) -> dict[str, object]:
    """The linked account; all digits of its number except the last four are masked."""
    linked = call.ask(Unit.get, kind=LinkedAccount, key=who.card)
    if linked is None or linked.linked_at is None:
        return {"linked": False}
    partner, _, number = linked.wallet.partition("/")
    return {"linked": True, "partner": partner, "number": f"****{number[-4:]}"}


def schedule(call: Call, who: Participant) -> list[dict[str, object]]:
    """The rows of the schedule."""
    now, round_ = call.sandbox.now(), wave(who.wave)
    rows: list[Incentive] = call.ask(Unit.find, kind=Incentive, card=who.card)
    return [
        {
            "slot": row.slot,
            "amount": row.amount.amount,
            "status": labels.incentive(row.status, now),
            "due_at": iso(next_pay_day(round_, row.due_at)),
            "paid_at": iso(row.paid_at) if row.paid_at else None,
            "reason": labels.reason_text(row, round_),
            "next": labels.next_step(row, round_, now),
        }
        for row in rows
    ]


def notice_rows(call: Call, who: Participant) -> list[dict[str, object]]:
    """The notices of all kinds, oldest first; one about an incentive's row names its slot."""
    round_ = wave(who.wave)
    about_rows: list[Notice] = call.ask(Unit.log, kind=Notice, card=who.card)
    others: list[BellNotice] = call.ask(Unit.log, kind=BellNotice, card=who.card)
    told = [(one.at, one.kind.value, "", one.title, one.text) for one in others] + [
        (one.at, NoticeKind.INCENTIVE.value, one.slot, labels.NOTICE[one.says], labels.notice(one, round_))
        for one in about_rows
    ]
    return [
        {"at": iso(at), "kind": kind, "slot": slot, "label": label, "text": text}
        for at, kind, slot, label, text in sorted(told, key=lambda one: one[0])
    ]


def survey_rows(call: Call, who: Participant) -> list[dict[str, object]]:
    """The scheme's surveys: when each opens, and whether it was filled in."""
    rows: list[dict[str, object]] = []
    for number in range(1, wave(who.wave).scheme.surveys + 1):
        opens = call.ask(evaluation.opening, participant=who, number=number)
        filled = call.ask(Unit.get, kind=Survey, key=f"{who.card}/{number}") is not None
        rows.append({"survey": number, "opens_at": iso(opens) if opens else None, "filled": filled})
    return rows


ENDPOINTS = (
    ("GET", "/account", None, account),
    ("POST", "/account", Account, link),
    ("POST", "/account/confirm", Otp, confirm_link),
    ("DELETE", "/account", None, unlink),
    ("POST", "/phone", NewPhone, change_phone),
    ("POST", "/phone/confirm", Otp, confirm_phone),
    ("GET", "/incentives", None, incentive_rows),
    ("GET", "/notices", None, notices),
    ("GET", "/surveys", None, surveys),
    ("POST", "/surveys/<number>", Answers, fill_survey),
)
