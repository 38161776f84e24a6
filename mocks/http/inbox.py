"""What phones and inboxes show, with one call that waits for the next message.

The wait is in real time and holds no unit of work.  What counts as next is what comes after the
messages that the caller has seen (`after`), or after the moment of the call if he does not say.
"""

from collections.abc import Callable
from math import inf
from threading import BoundedSemaphore, Event
from typing import Any

from msgspec.structs import asdict

from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.mocks.http.http_faults import AT_ONCE, TOO_OFTEN, TurnedAway
from prakerja_sim.simulator.values import emails
from prakerja_sim.simulator.values.clock import parse_span
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit

LONGEST_WAIT_SECONDS = 30
POLL_SECONDS = 0.05
_WAITING = BoundedSemaphore(AT_ONCE)

Look = Callable[[], list[Any]]


def sms(call: Call) -> dict[str, Any]:
    """Text messages, of one phone with `?to=`, with a code only if `?otp=true`; `otp` is the newest code."""
    to = call.query.get("to")
    codes_only = _flag(call.query.get("otp", "false"))

    def matches(message: Sms) -> bool:
        return message.otp is not None or not codes_only

    seen, arrived = _awaited(call, lambda: call.ask(messages.received, phone=to), matches)
    codes = [message.otp for message in arrived if message.otp]
    return {
        "messages": [_as_json(message) for message in arrived],
        "otp": codes[-1] if codes else None,
        "seen": seen,
    }


def mail(call: Call) -> dict[str, Any]:
    """E-mails, of one address with `?to=`."""
    to = call.query.get("to")
    of = {"address": emails.canonical(to)} if to else {}
    seen, arrived = _awaited(call, lambda: call.ask(Unit.log, kind=Mail, **of), lambda _: True)
    return {"messages": [_as_json(message) for message in arrived], "seen": seen}


def _awaited(call: Call, look: Look, matches: Callable[[Any], bool]) -> tuple[int, list[Any]]:
    """How many messages there are by now, and the new ones that match."""
    wait, number = _seconds(call.query.get("wait", "0s")), call.query.get("after")
    after = None if number is None else _number(number)
    there = look()
    if after is None:
        after = len(there) if wait > 0 else 0
    new = [message for message in there[after:] if matches(message)]
    if wait > 0 and not new:
        there, new = _waited(call, look, matches, after, wait)
    return len(there), new


def _waited(
    call: Call, look: Look, matches: Callable[[Any], bool], after: int, wait: float
) -> tuple[list[Any], list[Any]]:
    """Look again and again; raises TurnedAway if too many wait already."""
    if not _WAITING.acquire(blocking=False):
        raise TurnedAway(TOO_OFTEN)
    pause = Event()
    there: list[Any] = []
    new: list[Any] = []
    try:
        while not new and wait > 0:
            pause.wait(POLL_SECONDS)
            wait -= POLL_SECONDS
            call.parties.catch_up(call.sandbox)
            there = look()
            new = [message for message in there[after:] if matches(message)]
    finally:
        _WAITING.release()
    return there, new


def _as_json(message: Sms | Mail) -> dict[str, Any]:
    return {**asdict(message), "at": message.at.isoformat()}


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise Malformed("otp: must be true or false")
    return text == "true"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Malformed("after: must be the number of messages already seen")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = parse_span(text).total_seconds()
    except ValueError as problem:
        raise Malformed(f"wait: {problem}") from None
    except OverflowError:
        seconds = inf
    if seconds > LONGEST_WAIT_SECONDS:
        raise Malformed(f"wait: at most {LONGEST_WAIT_SECONDS}s")
    return seconds
