"""Read-only endpoints on a sandbox: books, invariants, journal, digest, waves, inboxes, bugs, the demo."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from prakerja_sim.mocks.admin import book_answers, queries, written_by
from prakerja_sim.mocks.http import inbox
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply, exactly
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.audit.export import FORMATS
from prakerja_sim.simulator.audit.statements import PERIODS
from prakerja_sim.simulator.programme.records import Recovery, Schedule
from prakerja_sim.simulator.programme.waves import WAVES, Wave
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.world.store import Unit

LONGEST_PAGE = 1000


def add_to(face: Face) -> None:
    """Register the endpoints."""
    for path, handler in ENDPOINTS:
        face.endpoint("GET", path, provenance=Provenance.SIMULATED)(handler)


def ledger(call: Call) -> Reply:
    """The accounts with their balances, and the newest transfers: ?account=NAME for one by its whole name."""
    account = call.query.get("account")
    return Reply(
        _shown(
            call,
            book_answers.ledger,
            transfers=queries.limit(call, LONGEST_PAGE),
            account=account,
            exchanges=written_by.entries(call.sandbox),
        )
    )


def statements(call: Call) -> Reply:
    """Statements of account: ?by=day, month or year &party=CODE."""
    by = call.query.get("by", "month")
    if by not in PERIODS:
        raise Malformed(f"by: must be one of {', '.join(PERIODS)}")
    return Reply(call.ask(book_answers.statements, by=by, party=call.query.get("party")))


def export(call: Call) -> Reply:
    """The whole journal as text: ?format=beancount, hledger or csv."""
    form = call.query.get("format", "beancount")
    if form not in FORMATS:
        raise Malformed(f"format: must be one of {', '.join(FORMATS)}")
    text: str = _shown(call, book_answers.export, format=form)
    return Reply(text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def reconciliation(call: Call) -> Reply:
    """On what marketplaces, institutions, Prakerja and the books disagree: ?party=CODE."""
    return Reply(_shown(call, book_answers.reconciliation, party=call.query.get("party")))


def invariants(call: Call) -> Reply:
    """What does not hold; a broken invariant stops the sandbox."""
    return Reply(_shown(call, book_answers.verdict, violations=call.sandbox.check()))


def verification(call: Call) -> Reply:
    """What differs from the journal when all its commands are done once more, beside this world."""
    return Reply(book_answers.verification(call.sandbox, whole=call.parties.show_secrets))


def heads(call: Call) -> Reply:
    """The ends of the journal's chains, as SUBJECT LENGTH HEAD; noted elsewhere they show a tail cut off."""
    return Reply(_shown(call, book_answers.heads))


def journal(call: Call) -> Reply:
    """The newest commands, oldest first."""
    return exactly(
        _shown(
            call,
            book_answers.journal,
            limit=queries.limit(call, LONGEST_PAGE),
            exchanges=written_by.entries(call.sandbox),
        )
    )


def waves(call: Call) -> Reply:
    """The waves with their days, which of these are inferred, and the places that came back (R40)."""
    return Reply({"waves": [_wave(call, one) for _, one in sorted(WAVES.items())]})


def _wave(call: Call, wave: Wave) -> dict[str, Any]:
    recovery: Recovery | None = call.ask(Unit.get, kind=Recovery, key=str(wave.number))
    return {
        "wave": wave.number,
        "scheme": wave.scheme.code,
        "registration_opens": wave.opens.isoformat() if wave.opens else None,
        "registration_closes": wave.closes.isoformat() if wave.closes else None,
        "announced": wave.announced.isoformat(),
        "size": wave.size,
        "buy_first_until": wave.buy_first_until.isoformat(),
        "spend_until": wave.spend_until.isoformat(),
        "finish_until": wave.finish_until.isoformat(),
        "surveys_until": wave.surveys_until.isoformat(),
        "payout_until": wave.payout_until.isoformat(),
        "videos": wave.videos,
        "pre_test": wave.pre_test,
        "recovers": list(wave.recovers),
        "inferred": [*wave.inferred, *wave.cohort.inferred],
        "places_freed": recovery.freed if recovery else 0,
        "places_given": recovery.given if recovery else 0,
    }


def digest(call: Call) -> Reply:
    """One line that two equal runs share."""
    return Reply({"digest": call.sandbox.digest()})


def sms(call: Call) -> Reply:
    """Text messages: ?to=PHONE&otp=true&wait=5s&after=N; `otp` is the newest code."""
    return Reply(inbox.sms(call))


def mail(call: Call) -> Reply:
    """E-mails: ?to=ADDRESS&wait=5s&after=N."""
    return Reply(inbox.mail(call))


def bugs(call: Call) -> Reply:
    """What went wrong in the server itself, in this sandbox, since it started."""
    name = call.sandbox.name
    return Reply({"bugs": [message for sandbox, message in call.parties.bugs if sandbox == name]})


def demo(call: Call) -> Reply:
    """A signed request, ready to paste: it asks Prakerja for the seats of a course."""
    schedules: list[Schedule] = call.ask(Unit.find, kind=Schedule, limit=1)
    if not schedules:
        raise Malformed("no course is listed; add one at /__admin/courses")
    return Reply(signed_curl(call, schedules[0]))


def signed_curl(call: Call, schedule: Schedule) -> dict[str, Any]:
    """The curl command, the signed text, and how the signature is computed."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, registry.DEFAULT)
    path = "/api/v1/integration/payment/quota-schedule"
    body = f'{{"course_code":"{schedule.course}","schedule_code":"{schedule.code}"}}'
    timestamp = str(unix_seconds(call.sandbox.now()))
    raw = f"{credential.client_code}{timestamp}POST{path}{body}"
    signature = hmac.new(credential.sign_key.encode(), raw.encode(), hashlib.sha1).hexdigest()
    url = call.parties.about.get("url", "http://127.0.0.1:8420")
    return {
        "curl": f"curl -s {url}{path} -H 'Content-Type: application/json' "
        f"-H 'client_code: {credential.client_code}' -H 'timestamp: {timestamp}' "
        f"-H 'signature: {signature}' -d '{body}'",
        "signed": raw,
        "signature": "hex(HMAC-SHA1(sign_key, signed))",
    }


ENDPOINTS = (
    ("/ledger", ledger),
    ("/ledger/statements", statements),
    ("/ledger/export", export),
    ("/reconciliation", reconciliation),
    ("/invariants", invariants),
    ("/verification", verification),
    ("/heads", heads),
    ("/journal", journal),
    ("/digest", digest),
    ("/waves", waves),
    ("/inbox/sms", sms),
    ("/inbox/mail", mail),
    ("/bugs", bugs),
    ("/demo", demo),
)


def _shown(call: Call, answer: Callable[..., Any], **about: Any) -> Any:
    """An answer about the books, masked unless the server shows secrets."""
    return call.ask(answer, whole=call.parties.show_secrets, **about)
