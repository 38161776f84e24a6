"""Load runs of some seconds: a verdict one can trust, on a server of its own and on a running one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live import CHECKOUT, REPOSITORY, Live, serving

HERE = Path(__file__).parent
OWN = """
from locust import FastHttpUser, task

class Asker(FastHttpUser):
    @task
    def ask(self):
        self.client.get("/healthz", name="health")
        with self.client.get("/nowhere", name="nowhere", catch_response=True) as answer:
            answer.failure("is not there")
"""


def load(folder: Path, *options: str, expect: int) -> tuple[str, dict[str, Any]]:
    """A run; answers what it printed and its JSON report."""
    report = folder / "report.json"
    command = [*CHECKOUT, "load", "--json", str(report), *options]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout, json.loads(report.read_text()) if report.is_file() else {}


def test_a_run_on_a_server_of_its_own_is_judged_and_reported(tmp_path: Path) -> None:
    files = ["--junit", str(tmp_path / "a.xml"), "--html", str(tmp_path / "a.html")]
    limits = ["--threshold", "p95(flow) < 60s", "--threshold", "p99(authorize) < 30s"]
    said, report = load(tmp_path, "--users", "3", "--seconds", "5", *files, *limits, expect=0)
    assert said.splitlines()[-1] == "verdict   passed"
    assert "audit     books agree" in said
    assert report["flows"]["finished"] == report["books"]["purchases"] > 0
    assert report["books"]["rupiah"]["institution"] > 0
    assert [one["kept"] for one in report["thresholds"]] == [True, True]
    assert report["cpu"]["client_percent"] > 0
    assert report["cpu"]["server_cores"] > 0
    assert (tmp_path / "a.xml").read_text().count("<testcase") == 4
    assert "The load run passed" in (tmp_path / "a.html").read_text()


def test_a_missed_threshold_and_an_unused_fault_fail_the_run(
    tmp_path: Path,
) -> None:
    faults = ["--fault", "reply_lost@payment/authorize*3", "--fault", "payout_rejected@@ovo"]
    options = ["--users", "2", "--seconds", "6", *faults, "--threshold", "p50(authorize) < 1ms"]
    said, report = load(tmp_path, *options, expect=1)
    assert "audit     FAILED: payout_rejected@@ovo never struck" in said
    assert "limit     MISSED: p50(authorize) < 1ms" in said
    assert [one["told"] for one in report["audit"]["findings"]] == ["payout_rejected@@ovo never struck"]
    assert 1 <= report["faults"][0]["struck"] <= report["faults"][0]["armed"] <= 3


def test_a_last_evening_with_faults_at_all_marketplaces_in_two_processes(tmp_path: Path) -> None:
    crowd = ["--shape", "last-evening", "--marketplace", "mix", "--users", "8", "--seconds", "12"]
    faults = ["--fault", "reply_lost@payment/authorize*2", "--mistake", "wrong_otp=0.3"]
    limits = ["--threshold", "p99(flow) < 60s", "--threshold", "failed(flow) <= 20%"]
    more = ["--processes", "2", "--html", str(tmp_path / "a.html")]
    _, report = load(tmp_path, *crowd, *faults, *limits, *more, expect=0)
    assert report["audit"]["clean"]
    assert report["audit"]["findings"] == []
    assert 1 <= report["faults"][0]["struck"] <= 2
    assert sum(report["people"]["states"].values()) >= report["flows"]["finished"] > 0
    shown = (tmp_path / "a.html").read_text()
    assert "worker 2" in shown
    assert "<b>Inferred</b>: ten times a mean day" in shown


def test_a_running_server_is_judged_by_what_the_run_did_to_it(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(OWN)
    with serving("--store", "memory") as live:
        options = ["--against", live.url, "-f", str(own), "--users", "2", "--seconds", "3"]
        said, report = load(tmp_path, *options, "--threshold", "failed(health) < 1", expect=0)
        assert report["flows"]["finished"] == 0
        assert {row["name"] for row in report["rows"]} == {"health", "nowhere"}
        assert report["errors"].keys() == {"GET nowhere: is not there"}
        said, _ = load(tmp_path, *options, "--threshold", "failed(nowhere) < 1", expect=1)
        assert "limit     MISSED: failed(nowhere) < 1" in said
        load(tmp_path, *options, "--sandbox", "missing", expect=2)


DYING = """
import os
import signal

from locust import FastHttpUser, constant, task

class Asker(FastHttpUser):
    wait_time = constant(3)

    def on_stop(self):
        os.kill(os.getpid(), signal.SIGKILL)

    @task
    def ask(self):
        self.client.get("/healthz", name="health")
"""
"""A process of Locust that is killed once it has counted something."""


def test_a_client_that_was_killed_has_no_verdict_and_leaves_no_fault_armed(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(DYING)
    with serving("--store", "memory") as live:
        options = ["--against", live.url, "-f", str(own), "--users", "1", "--seconds", "3"]
        _, report = load(tmp_path, *options, "--fault", "sms_lost*5", expect=1)
        assert report == {}
        faults = live.send("GET", "/__admin/faults")[1]["faults"]
        assert faults
        assert not any(one["left"] for one in faults)


@pytest.mark.parametrize("bug", ["booked_twice", "money_only", "voucher_without_payment"])
def test_a_bug_in_the_books_fails_the_run_and_the_person_is_named(bug: str, tmp_path: Path) -> None:
    with planted(bug) as live:
        _, report = load(tmp_path, "--against", live.url, "--users", "3", "--seconds", "3", expect=1)
        people = {one["name"] for one in live.send("GET", "/__admin/people")[1]["people"]}
        named = [one for one in report["audit"]["findings"] if one["invoice"]]
        assert named
        for one in named:
            assert one["person"].partition(" (card ")[0] in people
            assert one["at"]
            assert one["exchanges"]
            assert all(live.send("GET", f"/__admin/timeline/{each}")[0] == 200 for each in one["exchanges"])
        assert bug == "voucher_without_payment" or any(one["transfers"] for one in named)


@contextmanager
def planted(bug: str) -> Iterator[Live]:
    server = (sys.executable, str(HERE / "planted_server.py"), bug, "3")
    with serving("--store", "memory", "--timeline", "20000", simulator=server) as live:
        yield live
