"""What a sandbox holds, for reading: books, invariants, journal, digest, inboxes, the demo."""

import hashlib
import hmac
from typing import Any

from mocks import inbox, marketplaces
from mocks.contract import Call, Face, Malformed, Provenance, Reply
from simulator.clock import unix_seconds
from simulator.records import Account, Schedule, Transfer
from simulator.store import Unit

LONGEST_PAGE = 1000


def add_to(face: Face) -> None:
    """Register the questions."""
    for path, handler in ENDPOINTS:
        face.endpoint("GET", path, provenance=Provenance.SIMULATED)(handler)


def ledger(call: Call) -> Reply:
    """The accounts with their balances, and the newest transfers."""
    accounts: list[Account] = call.ask(Unit.find, kind=Account)
    transfers: list[Transfer] = call.ask(Unit.log, kind=Transfer, limit=_limit(call))
    return Reply(
        {
            "accounts": [{"account": a.name, "balance": a.balance, "moves": a.moves} for a in accounts],
            "transfers": [
                {
                    "entry": t.entry,
                    "event": t.event,
                    "at": t.at.isoformat(),
                    "source": t.source,
                    "target": t.target,
                    "amount": t.amount,
                }
                for t in transfers
            ],
        }
    )


def invariants(call: Call) -> Reply:
    """What does not hold; a broken invariant stops the sandbox."""
    violations = call.sandbox.check()
    return Reply({"ok": not violations, "violations": violations})


def journal(call: Call) -> Reply:
    """The newest commands, oldest first."""
    return Reply(
        {
            "entries": [
                {
                    "subject": e.subject,
                    "n": e.n,
                    "at": e.at.isoformat(),
                    "command": e.command,
                    "arguments": e.arguments,
                    "outcome": e.outcome,
                    "head": e.head,
                }
                for e in call.sandbox.journal(_limit(call))
            ]
        }
    )


def digest(call: Call) -> Reply:
    """One line that two equal runs share."""
    return Reply({"digest": call.sandbox.digest()})


def sms(call: Call) -> Reply:
    """Text messages: ?to=PHONE&wait=5s&after=N; `otp` is the newest code."""
    return Reply(inbox.sms(call))


def mail(call: Call) -> Reply:
    """E-mails: ?to=ADDRESS&wait=5s&after=N."""
    return Reply(inbox.mail(call))


def bugs(call: Call) -> Reply:
    """What went wrong in the server itself, in this sandbox, since it started."""
    return Reply({"bugs": [said for where, said in call.parties.bugs if where == call.sandbox.name]})


def demo(call: Call) -> Reply:
    """A signed request, ready to paste: it asks Prakerja for the seats of a course."""
    schedules: list[Schedule] = call.ask(Unit.find, kind=Schedule, limit=1)
    if not schedules:
        raise Malformed("no course is listed; add one at /__admin/courses")
    return Reply(signed_curl(call, schedules[0]))


def signed_curl(call: Call, schedule: Schedule) -> dict[str, Any]:
    """The curl command, and what was signed."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, marketplaces.DEFAULT)
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
    ("/invariants", invariants),
    ("/journal", journal),
    ("/digest", digest),
    ("/inbox/sms", sms),
    ("/inbox/mail", mail),
    ("/bugs", bugs),
    ("/demo", demo),
)


def _limit(call: Call) -> int:
    text = call.query.get("limit", "100")
    whole = text.isascii() and text.isdigit() and len(text) <= 9
    if not whole or not 1 <= int(text) <= LONGEST_PAGE:
        raise Malformed(f"limit: must be from 1 to {LONGEST_PAGE}")
    return int(text)
