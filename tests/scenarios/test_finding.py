"""Finding stories: what is asked for is found, in order and once, or refused."""

import os
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine import runner
from prakerja_sim.scenarios.engine.errors import BadScenarios
from prakerja_sim.scenarios.engine.finding import discover, select
from prakerja_sim.scenarios.engine.vocabulary import vocabulary


class Toy:
    """One verb is enough to be told."""

    def add(self) -> None:
        """Count up."""


VERBS = vocabulary(Toy, ["tokopedia"])


@pytest.fixture
def stories(tmp_path, monkeypatch):
    """A folder of stories with everything around them that is none."""
    monkeypatch.chdir(tmp_path)
    story = "# Why.\nscenario: {}\nsteps: [add]\n"
    for name in ("otp/late.yaml", "otp/wrong.yaml", "faults/deep/reply.yml", "faults/.hidden.yaml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(story.format(f"About {name}"))
    Path("faults/loop.py").write_text('"""Looping.\n\nWhy.\n"""\n\ndef scenario(stage):\n    stage.add()\n')
    Path("faults/_helper.py").write_text("raise RuntimeError\n")
    Path("otp/README.md").write_text("no story")
    Path("empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["."], ["faults/deep/reply.yml", "faults/loop.py", "otp/late.yaml", "otp/wrong.yaml"]),
        (["otp"], ["otp/late.yaml", "otp/wrong.yaml"]),
        (["otp/wrong.yaml", "faults"], ["otp/wrong.yaml", "faults/deep/reply.yml", "faults/loop.py"]),
        (["otp/late.yaml", "otp", "./otp/../otp/late.yaml"], ["otp/late.yaml", "otp/wrong.yaml"]),
    ],
)
def test_stories_are_found_once_in_the_order_of_their_paths(stories, paths, found):
    assert [story.path.as_posix() for story in discover(paths, VERBS)] == found


def test_a_path_is_told_as_seen_from_here(stories):
    (story,) = discover([stories / "otp" / "late.yaml"], VERBS)
    assert story.path == Path("otp/late.yaml")
    os.chdir(stories / "empty")
    (story,) = discover([stories / "otp" / "late.yaml"], VERBS)
    assert story.path == stories / "otp" / "late.yaml"


def test_without_paths_the_stories_are_those_beside_the_engine(stories, monkeypatch):
    monkeypatch.setattr("prakerja_sim.scenarios.engine.finding.HOME", stories)
    Path("engine").mkdir()
    Path("engine/runner.py").write_text("raise RuntimeError\n")
    monkeypatch.setattr("prakerja_sim.scenarios.engine.finding.ENGINE", (stories / "engine").resolve())
    assert len(discover([], VERBS)) == 4


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("nowhere", "nowhere: does not exist; name"),
        ("nowhere.yaml", "nowhere.yaml: does not exist; name"),
        ("empty", "empty: has no story in it; name"),
        ("otp/README.md", "otp/README.md: is no story; name a .yaml or .py file"),
        (runner.__file__, "is part of the engine; name"),
    ],
)
def test_what_is_asked_for_and_not_there_is_refused(stories, path, told):
    with pytest.raises(BadScenarios) as caught:
        discover([path], VERBS)
    assert told in str(caught.value)


def test_everything_wrong_with_all_files_is_told_at_once(stories):
    Path("otp/late.yaml").write_text("# Why.\nscenario: A\nsteps: [ad]\n")
    Path("otp/wrong.yaml").write_text("scenario: A\nsteps: [add]\n")
    with pytest.raises(BadScenarios) as caught:
        discover(["nowhere", "otp"], VERBS)
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == [
        "nowhere",
        "otp/late.yaml",
        "otp/wrong.yaml",
    ]


def test_two_stories_may_not_share_a_title(stories):
    Path("otp/wrong.yaml").write_text(Path("otp/late.yaml").read_text())
    with pytest.raises(
        BadScenarios, match=r"otp/wrong\.yaml:1: otp/late\.yaml has the same title; choose another"
    ):
        discover(["otp"], VERBS)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("LATE", ["otp/late.yaml"]),
        ("looping", ["faults/loop.py"]),
        ("otp/", ["otp/late.yaml", "otp/wrong.yaml"]),
    ],
)
def test_a_word_selects_by_title_and_path_in_any_case(stories, word, found):
    assert [story.path.as_posix() for story in select(discover(["."], VERBS), word)] == found


def test_a_word_that_selects_nothing_is_refused(stories):
    with pytest.raises(BadScenarios, match="no story has 'wrnog' in its title or path; did you mean 'wrong'"):
        select(discover(["."], VERBS), "wrnog")
