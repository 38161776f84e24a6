"""Faults and malformed requests on real servers: what the socket sees, and what was booked meanwhile."""

import json
import socket
import threading
from contextlib import closing, suppress
from datetime import datetime

import pytest
from werkzeug.serving import make_server

from prakerja_sim.mocks.http.bodies import LARGEST_BODY
from prakerja_sim.mocks.http.transport import Http, InProcess, NoReply
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.live import Live, serving
from tests.mocks.worlds import API, BARISTA, World, sign

CODE, KEY = "faults-client", "faults-key"


@pytest.fixture(scope="module")
def granian():
    with serving("--store", "memory", "--server", "granian") as server:
        yield server


class Buyer:
    """Somebody with a card in a sandbox of a real server, and the marketplace that asks for him."""

    def __init__(self, live: Live, name: str) -> None:
        self.live, self.name = live, name
        lease = {"name": name, "settings": {"fixed_otp": "123456"}}
        assert live.send("POST", "/__admin/sandboxes", lease)[0] == 201
        self.code = f"{CODE}-{name}"
        self.admin("POST", "/clients", {"client_code": self.code, "sign_key": KEY, "party": "tokopedia"})
        course = {
            "code": "kopi",
            "title": "Kopi",
            "category": "k",
            "institution": "lp",
            "price": 100_000,
            "new": True,
        }
        self.schedule = self.admin("POST", "/courses", course)["schedule_code"]
        self.me = self.admin("POST", "/people", {"count": 1})["people"][0]
        now = datetime.fromisoformat(self.admin("GET", "/clock")["now"])
        self.stamp = unix_seconds(now)
        self.token = self.post("/payment/send-otp", **self.purchase)[1]["data"]["payment_token"]

    @property
    def purchase(self):
        return {
            "prakerja_id": self.me["prakerja_id"],
            "user_platform_id": "u",
            "course_code": "kopi",
            "schedule_code": self.schedule,
            "amount": 100_000,
        }

    def admin(self, method, path, body=None):
        status, told, _ = self.live.send(method, f"/s/{self.name}/__admin{path}", body)
        assert status in (200, 201), told
        return told

    def signed(self, endpoint, raw, token=""):
        path = API + endpoint
        slot = f"Payment {token}" if token else ""
        headers = {"client_code": self.code, "timestamp": str(self.stamp)}
        headers["signature"] = sign(self.code, KEY, self.stamp, path, raw, slot)
        return headers | ({"Authorization": slot} if slot else {})

    def post(self, endpoint, token="", **body):
        raw = json.dumps(body, separators=(",", ":")).encode()
        return self.live.send("POST", API + endpoint, raw, self.signed(endpoint, raw, token))

    def authorize(self):
        body = {"otp": "123456", "invoice_url": "https://dp.example/1", "invoice_code": "INV-1"}
        return self.post("/payment/authorize", self.token, **body)

    def state(self):
        told = self.post("/payment/status", invoice_code="INV-1")[1]
        return told["data"]["status"] if told["success"] else told["code"]

    def balance(self):
        [account] = self.admin("GET", f"/ledger?account=card:{self.me['prakerja_id']}")["accounts"]
        return account["balance"]

    def is_sound(self):
        return self.admin("GET", "/invariants")["ok"] and self.admin("GET", "/bugs") == {"bugs": []}


FAULTS = [("reply_lost", "SUCCESS", 900_000), ("request_lost", "ERRPLT40099", 1_000_000)]


@pytest.mark.parametrize(("fault", "state", "balance"), FAULTS)
def test_a_lost_message_resets_the_connection_and_the_books_show_which_one_it_was(
    live, fault, state, balance
):
    ani = Buyer(live, fault.replace("_", "-"))
    ani.admin("POST", "/faults", {"fault": fault, "where": "payment/authorize"})
    with pytest.raises(ConnectionResetError):
        ani.authorize()
    assert (ani.state(), ani.balance()) == (state, balance)
    status, told, _ = ani.authorize()
    assert (status, told["data"]["status"]) == (200, "SUCCESS")
    assert (ani.state(), ani.balance()) == ("SUCCESS", 900_000)
    assert ani.is_sound()


@pytest.mark.parametrize(("fault", "state", "balance"), FAULTS)
def test_a_server_that_cannot_reset_says_so_with_a_501(granian, fault, state, balance):
    ani = Buyer(granian, fault.replace("_", "-"))
    ani.admin("POST", "/faults", {"fault": fault, "where": "payment/authorize"})
    status, told, _ = ani.authorize()
    assert (status, told) == (501, {"error": "this server cannot reset a connection; use gunicorn"})
    assert (ani.state(), ani.balance()) == (state, balance)
    assert ani.authorize()[0] == 200
    assert ani.is_sound()


@pytest.mark.parametrize(("fault", "paid"), [("reply_lost", True), ("request_lost", False)])
def test_in_process_a_lost_message_is_no_reply(fault, paid):
    world = World()
    ani = world.enrol()
    token, otp = world.opened(ani), world.otp(ani)
    world.sandbox.arm(fault, "payment/authorize")
    with pytest.raises(NoReply):
        world.authorize(token, otp)
    assert world.balance(ani) == (400_000 if paid else 1_000_000)
    assert world.authorize(token, otp).status == 200
    assert world.balance(ani) == 400_000
    assert world.is_sound()


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
def test_a_fault_that_strikes_anywhere_spares_the_levers(fault):
    world = World()
    admin = InProcess(world.parties.application, "/__admin")
    body = json.dumps({"fault": fault}).encode()
    assert admin.send("POST", "/faults", {"Content-Type": "application/json"}, body).status == 201
    assert admin.send("GET", "/invariants").status == 200
    with pytest.raises(NoReply):
        world.dp.post("/payment/quota-schedule", course_code=BARISTA, schedule_code=world.schedule(BARISTA))


def test_over_http_a_reset_is_no_reply(live):
    live.send("POST", "/__admin/sandboxes", {"name": "reset-by-http"})
    live.send("POST", "/s/reset-by-http/__admin/faults", {"fault": "request_lost", "where": "/clock"})
    wire = Http(f"{live.url}/s/reset-by-http/__admin")
    with pytest.raises(NoReply):
        wire.send("GET", "/clock")
    answer = wire.send("GET", "/people?limit=1", {"X-Any": "1"})
    assert (answer.status, answer.json()) == (200, {"people": []})


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
def test_werkzeugs_server_resets_the_connection_too(fault):
    world = World()
    server = make_server("127.0.0.1", 0, world.parties.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        world.sandbox.arm(fault, "/people")
        wire = Http(f"http://127.0.0.1:{server.server_port}/__admin")
        with pytest.raises(NoReply, match="ConnectionError"):
            wire.send("POST", "/people", {"Content-Type": "application/json"}, b"{}")
        people = wire.send("GET", "/people").json()["people"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert len(people) == (1 if fault == "reply_lost" else 0)


@pytest.mark.parametrize("fault", ["request_lost", "reply_lost"])
def test_the_lever_that_arms_and_ends_faults_is_not_struck_itself(fault):
    world = World()
    arm = f'{{"fault":"{fault}"}}'.encode()
    assert world.send("POST", "/__admin/faults", arm).status == 201
    assert world.send("GET", "/__admin/faults").json()["faults"][0]["left"] == 1
    assert world.send("DELETE", "/__admin/faults").status == 200
    assert world.send("GET", "/__admin/faults").json()["faults"][0]["left"] == 0


def test_nobody_at_the_other_end_is_no_reply():
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        wire = Http(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(NoReply, match="ConnectionError"):
            wire.send("GET", "/")


def test_other_paths_and_other_sandboxes_are_not_struck(live):
    mine = Buyer(live, "struck")
    other = Buyer(live, "spared")
    mine.admin("POST", "/faults", {"fault": "reply_lost", "where": "payment/authorize", "times": 2})
    assert mine.state() == "ERRPLT40099"
    assert other.authorize()[0] == 200
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            mine.authorize()
    assert mine.authorize()[0] == 200


@pytest.mark.parametrize("server", ["live", "granian"])
def test_both_servers_let_the_underscored_header_through(request, server):
    ani = Buyer(request.getfixturevalue(server), "underscores")
    assert ani.authorize()[1]["success"] is True


# Malformed HTTP


def exchanged(live, raw):
    """The first line of the answer to bytes on a bare socket, or nothing if the server just closed."""
    host, _, port = live.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(raw)
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while more := wire.recv(65536):
            answer += more
    return answer


def get(path=b"/healthz", host=b"localhost", version=b"HTTP/1.1", extra=b""):
    line = b"Host: " + host + b"\r\n" if host is not None else b""
    return b"GET " + path + b" " + version + b"\r\n" + line + extra + b"Connection: close\r\n\r\n"


WIRE = [
    ("a good request", get(), {200}),
    ("a foreign host", get(host=b"example.com"), {421}),
    ("an empty host", get(host=b""), {400, 421}),
    ("no host", get(host=None), {400, 421}),
    ("no host in HTTP/1.0", get(host=None, version=b"HTTP/1.0"), {421}),
    ("a garbled host", get(host=b"exa mple\x01"), {400, 421}),
    ("a host that is no text", get(host=b"\xff\xfe"), {400, 421}),
    ("a large host", get(host=b"x" * 8000), {400, 421, 431}),
    ("a huge host", get(host=b"x" * 60_000), {400, 421, 431}),
    ("two hosts", get(extra=b"Host: example.com\r\n"), {400, 421}),
    ("a header without a name", get(extra=b": x\r\n"), {400}),
    ("a header without a colon", get(extra=b"Broken\r\n"), {400}),
    ("a huge header", get(extra=b"X: " + b"x" * 60_000 + b"\r\n"), {400, 431}),
    ("many headers", get(extra=b"X: y\r\n" * 500), {400, 431}),
    ("an unknown version", get(version=b"HTTP/7.7"), {400, 505}),
    ("a huge path", get(path=b"/" + b"x" * 60_000), {400, 414}),
    ("a path that is no text", get(path=b"/\xff\xfe"), {400, 404}),
    ("an unknown sandbox", get(path=b"/s/nobody/x"), {404}),
    ("an unknown party", get(path=b"/nobody"), {404}),
    ("an escaped zero", get(path=b"/prakerja/%00"), {404}),
    ("an empty line", b"\r\n\r\n", {400, 0}),
    ("no HTTP at all", b"hello\r\n\r\n", {400}),
    ("TLS to a plain port", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, {400, 0}),
]


@pytest.mark.parametrize(("what", "raw", "statuses"), WIRE, ids=[what for what, _, _ in WIRE])
def test_a_malformed_request_gets_a_clean_answer_and_the_server_lives_on(live, what, raw, statuses):
    answer = exchanged(live, raw)
    status = int(answer.split(b" ", 2)[1]) if answer else 0
    assert status in statuses, answer[:200]
    assert b"Traceback" not in answer
    assert live.send("GET", "/healthz")[0] == 200


def chunked(size, path=b"/__admin/clock"):
    start = b"POST " + path + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    start += b"Content-Type: application/json\r\n"
    chunk = f"{size:x}".encode() + b"\r\n" + b" " * size + b"\r\n0\r\n\r\n"
    return start + b"Connection: close\r\n\r\n" + chunk


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, b"400"), (LARGEST_BODY + 1, b"413")])
def test_the_limit_holds_for_a_body_without_a_length(live, size, status):
    assert exchanged(live, chunked(size)).split(b" ", 2)[1] == status


def test_a_body_that_ends_too_soon_is_no_crash(live):
    cut = b"POST /__admin/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    answer = exchanged(live, cut)
    assert b" 500 " not in answer[:20]
    assert live.send("GET", "/__admin/bugs")[1] == {"bugs": []}


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_a_lost_message_is_one_line_in_the_log_that_names_its_fault_and_no_card(tmp_path, server):
    with (
        (tmp_path / "log").open("w+") as log,
        serving("--store", "memory", "--server", server, log=log) as live,
    ):
        for fault, path in (
            ("reply_lost", "/kariermu/program/prakerja"),
            ("request_lost", f"/kariermu/program/detail/{'1234' * 4}%0Aline"),
        ):
            assert live.send("POST", "/__admin/faults", {"fault": fault})[0] == 201
            with suppress(ConnectionError):  # granian cannot reset one, and says so
                assert live.send("GET", path)[0] == 501
        log.seek(0)
        told = [line for line in log.read().splitlines() if "WARNING" not in line]
    assert [line.rpartition(": ")[2] for line in told] == ["reply_lost", "request_lost"], told
    paths = ("/kariermu/program/prakerja", f"/kariermu/program/detail/{'*' * 12}1234\\nline")
    assert all(f"no answer to GET {path}, on purpose" in line for path, line in zip(paths, told, strict=True))
