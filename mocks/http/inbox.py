"""What phones and inboxes show, with one call that waits for what comes next.

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
    number = call.query.get("after")
    seen = 0
    if number is not None:
        seen = _number(number)
    elif _seconds(call) > 0:
        seen = len(look())
    by_now = 0

    def new() -> list[Any]:
        nonlocal by_now
        there = look()
        by_now = len(there)
        return [message for message in there[seen:] if matches(message)]

    arrived = waited(call, new)
    return by_now, arrived


def waited(call: Call, look: Look) -> list[Any]:
    """What `look` finds, again and again until it finds anything or `?wait=` is over.

    Raises TurnedAway if too many wait already.
    """
    wait = _seconds(call)
    found = look()
    if found or wait <= 0:
        return found
    if not _WAITING.acquire(blocking=False):
        raise TurnedAway(TOO_OFTEN, f"{AT_ONCE} requests wait already")
    pause = Event()
    try:
        while not found and wait > 0:
            pause.wait(POLL_SECONDS)
            wait -= POLL_SECONDS
            call.parties.catch_up(call.sandbox)
            found = look()
    finally:
        _WAITING.release()
    return found


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


def _seconds(call: Call) -> float:
    text = call.query.get("wait", "0s")
    try:
        seconds = parse_span(text).total_seconds()
    except ValueError as problem:
        raise Malformed(f"wait: {problem}") from None
    except OverflowError:
        seconds = inf
    if seconds > LONGEST_WAIT_SECONDS:
        raise Malformed(f"wait: at most {LONGEST_WAIT_SECONDS}s")
    return seconds
