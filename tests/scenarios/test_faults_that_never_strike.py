"""A story in which an armed fault never struck has not tested what it says, so it fails."""

import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from tests.played import SEED, stories_in

BOUGHT = """# Why.
scenario: A class is bought
steps:
  - list_course
  - enrol
  - {step}
  - buy: {{course: barista-dasar}}
  - enter_card
  - enter_otp
"""
NEVER = "never struck, so what it was for was not tested; mend `where`, or say `optional: true`"


def played(tmp_path, step):
    file = tmp_path / "story.yaml"
    file.write_text(BOUGHT.format(step=step))
    (story,) = stories_in(file)
    return play(story, "tokopedia", stages(in_process(Memory(), wall), SEED))


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("arm: {fault: reply_lost, where: payment/void}", "the fault reply_lost at payment/void"),
        ("arm: {fault: reply_lost, where: payment/void, times: 9}", "the fault reply_lost at payment/void"),
        ("arm: {fault: webhook_lost}", "the fault webhook_lost"),
    ],
)
def test_a_fault_that_never_struck_fails_the_story(tmp_path, step, told):
    failure = played(tmp_path, step).failure
    assert failure is not None
    assert (failure.step, failure.line, failure.said) == (6, 9, f"{told} {NEVER}")


def test_disarming_does_not_hide_that_it_never_struck(tmp_path):
    step = "arm: {fault: webhook_lost}\n  - disarm"
    failure = played(tmp_path, step).failure
    assert failure is not None
    assert failure.said == f"the fault webhook_lost {NEVER}"


@pytest.mark.parametrize(
    "step",
    [
        "arm: {fault: reply_lost, where: payment/void, optional: true}",
        "arm: {fault: mail_lost, times: 1000}",  # it struck, if not as often as it might
    ],
)
def test_an_optional_fault_and_one_that_struck_once_are_well(tmp_path, step):
    assert played(tmp_path, step).failure is None


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            "arm: {fault: reply_lost, where: payment/autorize}",
            "arm: where: nothing that reply_lost can strike ends with 'payment/autorize'; "
            "did you mean 'payment/authorize'?",
        ),
        ("arm: {fault: sms_lost, where: payment/authorize}", "write the phone as 08..."),
        ("arm: {fault: sms_lost, times: 0}", "arm: times: 0 strikes nothing; write 1 or more"),
    ],
)
def test_a_fault_that_could_never_strike_is_refused_with_its_line(tmp_path, step, told):
    with pytest.raises(BadScenarios) as refused:
        played(tmp_path, step)
    (problem,) = refused.value.problems
    assert problem.line == 6
    assert told in problem.message
