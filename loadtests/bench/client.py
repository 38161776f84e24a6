"""A small HTTP client that costs far less than the server that it measures.

One thread, raw sockets, keep-alive, no more than is needed: each connection has a flow, which
yields a request and is sent the body of its answer.  Anything but a 2xx is a failure.
"""

import selectors
import socket
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter_ns
from typing import Any

from prakerja_sim.loadtests.errors import RequestFailed

Flow = Generator[bytes, bytes, Any]
PATIENCE_SECONDS = 10
LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run came to."""

    latencies_ns: Sequence[int]
    elapsed_ns: int

    @property
    def count(self) -> int:
        """How many requests were answered."""
        return len(self.latencies_ns)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count * 1e9 / self.elapsed_ns if self.count else 0.0

    def percentile_ms(self, percent: int) -> float:
        """The latency that so many percent of the requests did not exceed."""
        if self.count < 2:
            return 0.0
        return quantiles(self.latencies_ns, n=100)[percent - 1] / 1e6


class Connection:
    """One kept connection and the flow that speaks on it."""

    __slots__ = ("address", "asked_at", "ends", "flow", "got", "request", "socket")

    def __init__(self, address: tuple[str, int], flow: Flow) -> None:
        self.address = address
        self.flow = flow
        self.request = next(flow, None)
        self.asked_at = 0
        self.connect()

    def connect(self) -> None:
        """Open the connection."""
        self.got = b""
        self.ends = False
        """Whether the server has announced that it will close it."""
        self.socket = socket.create_connection(self.address, timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def send(self) -> None:
        """Send the flow's next request."""
        assert self.request is not None
        self.asked_at = perf_counter_ns()
        if self.socket.send(self.request) != len(self.request):
            raise RequestFailed("a request did not fit into the socket's buffer")

    def answered(self) -> bytes | None:
        """The answer's body, or None while it is not whole."""
        try:
            got = self.socket.recv(LARGEST_ANSWER)
        except ConnectionError as problem:
            raise RequestFailed(f"connection lost: {problem}") from None
        if not got:
            raise RequestFailed("the server closed a connection that was to be kept")
        self.got += got
        body = body_of(self.got)
        if body is not None:
            self.ends = b"\r\nconnection: close\r\n" in self.got[: -len(body) or None].lower()
            self.got = b""
        return body

    def tell(self, body: bytes) -> bool:
        """Hand the flow its answer; whether it has another request."""
        try:
            self.request = self.flow.send(body)
        except StopIteration:
            self.request = None
        return self.request is not None


class Client:
    """Some connections to one address, each with its flow."""

    def __init__(self, address: tuple[str, int], flows: Sequence[Flow]) -> None:
        self._connections = [Connection(address, flow) for flow in flows]
        self._selector = selectors.DefaultSelector()
        for connection in self._connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def run(self, seconds: float) -> Tally:
        """Ask for that long, or until the flows have no more to ask, and wait for the last answers."""
        latencies: list[int] = []
        started = now = perf_counter_ns()
        deadline = started + int(seconds * 1e9)
        ready = [connection for connection in self._connections if connection.request is not None]
        for connection in ready:
            connection.send()
        waiting = len(ready)
        select = self._selector.select
        while waiting:
            events = select(PATIENCE_SECONDS)
            if not events:
                raise RequestFailed(f"no answer within {PATIENCE_SECONDS} s")
            for key, _ in events:
                connection = key.data
                body = connection.answered()
                if body is None:
                    continue
                now = perf_counter_ns()
                latencies.append(now - connection.asked_at)
                more = connection.tell(body)
                if connection.ends:
                    self._again(connection)
                if more and now < deadline:
                    connection.send()
                else:
                    waiting -= 1
        return Tally(latencies, max(now - started, 1))

    def _again(self, connection: Connection) -> None:
        """Connect anew where the server keeps no connection; it costs rate, and is in no request's time."""
        self._selector.unregister(connection.socket)
        connection.socket.close()
        connection.connect()
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def close(self) -> None:
        """Hang up."""
        self._selector.close()
        for connection in self._connections:
            connection.flow.close()
            connection.socket.close()


def body_of(answer: bytes) -> bytes | None:
    """The body of a whole answer, None of a part of one; raises RequestFailed for all but a 2xx."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = answer[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        raise RequestFailed(f"no Content-Length in {head[:200]!r}")
    length = int(head[at + 17 :].partition(b"\r\n")[0])
    body = answer[end + 4 :]
    if len(body) < length:
        return None
    if head[9:10] != b"2":
        raise RequestFailed(f"{head[:12].decode()}: {body[:300].decode(errors='replace')}")
    return body
