"""Carries a shopper's requests over a Locust user's connection, so that Locust times each of them.

Requests are counted under their path without ids; otherwise every voucher were a line of its own.
"""

import re
from collections.abc import Mapping
from typing import Any

from prakerja_sim.mocks.http.transport import Answer, NoReply

_CODE = re.compile(r"(?<=/)[A-Z0-9-]{8,}(?=/|$)")
"""Vouchers, orders and the like; the paths' own words have small letters."""


class LocustTransport:
    """The wire to one party of the simulator under load."""

    def __init__(self, client: Any, mount: str) -> None:
        self._client = client
        self._mount = mount

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send and wait; Locust counts a status from 400 on, or no answer, as a failure."""
        reply = self._client.request(
            method,
            self._mount + path,
            name=counted_as(self._mount + path),
            headers=dict(headers or {}),
            data=body,
            allow_redirects=False,
        )
        if not reply.status_code:
            raise NoReply(f"{method} {self._mount}{path}: {reply.error}")
        return Answer(reply.status_code, reply.headers, reply.content or b"")


def counted_as(path: str) -> str:
    """The name under which requests to a path are counted."""
    return _CODE.sub("*", path.partition("?")[0])
