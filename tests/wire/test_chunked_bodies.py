"""A body in chunks, as both servers take it: read whole, or refused in the party's words, and never a bug."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.live import serving

BODY = b'{"advance": "1s"}'
HEAD = (
    b"POST /__admin/clock HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
)
SIZE = b"%x" % len(BODY)
ONE = {
    "as it should be": (SIZE, 200),
    "blanks after it": (SIZE + b" \t ", 200),
    "in capitals": (SIZE.upper(), 200),
    "with an extension": (SIZE + b" ;name=value", 200),
    "no number": (b"zz", 400),
    "negative": (b"-1", 400),
    "with a prefix": (b"0x" + SIZE, 400),
    "with a blank inside": (b"1 1", 400),
    "missing": (b"", 400),
    "only a blank": (b" ", 400),
}
LATE = {
    "a second size that is none": SIZE + b"\r\n" + BODY + b"\r\nzz\r\n\r\n",
    "no line end after a chunk": SIZE + b"\r\n" + BODY + b"XX0\r\n\r\n",
}
BROKEN_OFF = b"or a chunk is malformed; nothing was changed"


@pytest.fixture(scope="module", params=["gunicorn", "granian"])
def server(request):
    with serving("--store", "memory", "--server", request.param) as started:
        started.kind = request.param
        yield started


def answered(server, chunks):
    """Status and body of the answer; there is no second one."""
    address = urlsplit(server.url)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=10) as end:
        end.sendall(HEAD + chunks)
        while more := end.recv(65_536):
            received += more
    head, _, body = received.partition(b"\r\n\r\n")
    assert received.count(b"HTTP/1.1 ") == 1
    return int(head.split()[1]), body


@pytest.mark.parametrize(("size", "status"), ONE.values(), ids=ONE)
def test_the_size_of_a_chunk(server, size, status):
    answer, body = answered(server, size + b"\r\n" + BODY + b"\r\n0\r\n\r\n")
    assert answer == status
    if status == 400:
        assert b'"code":"malformed"' in body
    assert server.send("GET", "/__admin/bugs")[1] == {"bugs": []}


@pytest.mark.parametrize("chunks", LATE.values(), ids=LATE)
def test_a_chunk_that_is_malformed_after_a_good_one(server, chunks):
    """granian ends a body where it cannot read on and says nothing: there it is what came before."""
    before = server.send("GET", "/__admin/clock")[1]["now"]
    status, body = answered(server, chunks)
    after = server.send("GET", "/__admin/clock")[1]["now"]
    if server.kind == "granian":
        assert (status, after > before) == (200, True)
    else:
        assert (status, BROKEN_OFF in body, after) == (400, True, before)
    assert server.send("GET", "/__admin/bugs")[1] == {"bugs": []}
