from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from prakerja_sim.loadtests.bench import buying
from prakerja_sim.loadtests.bench.client import Client, Flow, Tally, body_of
from prakerja_sim.loadtests.errors import RequestFailed


class Echo(BaseHTTPRequestHandler):
    """Answers the body that it is sent, on a kept connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(body)))
        if self.path in ("/last", "/said"):
            self.close_connection = True
        if self.path == "/said":
            self.send_header("Connection", "close")
        self.end_headers()
        # In two pieces, so that an answer is not always whole.
        self.wfile.write(body[:3])
        self.wfile.flush()
        self.wfile.write(body[3:])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield ("127.0.0.1", server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def post(path: str, body: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def asking(bodies: list[bytes], heard: list[bytes], path: str = "/") -> Flow:
    for body in bodies:
        answer = yield post(path, body)
        heard.append(answer)


def run(address: tuple[str, int], *flows: Flow, seconds: float = 5) -> Tally:
    client = Client(address, flows)
    try:
        return client.run(seconds)
    finally:
        client.close()


def test_each_flow_hears_the_answers_to_its_own_requests(address: tuple[str, int]) -> None:
    heard: list[list[bytes]] = [[] for _ in range(8)]
    asked = [[f"flow {flow} request {at}".encode() for at in range(20)] for flow in range(8)]
    tally = run(address, *(asking(bodies, heard[at]) for at, bodies in enumerate(asked)))
    assert heard == asked
    assert tally.count == 160
    assert tally.rate > 0
    assert 0 < tally.percentile_ms(50) <= tally.percentile_ms(99)


def test_a_run_ends_when_its_time_is_up_and_the_next_goes_on(address: tuple[str, int]) -> None:
    heard: list[bytes] = []
    client = Client(address, [asking([b"one", b"two", b"three"], heard)])
    try:
        assert [client.run(0).count for _ in range(4)] == [1, 1, 1, 0]
    finally:
        client.close()
    assert heard == [b"one", b"two", b"three"]


def test_a_connection_whose_end_is_announced_is_opened_again(address: tuple[str, int]) -> None:
    heard: list[bytes] = []
    assert run(address, asking([b"one", b"two"], heard, path="/said")).count == 2
    assert heard == [b"one", b"two"]


def test_flows_without_anything_to_ask_end_a_run_at_once(address: tuple[str, int]) -> None:
    tally = run(address, asking([], []))
    assert (tally.count, tally.rate, tally.percentile_ms(99)) == (0, 0.0, 0.0)


def test_an_answer_that_is_not_200_ends_the_measurement(address: tuple[str, int]) -> None:
    with pytest.raises(RequestFailed, match=r"http/1\.1 404: body"):
        run(address, asking([b"body"], [], path="/missing"))


def test_a_connection_that_is_not_kept_ends_the_measurement(address: tuple[str, int]) -> None:
    with pytest.raises(RequestFailed, match=r"closed a connection|connection lost"):
        run(address, asking([b"one", b"two"], [], path="/last"))


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Len", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", b"abcd"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nab", b"ab"),
        (b"HTTP/1.1 200 OK\r\nx: y\r\ncontent-length:0\r\n\r\n", b""),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nab", None),
    ],
)
def test_a_body_is_found_once_it_is_whole(answer: bytes, body: bytes | None) -> None:
    assert body_of(answer) == body


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_the_client_cannot_count_is_a_failure(answer: bytes) -> None:
    with pytest.raises(RequestFailed):
        body_of(answer)


SHOP = buying.Shop("127.0.0.1:1", "/s/a", "client", "key", "course", "schedule", 650_000)


def test_a_purchase_asks_for_the_otp_and_pays_with_the_token_that_it_got() -> None:
    paid: list[str] = []
    flow = buying.purchases(SHOP, iter(["9900000000000001"]), paid)
    assert next(flow).startswith(b"POST /s/a/api/v1/integration/payment/send-otp HTTP/1.1\r\n")
    asked = flow.send(b'{"success":true,"data":{"payment_token":"abc"}}')
    assert b"\r\nAuthorization: Payment abc\r\n" in asked
    with pytest.raises(StopIteration):
        flow.send(b'{"success":true,"data":{"status":"SUCCESS"}}')
    assert paid == ["9900000000000001"]


@pytest.mark.parametrize("answer", [b'{"success":false}', b'{"success":true,"data":{"status":"VOID"}}'])
def test_a_refused_purchase_ends_the_measurement(answer: bytes) -> None:
    flow = buying.purchases(SHOP, iter(["9900000000000001"]), [])
    next(flow)
    if b"true" in answer:
        flow.send(b'{"success":true,"data":{"payment_token":"abc"}}')
    with pytest.raises(RequestFailed):
        flow.send(answer)


def test_a_newcomer_is_enrolled_and_buys_with_the_card_that_he_got() -> None:
    paid: list[str] = []
    flow = buying.newcomers(SHOP, iter([7]), paid)
    enrolled = next(flow)
    assert enrolled.startswith(b"POST /s/a/__admin/people HTTP/1.1\r\n")
    assert b'"number":7' in enrolled
    assert b'"prakerja_id":"42"' in flow.send(b'{"people":[{"prakerja_id":"42"}]}')
    flow.send(b'{"success":true,"data":{"payment_token":"abc"}}')
    with pytest.raises(StopIteration):
        flow.send(b'{"success":true,"data":{"status":"SUCCESS"}}')
    assert paid == ["42"]


def test_the_empty_endpoint_is_sent_what_the_simulator_is_sent() -> None:
    flow = buying.empty_requests(SHOP)
    first, second = next(flow), flow.send(b"")
    for request, path in ((first, "send-otp"), (second, "authorize")):
        assert request.startswith(b"POST /empty HTTP/1.1\r\n")
        assert b"signature: " in request
        assert path.encode() not in request
    assert b'"prakerja_id"' in first
    assert b"Authorization: Payment " in second
