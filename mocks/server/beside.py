"""What a request gets that no party answers: a plain error, or no answer at all."""

import errno
import logging
import os
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Any

from prakerja_sim.mocks.http import secrets
from prakerja_sim.simulator.values.errors import Dropped

StartResponse = Callable[..., Any]
log = logging.getLogger("prakerja_sim")


def plain(
    start_response: StartResponse, status: str, text: str, more: Iterable[tuple[str, str]] = ()
) -> Iterable[bytes]:
    """An error in JSON."""
    body = f'{{"error":"{text}"}}'.encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *more])
    return [body]


def cut(environ: dict[str, Any], start_response: StartResponse, lost: Dropped) -> Iterable[bytes]:
    """Lose the answer: reset the connection. In process the sender gets NoReply."""
    if "sim.in_process" in environ:
        raise lost
    request_line = f"{environ['REQUEST_METHOD']} {environ['SCRIPT_NAME']}{environ['PATH_INFO']}"
    log.info("no answer to %s, on purpose: %s", secrets.line(request_line), lost)
    raw: socket.socket | None = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if raw is None:
        return plain(
            start_response, "501 Not Implemented", "this server cannot reset a connection; use gunicorn"
        )
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(raw.detach())
    raise ConnectionResetError(
        errno.ECONNRESET, "on purpose"
    )  # the servers know what to do with a lost client
