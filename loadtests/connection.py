"""How a person of a load run reaches the parties, and what is counted of each request.

A refusal is a failure only if the person did not expect it, and a shopper gets over some by itself (a token
that has ended, an account that is there already).  So a request is counted when the next one is sent, or when
the person says what he made of the answer.
"""

import threading
from collections.abc import Mapping
from typing import Any, Protocol

from prakerja_sim.loadtests.rows import row_of
from prakerja_sim.mocks.http.transport import Answer, NoReply, Transport

BUSY = (429, 502, 503, 504)
"""The party, or one behind it, cannot answer now; who asks later may be answered."""


class Connection(Protocol):
    """A person's way to the parties of one sandbox."""

    def to(self, party: str) -> Transport:
        """The transport to a party."""

    def judge(self, problem: str = "") -> None:
        """Say what was made of the last answer of this thread: nothing wrong, or a failure and its text."""

    def was_busy(self) -> bool:
        """Whether the last answer of this thread said to ask later."""

    def lose_answer(self) -> None:
        """Let this thread's next answer get lost on its way to the person, who cannot know what was done."""


class LocustConnection:
    """Over a Locust user's HTTP client, so that Locust times each request."""

    def __init__(self, client: Any, sandbox: str) -> None:
        """Take over the client: it keeps no cookies of its own, and follows no redirect."""
        client.client.cookiejar = None
        client.client.redirect_response_codes = frozenset()
        client.base_url = (client.base_url or "").rstrip("/")
        self._client, self._sandbox = client, sandbox
        self._mine = threading.local()

    def to(self, party: str) -> Transport:
        """The transport to a party."""
        return _Wire(self, f"/{party}")

    def judge(self, problem: str = "") -> None:
        """Count the last request of this thread."""
        reply, self._mine.reply = getattr(self._mine, "reply", None), None
        if reply is None:
            return
        if not problem and (not reply.status_code or reply.status_code in BUSY):
            reply.request_meta["name"] += " (no answer)" if not reply.status_code else " (busy)"
        with reply:
            if problem:
                reply.failure(problem)
            else:
                reply.success()

    def was_busy(self) -> bool:
        """Whether the last answer of this thread said to ask later."""
        reply = getattr(self._mine, "reply", None)
        return reply is not None and reply.status_code in BUSY

    def lose_answer(self) -> None:
        """Let this thread's next answer get lost."""
        self._mine.loses = True

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait. Raises NoReply."""
        self.judge()
        reply = self._client.request(
            method,
            f"/s/{self._sandbox}{path}",
            name=row_of(method, path),
            headers=dict(headers or {}),
            data=body,
            catch_response=True,
        )
        self._mine.reply = reply
        loses, self._mine.loses = getattr(self._mine, "loses", False), False
        if not reply.status_code:
            raise NoReply(f"{method} {path}: {reply.error}")
        if loses:
            raise NoReply(f"{method} {path}: the answer was lost on purpose")
        return Answer(reply.status_code, reply.headers, reply.content or b"")


class _Wire:
    def __init__(self, connection: LocustConnection, mount: str) -> None:
        self._connection, self._mount = connection, mount

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        return self._connection.send(method, self._mount + path, headers, body)
