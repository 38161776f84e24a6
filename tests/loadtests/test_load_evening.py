"""The clock of the last evening: it comes to 23:59:59 with the run's end, and what is due then happens."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from prakerja_sim.loadtests import evening
from prakerja_sim.loadtests.asked import Asked
from prakerja_sim.loadtests.plan import Plan
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.simulator.values.clock import wib
from tests.live import Live

EVENING = Asked(plan=Plan(), shape=evening.SHAPE, seconds=600)


def now(admin: Admin) -> datetime:
    return datetime.fromisoformat(admin.ask("/clock")["now"])


@pytest.fixture
def admin(live: Live) -> Admin:
    Admin(live.url).do("/sandboxes", {"name": "evening", "seed": 5, "fill": True})
    return Admin(live.url, "evening")


def test_the_deadline_comes_when_the_last_flow_must_have_ended(admin: Admin) -> None:
    assert evening.deadline() == wib(2021, 11, 30, 23, 59, 59)
    person = admin.ask("/people?can_buy=true&limit=1")["people"][0]
    evening.begin(EVENING, admin, stop_seconds=21)
    left = evening.deadline() - now(admin)
    assert timedelta(seconds=600) < left <= timedelta(seconds=621)
    assert admin.ask("/clock")["scale"] == 1
    assert admin.do("/people", {"count": 1})["people"][0]["status"] == "active"

    evening.end(EVENING, admin)
    assert now(admin) == evening.deadline() + timedelta(seconds=1)
    assert admin.ask("/clock")["scale"] == 0
    statuses = {one["prakerja_id"]: one["status"] for one in admin.ask("/people")["people"]}
    assert statuses[person["prakerja_id"]] == "revoked", "who did not buy in time"


@pytest.mark.parametrize(
    "asked",
    [
        replace(EVENING, shape="steady"),
        replace(EVENING, against="http://127.0.0.1:8420"),
        replace(EVENING, plan=Plan(until="incentive", clock="stepped")),
    ],
    ids=["another shape", "a running server", "a stepped clock"],
)
def test_a_clock_that_is_not_the_runs_own_is_left_alone(admin: Admin, asked: Asked) -> None:
    before = admin.ask("/clock")
    evening.begin(asked, admin, stop_seconds=21)
    evening.end(asked, admin)
    assert admin.ask("/clock") == before
