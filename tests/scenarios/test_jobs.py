"""How many stories are played at once changes nothing but the time."""

from prakerja_sim.mocks import marketplaces
from prakerja_sim.mocks.serve import wall
from prakerja_sim.scenarios.finding import HOME, discover
from prakerja_sim.scenarios.runner import run
from prakerja_sim.scenarios.stage import Stage
from prakerja_sim.scenarios.verbs import vocabulary
from prakerja_sim.scenarios.wires import in_process, stages
from prakerja_sim.simulator.keepers.memory import Memory


def test_the_digest_is_the_same_however_many_are_played_at_once():
    known = marketplaces.codes()
    stories = discover([HOME / "purchase", HOME / "pijar"], vocabulary(Stage, known))
    reports = [run(stories, known, stages(in_process(Memory(), wall), 42), jobs) for jobs in (1, 4)]
    assert all(report.passed for report in reports)
    assert reports[0].digest == reports[1].digest
    assert [one.digest for one in reports[0].outcomes] == [one.digest for one in reports[1].outcomes]
