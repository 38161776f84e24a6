"""What people of a load run do, at each marketplace, with each mistake; in this process."""

import pytest

from prakerja_sim.loadtests.plan import MISTAKES, Plan
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.mocks.shop import registry
from tests.loadtests.lives import lived

STEPPED = Plan(clock="stepped")


@pytest.fixture
def parties():
    return build(Options(store="memory", fill=None))


@pytest.mark.parametrize("marketplace", registry.codes())
@pytest.mark.parametrize("mistake", ["", *MISTAKES])
def test_whoever_makes_one_mistake_comes_to_his_class(parties, marketplace, mistake):
    journey, wires = lived(parties, STEPPED, marketplace=marketplace, mistakes=[mistake] if mistake else [])
    assert (journey.state, journey.reason) == ("paid", "")
    assert journey.mistakes == ((mistake,) if mistake else ())
    assert wires.problems == []


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
    plan = Plan(clock="stepped", until="incentive")
    journey, wires = lived(parties, plan, marketplace=marketplace, own_client=True)
    assert (journey.state, journey.reason) == ("paid", "")
    assert not [path for _, path in wires.sent if path.startswith("/institution/")]
    assert [path for _, path in wires.sent if path.endswith("/redeem-code/commit")]
    assert wires.problems == []
