"""A fault that does not say what goes wrong crashes the story in which it strikes."""

from pathlib import Path

import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.world import faults
from tests.played import SEED, stories_in

STRIKES = [
    # a fault of each point, and a story in which it strikes
    ("request_lost", "faults/request_lost.yaml"),
    ("reply_lost", "faults/reply_lost.yaml"),
    ("sms_lost", "otp/sms_lost.yaml"),
    ("mail_lost", "lost_access/voucher_mail_lost.yaml"),
    ("supply_slow", "voucher/supplier_calls_back.yaml"),
    ("assignment_failed", "training/task_not_accepted.yaml"),
    ("webhook_lost", "webhooks/retried.yaml"),
    ("payout_late", "incentive/paid_late.yaml"),
]


def test_every_point_has_its_story():
    assert {faults.FAULTS[name].point for name, _ in STRIKES} == {
        kind.point for kind in faults.FAULTS.values()
    }


@pytest.mark.parametrize(("name", "path"), STRIKES)
def test_a_fault_without_behaviour_crashes_its_story(name, path, monkeypatch):
    (story,) = stories_in(Path("scenarios") / path)
    point = faults.FAULTS[name].__base__
    monkeypatch.setitem(faults.FAULTS, name, type("Unfinished", (point,), {"name": name}))

    failure = play(story, "tokopedia", stages(in_process(Memory(), wall), SEED)).failure

    assert failure is not None, "the fault passed silently"
    assert (
        f"the fault {name} has no behaviour at its point, {point.point}: "
        "write what goes wrong in Unfinished.apply()"
    ) in failure.said
