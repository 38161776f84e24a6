"""Each request leaves one line, with the exchange's id, without secrets; `--quiet` and `--json` end it."""

import io
import os
import re
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.server import request_lines
from tests.live import REPOSITORY
from tests.mocks.worlds import API, World

LINE = re.compile(r"\d\d:\d\d:\d\d \S+>\S+ [A-Z]+ /\S* (\d{3}|lost)( \S+)* \d+\.\d ms \d{10}")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def world_with(stream):
    return World(heard=request_lines.writer(stream))


def test_each_request_leaves_one_line_with_its_id_its_reason_and_its_fault():
    out = io.StringIO()
    world = world_with(out)
    ani = world.enrol()
    assert world.send_otp(ani, amount=700_000).status == 400
    world.sandbox.arm("reply_lost", "payment/send-otp", 1)
    with pytest.raises(NoReply):
        world.send_otp(ani)
    world.send("GET", "/nobody")
    refused, lost, nobody = out.getvalue().splitlines()
    first, second = (one for one in timeline.remembered(world.sandbox) if one.party == "prakerja")
    path = f"{API}/payment/send-otp"
    assert refused.startswith(f"12:00:00 client>prakerja POST {path} 400 amount_unfit ")
    assert refused.endswith(f" ms {first.id}")
    assert f"{path} lost reply_lost " in lost
    assert lost.endswith(second.id)
    assert " client>- GET /nobody 404 " in nobody
    assert all(LINE.fullmatch(one) for one in (refused, lost, nobody))


def test_a_line_is_one_line_and_holds_no_secret():
    out = io.StringIO()
    world = world_with(out)
    world.send("GET", "/payout/x\n12:00:00\x1b[2J")
    world.send("GET", f"/tokopedia/x?token={'a1' * 20}&card={'1234' * 4}")
    first, second = out.getvalue().splitlines()
    assert "\x1b" not in first
    assert "a1" * 20 not in second
    assert "1234" * 4 not in second
    assert LINE.fullmatch(first)


def test_colours_are_for_terminals_and_for_who_wants_them(monkeypatch):
    def written(stream):
        world_with(stream).send("GET", "/payout/x")
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33m404\x1b[0m" in written(Terminal())
    assert "\x1b" not in written(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in written(Terminal())


def test_a_reader_that_has_left_fails_no_request():
    out = io.StringIO()
    world = world_with(out)
    out.close()
    assert world.send("GET", "/payout/partners").status == 200


@pytest.mark.parametrize(
    ("method", "path", "lines"),
    [
        ("GET", "/__admin/healthz", 0),
        ("GET", "/__admin/people", 0),
        ("POST", "/__admin/people", 1),
        ("GET", "/__admin/people?colour=red", 1),
    ],
)
def test_who_only_looks_at_the_admin_api_leaves_no_line(method, path, lines):
    out = io.StringIO()
    world_with(out).send(method, path, b"{}", Content_Type="application/json")
    assert len(out.getvalue().splitlines()) == lines


def test_who_makes_keeps_or_drops_a_whole_sandbox_leaves_a_line():
    out = io.StringIO()
    world = world_with(out)
    for method, path, body in (
        ("POST", "/sandboxes", b'{"name": "uji"}'),
        ("POST", "/snapshots", b'{"name": "mine"}'),
        ("POST", "/restore", b'{"snapshot": "mine"}'),
        ("DELETE", "/sandboxes/uji", b""),
    ):
        assert world.send(method, f"/__admin{path}", body, Content_Type="application/json").status < 300
        assert f" client>admin {method} {path} 20" in out.getvalue().splitlines()[-1]
    assert len(out.getvalue().splitlines()) == 4


@pytest.mark.parametrize(("options", "lines"), [((), 1), (("--quiet",), 0), (("--json",), 0)], ids=str)
def test_a_server_writes_them_beside_its_banner(options, lines, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "prakerja_sim", "serve", "--port", "0", "--store", "memory", *options]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            said = process.stdout.readline()
        connection = HTTPConnection(found[0].removeprefix("http://"), timeout=30)
        connection.request("GET", "/payout/x")
        number = connection.getresponse().headers["X-Sim-Request-Id"]
        connection.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
    written = [one for one in log.read_text().splitlines() if number in one]
    assert len(written) == lines
    assert all(LINE.fullmatch(one) for one in written)


def test_nothing_is_remembered_where_that_is_switched_off_and_the_reason_is_told_all_the_same():
    world = World(remembered=0)
    ani = world.enrol()
    assert world.send_otp(ani, amount=700_000).headers["X-Sim-Reason"] == "amount_unfit"
    world.bought(ani)
    assert timeline.remembered(world.sandbox) == []
    assert world.send("GET", "/__admin/timeline").json() == {"exchanges": []}
    few = World(remembered=3)
    for _ in range(5):
        few.send("GET", "/payout/x")
    assert len(timeline.remembered(few.sandbox)) == 3
