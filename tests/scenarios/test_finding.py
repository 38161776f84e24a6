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
        BadScenarios,
        match=r"otp/wrong\.yaml:2: otp/late\.yaml:2 has the same title, 'About otp/late\.yaml'; choose",
    ):
        discover(["otp"], VERBS)


STORY = "# Why.\nscenario: {}\nsteps: [add]\n"


def test_names_in_capitals_and_links_are_played_once(stories):
    Path("otp/A.YAML").write_text(STORY.format("A"))
    Path("otp/x.YML").write_text(STORY.format("X"))
    Path("elsewhere").mkdir()
    Path("elsewhere/far.yaml").write_text(STORY.format("Far"))
    Path("otp/link").symlink_to(stories / "elsewhere")
    Path("otp/again.yaml").symlink_to("late.yaml")
    Path("otp/round").symlink_to(stories)  # which leads back to where it is
    found = [story.path.as_posix() for story in discover(["otp"], VERBS)]
    assert sorted(found) == [
        "elsewhere/far.yaml",
        "faults/deep/reply.yml",
        "faults/loop.py",
        "otp/A.YAML",
        "otp/late.yaml",
        "otp/wrong.yaml",
        "otp/x.YML",
    ]


@pytest.mark.parametrize("asked", ["otp", "otp/gone.yaml"])
def test_a_link_that_leads_nowhere_is_refused_by_name(stories, asked):
    Path("otp/gone.yaml").symlink_to("nothing.yaml")
    with pytest.raises(BadScenarios, match=r"otp/gone\.yaml: is a link to nothing\.yaml, which is not there"):
        discover([asked], VERBS)


def test_a_link_to_a_folder_that_is_gone_is_refused_by_name(stories):
    Path("otp/more").symlink_to("nothing")
    with pytest.raises(BadScenarios, match=r"otp/more: is a link to nothing, which is not there; mend"):
        discover(["."], VERBS)


def test_what_is_named_like_a_story_and_is_no_file_is_refused_by_name(stories):
    os.mkfifo("otp/pipe.yaml")
    with pytest.raises(BadScenarios, match=r"otp/pipe\.yaml: is a device, a pipe or a socket"):
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
    with pytest.raises(
        BadScenarios, match="-k: no story has 'wrnog' in its title or path; did you mean 'wrong'"
    ):
        select(discover(["."], VERBS), "wrnog")
