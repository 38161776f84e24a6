"""Magic values: redeem codes, named test cases and cards that choose the answer.

They work through any unmodified client, need no preparation, move no money and are not in the journal.
What a named test case does is in `cases`.  If the sandbox's setting `magic` is off, they are ordinary
values.
"""

import re
from collections.abc import Mapping
from hmac import compare_digest

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.simulator.programme import redemption
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.errors import Dropped, Reason, Rejected
from prakerja_sim.simulator.values.ids import HEX
from prakerja_sim.simulator.world.refusals import refuses

CARDS = "9999"
"""Cards 9999 FFF PPPP SSSSS: FFF chooses the answer, PPPP and SSSSS are free; none is ever issued."""

REDEEM_CODES = redemption.MAGIC
"""The published error codes, typed as the redeem code; `redemption` refuses them when it looks a code up."""

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

_CARD = re.compile(CARDS + r"(\d{3})\d{9}")


@refuses(*filter(None, AT_SEND_OTP.values()))
def send_otp(call: Call, card: str) -> str | None:
    """The token of a card that is refused later, or None for an ordinary card; raises what the card means."""
    outcome = _outcome_of(call, card)
    if outcome in AT_SEND_OTP:
        _meet(AT_SEND_OTP[outcome], outcome)
    return _token(call, card) if outcome in AT_AUTHORIZE else None


@refuses(*filter(None, AT_AUTHORIZE.values()))
def authorize(call: Call, token: str) -> None:
    """Raises what the token's card means; an ordinary token passes."""
    outcome = _outcome_of(call, token[:16])
    if outcome in AT_AUTHORIZE and compare_digest(_token(call, token[:16]), token):
        _meet(AT_AUTHORIZE[outcome], outcome)


@refuses(*REDEEM_CODES.values())
def redeem_code(call: Call, code: str) -> None:
    """Raises what a typed error code means, for an endpoint that does not look the code up first."""
    if call.sandbox.settings.magic and code in REDEEM_CODES:
        raise Rejected(REDEEM_CODES[code], test_value=code)


def _outcome_of(call: Call, card: str) -> str:
    if not card.startswith(CARDS) or not call.sandbox.settings.magic:
        return ""
    match = _CARD.fullmatch(card)
    return match[1] if match else ""


def _meet(reason: Reason | None, outcome: str) -> None:
    if reason is None:
        raise Dropped("a card with a meaning")
    raise Rejected(reason, test_card=outcome)


def _token(call: Call, card: str) -> str:
    """A token that begins with its card; an ordinary purchase can never get the same token."""
    return card + chance.code(HEX, 16, chance.seed_bytes(call.sandbox.seed), "magic", call.sender, card)
