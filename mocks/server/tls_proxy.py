"""Relay bytes between a client and the plain port: decrypted by TLS, or unchanged after CONNECT.

Some programs send the proxy a request for a whole `https://` address without CONNECT and without TLS;
its bytes go to the plain port as they are, which reads such a request like any other.

One thread a connection, and only so many of them.  Nothing of HTTP is read but the first head that a
proxy gets.  An end stays an end and a reset becomes a reset, so that a lost or truncated answer
is the same through TLS as without.
"""

import os
import re
import select
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from prakerja_sim.mocks.http.addresses import LOOPBACK, TLS_ADDRESS

MOST_CONNECTIONS = 1024
PATIENCE_SECONDS = 10
"""How long a client may take for its TLS handshake or the head of its CONNECT."""
IDLE_SECONDS = 300
PIECE = 65_536
LONGEST_HEAD = 8_192
LONGEST_DRAIN = 1_048_576
_CONNECT = re.compile(r"CONNECT (\S+) HTTP/1\.[01]\r\n")
_WHOLE_ADDRESS = re.compile(r"[A-Z]+ (https?)://([^/?#:@\s]+)(?::(\d+))?(?:[/?]\S*)? HTTP/1\.[01]\r\n")
_HOST = re.compile(r"^Host:[ \t]*([^\s:]+)(?::\d+)?[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
DEFAULT_PORTS = {"http": "80", "https": "443"}
_OTHER_METHOD = re.compile(r"[A-Z]+ \S+ HTTP/1\.[01]\r\n")

Address = tuple[str, int]


class Proxy(ThreadingTCPServer):
    """A port on loopback whose connections are carried on to another one, until closed."""

    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, port: int, upstream: Address) -> None:
        self.upstream = upstream
        self._slots = BoundedSemaphore(MOST_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._closing = Event()
        super().__init__((LOOPBACK, port), BaseRequestHandler)  # the handler is never used: see below
        self.port: int = self.server_address[1]
        self._accepting = Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self._accepting.start()

    def carry(self, near: socket.socket) -> None:
        """Serve one connection; an OSError ends it and harms no other."""
        raise NotImplementedError

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for a connection, unless there are too many."""
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread can be started
            self._slots.release()
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Carry one connection to its end."""
        try:
            with suppress(OSError), self.tracked(request):
                request.settimeout(PATIENCE_SECONDS)
                self.carry(request)
        finally:
            self._slots.release()

    @contextmanager
    def tracked(self, end: socket.socket) -> Iterator[socket.socket]:
        """A socket that is closed at the end, and woken when the proxy closes meanwhile."""
        self._open.add(end)
        try:
            if self._closing.is_set():
                raise ConnectionAbortedError
            yield end
        finally:
            self._open.discard(end)
            end.close()

    def close(self) -> None:
        """Stop listening, break off what is under way, and wait for every thread."""
        self._closing.set()
        self.shutdown()
        for end in list(self._open):
            with suppress(OSError):
                socket.socket.shutdown(end, socket.SHUT_RDWR)
        self.server_close()
        self._accepting.join()

    def forget(self) -> None:
        """In a forked child: close the copies of the parent's sockets; the connections stay open."""
        for end in (self.socket, *self._open):
            with suppress(OSError):
                os.close(end.detach())


class TlsProxy(Proxy):
    """Ends TLS and carries the plain bytes on."""

    def __init__(self, port: int, upstream: Address, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(port, upstream)

    def carry(self, near: socket.socket) -> None:
        """Shake hands, then relay the bytes."""
        wrapped = self._context.wrap_socket(near, server_side=True, do_handshake_on_connect=False)
        with self.tracked(wrapped):
            wrapped.do_handshake()
            with self.tracked(called(self.upstream, secure=True)) as far:
                relay(wrapped, far)


class ConnectProxy(Proxy):
    """A proxy to the simulated hosts only: it knows CONNECT, decrypts nothing, and takes whole addresses."""

    def __init__(self, port: int, upstream: Address, hosts: frozenset[str], plain: Address) -> None:
        self._hosts, self._plain = hosts, plain
        super().__init__(port, upstream)

    def carry(self, near: socket.socket) -> None:
        """Read the head, answer it, then relay the bytes if the host is one of ours."""
        head, rest = _head(near)
        refusal = self._refusal(head)
        if refusal is not None:
            _refuse(near, *refusal)
            return
        whole = _WHOLE_ADDRESS.match(head)
        if whole is not None:
            early = head.encode("latin-1") + b"\r\n" + rest
            with self.tracked(called(self._plain, secure=whole[1] == "https")) as far:
                relay(near, far, early=early)
            return
        with self.tracked(socket.create_connection(self.upstream, PATIENCE_SECONDS)) as far:
            near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(near, far, early=rest)

    def _refusal(self, head: str) -> tuple[str, str] | None:
        """Status and text of what is wrong with a request, if anything is."""
        if not head:
            return "431 Request Header Fields Too Large", f"the head is longer than {LONGEST_HEAD} bytes"
        connect, whole = _CONNECT.match(head), _WHOLE_ADDRESS.match(head)
        if connect is not None:
            host, _, port = connect[1].rpartition(":")
            wanted = "443"
        elif whole is not None:
            host, wanted = whole[2], DEFAULT_PORTS[whole[1]]
            port = whole[3] or wanted
        elif _OTHER_METHOD.match(head):
            return "405 Method Not Allowed", "only CONNECT and whole addresses; this is a proxy"
        else:
            return "400 Bad Request", "no request to a proxy"
        if host.lower() not in self._hosts or port != wanted:
            return "403 Blocked by simulator", f"only {', '.join(sorted(self._hosts))} on port {wanted}"
        named = _HOST.findall(head)
        if whole is not None and [one.lower() for one in named] != [host.lower()]:
            return "400 Bad Request", "the Host header and the address name different hosts"
        return None


def called(upstream: Address, *, secure: bool) -> socket.socket:
    """A connection to the plain port, from an address that tells it what came by https, if there is one."""
    if secure:
        with suppress(OSError):  # the system has no such address
            return socket.create_connection(upstream, PATIENCE_SECONDS, (TLS_ADDRESS, 0))
    return socket.create_connection(upstream, PATIENCE_SECONDS)


def relay(near: socket.socket, far: socket.socket, early: bytes = b"") -> None:
    """Carry bytes both ways until both ends have ended; if one breaks off, so does the other."""
    for end in (near, far):
        end.setblocking(False)
    flows = (_Flow(near, far, early), _Flow(far, near))
    try:
        while waits := [wait for flow in flows if (wait := flow.step()) is not None]:
            _await(waits)
    except OSError:
        for end in (near, far):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _Flow:
    """Bytes on their way from one end to the other; one piece at most is held."""

    def __init__(self, source: socket.socket, sink: socket.socket, held: bytes = b"") -> None:
        self._source, self._sink, self._held = source, sink, held
        self._ended = False

    def step(self) -> tuple[socket.socket, int] | None:
        """Move what can be moved now; answers what to wait for, None if all has passed."""
        while self._held or not self._ended:
            at, event = (self._sink, select.POLLOUT) if self._held else (self._source, select.POLLIN)
            try:
                self._move()
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as wait:
                if isinstance(wait, ssl.SSLError):
                    event = select.POLLIN if isinstance(wait, ssl.SSLWantReadError) else select.POLLOUT
                return at, event
        return None

    def _move(self) -> None:
        if self._held:
            self._held = self._held[self._sink.send(self._held) :]
            return
        try:
            self._held = self._source.recv(PIECE)
        except ssl.SSLZeroReturnError:  # the end of TLS, once we have sent our own
            self._held = b""
        if not self._held:
            self._ended = True
            _end(self._sink)


def _end(sink: socket.socket) -> None:
    """Tell one end that no more data comes; it may still send."""
    if isinstance(sink, ssl.SSLSocket):
        with suppress(ssl.SSLError):
            sink.unwrap()  # sends the closing notice and does not wait for the other's
    socket.socket.shutdown(sink, socket.SHUT_WR)


def _await(waits: list[tuple[socket.socket, int]]) -> None:
    events: dict[int, int] = {}
    for end, event in waits:
        events[end.fileno()] = events.get(end.fileno(), 0) | event
    poll = select.poll()
    for number, event in events.items():
        poll.register(number, event)
    if not poll.poll(IDLE_SECONDS * 1000):
        raise TimeoutError


def _head(near: socket.socket) -> tuple[str, bytes]:
    """What stands before the first empty line, and what came after it; no text if it is too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    received = b""
    while b"\r\n\r\n" not in received:
        if len(received) > LONGEST_HEAD:
            return "", b""
        near.settimeout(max(until - time.monotonic(), 0.001))
        more = near.recv(PIECE)
        if not more:
            raise ConnectionResetError
        received += more
    head, _, rest = received.partition(b"\r\n\r\n")
    if len(head) > LONGEST_HEAD:
        return "", b""
    return head.decode("latin-1") + "\r\n", rest


def _refuse(near: socket.socket, status: str, why: str) -> None:
    """Answer, then read on for a while: after an immediate close a reset could destroy the answer."""
    text = f"{status.partition(' ')[2]}: {why}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n"
    near.settimeout(PATIENCE_SECONDS)
    near.sendall(head.encode() + b"Connection: close\r\n\r\n" + text)
    near.shutdown(socket.SHUT_WR)
    until, drained = time.monotonic() + 1, 0
    while drained < LONGEST_DRAIN and time.monotonic() < until:
        near.settimeout(max(until - time.monotonic(), 0.001))
        more = near.recv(PIECE)
        if not more:
            return
        drained += len(more)
