"""A reset while clients are at work: each request is of the old world or of the new one, never of both.

On LMDB through the wire in this process: enrolling, buying at a shop that calls Prakerja, moving the clock,
lists.  A refusal is an answer; what must not be is a 5xx, a bug, or a world that is half there.
"""

import sys
import threading
from collections import Counter

import orjson
import pytest

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.mocks.tokopedia.shopper import TokopediaShopper as Shopper
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.settings import changed
from prakerja_sim.simulator.world.store import Unit

ROUNDS, CLIENTS = 10, 4
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def parties(tmp_path):
    store = LMDB(tmp_path / "sim.db", "relaxed")
    sandboxes = Sandboxes(store)
    settings = changed({"fixed_otp": "123456"})
    sandboxes.lease("default", 42, seed.START, settings, seed.fill)
    yield Parties(sandboxes, wall=lambda: wib(2021, 11, 1), refill=seed.fill)
    store.close()


class Client:
    """Works at one thing after the other until it is told to stop; counts what it was answered."""

    def __init__(self, parties, number, stop):
        self.admin = InProcess(parties.application, "/__admin")
        self.wire = InProcess(parties.application, "/tokopedia")
        self.number, self.stop, self.statuses = number, stop, Counter()

    def send(self, method, path, headers=None, body=b""):
        return self.noted(self.wire.send(method, path, headers, body))

    def noted(self, answer):
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            self.statuses[answer.body] += 1
        return answer

    def ask(self, method, path, body=None):
        return self.noted(self.admin.send(method, path, JSON, b"" if body is None else orjson.dumps(body)))

    def work(self):
        turn = 0
        while not self.stop.is_set():
            turn += 1
            enrolled = self.ask("POST", "/people", {"number": 1000 * self.number + turn, "wave": 22})
            if enrolled.status == 201:
                self.buy(enrolled.json()["people"][0])
            self.ask("POST", "/clock", {"advance": "1h"})
            courses = self.ask("GET", "/courses").json()["courses"]
            # A world is seen with all that it is filled with, or not at all.
            self.statuses["half"] += len(courses) != len(seed.COURSES)

    def buy(self, person):
        shop = Shopper(self)
        try:
            shop.sign_up(person["name"], person["phone"], person["email"])
            texted = self.ask("GET", f"/inbox/sms?to={person['phone']}&otp=true").json()
            shop.enter_phone_code(texted["otp"])
            shop.add_to_cart("jualan-online")
            order = shop.check_out()
            shop.enter_card(order, person["prakerja_id"])
            shop.enter_otp(order, "123456")
            self.statuses["bought"] += 1
        except Refused:  # the world was another one meanwhile; the answers are judged
            self.statuses["cut short"] += 1


def at_work(parties, act):
    stop = threading.Event()
    clients = [Client(parties, number, stop) for number in range(1, CLIENTS + 1)]
    threads = [threading.Thread(target=client.work) for client in clients]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    try:
        for thread in threads:
            thread.start()
        for _ in range(ROUNDS):
            stop.wait(0.2)
            act()
    finally:
        stop.set()
        sys.setswitchinterval(interval)
        for thread in threads:
            thread.join()
    return sum((client.statuses for client in clients), Counter())


def test_requests_during_a_reset_see_the_old_world_or_the_new_one(parties):
    admin = InProcess(parties.application, "/__admin")
    answers = []
    statuses = at_work(parties, lambda: answers.append(admin.send("POST", "/reset", JSON).status))
    assert answers == [200] * ROUNDS
    assert parties.bugs == []
    assert [status for status in statuses if isinstance(status, bytes) or status == 500] == []
    assert statuses["half"] == 0
    assert statuses["bought"] > ROUNDS, statuses
    world = parties.sandboxes.get("default")
    assert world.life == ROUNDS
    assert world.check() == []
    assert len(world.ask(Unit.find, kind=Course)) == len(seed.COURSES)
