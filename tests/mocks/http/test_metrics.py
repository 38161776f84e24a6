"""The counters are there from the start, and count each request, fault, message and rupiah once."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from prakerja_sim.mocks.http.metrics import EVENTS
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.world.faults import FAULTS
from tests.mocks.worlds import World


def value(name, **labels):
    return REGISTRY.get_sample_value(f"prakerja_sim_{name}_total", labels)


def test_every_operation_and_every_fault_is_counted_from_the_start():
    world = World()
    for face in world.parties.faces.values():
        for one in face.endpoints:
            assert value("requests", party=face.code, operation=one.name, status="200", reason="") is not None
    assert all(value("faults_struck", fault=name) is not None for name in FAULTS)
    assert all(value(name, event=event) is not None for name in ("rupiah", "transfers") for event in EVENTS)


def test_commits_of_a_store_on_disk_are_timed(tmp_path):
    def commits():
        return REGISTRY.get_sample_value("prakerja_sim_commit_seconds_count")

    before = commits()
    parties = build(Options(store=f"lmdb:{tmp_path / 'sim.db'}", empty=True))
    during = commits()
    parties.sandboxes.get("default").arm("sms_lost")
    assert commits() == during + 1 > before + 1
    parties.sandboxes.store.close()


def test_every_event_that_is_booked_is_counted_from_the_start_if_it_moves_rupiah():
    simulator = Path(ledger.__file__).parent.parent
    booked = {
        call.args[1].value
        for path in simulator.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "ledger.book"
    }
    assert booked == {*EVENTS, "listing", "voucher"}


def test_a_purchase_and_what_goes_wrong_before_it_are_counted():
    world = World()
    ani = world.enrol()
    counted = {
        ("requests", "party=prakerja operation=send_otp status=400 reason=amount_unfit"): 1,
        ("requests", "party=prakerja operation=send_otp status=0 reason="): 1,
        ("requests", "party=prakerja operation=authorize status=200 reason="): 1,
        ("faults_struck", "fault=reply_lost"): 1,
        ("messages", "kind=otp"): 2,
        ("transfers", "event=purchase"): 1,
        ("rupiah", "event=purchase"): 600_000,
    }

    def values():
        labels = {written: dict(pair.split("=") for pair in written.split()) for _, written in counted}
        return [value(name, **labels[written]) or 0 for name, written in counted]

    before = values()
    world.send_otp(ani, amount=700_000)
    world.sandbox.arm("reply_lost", "payment/send-otp", 1)
    with pytest.raises(NoReply):
        world.send_otp(ani)
    world.after(timedelta(seconds=60))
    world.bought(ani)
    assert [now - then for now, then in zip(values(), before, strict=True)] == list(counted.values())
