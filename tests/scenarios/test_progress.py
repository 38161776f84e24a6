"""A run shows its progress on a terminal, and plain lines everywhere else."""

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress

import pytest

STORY = """# why: to be played
scenario: "{title}"
steps:
  - enrol:
  - expect: {{balance: {balance}}}
"""
COMMAND = [sys.executable, "-m", "prakerja_sim", "replay", "."]
LAST = r"replayed 10 stories, 5 passed, 5 failed, digest [0-9a-f]{64}"


@pytest.fixture
def stories(tmp_path):
    long = "a long title [bold]that no terminal has room for[/bold] " * 3
    (tmp_path / "a.yaml").write_text(STORY.format(title=f"Passes, {long.strip()}", balance="1_000_000"))
    (tmp_path / "b.yaml").write_text(STORY.format(title="Fails", balance=5))
    return tmp_path


def on_terminal(folder, *options, **environment):
    """What a terminal gets; it is a narrow one."""
    ours, theirs = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"} | environment
    with subprocess.Popen(
        [*COMMAND, *options], cwd=folder, stdout=theirs, stderr=theirs, env=variables
    ) as run:
        os.close(theirs)
        got = b""
        with suppress(OSError):  # the terminal is gone when the run is over
            while chunk := os.read(ours, 65536):
                got += chunk
    os.close(ours)
    assert run.returncode == 1
    return got.decode().replace("\r", "\n")


def words(output):
    """What is left of it without colours and without the cursor's moves."""
    return re.sub(r"\x1b\[[0-9?;]*[A-Za-z]", "", output)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminal_shows_how_far_it_is(stories, jobs):
    output = words(on_terminal(stories, "-j", jobs))
    assert " 1/10 0 failed" in output
    assert "10/10 5 failed" in output
    line = r"pass pass pass pass pass  Passes, a long title \[bold\]that .* has room for\[/bold\]  2 steps"
    assert re.search(rf"(?m)^{line}$", output)
    assert re.search(rf"(?m)^{LAST}\n+\Z", output)


@pytest.mark.parametrize("environment", [{}, {"FORCE_COLOR": "1"}])
def test_a_pipe_gets_plain_lines(stories, environment):
    done = subprocess.run(
        COMMAND, check=False, cwd=stories, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert "\x1b" not in done.stdout
    assert "/10" not in done.stdout + done.stderr
    assert re.fullmatch(LAST, done.stdout.splitlines()[-1])


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(stories):
    assert "\x1b" not in on_terminal(stories, TERM="dumb")
