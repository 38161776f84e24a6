"""Two hundred sandboxes, leased with content, used and dropped by eight clients: nothing of them stays.

In this process, so that what is left in memory can be seen; on both stores.  A third goes by its time
instead of being dropped, a third is forked before.
"""

import gc
import hashlib
import hmac
import threading
import weakref
from datetime import timedelta

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import assembled
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.mocks.worlds import WALL

CLIENTS, FEWEST, MOST = 8, 24, 200
JSON = {"Content-Type": "application/json"}
PATH = "/api/v1/integration/payment/quota-schedule"


@pytest.fixture(params=["memory", "lmdb"])
def parties(request, tmp_path):
    store = "memory" if request.param == "memory" else f"lmdb:{tmp_path / 'sim.db'}"
    made = assembled(Options(store=store, durability="relaxed"))
    made.wall = lambda: WALL
    yield made
    made.sandboxes.store.close()


class Client:
    """Leases one sandbox after the other, uses it as its partner would, and gives it back."""

    def __init__(self, parties, numbers, alive):
        self.parties, self.numbers, self.alive = parties, numbers, alive
        self.wrong = []

    def ask(self, where, method, path, body=None):
        answer = InProcess(self.parties.application, where).send(
            method, path, JSON, b"" if body is None else orjson.dumps(body)
        )
        if answer.status >= 300:
            self.wrong.append((path, answer.status, answer.body[:300]))
        return answer.json()

    def work(self):
        try:
            for number in self.numbers:
                self.one(number)
        except Exception as problem:  # told by the test, which would not see it in a thread
            self.wrong.append(repr(problem))

    def one(self, number):
        asked = {
            "name": f"run-{number}",
            "seed": number,
            "fill": True,
            "people": [{"name": "Siti Aminah", "wave": 22}, {}],
            "clients": [{"client_code": f"toko-{number}", "sign_key": "kunci", "party": "toko"}],
            "faults": [{"fault": "mail_lost"}],
            **({"ttl": "10m"} if number % 3 == 0 else {}),
        }
        told = self.ask("", "POST", "/__admin/sandboxes", asked)
        again = self.ask("", "POST", "/__admin/sandboxes", asked)
        if told != again:
            self.wrong.append(f"{told} and {again}")
        at = told["base_path"]
        self.alive.append(weakref.ref(self.parties.sandboxes.get(told["name"])))
        siti = next(one for one in told["people"] if one["name"] == "Siti Aminah")
        market = registry.codes()[number % len(registry.codes())]
        body = {"person": siti["prakerja_id"], "to": "redeemed", "marketplace": market}
        brought = self.ask(at, "POST", "/__admin/bring", body)
        if [state["already"] for state in brought["states"]] != [True, False, False]:
            self.wrong.append(brought["states"])
        self.sign(told, at)
        if not self.ask(at, "GET", f"/__admin/timeline?party={market}")["exchanges"]:
            self.wrong.append("no timeline")
        if number % 3 == 1:
            forked = self.ask(at, "POST", "/__admin/fork", {"name": f"fork-{number}"})
            self.alive.append(weakref.ref(self.parties.sandboxes.get(forked["name"])))
            self.ask("", "DELETE", f"/__admin/sandboxes/{forked['name']}")
        if number % 3:
            self.ask("", "DELETE", f"/__admin/sandboxes/{told['name']}")

    def sign(self, told, at):
        """Ask for seats with the demo's credential, which every sandbox has."""
        [toko] = [one for one in told["credentials"] if one["party"] == "tokopedia"]
        course = told["courses"][0]
        raw = orjson.dumps({"course_code": course["course_code"], "schedule_code": course["schedule_code"]})
        stamp = str(unix_seconds(WALL))
        signed = f"{toko['client_code']}{stamp}POST{PATH}".encode() + raw
        signature = hmac.new(toko["sign_key"].encode(), signed, hashlib.sha1).hexdigest()
        headers = {"client_code": toko["client_code"], "timestamp": stamp, "signature": signature}
        answer = InProcess(self.parties.application, at).send("POST", PATH, JSON | headers, raw)
        if answer.status != 200:
            self.wrong.append((answer.status, answer.body))


def test_nothing_stays_of_sandboxes_that_eight_clients_use_and_drop(parties, request):
    sandboxes = min(max(request.config.getoption("rounds"), FEWEST), MOST)
    before = parties.sandboxes.get("default").digest()
    known = {one.client_code for one in parties.sandboxes.credentials(parties.sandboxes.get("default"))}
    alive = []
    clients = [Client(parties, range(first, sandboxes, CLIENTS), alive) for first in range(CLIENTS)]
    threads = [threading.Thread(target=client.work) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [wrong for client in clients for wrong in client.wrong] == []
    assert len(alive) == sandboxes + len([n for n in range(sandboxes) if n % 3 == 1])
    parties.wall = lambda: WALL + timedelta(minutes=10)
    asked = InProcess(parties.application).send("GET", "/__admin/sandboxes")
    assert asked.json() == {"sandboxes": ["default"]}
    assert parties.bugs == []
    assert parties.sandboxes.store.names() == ["default"]
    assert not [n for n in range(sandboxes) if parties.sandboxes.holders(f"toko-{n}")]
    assert {len(parties.sandboxes.holders(code)) for code in known} == {1}
    gc.collect()
    assert [one().name for one in alive if one() is not None] == []
    assert parties.sandboxes.get("default").digest() == before
