"""Worker processes change nothing but the time; one that dies is told, and so is Ctrl-C.

The command is run whole: a test process with threads of its own should not be forked.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import HOME
from tests.live import REPOSITORY, serving

COMMAND = (sys.executable, "-m", "prakerja_sim", "replay")
PLACES = len(registry.codes())
STORIES = [HOME / "purchase" / f"{name}.yaml" for name in ("promo", "last_seat", "videos")]
ALWAYS = """# why: it is played after one that ends its process
scenario: After it
steps:
  - enrol: {}
"""
DIES = '''"""It ends its own process.

Written in Python because YAML cannot.
"""

import os
import signal


def scenario(stage):
    """Play the story."""
    stage.enrol()
    %s
'''
WAITS = (
    DIES % "os.write(int(os.environ['TOLD']), b'!')\n    while True:\n        signal.sigtimedwait((), 0.1)"
)
"""It waits in short turns: a signal that comes just before a turn would not end it."""


def replay(*options, cwd=REPOSITORY):
    return subprocess.run(
        [*COMMAND, *map(str, options)], check=False, cwd=cwd, capture_output=True, text=True, timeout=110
    )


def test_several_workers_print_what_one_prints():
    alone, *together = (replay(*STORIES, "-j", n) for n in (1, 2, 5))
    assert alone.returncode == 0
    assert [(one.stdout, one.stderr) for one in together] == [(alone.stdout, alone.stderr)] * 2


def test_stories_of_several_workers_are_played_against_another_simulator():
    with serving("--store", "memory", "--empty") as server:
        alone, together = (replay(STORIES[0], "-j", n, "--against", server.url) for n in (1, 2))
    assert together.stdout == alone.stdout


@pytest.mark.parametrize(
    ("dies", "how"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL"),
        ("os._exit(3)", "ended itself with code 3"),
    ],
)
def test_a_worker_that_dies_fails_its_story_and_the_others_are_played(tmp_path, dies, how):
    (tmp_path / "a_dies.py").write_text(DIES % dies)
    (tmp_path / "b_after.yaml").write_text(ALWAYS)
    played = replay(tmp_path, "-j", 2)
    assert played.returncode == 1
    assert played.stdout.count(f"the worker process that played this story {how}") == PLACES
    last = played.stdout.splitlines()[-1]
    assert last.startswith(f"replayed {2 * PLACES} stories, {PLACES} passed, {PLACES} failed, digest ")


def test_ctrl_c_ends_all_workers_and_says_so(tmp_path):
    (tmp_path / "a_waits.py").write_text(WAITS)
    told, tell = os.pipe()
    command = [*COMMAND, tmp_path, "-j", "2"]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[tell],
        env={**os.environ, "TOLD": str(tell)},
        start_new_session=True,
    ) as replaying:
        os.close(tell)
        try:
            assert os.read(told, 1) + os.read(told, 1) == b"!!"  # both workers play
            os.killpg(replaying.pid, signal.SIGINT)  # as a terminal sends it: to all of them
            out, err = replaying.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(replaying.pid, signal.SIGKILL)
    assert replaying.returncode == 1
    assert "stopped by Ctrl-C before all stories were played" in err
    assert "Traceback" not in out + err
    assert os.read(told, 1) == b""  # no worker is left that holds the other end
    os.close(told)
