"""What people of a load run do, at each marketplace, with each mistake; in this process."""

from datetime import timedelta
from functools import cache

import pytest

from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.loadtests.rows import row_of
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.audit import reconciliation
from prakerja_sim.simulator.programme import operator_actions
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.world import faults
from prakerja_sim.simulator.world.store import Unit
from tests.loadtests.lives import lived

STEPPED = Plan(clock="stepped")


@pytest.fixture
def parties():
    return build(Options(store="memory", fill=None))


@cache
def smooth_requests(marketplace):
    """How many requests a life without a mistake makes."""
    _, wires = lived(build(Options(store="memory")), STEPPED, marketplace=marketplace)
    return len(wires.sent)


@pytest.mark.parametrize("marketplace", registry.codes())
@pytest.mark.parametrize("mistake", ["", *MISTAKES])
def test_whoever_makes_one_mistake_comes_to_his_class(parties, marketplace, mistake):
    journey, wires = lived(parties, STEPPED, marketplace=marketplace, mistakes=[mistake] if mistake else [])
    assert (journey.state, journey.reason) == ("paid", "")
    assert journey.mistakes == ((mistake,) if mistake else ())
    assert wires.problems == []
    assert bool(mistake) == (len(wires.sent) > smooth_requests(marketplace)), "a mistake is seen on the wire"


@pytest.mark.parametrize("marketplace", registry.codes())
def test_people_come_back_until_the_last_instalment_and_survey(parties, marketplace):
    plan = Plan(clock="stepped", until="incentive")
    journey, wires = lived(parties, plan, marketplace=marketplace)
    assert (journey.state, journey.reason) == ("paid", "")
    assert (journey.instalments, journey.surveys, journey.received) == (4, 3, 2_550_000)
    assert wires.problems == []
    assert len(wires.sent) < 90, "people look only when something may have come"


@pytest.mark.parametrize("marketplace", registry.codes())
def test_an_institution_redeems_and_reports_by_its_own_program(parties, marketplace):
    everybody = list(
        {one.institution for one in parties.sandboxes.get("default").ask(Unit.find, kind=Course)}
    )
    plan = Plan(clock="stepped", until="incentive", institution_clients=everybody)
    journey, wires = lived(parties, plan, marketplace=marketplace)
    assert (journey.state, journey.reason) == ("paid", "")
    assert not [path for _, path in wires.sent if path.startswith("/institution/")]
    assert [path for _, path in wires.sent if path.endswith("/redeem-code/commit")]
    assert wires.problems == []
    assert parties.sandboxes.get("default").ask(reconciliation.discrepancies) == []


AT_PRAKERJA = "/prakerja/api/v1/integration/payment"
INNER = [
    (fault, f"{AT_PRAKERJA}/{path}")
    for fault in ("reply_lost", "request_lost", "rate_limited")
    for path in ("send-otp", "authorize")
]


@pytest.mark.parametrize("marketplace", registry.codes())
def test_people_get_over_every_answer_that_gets_lost(marketplace):
    _, wires = lived(build(Options(store="memory")), STEPPED, marketplace=marketplace)
    paths = {row_of(*sent) for sent in wires.sent if not sent[1].startswith("/__admin")}
    for fault, where in [*(("reply_lost", end_of(path)) for path in sorted(paths)), *INNER]:
        parties = build(Options(store="memory"))
        parties.sandboxes.get("default").arm(fault, where)
        journey, wires = lived(parties, STEPPED, marketplace=marketplace)
        assert (journey.state, journey.reason, wires.problems) == ("paid", "", []), where
        assert not parties.sandboxes.get("default").ask(faults.any_armed), f"{where} was never asked for"


def end_of(path):
    """Where a fault strikes requests of that row: the end of the path behind its ids, or all of its party."""
    end = path.rpartition(">")[2]
    return end or f"/{path.split('/')[1]}/*"


@pytest.mark.parametrize(
    ("fault", "where", "times"),
    [
        ("reply_lost", "/dashboard/account", 1),
        ("reply_lost", "/dashboard/account/confirm", 1),
        ("reply_lost", "/review", 2),
        ("reply_lost", "/surveys/3", 1),
        ("sms_lost", "", 3),
        ("mail_lost", "", 9),
        ("payout_rejected", "", 1),
        ("payout_reply_lost", "", 1),
        ("payout_down", "", 2),
    ],
)
def test_people_are_paid_all_the_same(parties, fault, where, times):
    parties.sandboxes.get("default").arm(fault, where, times)
    journey, wires = lived(parties, Plan(clock="stepped", until="incentive"), marketplace="tokopedia")
    assert (journey.state, journey.received, wires.problems) == ("paid", 2_550_000, [])


def test_who_gets_no_code_at_all_says_so(parties):
    parties.sandboxes.get("default").arm("sms_lost", "", 99)
    journey, _ = lived(parties, STEPPED, marketplace="pijar")
    assert (journey.state, journey.reason) == ("refused", "no code has come to the phone, asked for 4 times")


def test_whoever_waits_when_the_run_ends_says_for_what_and_until_when(parties):
    ends = parties.sandboxes.get("default").now() + timedelta(hours=1)
    journey, _ = lived(parties, STEPPED, marketplace="pijar", mistakes=["mail_lost_support"], ends=ends)
    assert journey.state == "waiting"
    assert journey.reason.startswith("support answers about ")
    assert journey.waits_until == "2021-11-02T09:00:00+07:00"


def test_whoever_is_refused_says_by_whom_and_why_and_it_counts_as_a_failure(parties):
    sandbox = parties.sandboxes.get("default")
    journey, wires = lived(
        parties,
        STEPPED,
        marketplace="pijar",
        enrolled=lambda row: sandbox.do(operator_actions.block, card=row["prakerja_id"], blocked=True),
    )
    assert journey.state == "refused"
    assert journey.reason.startswith("pijar enter_card: ERR_")
    assert wires.problems == [journey.reason]
