"""What phones and inboxes show, with one call that waits for the next message.

The wait is in real time and holds no unit of work; a cursor (`after`) makes it safe to ask for
"the next one" without missing it.
"""

from collections.abc import Callable
from math import inf
from threading import Event
from typing import Any

from msgspec.structs import asdict

from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.simulator.values.clock import parse_span
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.records import Mail, Sms
from prakerja_sim.simulator.world.store import Unit

LONGEST_WAIT_SECONDS = 30
POLL_SECONDS = 0.05


def sms(call: Call) -> dict[str, Any]:
    """Text messages, of one phone with `?to=`; `otp` is the newest code."""
    to = call.query.get("to")
    found = _awaited(call, lambda: call.ask(messages.shown, phone=to))
    shown = [_shown(message) for message in found]
    codes = [message["otp"] for message in shown if message["otp"]]
    return {"messages": shown, "otp": codes[-1] if codes else None}


def mail(call: Call) -> dict[str, Any]:
    """E-mails, of one address with `?to=`."""
    to = call.query.get("to")
    found = _awaited(call, lambda: call.ask(Unit.log, kind=Mail, **({"address": to} if to else {})))
    return {"messages": [_shown(message) for message in found]}


def _awaited(call: Call, look: Callable[[], list[Any]]) -> list[Any]:
    after, wait = _number(call.query.get("after", "0")), _seconds(call.query.get("wait", "0s"))
    pause = Event()
    found = look()
    while len(found) <= after and wait > 0:
        pause.wait(POLL_SECONDS)
        wait -= POLL_SECONDS
        found = look()
    return found[after:]


def _shown(message: Sms | Mail) -> dict[str, Any]:
    return {**asdict(message), "at": message.at.isoformat()}


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
