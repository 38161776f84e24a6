"""The dashboard as people saw it: pages in Indonesian, for a phone, without scripts.

Every form is sent to its own page, with a token that only this login knows; then the browser is
redirected to the page, which shows the result.  The layout is simulated, the labels are not.
"""

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from typing import Any

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.bodies import is_blank
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.pages import check_own
from prakerja_sim.mocks.prakerja import dashboard_details as details
from prakerja_sim.mocks.prakerja import earnings, labels, pages, todo
from prakerja_sim.mocks.prakerja.dashboard import secret_of, token_for, training_rows
from prakerja_sim.mocks.prakerja.forgotten import LINK_PAGE
from prakerja_sim.mocks.prakerja.words import BAD_PARAMETER, REJECTIONS
from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.payout.partners import offered
from prakerja_sim.simulator.programme import completion, deadlines, enrolment, payout_accounts, surveys
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount, PhoneChange
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import parse_instant
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import confirm, refuses
from prakerja_sim.simulator.world.store import Unit

HOME = "/dasbor"
SECTIONS = {
    "": "Beranda",
    "/insentif": "Insentif",
    "/rekening": "Rekening",
    "/survei": "Survei",
    "/pemberitahuan": "Pemberitahuan",
    "/pengaduan": "Pengaduan",
}
"""The pages of the menu."""
OTHERS = {"/video": "Video pengenalan", "/gelombang": "Gelombang", "/pelatihan": "Rincian pembelian"}
"""The pages to which one of these leads."""
TITLES = SECTIONS | OTHERS
LATEST = 3
"""So many notices are on the first page; all are in the bell."""
Act = Callable[[Call, Participant, dict[str, str]], None]


def add_to(face: Face) -> None:
    """Register the pages, and the template filters for rupiah and days."""
    face.app.jinja_env.filters |= {"rupiah": _rupiah, "day": _day}
    for path in (*SECTIONS, "/video", "/gelombang", "/pelatihan/<transaction>"):
        for method, handler in (("GET", show), ("POST", press)):
            face.endpoint(
                method, HOME + path, provenance=Provenance.SIMULATED, callers=Role.PERSON, open_to_all=True
            )(handler)


def show(call: Call) -> Reply:
    """A page of the dashboard, or the login."""
    who = _visitor(call)
    return _page(call, who) if who is not None else _login(call)


@refuses(
    token_for,
    completion.rate,
    payout_accounts.link,
    payout_accounts.confirm_link,
    payout_accounts.unlink,
    payout_accounts.change_phone,
    payout_accounts.confirm_phone,
    earnings.survey_number,
    surveys.fill,
    details.complain,
    details.complain_again,
)
def press(call: Call) -> Reply:
    """One button of a page."""
    try:
        check_own(call)
        fields = pages.fields_of(call)
        done = _pressed(call, fields)
    except Malformed as problem:
        timeline.of(call.environ).refusal = problem
        status, code, message, _ = BAD_PARAMETER
        return pages.rendered(call, "message.html", status=status, code=code, message=message)
    return done


def csrf(call: Call, card: str) -> str:
    """The token in the forms of this login; without it another site could send a form."""
    return secret_of(call, card, "forms")


def _pressed(call: Call, fields: dict[str, str]) -> Reply:
    here, action = call.environ["SCRIPT_NAME"] + call.environ["PATH_INFO"], fields.get("do", "")
    if action == "login":
        return pages.entered(call, fields, here) or _login(call, fields)
    who = _visitor(call)
    if who is None:
        return pages.sent_to(here)
    right = csrf(call, who.card)
    if action not in {*ACTS, "logout"} or not compare_digest(right.encode(), fields.get("csrf", "").encode()):
        raise Malformed("form: not one of this page")
    if action == "logout":
        return pages.left(call, call.environ["SCRIPT_NAME"] + HOME)
    try:
        ACTS[action](call, who, fields)
    except Rejected as refusal:
        confirm(press, refusal)
        timeline.of(call.environ).refusal = refusal
        status, code, message, _ = REJECTIONS[refusal.reason]
        return _page(call, who, status=status, code=code, message=message)
    return pages.sent_to(here)


# What buttons do


def _watch(call: Call, who: Participant, _: dict[str, str]) -> None:
    call.do(enrolment.watch_videos, card=who.card)


def _rate(call: Call, who: Participant, fields: dict[str, str]) -> None:
    stars, text = fields.get("stars", ""), fields.get("review", "").strip()
    if stars not in ("1", "2", "3", "4", "5") or is_blank(text) or len(text) > 2000:
        raise Malformed("form: stars or review")
    which = fields.get("transaction", "")
    call.do(completion.rate, card=who.card, transaction=which, stars=int(stars), review=text)


def _link(call: Call, who: Participant, fields: dict[str, str]) -> None:
    partner, number = fields.get("partner", ""), fields.get("number", "").strip()
    call.do(payout_accounts.link, card=who.card, partner=partner, number=number)


def _confirm_link(call: Call, who: Participant, fields: dict[str, str]) -> None:
    call.do(payout_accounts.confirm_link, card=who.card, otp=fields.get("otp", "").strip())


def _unlink(call: Call, who: Participant, _: dict[str, str]) -> None:
    call.do(payout_accounts.unlink, card=who.card)


def _change_phone(call: Call, who: Participant, fields: dict[str, str]) -> None:
    try:
        new = earnings.NewPhone(phone=fields.get("phone", "").strip())
    except ValueError:
        raise Malformed("form: phone") from None
    call.do(payout_accounts.change_phone, card=who.card, phone=new.phone)


def _confirm_phone(call: Call, who: Participant, fields: dict[str, str]) -> None:
    call.do(payout_accounts.confirm_phone, card=who.card, otp=fields.get("otp", "").strip())


def _fill(call: Call, who: Participant, fields: dict[str, str]) -> None:
    call.do(surveys.fill, card=who.card, number=earnings.survey_number(fields.get("survey", "")))


ACTS: dict[str, Act] = {
    "videos": _watch,
    "rate": _rate,
    "link": _link,
    "confirm_link": _confirm_link,
    "unlink": _unlink,
    "phone": _change_phone,
    "confirm_phone": _confirm_phone,
    "survey": _fill,
    "complain": details.complain,
    "again": details.complain_again,
}


# What pages show


def _page(call: Call, who: Participant, *, status: int = 200, **facts: Any) -> Reply:
    section = "/".join(call.environ["PATH_INFO"].removeprefix(HOME).split("/")[:2])
    return pages.rendered(
        call,
        f"dasbor{section.replace('/', '_')}.html",
        status=status,
        root=call.environ["SCRIPT_NAME"] + HOME,
        sections=SECTIONS,
        section=section,
        title=TITLES[section],
        who=who,
        csrf=csrf(call, who.card),
        **CONTENTS[section](call, who),
        **facts,
    )


def _home(call: Call, who: Participant) -> dict[str, Any]:
    return {
        "wave": wave(who.wave),
        "buy_first_until": deadlines.buy_first_until(who) if who.first is None else None,
        "balance": call.ask(ledger.balance, account=bookings.card(who.card)),
        "steps": todo.next_steps(call, who),
        "videos": todo.videos_are_missing(who, call.sandbox.now()),
        "trainings": [row | {"rate": _rating(call, who, row)} for row in training_rows(call, who)],
        "no_training": labels.NO_TRAINING,
        "notices": earnings.notice_rows(call, who)[::-1][:LATEST],
    }


def _rating(call: Call, who: Participant, row: dict[str, object]) -> dict[str, object]:
    """Whether a training may be rated now; if not although it has its certificate, why."""
    if not row["certificate_at"] or row["rating"]:
        return {"open": False, "why": ""}
    try:
        call.ask(completion.check_rating, card=who.card, transaction=row["transaction_code"])
    except Rejected as refusal:
        return {"open": False, "why": REJECTIONS[refusal.reason][2]}
    return {"open": True, "why": ""}


def _incentives(call: Call, who: Participant) -> dict[str, Any]:
    too_late = call.sandbox.now() > wave(who.wave).rate_until
    rated = any(row["rating"] for row in training_rows(call, who))
    about_rows = [one for one in earnings.notice_rows(call, who) if one["slot"]]
    return {
        "rows": earnings.schedule(call, who),
        "notices": about_rows[::-1],
        "never": too_late and not rated,
    }


def _account(call: Call, who: Participant) -> dict[str, Any]:
    linked: LinkedAccount | None = call.ask(Unit.get, kind=LinkedAccount, key=who.card)
    changing: PhoneChange | None = call.ask(Unit.get, kind=PhoneChange, key=who.card)
    now, round_ = call.sandbox.now(), wave(who.wave)
    return {
        "partners": {code: terms.name for code, terms in offered(now.date()).items()},
        "account": earnings.linked_account(call, who),
        "partner": labels.partner(linked.wallet if linked is not None else None),
        "begun": linked is not None and linked.linked_at is None and bool(linked.otp),
        "changing": changing.phone if changing is not None and changing.otp else None,
        "wave": round_,
        "closed": now > round_.link_until,
    }


def _surveys(call: Call, who: Participant) -> dict[str, Any]:
    now, rows, until = call.sandbox.now(), earnings.survey_rows(call, who), wave(who.wave).surveys_until
    for row in rows:
        opens = parse_instant(str(row["opens_at"])) if row["opens_at"] is not None else None
        row["closed"] = now > until or (opens is not None and opens > until)
        row["open"] = not row["filled"] and opens is not None and opens <= now <= until
    return {"rows": rows, "wave": wave(who.wave)}


CONTENTS = {
    "": _home,
    "/insentif": _incentives,
    "/rekening": _account,
    "/survei": _surveys,
    "/pemberitahuan": details.bell,
    "/pengaduan": details.complaint_form,
    "/video": details.videos,
    "/gelombang": details.round_of,
    "/pelatihan": details.purchase,
}


def _login(call: Call, fields: dict[str, str] | None = None) -> Reply:
    return pages.login(call, fields or {}, dashboard=True, forgotten=call.environ["SCRIPT_NAME"] + LINK_PAGE)


def _visitor(call: Call) -> Participant | None:
    card = pages.visitor(call)
    who: Participant | None = call.ask(Unit.get, kind=Participant, key=card) if card else None
    return who


def _rupiah(amount: int) -> str:
    return str(Rupiah(amount))


def _day(at: datetime | str) -> str:
    when = parse_instant(at) if isinstance(at, str) else at
    return f"{when:%d-%m-%Y %H.%M} WIB"
