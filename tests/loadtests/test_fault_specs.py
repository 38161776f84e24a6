"""Faults of a load run: read, refused where they can strike nowhere, armed bit by bit."""

import pytest

from prakerja_sim.loadtests import fault_specs
from prakerja_sim.loadtests.errors import BadFault
from prakerja_sim.loadtests.fault_specs import Arming, FaultSpec
from prakerja_sim.loadtests.served import Admin
from tests.live import Live

READ = [
    ("sms_lost", ("sms_lost", "", 1)),
    ("sms_lost*20", ("sms_lost", "", 20)),
    ("reply_lost@payment/authorize*50", ("reply_lost", "payment/authorize", 50)),
    ("server_error@/prakerja/**3", ("server_error", "/prakerja/*", 3)),
    ("payout_rejected@@ovo", ("payout_rejected", "@ovo", 1)),
]
REFUSED = [
    ("sms_lots*2", "there is no fault 'sms_lots'"),
    ("sms_lost*0", "a fault strikes from 1 to 1,000,000 times, not 0"),
    ("sms_lost*1000001", "not 1,000,001"),
    ("SMS!", "write NAME@WHERE*TIMES, such as sms_lost*20"),
]


@pytest.mark.parametrize(("written", "meant"), READ)
def test_a_fault_is_read(written: str, meant: tuple[str, str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_specs, "FAULTS", {meant[0]: None})
    assert fault_specs.read(written) == FaultSpec(written, *meant)


@pytest.mark.parametrize(("written", "remedy"), REFUSED)
def test_a_fault_that_cannot_be_read_is_refused(written: str, remedy: str) -> None:
    with pytest.raises(BadFault) as refused:
        fault_specs.read(written)
    assert str(refused.value).startswith(f"--fault {written!r}: ")
    assert remedy in str(refused.value)


@pytest.fixture
def admin(live: Live) -> Admin:
    Admin(live.url).do("/sandboxes", {"name": "faulty", "seed": 7})
    return Admin(live.url, "faulty")


def test_strikes_are_spread_over_the_run(admin: Admin) -> None:
    arming = Arming(admin, [fault_specs.read("sms_lost*10")], seconds=100.0)

    def armed() -> int:
        return sum(one["left"] + one["struck"] for one in admin.ask("/faults")["faults"])

    counts = []
    arming.begin()
    for elapsed in (0, 15, 16, 40, 79, 80, 99, 200):
        arming.go_on(elapsed)
        counts.append(armed())
    assert counts == [1, 1, 2, 5, 9, 10, 10, 10]

    admin.do("/people", {"count": 1})  # a text message tells of it
    (ended,) = arming.end()
    assert (ended.armed, ended.struck) == (10, 1)
    assert [one["left"] for one in admin.ask("/faults")["faults"]] == [0] * len(
        admin.ask("/faults")["faults"]
    )


def test_a_fault_that_can_strike_nowhere_is_refused_and_none_stays_armed(admin: Admin) -> None:
    specs = [fault_specs.read("sms_lost"), fault_specs.read("reply_lost@payment/authorise")]
    with pytest.raises(BadFault, match=r"did you mean 'payment/authorize'"):
        Arming(admin, specs, seconds=10.0).begin()
    assert not any(one["left"] for one in admin.ask("/faults")["faults"])
