"""`pytest --prakerja-stories DIR`, run as a partner runs it."""

import subprocess
import sys

import pytest

GOOD = "# W\nscenario: A person\ntags: [smoke]\nmarketplaces: [pijar, kemnaker]\nsteps: [enrol]\n"
BAD = "# W\nscenario: Nobody\nmarketplaces: [pijar]\nsteps:\n  - expect: {balance: 5}\n"
ONLY_OURS = (
    "--disable-plugin-autoload", "-p", "xdist", "-p", "prakerja-sim", "-p", "prakerja-sim-stories",
)  # fmt: skip
WHATEVER_IS_INSTALLED = ("-p", "no:locust")
PYTHON = '"""Ten people.\n\nW."""\nMARKETPLACES = ["pijar"]\n\n\ndef scenario(stage):\n    stage.enrol()\n'


@pytest.fixture
def home(tmp_path):
    (tmp_path / "stories" / "deep").mkdir(parents=True)
    (tmp_path / "stories" / "good.yaml").write_text(GOOD)
    (tmp_path / "stories" / "deep" / "ten.py").write_text(PYTHON)
    (tmp_path / "stories" / "_beginning.yaml").write_text("steps: [enrol]\n")
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n")
    return tmp_path


def ran(home, *options, plugins=ONLY_OURS):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *plugins, *options]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_stories_are_tests_beside_ones_own_for_several_workers(home):
    code, said = ran(home, "--prakerja-stories", "stories", "-n", "2")
    assert code == 0, said
    assert "4 passed" in said
    for name in ("A person [pijar]", "A person [kemnaker]", "Ten people [pijar]", "test_own"):
        assert name in said


def test_tags_select_and_a_story_that_fails_says_what_replay_says(home):
    (home / "stories" / "bad.yaml").write_text(BAD)
    code, said = ran(
        home, "--prakerja-stories", "stories", "-k", "smoke or Nobody", plugins=WHATEVER_IS_INSTALLED
    )
    assert (code, "1 failed, 2 passed, 2 deselected" in said) == (1, True), said
    assert "Nobody (pijar): step 1 (stories/bad.yaml:5), expect: nobody called peserta was enrolled" in said
    assert "runner.py" not in said


def test_a_file_that_is_bad_fails_the_collection(home):
    (home / "stories" / "bad.yaml").write_text(BAD.replace("expect", "expct"))
    code, said = ran(home, "--prakerja-stories", "stories/bad.yaml")
    assert code == 2
    assert "stories/bad.yaml:5: unknown verb 'expct'; did you mean 'expect'?" in said


def test_a_folder_that_is_not_there_is_bad_usage(home):
    code, said = ran(home, "--prakerja-stories", "storeis")
    assert code == 4
    assert "--prakerja-stories: storeis does not exist; name a story or a folder" in said
