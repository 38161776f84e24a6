"""One line for each request in the terminal of a server; nothing secret, and colours only for people.

`12:00:01 tokopedia>prakerja POST /api/v1/integration/payment/authorize 400 otp_wrong 3.1 ms 0000000042`
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from prakerja_sim.mocks.http import secrets, why
from prakerja_sim.mocks.http.exchanges import Exchange

RED, YELLOW, GREEN, PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[0m"
FIRST_REFUSAL, FIRST_FAILURE = 400, 500
LONGEST_PATH = 200


def writer(stream: TextIO | None = None) -> Callable[[Exchange], None]:
    """What writes the line of an exchange, to standard error if nothing else is said."""
    out = stream or sys.stderr
    coloured = out.isatty() and not os.environ.get("NO_COLOR")

    def write(one: Exchange) -> None:
        with suppress(OSError, ValueError):  # whoever read the lines has left, and is no reason to fail
            out.write(line(one, coloured=coloured) + "\n")
            out.flush()

    return write


def line(one: Exchange, *, coloured: bool = False) -> str:
    """Time, who asked whom, method, path, status, reason, faults, milliseconds, the exchange's id."""
    status = "lost" if not one.status else str(one.status)
    if coloured:
        status = f"{_colour(one.status)}{status}{PLAIN}"
    path = secrets.line(one.path)
    parts = (
        one.wall.strftime("%H:%M:%S"),
        f"{one.asker}>{one.party or '-'}",
        one.method,
        path if len(path) <= LONGEST_PATH else path[:LONGEST_PATH] + "...",
        status,
        why.name_of(one.refusal) or "",
        ",".join(one.faults) or (one.lost if not one.status else ""),
        f"{one.seconds * 1000:.1f} ms",
        one.id,
    )
    return " ".join(filter(None, parts))


def _colour(status: int) -> str:
    if not status or status >= FIRST_FAILURE:
        return RED
    return YELLOW if status >= FIRST_REFUSAL else GREEN
