"""Killed while sandboxes are leased, reset and dropped, the server loses none and leaves none half.

`make crash` kills it fifty times in these; the ordinary run a few times.
"""

import os
import signal
import threading
from contextlib import closing, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from prakerja_sim.simulator.values.chance import below
from tests.crash.partner import Partner
from tests.live import Live, serving

TENANTS = 4
GONE, FRESH, LIVED_IN = "gone", "fresh", "lived in"
"""What a sandbox is: not there, as it began, or with a person in it."""
NEXT = {GONE: FRESH, FRESH: LIVED_IN, LIVED_IN: FRESH}
DROPPED_EVERY = 3


class Tenant:
    """Leases a sandbox, enrols somebody, resets it and now and then drops it, until the server dies."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.now = self.then = GONE
        """What it is by the last answer, and what the request under way makes of it."""
        self.answers = 0

    def run(self, server: Live) -> None:
        with suppress(OSError, HTTPException), closing(Partner(server)) as partner:
            while True:
                drops = self.now != GONE and self.answers % DROPPED_EVERY == DROPPED_EVERY - 1
                self.then = GONE if drops else NEXT[self.now]
                self.ask(partner, drops=drops)
                self.now = self.then
                self.answers += 1

    def ask(self, partner: Partner, *, drops: bool) -> None:
        partner.sandbox = "default" if drops or self.now == GONE else self.name
        if drops:
            answer = partner.admin("DELETE", f"/sandboxes/{self.name}")
        elif self.now == GONE:
            answer = partner.admin("POST", "/sandboxes", {"name": self.name})
        elif self.now == FRESH:
            answer = partner.admin("POST", "/people", {"wave": 22})
        else:
            answer = partner.admin("POST", "/reset", {})
        assert answer.status < 300, answer

    def found(self, server: Live) -> str:
        """What the sandbox is after a start."""
        base = f"/s/{self.name}/__admin"
        status, told, _ = server.send("GET", f"{base}/people")
        if status == 404:
            return GONE
        assert status == 200, told
        assert server.send("GET", f"{base}/invariants")[1] == {"ok": True, "violations": []}
        return LIVED_IN if told["people"] else FRESH


@pytest.mark.timeout(1800)
def test_no_sandbox_is_lost_and_none_is_half(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    kills = max(request.config.getoption("--kills") // 4, 2)
    options = ("--store", f"lmdb:{tmp_path / 'sim.db'}", "--empty")
    tenants = [Tenant(f"tenant-{number}") for number in range(TENANTS)]
    for kill in range(kills + 1):
        with serving(*options) as server:
            for tenant in tenants:
                found = tenant.found(server)
                assert found in (tenant.now, tenant.then), (kill, tenant.name, tenant.now, tenant.then)
                tenant.now = tenant.then = found
            threads = [threading.Thread(target=tenant.run, args=(server,)) for tenant in tenants]
            for thread in threads:
                thread.start()
            threading.Event().wait(0.1 + below(400, b"tenants", kill) / 1000)
            os.killpg(server.process.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
    assert sum(tenant.answers for tenant in tenants) > kills
