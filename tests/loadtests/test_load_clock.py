"""How days pass in a load run: the clock of a sandbox, shared by processes, moved while nobody is busy."""

from datetime import datetime, timedelta
from threading import Thread

import pytest

from prakerja_sim.loadtests.shared_clock import WORD_SECONDS, RunEnds, SharedClock
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from tests.mocks.admin.test_admin import Admin
from tests.mocks.worlds import WALL

START = datetime.fromisoformat("2021-11-01T09:00:00+07:00")
HOUR = timedelta(hours=1)
BOUND = 5.0


class Run:
    """A server, its wall clock, and the processes of a run."""

    def __init__(self):
        parties = build(Options(store="memory"))
        self.admin, self.seconds = Admin(parties), 0.0
        parties.wall = lambda: WALL + timedelta(seconds=self.seconds)

    def process(self, who):
        return SharedClock(self._speak, who, bound=BOUND, wall=lambda: self.seconds)

    def _speak(self, body):
        return self.admin.post("/clock/together", **body)

    def now(self):
        return datetime.fromisoformat(self.admin.get("/clock")["now"])


@pytest.fixture
def run():
    return Run()


def never():
    return False


def waits(clock, until):
    """Somebody who is in a visit and then waits, in a thread of his own."""
    woken = []

    def wait():
        clock.wait(until, never)
        woken.append(clock.now())

    thread = Thread(target=wait, daemon=True)
    thread.start()
    while not clock._waiting:  # until he has gone to sleep
        pass
    return thread, woken


def test_the_clock_stands_while_anybody_is_in_the_middle_of_something(run):
    clock = run.process("a")
    clock.begin(never)
    clock.begin(never)
    thread, woken = waits(clock, START + HOUR)
    clock.tick()
    assert run.now() == START
    clock.end()
    clock.tick()
    thread.join(5)
    assert woken == [START + HOUR] == [run.now()]


def test_it_goes_on_to_the_first_who_waits_and_stands_until_he_has_acted(run):
    clock = run.process("a")
    clock.begin(never)
    clock.begin(never)
    late, _ = waits(clock, START + 3 * HOUR)
    early = Thread(target=clock.wait, args=(START + HOUR, never), daemon=True)
    early.start()
    while len(clock._waiting) < 2:
        pass
    clock.tick()
    early.join(5)
    assert run.now() == START + HOUR
    clock.tick()
    assert run.now() == START + HOUR, "he who was woken has not ended his visit"
    clock.end()
    clock.tick()
    late.join(5)
    assert run.now() == START + 3 * HOUR


def test_processes_wait_for_each_other(run):
    here, there = run.process("a"), run.process("b")
    there.begin(never)
    here.begin(never)
    thread, woken = waits(here, START + HOUR)
    here.tick()
    assert run.now() == START, "somebody is busy in the other process"
    there.end()
    there.tick()
    here.tick()
    thread.join(5)
    assert woken == [START + HOUR]


def test_a_visit_that_begins_while_others_wait_stops_the_clock_first(run):
    clock = run.process("a")
    clock.begin(never)
    thread, _ = waits(clock, START + HOUR)
    clock.begin(never)
    clock.tick()
    assert run.now() == START
    clock.end()
    clock.tick()
    thread.join(5)
    assert run.now() == START + HOUR


@pytest.mark.parametrize(("stood", "open_"), [(BOUND, True), (BOUND + 1, False)])
def test_at_the_bound_nobody_begins_until_the_clock_has_gone_on(run, stood, open_):
    clock = run.process("a")
    clock.begin(never)
    clock.begin(never)
    thread, _ = waits(clock, START + HOUR)
    run.seconds += stood
    clock.tick()
    if open_:
        clock.begin(never)
        clock.end()
    else:
        with pytest.raises(RunEnds):
            clock.begin(lambda: True)
    clock.end()
    clock.tick()
    thread.join(5)
    assert run.now() == START + HOUR
    clock.begin(lambda: True)


def test_another_process_closes_its_gate_too_when_somebody_waits_there(run):
    busy, waiting = run.process("a"), run.process("b")
    busy.begin(never)
    waiting.begin(never)
    waits(waiting, START + HOUR)
    waiting.tick()
    run.seconds += BOUND + WORD_SECONDS
    busy.tick()
    with pytest.raises(RunEnds):
        busy.begin(lambda: True)


def test_a_process_that_ends_holds_nobody(run):
    gone, clock = run.process("a"), run.process("b")
    gone.begin(never)
    clock.begin(never)
    thread, _ = waits(clock, START + HOUR)
    clock.tick()
    assert run.now() == START
    gone.leave()
    clock.tick()
    thread.join(5)
    assert run.now() == START + HOUR


def test_who_waits_hears_that_the_run_ends(run):
    clock = run.process("a")
    clock.begin(never)
    with pytest.raises(RunEnds):
        clock.wait(START + HOUR, lambda: True)
    clock.tick()
    assert run.now() == START


class Killed(BaseException):
    """As Locust ends a user wherever he is."""


def killed():
    raise Killed


def test_who_is_killed_while_he_waits_is_awaited_no_more(run):
    clock = run.process("a")
    clock.begin(never)
    clock.begin(never)
    thread, _ = waits(clock, START + 2 * HOUR)
    with pytest.raises(Killed):
        clock.wait(START + HOUR, killed)
    clock.tick()
    thread.join(5)
    assert run.now() == START + 2 * HOUR


def test_a_visit_that_the_server_did_not_hear_of_has_not_begun(run):
    clock, speak = run.process("a"), run._speak
    clock.begin(never)
    thread, _ = waits(clock, START + HOUR)
    clock._speak = lambda body: killed()
    clock._stands = False
    with pytest.raises(Killed):
        clock.begin(never)
    clock._speak = speak
    clock.tick()
    thread.join(5)
    assert run.now() == START + HOUR


def test_whoever_left_says_again_that_the_clock_shall_stand(run):
    gone, other = run.process("a"), run.process("b")
    gone.begin(never)
    gone.end()
    gone.leave()
    gone.begin(never)
    other.begin(never)
    waits(other, START + HOUR)
    other.tick()
    assert run.now() == START
