"""`start: FILE`: what several stories begin with stands in one file."""

import pytest

from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.finding import discover
from prakerja_sim.scenarios.engine.runner import play
from prakerja_sim.scenarios.engine.wiring import in_process, stages
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from tests.played import SEED, WORDS, stories_in

SHARED = """# A buyer who can pay.
start: 2021-09-01 10:00:00
settings: {otp_tries: 2, otp_lifetime: 60}
steps:
  - list_course: {course: kopi}
  - enrol: {person: budi}
"""
STORY = """# W
scenario: Budi buys
start: shared/_buyer.yaml
settings: {otp_tries: 4}
steps:
  - buy: {course: kopi, person: budi}
"""


def written(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(f"{path.name}.yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder / "story.yaml"


def outcome(path):
    (story,) = stories_in(path)
    return play(story, "tokopedia", stages(in_process(Memory(), wall), SEED))


def problem_of(path):
    with pytest.raises(BadScenarios) as caught:
        discover([path], WORDS)
    (problem,) = caught.value.problems
    return problem.line, problem.message


def test_the_steps_the_time_and_the_settings_come_first(tmp_path):
    path = written(tmp_path, story=STORY, shared___buyer=SHARED)
    (story,) = stories_in(path)
    steps = []
    story.play(steps.append)
    assert [step.verb for step in steps] == ["list_course", "enrol", "buy"]
    assert [step.line for step in steps] == [3, 3, 6]
    assert story.start == wib(2021, 9, 1, 10)
    assert (story.settings.otp_tries, story.settings.otp_lifetime) == (4, 60)
    assert outcome(path).passed


def test_it_is_the_same_world_as_with_all_in_one_file(tmp_path):
    whole = SHARED.replace("# A buyer", "# W\nscenario: Whole\n# A buyer").replace("tries: 2", "tries: 4")
    one = written(tmp_path, story=whole + "  - buy: {course: kopi, person: budi}\n")
    two = written(tmp_path / "two", story=STORY, shared___buyer=SHARED)
    assert outcome(one).digest == outcome(two).digest != ""


def test_a_beginning_may_begin_with_another(tmp_path):
    first = SHARED.replace("  - enrol: {person: budi}\n", "")
    second = "start: _first.yaml\nsteps: [enrol: {person: budi}]\n"
    path = written(tmp_path, story=STORY, shared___buyer=second, shared___first=first)
    assert outcome(path).passed


def test_a_step_that_fails_is_named_with_both_files(tmp_path):
    bad = SHARED.replace("{person: budi}", "{wave: 12}")
    failed = outcome(written(tmp_path, story=STORY, shared___buyer=bad))
    assert (
        f"story.yaml:3), enrol: in {tmp_path}/shared/_buyer.yaml:6: refused with wave_over" in failed.message
    )


def test_stories_in_python_begin_so_too(tmp_path):
    written(tmp_path, story="", shared___buyer=SHARED)
    path = tmp_path / "story.py"
    path.write_text(
        '"""Budi buys.\n\nW."""\nSTART = "shared/_buyer.yaml"\nSETTINGS = {"otp_tries": 4}\n\n\n'
        'def scenario(stage):\n    stage.buy(course="kopi", person="budi")\n'
    )
    same = written(tmp_path, story=STORY, shared___buyer=SHARED)
    assert outcome(path).passed
    assert outcome(path).digest == outcome(same).digest


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (None, "_buyer.yaml: cannot be read: No such file or directory; check its name"),
        (
            SHARED + "shows: [F01]\n",
            "_buyer.yaml:7: a shared beginning has no `shows:`; it has scenario, start",
        ),
        (SHARED + "cases: [{n: 1}]\n", "_buyer.yaml:7: a shared beginning has no `cases:`"),
        ("start: 2021-09-01\n", "_buyer.yaml:1: a shared beginning is a mapping with `steps:`; add them"),
        ("- a", "_buyer.yaml:1: a shared beginning is a mapping with `steps:`"),
        (SHARED.replace("enrol", "enroll"), "_buyer.yaml:6: unknown verb 'enroll'; did you mean 'enrol'?"),
        (SHARED.replace("kopi", "$course"), "_buyer.yaml:5: no value for $course"),
        (SHARED.replace("otp_tries", "otp_tris"), "_buyer.yaml:3: unknown setting 'otp_tris'"),
        (
            SHARED.replace("2021-09-01 10:00:00", "../story.yaml"),
            "story.yaml -> _buyer.yaml -> story.yaml begin",
        ),
        (
            SHARED.replace("2021-09-01 10:00:00", "_buyer.yaml"),
            "story.yaml -> _buyer.yaml -> _buyer.yaml begin",
        ),
        (SHARED.replace("2021-09-01 10:00:00", "yesterday"), "_buyer.yaml:2: 'yesterday' is not a time"),
    ],
)
def test_what_is_wrong_with_a_beginning_is_said_with_both_files(tmp_path, shared, said):
    files = {} if shared is None else {"shared___buyer": shared}
    line, message = problem_of(written(tmp_path, story=STORY, **files))
    assert line == 3
    assert said in message
