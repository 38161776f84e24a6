"""Whatever comes in at the TLS port or the proxy, bytes pass whole, ends stay ends, others go on."""

import os
import socket
import ssl
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from prakerja_sim.mocks.server import tls, tls_proxy

NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  # certificates are judged by the wall's clock
HOSTS = ("api.prakerja.go.id", "b2b.tokopedia.com")
HELLO = b"CONNECT api.prakerja.go.id:443 HTTP/1.1\r\nHost: api.prakerja.go.id:443\r\n\r\n"
ACCEPTED = b"HTTP/1.1 200 Connection established\r\n\r\n"

Serving = Callable[[socket.socket], None]


def echo(end: socket.socket) -> None:
    while more := end.recv(65_536):
        end.sendall(more)


def answer_at_the_end(end: socket.socket) -> None:
    told = b""
    while more := end.recv(65_536):
        told += more
    end.sendall(b"heard " + told)


def reset(end: socket.socket) -> None:
    end.recv(100)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def truncate(end: socket.socket) -> None:
    end.recv(100)
    end.sendall(b"half an ans")


@contextmanager
def upstream(serve: Serving) -> Iterator[tuple[str, int]]:
    """A plain server, one thread a connection."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def one(end: socket.socket) -> None:
        with end, suppress(OSError):
            serve(end)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        host, port = listener.getsockname()
        yield host, port
        listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def front(tmp_path: Path, serve: Serving = echo) -> Iterator[tls.Front]:
    """A front before such a server, which leaves no thread behind."""
    with upstream(serve) as behind:
        before = set(threading.enumerate())
        made = tls.Front(
            tls_port=0,
            proxy_port=0,
            upstream=behind,
            hosts=HOSTS,
            ca_file=tmp_path / "sim.db.ca.pem",
            now=NOW,
        )
        with closing(made):
            yield made
        ours = {t for t in threading.enumerate() if t not in before and "process_request" in repr(t)}
        assert not ours


@pytest.fixture
def echoing(tmp_path: Path) -> Iterator[tls.Front]:
    with front(tmp_path) as made:
        yield made
        assert said(secure(made), b"still there") == b"still there"


def plain(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def proxied(made: tls.Front) -> socket.socket:
    end = plain(made.proxy_port)
    end.sendall(HELLO)
    assert end.recv(len(ACCEPTED)) == ACCEPTED
    return end


def secure(made: tls.Front, end: socket.socket | None = None) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(made.ca))
    return context.wrap_socket(end or proxied(made), server_hostname="api.prakerja.go.id")


def everything(end: socket.socket) -> bytes:
    told = bytearray()
    with suppress(ssl.SSLZeroReturnError):
        while more := end.recv(65_536):
            told += more
    return bytes(told)


def below(end: ssl.SSLSocket) -> socket.socket:
    """The wire under TLS, where a reset is a reset; Python's TLS tells it as an end."""
    wire = socket.socket(fileno=os.dup(end.fileno()))
    wire.settimeout(10)
    return wire


def said(end: socket.socket, text: bytes) -> bytes:
    """What comes back for a text."""
    with end:
        end.sendall(text)
        told = b""
        while len(told) < len(text):
            told += end.recv(65_536)
        return told


def asked(made: tls.Front, head: bytes) -> bytes:
    with plain(made.proxy_port) as end:
        end.sendall(head)
        return everything(end)


BLOCKED = [
    "example.com:443", "api.prakerja.go.id:80", "api.prakerja.go.id:8443", "127.0.0.1:443", "localhost:443",
    "[::1]:443", "api.prakerja.go.id.example.com:443", "x@api.prakerja.go.id:443", "api.prakerja.go.id",
    ":443", "api.prakerja.go.id:", "api.prakerja.go.id:0443", "api.prakerja.go.id.:443", "1.2.3.4:443",
]  # fmt: skip


@pytest.mark.parametrize("target", BLOCKED)
def test_any_other_host_or_port_is_blocked(echoing: tls.Front, target: str) -> None:
    told = asked(echoing, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
    assert told.startswith(b"HTTP/1.1 403 Blocked by simulator\r\n")
    assert b"Blocked by simulator: only api.prakerja.go.id, b2b.tokopedia.com on port 443" in told


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("target", [*(f"{host}:443" for host in HOSTS), "API.Prakerja.go.id:443"])
def test_the_simulated_hosts_pass(echoing: tls.Front, target: str, version: str) -> None:
    with plain(echoing.proxy_port) as end:
        end.sendall(f"CONNECT {target} HTTP/{version}\r\n\r\n".encode())
        assert end.recv(1000) == ACCEPTED


WRONG = [
    (b"GET https://api.prakerja.go.id/ HTTP/1.1\r\n\r\n", b"400"),  # without a Host
    (b"GET https://api.prakerja.go.id/ HTTP/1.1\r\nHost: b2b.tokopedia.com\r\n\r\n", b"400"),
    (b"GET https://api.prakerja.go.id/ HTTP/1.1\r\nHost: api.prakerja.go.id\r\nhost: x\r\n\r\n", b"400"),
    (b"GET https://u@api.prakerja.go.id/ HTTP/1.1\r\nHost: api.prakerja.go.id\r\n\r\n", b"405"),
    (b"GET ftp://api.prakerja.go.id/ HTTP/1.1\r\nHost: api.prakerja.go.id\r\n\r\n", b"405"),
    (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", b"405"),
    (b"\r\n\r\n", b"400"),
    (b"connect api.prakerja.go.id:443 HTTP/1.1\r\n\r\n", b"400"),
    (b"CONNECT api.prakerja.go.id:443\r\n\r\n", b"400"),
    (b"CONNECT  HTTP/1.1\r\n\r\n", b"400"),
    (b"CONNECT api.prakerja.go.id:443 HTTP/2.0\r\n\r\n", b"400"),
    (bytes(range(256)) * 3 + b"\r\n\r\n", b"400"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    (b"CONNECT " + b"a" * 9_000 + b":443 HTTP/1.1\r\n\r\n", b"431"),
    (b"CONNECT api.prakerja.go.id:443 HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", b"431"),
    (b"A" * 500_000, b"431"),
]


def whole(address: str, host: str) -> bytes:
    return f"POST {address} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\n{{}}".encode()


WHOLE = [
    ("https://api.prakerja.go.id/api/v1?x=1", "api.prakerja.go.id"),
    ("https://api.prakerja.go.id", "api.prakerja.go.id:443"),
    ("https://API.prakerja.go.id:443/", "Api.Prakerja.go.id"),
    ("http://b2b.tokopedia.com/token", "b2b.tokopedia.com"),
    ("http://b2b.tokopedia.com:80/token", "b2b.tokopedia.com:80"),
]


@pytest.mark.parametrize(("address", "host"), WHOLE)
def test_a_whole_address_of_a_simulated_host_goes_to_the_plain_port_as_it_is(
    echoing: tls.Front, address: str, host: str
) -> None:
    sent = whole(address, host)
    with plain(echoing.proxy_port) as end:
        end.sendall(sent)
        end.shutdown(socket.SHUT_WR)
        assert everything(end) == sent


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/",
        "https://api.prakerja.go.id.example.com/",
        "https://api.prakerja.go.id:444/",
        "https://api.prakerja.go.id:80/",
        "http://api.prakerja.go.id:443/",
        "https://127.0.0.1/",
    ],
)
def test_any_other_whole_address_is_blocked(echoing: tls.Front, address: str) -> None:
    told = asked(echoing, whole(address, "api.prakerja.go.id"))
    assert told.startswith(b"HTTP/1.1 403 Blocked by simulator\r\n")


@pytest.mark.parametrize(("head", "status"), WRONG, ids=range(len(WRONG)))
def test_what_is_no_request_to_a_proxy_is_told(echoing: tls.Front, head: bytes, status: bytes) -> None:
    told = asked(echoing, head)
    assert told.split(b" ", 2)[1] == status
    length, body = int(told.split(b"Content-Length: ")[1].split(b"\r\n")[0]), told.split(b"\r\n\r\n", 1)[1]
    assert len(body) == length


@pytest.mark.parametrize("text", [b"", b"CONNECT api.prakerja.go.id:443 HTTP/1.1\r\n", b"C", b"\x00"])
def test_a_client_that_leaves_in_the_middle_of_its_head_harms_nobody(echoing: tls.Front, text: bytes) -> None:
    with plain(echoing.proxy_port) as end:
        end.sendall(text)
        end.shutdown(socket.SHUT_WR)
        assert everything(end) == b""


def test_a_head_may_arrive_byte_by_byte_and_with_the_first_bytes_behind_it(echoing: tls.Front) -> None:
    with plain(echoing.proxy_port) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(len(HELLO)):
            end.sendall(HELLO[number : number + 1])
        assert end.recv(1000) == ACCEPTED
    with plain(echoing.proxy_port) as end:
        hello, wire = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=str(echoing.ca))
        ours = context.wrap_bio(wire, hello, server_hostname="api.prakerja.go.id")
        with suppress(ssl.SSLWantReadError):
            ours.do_handshake()
        end.sendall(HELLO + hello.read())
        told = end.recv(len(ACCEPTED))
        assert told == ACCEPTED
        assert end.recv(1) == b"\x16"


GARBAGE = [
    b"\x00" * 100,
    b"GET / HTTP/1.1\r\nHost: api.prakerja.go.id\r\n\r\n",
    b"\x16\x03\x01\xff\xff" + b"x" * 600,
]


@pytest.mark.parametrize("text", GARBAGE, ids=["zeros", "http", "half a hello"])
@pytest.mark.parametrize("through", [plain, None])
def test_garbage_at_the_tls_port_ends_that_connection_only(
    echoing: tls.Front, text: bytes, through: Any
) -> None:
    with through(echoing.tls_port) if through else proxied(echoing) as end:
        end.sendall(text)
        with suppress(OSError):  # it may be closed already
            end.shutdown(socket.SHUT_WR)
            assert b"HTTP/1.1 200" not in everything(end)


def test_a_client_that_does_not_trust_us_ends_its_connection_only(echoing: tls.Front) -> None:
    with proxied(echoing) as end, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(end, server_hostname="api.prakerja.go.id")


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1"])
def test_one_certificate_names_every_host(echoing: tls.Front, name: str) -> None:
    context = ssl.create_default_context(cafile=str(echoing.ca))
    with context.wrap_socket(plain(echoing.tls_port), server_hostname=name) as end:
        end.sendall(b"x")
        assert end.recv(1) == b"x"


def test_the_certificate_is_valid_for_a_year_and_speaks_http_1_only(echoing: tls.Front) -> None:
    context = ssl.create_default_context(cafile=str(echoing.ca))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with context.wrap_socket(plain(echoing.tls_port), server_hostname="localhost") as end:
        given = x509.load_der_x509_certificate(end.getpeercert(binary_form=True) or b"")
        assert end.selected_alpn_protocol() == "http/1.1"
    assert given.not_valid_before_utc == NOW - timedelta(days=1)
    assert given.not_valid_after_utc - given.not_valid_before_utc < timedelta(days=825)


def test_megabytes_pass_unchanged_up_and_down(tmp_path: Path) -> None:
    content = os.urandom(1_000_003) * 4
    with front(tmp_path, answer_at_the_end) as made, secure(made) as end:
        end.sendall(content)
        end.setblocking(False)
        with pytest.raises(ssl.SSLWantReadError):
            end.unwrap()
        end.settimeout(10)
        assert everything(end) == b"heard " + content


def test_megabytes_pass_unchanged_both_ways_at_once() -> None:
    content, told = os.urandom(1_000_003) * 4, bytearray()
    with upstream(echo) as behind:
        proxy = tls_proxy.ConnectProxy(0, behind, frozenset(HOSTS), behind)
        with closing(proxy), plain(proxy.port) as end:
            end.sendall(HELLO)
            assert end.recv(len(ACCEPTED)) == ACCEPTED
            listening = threading.Thread(target=lambda: told.extend(everything(end)))
            listening.start()
            end.sendall(content)
            end.shutdown(socket.SHUT_WR)
            listening.join(60)
    assert bytes(told) == content


def test_a_client_that_has_said_all_still_hears_the_answer(tmp_path: Path) -> None:
    with front(tmp_path, answer_at_the_end) as made, secure(made) as end:
        end.sendall(b"a" * 100_000)
        end.setblocking(False)
        with pytest.raises(ssl.SSLWantReadError):
            end.unwrap()  # says that it has ended, and would wait for the same word
        end.settimeout(10)
        assert everything(end) == b"heard " + b"a" * 100_000


def test_the_proxy_passes_the_end_of_one_way_on_without_ending_the_other() -> None:
    with upstream(answer_at_the_end) as behind:
        proxy = tls_proxy.ConnectProxy(0, behind, frozenset(HOSTS), behind)
        with closing(proxy), plain(proxy.port) as end:
            end.sendall(HELLO + b"a" * 100_000)
            end.shutdown(socket.SHUT_WR)
            assert everything(end) == ACCEPTED + b"heard " + b"a" * 100_000


def test_a_server_that_has_said_all_is_heard_to_the_end(tmp_path: Path) -> None:
    with front(tmp_path, truncate) as made, secure(made) as end:
        end.sendall(b"ask")
        assert everything(end) == b"half an ans"


def test_a_reset_of_the_server_is_a_reset_for_the_client(tmp_path: Path) -> None:
    with front(tmp_path, reset) as made:
        for _ in range(5):
            with secure(made) as end:
                end.sendall(b"ask")
                with below(end) as wire, pytest.raises(ConnectionResetError):
                    everything(wire)


def test_a_reset_of_a_client_harms_nobody(echoing: tls.Front) -> None:
    for _ in range(5):
        end = secure(echoing)
        end.sendall(b"ask")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()


def test_a_server_that_is_away_is_a_closed_connection(tmp_path: Path) -> None:
    with front(tmp_path) as made:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            made._tls.upstream = ("127.0.0.1", gone.getsockname()[1])
        with suppress(ConnectionResetError), secure(made) as end:
            assert end.recv(100) == b""


def test_fifty_clients_at_once_each_hear_their_own(echoing: tls.Front) -> None:
    texts = [f"client {number} ".encode() * 5_000 for number in range(50)]
    heard: dict[int, bytes] = {}
    together = threading.Barrier(50)

    def one(number: int) -> None:
        end = secure(echoing)
        together.wait(60)
        heard[number] = said(end, texts[number])

    clients = [threading.Thread(target=one, args=(number,)) for number in range(50)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(60)
    assert [heard.get(number) for number in range(50)] == texts


def test_there_are_never_more_connections_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_proxy, "MOST_CONNECTIONS", 2)
    with front(tmp_path) as made:
        first, second = secure(made), secure(made)
        with plain(made.proxy_port) as third, suppress(ConnectionResetError):
            assert third.recv(100) == b""
        assert said(first, b"one") == b"one"
        assert said(second, b"two") == b"two"


@pytest.mark.parametrize("start", [b"", b"CONNECT api.prak"])
def test_a_client_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setattr(tls_proxy, "PATIENCE_SECONDS", 0.2)
    with front(tmp_path) as made:
        for port in (made.proxy_port, made.tls_port):
            with plain(port) as end:
                end.sendall(start)
                with suppress(ConnectionResetError):
                    assert everything(end) in (b"", b"\x15\x03\x01\x00\x02\x02\x16")


def test_an_idle_connection_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with front(tmp_path) as made, secure(made) as end:
        monkeypatch.setattr(tls_proxy, "IDLE_SECONDS", 0.2)
        end.sendall(b"x")
        assert end.recv(1) == b"x"
        with suppress(ConnectionResetError):
            assert end.recv(1) == b""


def test_closing_breaks_off_what_is_under_way_and_waits_for_it(tmp_path: Path) -> None:
    with front(tmp_path) as made:
        ends = [plain(made.tls_port), plain(made.proxy_port), proxied(made), secure(made)]
    for end in ends:
        with end, suppress(OSError):
            assert everything(end) == b""
    with pytest.raises(ConnectionRefusedError):
        plain(made.tls_port)


def test_the_authority_is_kept_for_its_owner_only_and_used_again(tmp_path: Path) -> None:
    kept = tmp_path / "sim.db.ca.pem"
    with front(tmp_path) as made:
        first = made.ca.read_bytes()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert b"PRIVATE" in kept.read_bytes()
        assert b"PRIVATE" not in first
    kept.chmod(0o644)
    with front(tmp_path) as made:
        assert made.ca.read_bytes() == first
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    names = {"sim.db.ca.pem", "sim.db.ca.crt", "sim.db.ca.p12"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_without_a_file_the_authority_ends_with_the_front() -> None:
    with upstream(echo) as behind:
        made = tls.Front(tls_port=0, proxy_port=0, upstream=behind, hosts=HOSTS, ca_file=None, now=NOW)
        with closing(made):
            folder = made.ca.parent
            assert {path.name for path in folder.iterdir()} == {"ca.pem", "ca.crt", "ca.p12"}
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not folder.exists()


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_that_holds_no_authority_is_told_and_kept(tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "sim.db.ca.pem"
    kept.write_bytes(content)
    with pytest.raises(tls.CannotSecure, match="holds no authority; remove it to get a new one"):
        tls.authority(kept)
    assert kept.read_bytes() == content


@pytest.mark.parametrize("option", ["--tls-port", "--proxy-port"])
def test_a_taken_port_is_told_and_nothing_is_left(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, upstream(echo) as behind:
        port = taken.getsockname()[1]
        ports = {"tls_port": 0, "proxy_port": 0, option[2:].replace("-", "_"): port}
        before = threading.active_count()
        with pytest.raises(
            tls.CannotSecure, match=f"127.0.0.1:{port} cannot be bound .*choose another {option}"
        ):
            tls.Front(**ports, upstream=behind, hosts=HOSTS, ca_file=tmp_path / "ca.pem", now=NOW)
        assert threading.active_count() == before
