"""Killed at any moment under load, the server keeps every purchase that it acknowledged.

`make crash` kills it two hundred times; the ordinary run a few times. With --postgres, on a database.
"""

import hashlib
import hmac
import json
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from prakerja_sim.simulator.values.chance import below
from tests.live import Live, serving

API = "/api/v1/integration/payment"
BUYERS = 8
COURSE = "jualan-online"


class Unavailable(Exception):
    """The party's own 503."""


@dataclass
class Client:
    """One connection that buys until the server dies, and remembers what it was told."""

    address: str
    credential: dict[str, str]
    schedule: str
    number: int
    stride: int
    sent: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)

    def run(self) -> None:
        connection = HTTPConnection(self.address, timeout=20)
        try:
            while True:
                self.buy(connection)
                self.number += self.stride
        except (OSError, HTTPException):
            self.number += self.stride
        finally:
            connection.close()

    def buy(self, connection: HTTPConnection) -> None:
        enrol = {"wave": 22, "number": self.number, "wallet": False}
        _, enrolled, _ = post(connection, "/__admin/people", enrol, {})
        card = enrolled["people"][0]["prakerja_id"]
        order = {
            "prakerja_id": card,
            "user_platform_id": f"u{self.number}",
            "course_code": COURSE,
            "schedule_code": self.schedule,
            "amount": 150_000,
        }
        _, opened, _ = self.signed(connection, f"{API}/send-otp", order, {})
        invoice = f"KILL-{self.number}"
        self.sent[invoice] = self.number
        pay = {"otp": "123456", "invoice_url": "https://shop.example/i", "invoice_code": invoice}
        token = {"Authorization": f"Payment {opened['data']['payment_token']}"}
        status, paid, headers = self.signed(connection, f"{API}/authorize", pay, token)
        assert status == 200, paid
        self.acknowledged[invoice] = paid["data"]["transaction_code"]
        self.heads.append(headers["X-Ledger-Head"])

    def signed(self, connection: HTTPConnection, path: str, body: Any, headers: dict[str, str]) -> Any:
        return post(connection, path, body, headers, self.credential)


def post(
    connection: HTTPConnection,
    path: str,
    body: Any,
    headers: dict[str, str],
    credential: dict[str, str] | None = None,
) -> tuple[int, Any, dict[str, str]]:
    raw = json.dumps(body, separators=(",", ":")).encode()
    if credential is not None:
        stamp = str(int(time.time()))  # noqa: TID251  # a client stamps wall time
        signed = f"{credential['client_code']}{stamp}POST{path}".encode() + raw
        signature = hmac.new(credential["sign_key"].encode(), signed, hashlib.sha1).hexdigest()
        headers = {
            **headers,
            "client_code": credential["client_code"],
            "timestamp": stamp,
            "signature": signature,
        }
    connection.request("POST", path, raw, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status == 503:
        raise Unavailable(told)
    return answer.status, told, dict(answer.getheaders())


def client_of(server: Live, first: int, stride: int) -> Client:
    """One that buys as Tokopedia, with every so-manieth person."""
    known = server.send("GET", "/__admin/clients")[1]["clients"]
    credential = next(c for c in known if c["party"] == "tokopedia")
    courses = server.send("GET", "/__admin/courses")[1]["courses"]
    schedule = next(c["schedule_code"] for c in courses if c["course_code"] == COURSE)
    return Client(server.url.removeprefix("http://"), credential, schedule, first, stride)


def load_until_killed(server: Live, kill: int, first: int) -> list[Client]:
    clients = [client_of(server, first + i, BUYERS) for i in range(BUYERS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    moment = threading.Event()
    while not any(client.acknowledged for client in clients) and any(one.is_alive() for one in threads):
        moment.wait(0.005)  # buying is under way
    moment.wait(0.05 + below(400, b"crash", kill) / 1000)
    os.killpg(server.process.pid, signal.SIGKILL)
    for thread in threads:
        thread.join()
    return clients


def check_restarted(server: Live, clients: list[Client]) -> int:
    """Every acknowledged purchase is there, every other one wholly there or wholly not."""
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    for client in clients:
        for invoice in client.sent:
            status, told, _ = client.signed(connection, f"{API}/status", {"invoice_code": invoice}, {})
            if invoice in client.acknowledged:
                assert status == 200, f"acknowledged purchase {invoice} is lost: {told}"
                assert told["data"]["transaction_code"] == client.acknowledged[invoice]
            else:
                assert status == 200 or told["code"] == "ERRPLT40099", told
    connection.close()
    _, books, _ = server.send("GET", "/__admin/invariants")
    assert books == {"ok": True, "violations": []}
    entries = server.send("GET", "/__admin/journal?limit=1000")[1]["entries"]
    kept = {entry["head"] for entry in entries}
    # A purchase writes two entries, so the heads of the last load must all be on this page.
    assert sum(len(client.sent) for client in clients) < 450
    assert all(head in kept for client in clients for head in client.heads)
    return sum(len(client.acknowledged) for client in clients)


@pytest.mark.timeout(1800)
def test_no_acknowledged_purchase_is_lost_and_none_is_half(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = f"lmdb:{tmp_path / 'sim.db'}"
    if request.config.getoption("postgres"):
        store = request.getfixturevalue("database").emptied()
    options = ("--store", store, "--fixed-otp", "123456")
    kills, acknowledged, first = request.config.getoption("--kills"), 0, 100
    clients: list[Client] = []
    for kill in range(kills):
        with serving(*options) as server:
            acknowledged += check_restarted(server, clients)
            clients = load_until_killed(server, kill, first)
            first = max(client.number for client in clients) + BUYERS
    with serving(*options) as server:
        acknowledged += check_restarted(server, clients)
    record = f"{kills} kills, {acknowledged} acknowledged purchases, none lost"
    request.node.user_properties.append(("crash", record))
    assert acknowledged > kills
