"""Lives of a load run in this process: no Locust, no socket; the clock is moved when somebody waits."""

from datetime import timedelta

from prakerja_sim.loadtests import offer
from prakerja_sim.loadtests.choices import Choices
from prakerja_sim.loadtests.life import Life
from prakerja_sim.loadtests.person import Caller
from prakerja_sim.loadtests.shared_clock import RunEnds
from prakerja_sim.mocks.http.transport import InProcess, NoReply


class Wires:
    """A connection that notes what it was told of each answer."""

    def __init__(self, parties, sandbox):
        self.parties, self.sandbox = parties, sandbox
        self.problems, self.loses, self.status, self.sent = [], False, 0, []

    def to(self, party):
        wire, outer = InProcess(self.parties.application, f"/s/{self.sandbox.name}/{party}"), self

        class Wire:
            def send(self, method, path, headers=None, body=b""):
                loses, outer.loses = outer.loses, False
                outer.sent.append((method, f"/{party}{path}"))
                answer = wire.send(method, path, headers, body)
                outer.status = answer.status
                if loses:
                    raise NoReply("on purpose")
                return answer

        return Wire()

    def judge(self, problem=""):
        self.problems += [problem] if problem else []

    def was_busy(self):
        return self.status in (429, 502, 503, 504)

    def lose_answer(self):
        self.loses = True


class Alone:
    """Somebody for whom the clock is moved whenever he waits, until `ends`."""

    waited = 0.0

    def __init__(self, sandbox, ends=None):
        self.sandbox, self.ends = sandbox, ends or sandbox.now() + timedelta(days=400)

    def now(self):
        return self.sandbox.now()

    def wait(self, until):
        if until > self.ends:
            raise RunEnds
        self.sandbox.advance(until)

    def think(self):
        """No time passes."""

    def pause(self, seconds):
        """No time passes."""


def lived(parties, plan, *, marketplace="", mistakes=(), ends=None, enrolled=None):
    """A life with these choices in the default sandbox; answers its journey, and its wires."""
    sandbox = parties.sandboxes.get("default")
    wires, time = Wires(parties, sandbox), Alone(sandbox, ends)
    there = offer.read(lambda path: Caller(wires, time).admin("GET", path))
    life, end = Life(wires, time, plan, there, lambda: 0.0), None
    enrol = life.enrol

    def choosing():
        enrol()
        chosen = life.who.choices
        life.who.choices = Choices(marketplace, tuple(mistakes), chosen.seed, chosen.card)
        life.who.shopper = life.who.another_device()
        if enrolled is not None:
            enrolled(life.who.row)

    life.enrol = choosing
    try:
        life.live()
    except Exception as problem:
        end = problem
    return life.journey(end), wires
