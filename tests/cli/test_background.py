"""`serve --detach --wait` and `--exit-with-parent`: what a CI job starts, and that nothing of it stays."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests

from prakerja_sim.cli import background
from tests.live import CHECKOUT, ended

SERVERS = pytest.mark.parametrize("server", ["gunicorn", "granian"])


def members(group):
    """The processes of a group that still do something; one that only waits to be reaped does not."""
    alive = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, its_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                alive.append(int(process.name))
    return alive


@pytest.fixture
def serve(tmp_path):
    """Run `serve` to its end; whatever it left in the background is ended with the test."""
    left = []

    def run(*options, **more):
        command = [*CHECKOUT, "serve", "--port", "0", "--store", "memory", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, **more)
        left.extend(map(int, re.findall(r'pid"?:? (\d+)', done.stdout)))
        return done

    yield run
    for pid in left:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


@SERVERS
def test_it_returns_when_the_server_is_ready_and_nothing_stays_after_its_end(serve, tmp_path, server):
    done = serve("--detach", "--wait", "--server", server)
    assert done.returncode == 0, done.stderr
    told = re.fullmatch(
        r"ready  (http://\S+)  pid (\d+)  log prakerja-sim.log\nstop it with: kill (\d+)\n", done.stdout
    )
    url, pid, stop = told.groups()
    assert pid == stop
    assert requests.get(f"{url}/readyz", timeout=10).status_code == 200
    assert "Credentials" in (tmp_path / "prakerja-sim.log").read_text()
    os.kill(int(pid), signal.SIGTERM)
    assert ended(int(pid))
    assert members(int(pid)) == []


def test_programs_are_told_in_one_line_of_json(serve, tmp_path):
    done = serve("--detach", "--wait", "--json", "--tls", "--tls-port", "0", "--proxy-port", "0")
    ready = json.loads(done.stdout)
    assert ready["event"] == "ready"
    assert {"url", "pid", "tls", "proxy", "ca"} < ready.keys()
    assert "Credentials" in (tmp_path / "prakerja-sim.log").read_text(), "the log is for people"


def test_without_wait_it_returns_at_once_and_says_that_it_is_starting(serve):
    said = json.loads(serve("--detach", "--json").stdout)
    assert said["event"] == "starting"
    assert members(said["pid"])


def test_the_background_keeps_nothing_open_that_its_shell_waits_for(serve):
    to_read, to_write = os.pipe()
    done = serve("--detach", "--wait", pass_fds=[to_write])
    os.close(to_write)
    assert done.returncode == 0
    with closing(os.fdopen(to_read, "rb")) as pipe:
        assert select.select([pipe], [], [], 0)[0]
        assert pipe.read() == b""


def test_what_does_not_come_up_is_told_with_the_end_of_its_own_log(serve, tmp_path):
    (tmp_path / "own.log").write_text("of an earlier start\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serve(
            "--detach", "--wait", "--log", "own.log", "--tls", "--tls-port", port, "--proxy-port", "0"
        )
    assert done.returncode == 1
    assert done.stdout == ""
    first, *tail = done.stderr.splitlines()
    assert first == "Error: the simulator did not come up; the end of own.log:"
    assert port in "".join(tail)
    assert "earlier" not in done.stderr


def test_a_server_that_never_gets_ready_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(background, "WAIT_SECONDS", 0)
    silent = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    )
    to_read, to_write = os.pipe()
    (tmp_path / "log").touch()
    with pytest.raises(background.Failed, match="it is empty"):
        background._heard(silent.pid, to_read, tmp_path / "log", 0)
    assert silent.wait(10) == -signal.SIGKILL
    silent.stdin.close()
    os.close(to_read)
    os.close(to_write)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--wait"], "--wait goes with --detach"),
        (["--detach", "--wait", "--fixed-otp", "x"], "fixed_otp"),
        (["--detach", "--log", "no/such/folder/log"], "name another file"),
    ],
)
def test_bad_input_is_told_before_anything_starts(serve, tmp_path, options, told):
    done = serve(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


@SERVERS
@pytest.mark.parametrize("detach", [[], ["--detach", "--wait"]], ids=["in front", "detached"])
def test_it_ends_when_the_process_that_ran_the_command_ends(tmp_path, server, detach):
    command = [*CHECKOUT, "serve", "--port", "0", "--store", "memory", "--server", server, "--json"]
    script = f'"$@" & {"wait $!;" if detach else ""} read wait_for_me'
    shell = subprocess.Popen(
        ["bash", "-c", script, "shell", *command, "--exit-with-parent", *detach],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    ready = json.loads(shell.stdout.readline())
    try:
        assert requests.get(f"{ready['url']}/readyz", timeout=10).status_code == 200
        shell.kill()
        shell.wait()
        assert ended(ready["pid"])
    finally:
        for pid in (shell.pid, ready["pid"]):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        shell.stdin.close()
        shell.stdout.close()


@pytest.mark.parametrize("told_by_the_system", [True, False])
def test_the_end_of_a_process_is_noticed_on_every_system(monkeypatch, told_by_the_system):
    if not told_by_the_system:
        monkeypatch.delattr(os, "pidfd_open")
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    waiting = threading.Thread(target=background._await_end, args=(process.pid,))
    waiting.start()
    assert waiting.is_alive()
    process.stdin.close()
    process.wait(10)
    waiting.join(10)
    assert not waiting.is_alive()
