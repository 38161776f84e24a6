"""Sends one webhook to a real address: no proxy, no redirect, and no longer than a total deadline."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 10
"""From the connection to the last byte that is read, whatever the receiver does meanwhile."""
MOST_OF_AN_ANSWER = 65_536
LATE = "Timeout"
"""What is noted of a receiver that took longer."""


def send(url: str, headers: Mapping[str, str], body: bytes, seconds: float = SECONDS) -> str:
    """The status that came back, or why there is none."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme.lower() == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    late = threading.Event()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = threading.Timer(seconds, _hang_up, (connection, late))
    deadline.daemon = True
    deadline.start()
    try:
        connection.request("POST", path, body, {**headers, "Connection": "close"})
        reply = connection.getresponse()
        if late.is_set():  # what was cut off reads like a head that has ended
            return LATE
        with suppress(HTTPException, OSError):  # the status has come, and it decides
            reply.read(MOST_OF_AN_ANSWER)
        return str(reply.status)
    except (HTTPException, OSError, ValueError) as problem:
        return LATE if late.is_set() or isinstance(problem, TimeoutError) else _why(problem)
    finally:
        deadline.cancel()
        connection.close()


def _hang_up(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    if connection.sock is not None:
        with suppress(OSError):  # it has ended at the same moment
            connection.sock.shutdown(socket.SHUT_RDWR)


def _why(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLError):
        return "SSLError"
    return "ConnectionError" if isinstance(problem, OSError) else type(problem).__name__
