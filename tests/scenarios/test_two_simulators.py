"""Parties in other places: whole flows over two simulators, and what is no place for a party."""

import pytest

from prakerja_sim.mocks.server import real_parties
from prakerja_sim.mocks.server.serve import free_port, wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import CannotPlay
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.runner import run
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.two_simulators import simulators
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import against, in_process, party_urls, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.live import REPOSITORY, serving

WHOLE = ("whole/wave_22.yaml", "refund/while_unused.yaml", "faults/reply_lost.yaml")


def stories(*names):
    paths = [REPOSITORY / "scenarios" / name for name in names]
    return discover(paths, vocabulary(Stage, registry.codes()))


def url(live, party):
    return f"{live.url}/s/{{sandbox}}/{party}"


def failures(report):
    return [(o.story.title, o.marketplace, o.failure) for o in report.outcomes if o.failure]


def test_whole_flows_with_the_programme_in_another_simulator(live):
    real = {party: url(live, party) for party in ("prakerja", "payout")}
    leased = live.send("GET", "/__admin/sandboxes")[1]
    to = in_process(Memory(), wall, (), real)
    report = run(stories(*WHOLE), registry.codes(), stages(to, 42, real))
    assert failures(report) == []
    assert {o.marketplace for o in report.outcomes} == set(registry.codes())
    assert live.send("GET", "/__admin/sandboxes")[1] == leased


def test_a_whole_flow_with_the_institution_in_another_simulator():
    port = free_port("127.0.0.1")
    here = f"http://127.0.0.1:{port}/s/{{sandbox}}"
    told = [f"--party={code}={here}/{code}" for code in ("prakerja", *registry.codes())]
    with serving("--store", "memory", *told) as there:
        party = f"--party=institution={url(there, 'institution')}"
        with serving("--store", "memory", "--port", str(port), party) as own:
            real = {"institution": url(there, "institution")}
            make = stages(against(own.url), 42, real)
            report = run(stories("whole/wave_22.yaml"), registry.codes(), make)
            assert failures(report) == []


@pytest.mark.parametrize("path", ["", "/", "/prakerja"])
def test_the_root_of_another_simulator_is_enough(live, path):
    real = party_urls([f"prakerja={live.url}{path}"])
    assert real == {"prakerja": url(live, "prakerja")}
    to = in_process(Memory(), wall, (), real)
    report = run(stories("whole/wave_22.yaml"), ("pijar",), stages(to, 42, real))
    assert failures(report) == []


def test_a_place_where_no_simulator_answers_is_left_as_it_is_written():
    assert party_urls(["prakerja=http://127.0.0.1:9"]) == {"prakerja": "http://127.0.0.1:9"}


def test_a_party_that_answers_something_else_is_told_as_it_is(live):
    elsewhere = {"prakerja": f"{live.url}/elsewhere"}  # which is no party: an error that is plain text
    to = in_process(Memory(), wall, (), elsewhere)
    report = run(stories("whole/wave_22.yaml"), ("pijar",), stages(to, 42, elsewhere))
    ((_, _, failure),) = failures(report)
    assert failure.verb == "enrol"
    assert "prakerja answers 404 : no such party; there are /bukalapak" in failure.said


def test_another_simulator_is_known_by_its_mount_and_its_readiness(live):
    given = {
        "prakerja": url(live, "prakerja"),
        "institution": f"{live.url}/elsewhere",
        "payout": "http://127.0.0.1:9/payout",
    }
    assert simulators(given) == {"prakerja": live.url}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("prakerja", "give NAME=URL"),
        ("gojek=http://127.0.0.1", "give NAME=URL with one of the names prakerja"),
        ("admin=http://127.0.0.1", "give NAME=URL"),
        ("prakerja=ftp://127.0.0.1", "is no address"),
        ("prakerja=127.0.0.1:8421", "is no address"),
        ("prakerja=http://", "is no address"),
        ("prakerja=http://127.0.0.1:99999", "Port out of range"),
        ("prakerja=http://user@127.0.0.1/", "is no address"),
        ("prakerja=http://127.0.0.1/?x=1", "is no address"),
        ("prakerja=http://[::1", "Invalid IPv6"),
    ],
)
def test_what_is_no_place_for_a_party_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        real_parties.read([given])
    with pytest.raises(CannotPlay, match=said):
        party_urls([given])


def test_a_party_is_in_one_place():
    with pytest.raises(ValueError, match="given twice"):
        real_parties.read(["payout=http://127.0.0.1:1", "payout=http://127.0.0.1:2"])
    assert real_parties.read(["payout=http://127.0.0.1:1/"]) == {"payout": "http://127.0.0.1:1"}
