"""How many stories are played at once changes nothing but the time."""

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import HOME, discover
from prakerja_sim.scenarios.engine.runner import run
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory


def test_the_digest_is_the_same_however_many_are_played_at_once():
    known = registry.codes()
    stories = discover([HOME / "purchase", HOME / "pijar"], vocabulary(Stage, known))
    reports = [run(stories, known, stages(in_process(Memory(), wall), 42), jobs) for jobs in (1, 4)]
    assert all(report.passed for report in reports)
    assert reports[0].digest == reports[1].digest
    assert [one.digest for one in reports[0].outcomes] == [one.digest for one in reports[1].outcomes]
