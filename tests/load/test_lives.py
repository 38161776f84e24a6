"""Small load runs with Locust over HTTP: two processes, twice on one server, in a leased sandbox."""

import json
import urllib.request
from collections import Counter
from threading import Event
from time import monotonic

import pytest

from prakerja_sim.loadtests import served
from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.mocks.shop import registry
from tests.load.locusts import RUN, failed, free_port, is_sound, run, started

EVERY_MISTAKE = {
    name: 1 / sum(other.stage == one.stage for other in MISTAKES.values()) for name, one in MISTAKES.items()
}
"""Everybody makes as many mistakes as there are stages."""


@pytest.fixture(scope="module")
def url():
    with served.simulator("--store", "memory", core=None) as (address, _):
        yield address


def lease(url, name):
    served.Admin(url).do("/sandboxes", {"name": name, "fill": True})
    return name


def test_people_of_two_processes_live_to_the_last_instalment_with_every_mistake(url, tmp_path):
    asked = Plan(
        url=url,
        sandbox=lease(url, "incentive"),
        marketplaces={"mix": 1},
        mistakes=EVERY_MISTAKE,
        until="incentive",
        clock="stepped",
        lives_each=1,
        folder=str(tmp_path),
    )
    failures, lived = run(tmp_path, asked, "--processes", "2", users=24)
    assert failures == {}
    assert [(one.state, one.reason) for one in lived] == [("paid", "")] * 24
    assert {(one.instalments, one.surveys, one.received) for one in lived} == {(4, 3, 2_550_000)}
    made = Counter(mistake for one in lived for mistake in one.mistakes)
    assert set(made) == set(MISTAKES)
    assert len(list(tmp_path.glob("journeys-*.jsonl"))) == 2, "both processes had people"
    assert all(one.voucher and one.invoice for one in lived)
    assert is_sound(url, asked.sandbox)


def test_a_second_run_on_one_server_numbers_its_people_on(url, tmp_path):
    asked = Plan(sandbox=lease(url, "twice"), marketplaces={"mix": 1}, lives_each=2, folder=str(tmp_path))
    options = ("--processes", "2", "--host", f"{url}/")
    first, lived = run(tmp_path, asked, *options, users=10)
    second, again = run(tmp_path, asked, *options, users=10)
    assert (first, second) == ({}, {})
    assert len({one.card for one in (*lived, *again)}) == 40
    assert {one.marketplace for one in (*lived, *again)} == set(registry.codes())
    assert is_sound(url, asked.sandbox)


def test_a_master_and_its_workers(url, tmp_path):
    asked = Plan(
        url=url, sandbox=lease(url, "workers"), marketplaces={"mix": 1}, lives_each=2, folder=str(tmp_path)
    )
    port = free_port()
    worker = ("--worker", "--master-port", port)
    with started(tmp_path, asked, *worker), started(tmp_path, asked, *worker, "--loglevel", "INFO"):
        master = ("--master", "--master-bind-port", port, "--expect-workers", "2")
        failures, lived = run(tmp_path, asked, *master, users=10)
    assert failures == {}
    assert len(lived) == 20
    assert is_sound(url, asked.sandbox)


def test_start_stop_and_start_again_in_locusts_own_pages(url, tmp_path):
    asked = Plan(url=url, sandbox=lease(url, "again"), marketplaces={"mix": 1}, folder=str(tmp_path))
    page = f"http://127.0.0.1:{(port := free_port())}"

    def ask(path, form=None):
        with urllib.request.urlopen(f"{page}{path}", form, timeout=10) as answer:
            return answer.read()

    def state():
        return json.loads(ask("/stats/requests"))["state"]

    with started(tmp_path, asked, "--web-port", port, "--stop-timeout", "20"):
        until(lambda: ask("/"))
        for _ in range(2):
            ask("/swarm", b"user_count=5&spawn_rate=50")
            until(lambda: flows(ask("/stats/requests")) >= 5)
            rows = json.loads(ask("/stats/requests"))["stats"]
            ask("/stop", b"")
            until(lambda: state() == "stopped")
            assert [row for row in rows if row["num_failures"]] == []
    assert is_sound(url, asked.sandbox)


def flows(answer):
    rows = json.loads(answer)["stats"]
    return sum(row["num_requests"] for row in rows if row["name"] == "flow")


def until(so, seconds=30):
    ends = monotonic() + seconds
    while True:
        try:
            if so():
                return
        except OSError:
            pass
        assert monotonic() < ends, "it never came to that"
        Event().wait(0.2)


@pytest.mark.parametrize(
    ("there", "asked", "says"),
    [
        ({}, {}, "no self-paced class is on sale in this sandbox; lease it with fill: true"),
        (
            {"fill": True},
            {"institution_clients": ["lp-teh"]},
            "institution_clients: 'lp-teh' has no credential here",
        ),
    ],
)
def test_a_sandbox_in_which_nobody_can_live_ends_the_run_and_says_so(url, tmp_path, there, asked, says):
    name = f"none-{len(there)}"
    served.Admin(url).do("/sandboxes", {"name": name, **there})
    asked = Plan(url=url, sandbox=name, folder=str(tmp_path), **asked)
    with started(tmp_path, asked, *RUN, "--users", "2", "--json-file", "stats") as process:
        assert process.wait(30) == 1
    assert failed(tmp_path)["flow"] >= 1
    [log] = tmp_path.glob("*.log")
    assert says in log.read_text()
    assert "Traceback" not in log.read_text()


OWN = """
from prakerja_sim.load import Life, Participant


class Impatient(Life):
    def learn(self):
        pass

    def review(self):
        pass


class AtPijar(Participant):
    marketplaces = {"pijar": 1}
    mistakes = {"wrong_otp": 1.0}
    lives_each = 2
    life = Impatient
"""


def test_a_locustfile_of_ones_own_says_where_and_how(url, tmp_path):
    file = tmp_path / "own.py"
    file.write_text(OWN)
    asked = Plan(url=url, sandbox=lease(url, "own"), folder=str(tmp_path))
    failures, lived = run(tmp_path, asked, users=2, file=file)
    assert failures == {}
    assert [(one.marketplace, one.mistakes) for one in lived] == [("pijar", ("wrong_otp",))] * 4


BROKEN_CLOCK = """
from prakerja_sim.load import Participant
from prakerja_sim.loadtests.shared_clock import SharedClock


class Learner(Participant):
    pass


SharedClock.tick = lambda self: 1 / 0
"""


def test_a_clock_that_breaks_is_a_failure_of_the_run(url, tmp_path):
    file = tmp_path / "broken.py"
    file.write_text(BROKEN_CLOCK)
    asked = Plan(url=url, sandbox=lease(url, "broken"), clock="stepped", folder=str(tmp_path))
    failures, _ = run(tmp_path, asked, "--run-time", "2s", users=1, file=file)
    assert failures.keys() == {"clock"}


def test_a_run_lasts_as_long_as_it_was_given_and_explains_whom_it_ends(url, tmp_path):
    asked = Plan(
        url=url,
        sandbox=lease(url, "timed"),
        mistakes={"refund": 1.0},
        clock="stepped",
        until="incentive",
        folder=str(tmp_path),
    )
    began = monotonic()
    failures, lived = run(tmp_path, asked, "--run-time", "3s", "--stop-timeout", "5", users=30)
    assert monotonic() - began > 3
    assert failures == {}
    assert len(lived) >= 30
    assert {one.state for one in lived} <= {"waiting", "paid"}
    assert all(one.reason for one in lived if one.state == "waiting")
    assert is_sound(url, asked.sandbox)
