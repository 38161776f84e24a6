"""Values with a meaning: redeem codes, named test cases and cards that choose their answer.

They work through any unmodified client, need no world to be prepared, move no money and are
journalled nowhere; what a named test case remembers is gone with the process.  All of them are
off where the sandbox's setting `magic` is off, and then mean nothing at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest

from mocks import marketplaces
from mocks.contract import Call
from simulator import chance, redemption
from simulator.errors import Dropped, Reason, Rejected
from simulator.ids import HEX
from simulator.records import CourseKind

CARDS = "9999"
"""Cards 9999 FFF PPPP SSSSS: FFF chooses the outcome, PPPP and SSSSS are free; none is ever issued."""

REDEEM_CODES = redemption.MAGIC
"""The published error codes, typed as the redeem code; judged where every other code is looked up."""

TEST_CASES: Mapping[str, Reason | None] = {
    "TC1-001-200": None,
    "TC1-999-200": None,
    "TC2-001-200": None,
    "TC2-999-200": None,
    "TC1-001-400": Reason.REDEEM_CODE_UNKNOWN,
    "TC2-001-400": Reason.REDEEM_CODE_UNKNOWN,
    "TC1-999-400": Reason.COURSE_TYPE_UNFIT,
    "TC2-999-400": Reason.COURSE_TYPE_UNFIT,
    "TC1-001-401": Reason.TRANSACTION_VOIDED,
    "TC2-001-401": Reason.TRANSACTION_VOIDED,
    "TC1-999-401": Reason.TRANSACTION_VOIDED,
    "TC2-999-401": Reason.TRANSACTION_VOIDED,
}
"""TC, training type, sequence, HTTP status: the positive ones are documented, the others simulated."""

AT_SEND_OTP: Mapping[str, Reason | None] = {
    "101": Reason.CARD_UNKNOWN,
    "102": Reason.CARD_INACTIVE,
    "103": Reason.BALANCE_TOO_LOW,
    "104": Reason.ACCOUNT_BOUND,
    "105": Reason.PREVIOUS_UNFINISHED,
    "106": Reason.COURSE_BOUGHT_BEFORE,
    "107": Reason.BALANCE_CLOSED,
    "108": Reason.VIDEOS_NOT_WATCHED,
    "109": Reason.OTP_TOO_SOON,
    "110": Reason.OTP_REQUESTS_EXHAUSTED,
    "111": Reason.AGE_UNFIT,
    "112": Reason.EDUCATION_UNFIT,
    "113": Reason.COURSE_STARTED,
    "114": Reason.QUOTA_EXHAUSTED,
    "150": None,  # the message is lost
    "153": Reason.SERVICE_UNAVAILABLE,
}
AT_AUTHORIZE: Mapping[str, Reason | None] = {
    "201": Reason.OTP_WRONG,
    "202": Reason.OTP_EXPIRED,
    "203": Reason.OTP_TRIES_EXHAUSTED,
    "204": Reason.QUOTA_EXHAUSTED,
    "205": Reason.TOKEN_UNKNOWN,
    "206": Reason.INVOICE_USED,
    "207": Reason.BALANCE_TOO_LOW,
    "208": Reason.CARD_INACTIVE,
    "209": Reason.BALANCE_CLOSED,
    "210": Reason.COURSE_STARTED,
    "250": None,  # the message is lost
    "253": Reason.SERVICE_UNAVAILABLE,
}
"""With these cards send-otp gives a token and sends no SMS; authorize then answers, whatever the OTP."""

REASONS = tuple(dict.fromkeys(REDEEM_CODES.values()))
_CARD = re.compile(CARDS + r"(\d{3})\d{9}")
_CASE = re.compile(r"TC([12])-(001|999)-200")
_ASIDE = "test cases"


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A dummy code of the programme's own: its type, its step, and when that was done."""

    code: str
    kind: CourseKind
    sequence: int
    done_at: datetime | None

    def state(self, sequence: int) -> dict[str, object]:
        """The answer for one sequence: attended once the code's own step is committed."""
        done = self.done_at
        webinar = self.kind is CourseKind.WEBINAR
        return {
            "redeem_code": self.code,
            "course_code": f"testcase{int(self.kind)}",
            "invoice_code": f"testing-{self.code}",
            "schedule_code": f"testcase{int(self.kind)}",
            "status": int(done is not None),
            "attendance_status": int(done is not None and sequence == self.sequence),
            "redeem_at": f"{done.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if done else "",
            "dp_platform": marketplaces.title(marketplaces.DEFAULT),
            "schedule_start_end": "",
            "course_type": int(self.kind),
            "course_type_label": "Webinar" if webinar else "SPL",
            "course_learning_method": "online",
            "is_online_attendance": True,
            "sequence": sequence,
        }


def send_otp(call: Call, card: str) -> str | None:
    """The token of a card that is refused later, or None for an ordinary card; raises what the card means."""
    outcome = _outcome_of(call, card)
    if outcome in AT_SEND_OTP:
        _meet(AT_SEND_OTP[outcome])
    return _token(call, card) if outcome in AT_AUTHORIZE else None


def authorize(call: Call, token: str) -> None:
    """Raises what the card means whose token that is; an ordinary token passes."""
    outcome = _outcome_of(call, token[:16])
    if outcome in AT_AUTHORIZE and compare_digest(_token(call, token[:16]), token):
        _meet(AT_AUTHORIZE[outcome])


def status(call: Call, code: str) -> NamedCase | None:
    """A named test case as it stands, or None for an ordinary code; raises what the code means."""
    if call.sandbox.settings.magic:
        reason = TEST_CASES.get(code)
        if reason is not None:
            raise Rejected(reason)
    return _case(call, code)


def commit(call: Call, code: str) -> NamedCase | None:
    """A named test case whose step is now done, or None; raises what the code means."""
    case = status(call, code)
    if case is None:
        return None
    if case.done_at is not None:
        raise Rejected(Reason.REDEEM_CODE_USED)
    _done(call)[call.sender, code] = call.sandbox.now()
    return _case(call, code)


def reset(call: Call, code: str) -> NamedCase | None:
    """A named test case as it was before its step was taken back, or None for an ordinary code."""
    case = _case(call, code)
    if case is not None:
        _done(call).pop((call.sender, code), None)
    return case


def _outcome_of(call: Call, card: str) -> str:
    if not card.startswith(CARDS) or not call.sandbox.settings.magic:
        return ""
    found = _CARD.fullmatch(card)
    return found[1] if found else ""


def _meet(reason: Reason | None) -> None:
    if reason is None:
        raise Dropped
    raise Rejected(reason)


def _token(call: Call, card: str) -> str:
    """A token that names its card and that no ordinary purchase can be given by accident."""
    return card + chance.code(HEX, 16, chance.seed_bytes(call.sandbox.seed), "magic", call.sender, card)


def _case(call: Call, code: str) -> NamedCase | None:
    found = _CASE.fullmatch(code)
    if found is None or not call.sandbox.settings.magic:
        return None
    return NamedCase(code, CourseKind(int(found[1])), int(found[2]), _done(call).get((call.sender, code)))


def _done(call: Call) -> dict[tuple[str, str], datetime]:
    """When which institution did which test case."""
    kept: dict[tuple[str, str], datetime] = call.sandbox.aside.setdefault(_ASIDE, {})
    return kept
