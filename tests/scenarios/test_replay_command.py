"""The options of `replay`: which plays, when it stops, what it prints and keeps."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.shop import registry
from tests.live import REPOSITORY, serving

STORY = """# why: to look at
scenario: {title}
steps:
  - list_course: {{course: kopi, price: 400_000}}
  - enrol:
  - buy: {{course: {course}}}
"""
LAST = r"replayed (\d+) stories, (\d+) passed, (\d+) failed, digest [0-9a-f]{64}"


@pytest.fixture
def stories(tmp_path, monkeypatch):
    """Two stories, of which the first one fails everywhere."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(STORY.format(title="Fails", course="tiada"))
    Path("b.yaml").write_text(STORY.format(title="Passes", course="kopi"))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


def counts(output):
    """Plays, passed, failed of the last line."""
    last = output.splitlines()[-1]
    return [int(one) for one in re.fullmatch(LAST, last).groups()]


def test_one_marketplace_or_two_are_played_in_the_order_of_all(stories):
    one = run("b.yaml", "--marketplace", "pijar")
    assert (one.exit_code, counts(one.output)) == (0, [1, 1, 0])
    two = run("b.yaml", "--marketplace", "tokopedia", "--marketplace", "bukalapak")
    assert two.output.splitlines()[0] == "marketplaces: bukalapak, tokopedia"
    assert counts(two.output) == [2, 2, 0]


def test_an_unknown_marketplace_names_the_nearest(stories):
    done = run("b.yaml", "--marketplace", "toko")
    assert (done.exit_code, done.output) == (
        2, "Error: --marketplace: 'toko' is no marketplace; did you mean 'tokopedia'?\n",
    )  # fmt: skip


@pytest.mark.parametrize("jobs", [1, 2])
def test_x_stops_at_the_first_failure(stories, jobs):
    done = run("a.yaml", "b.yaml", "-x", "-j", jobs)
    assert (done.exit_code, counts(done.output)) == (1, [1, 0, 1])
    assert "stopped at the first failure" in done.output
    assert "Passes" not in done.output


def test_v_prints_the_steps_of_each_play(stories):
    done = run("b.yaml", "-v", "--marketplace", "pijar")
    assert re.search(
        r"pijar, \d+\.\d\d s:\n +1 line 4: list_course: \{course: kopi, price: 400_000\}\n", done.output
    )
    assert "  3 line 6: buy: {course: kopi}\n" in done.output
    assert "line 6" not in run("b.yaml", "--marketplace", "pijar").output


def test_list_plays_nothing(stories):
    done = run("--list", "--marketplace", "pijar")
    assert done.exit_code == 0
    assert re.search(
        r"^\S+promo\.yaml:3  A promo code lowers what the card pays  \[pijar\]$", done.output, re.MULTILINE
    )
    done = run("a.yaml", "b.yaml", "--list", "-k", "passes")
    where = ", ".join(registry.codes())
    assert done.output == f"b.yaml:2  Passes  [{where}]\n1 stories, {len(registry.codes())} plays\n"


def test_a_kept_sandbox_is_served_until_ctrl_c(stories):
    options = ["--keep", "--marketplace", "pijar", "-j", "2"]
    command = [sys.executable, "-m", "prakerja_sim", "replay", "a.yaml", "b.yaml", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as replaying:
        try:
            lines = []
            while not lines or not re.fullmatch(LAST, lines[-1]):
                lines.append(replaying.stdout.readline().rstrip("\n"))
            output = "\n".join(lines)
            assert "sandboxes of failed plays that are kept: 1; they are served until Ctrl-C" in output
            (address,) = re.findall(r"address:  (\S+)", output)
            (timeline,) = re.findall(r"curl '(\S+)'", output)
            with urlopen(timeline, timeout=30) as answer:
                assert b"client -> pijar GET" in answer.read()
            with urlopen(f"{address}__admin/people", timeout=30) as answer:
                assert len(json.load(answer)["people"]) == 1
            replaying.send_signal(signal.SIGINT)
            rest, complaints = replaying.communicate(timeout=30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(replaying.pid, signal.SIGKILL)
    assert (replaying.returncode, rest) == (1, "")
    assert "Traceback" not in complaints


def test_nothing_is_served_if_all_passed(stories):
    done = run("b.yaml", "--keep", "--marketplace", "pijar")
    assert done.exit_code == 0
    assert "kept" not in done.output


def test_against_a_simulator_the_sandbox_stays_there(stories):
    with serving("--store", "memory", "--empty", cwd=REPOSITORY) as server:
        for keep, there in ((["--keep"], True), ([], False)):
            done = run("a.yaml", "--against", server.url, "--marketplace", "pijar", *keep)
            assert done.exit_code == 1
            names = server.send("GET", "/__admin/sandboxes")[1]["sandboxes"]
            assert any(name.startswith("fails-pijar-") for name in names) is there
            assert (f"address:  {server.url}/s/fails-pijar-" in done.output) is there


def test_in_a_file_the_sandbox_stays_and_the_command_that_serves_it_is_named(stories):
    done = run("a.yaml", "--store", "lmdb:kept.db", "--keep", "--marketplace", "pijar")
    assert "serve it with: prakerja-sim serve --store lmdb:kept.db" in done.output
    assert counts(done.output) == [1, 0, 1]
