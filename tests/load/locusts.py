"""Locust in processes of its own, as `locust` is called by hand, and what came of a run."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from prakerja_sim.loadtests import journeys, plan
from prakerja_sim.loadtests.served import Admin

LOCUSTFILE = Path(plan.__file__).with_name("locustfile.py")
RUN = ("--headless", "--only-summary", "--loglevel", "WARNING", "--stop-timeout", "20", "--spawn-rate", "50")


@contextmanager
def started(folder, asked, *options, file=LOCUSTFILE):
    """Locust with a plan while the block runs; killed whole at its end."""
    command = [sys.executable, "-P", "-m", "locust", "-f", str(file), *options]
    with (folder / f"{abs(hash(options))}.log").open("w+") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, plan.VARIABLE: plan.write(asked)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run(folder, asked, *options, users, file=LOCUSTFILE):
    """A run that ends by itself; answers how many requests failed, by row, and the journeys."""
    stats = folder / "stats"
    (folder / "stats.json").unlink(missing_ok=True)
    before = len(journeys.read(folder))
    told = (*RUN, "--users", str(users), "--json-file", str(stats), *options)
    if "--processes" in options:  # others may have a run of their own on this machine
        port = free_port()
        told = (*told, "--master-bind-port", port, "--master-port", port)
    with started(folder, asked, *told, file=file) as process:
        process.wait(100)
    return failed(folder), journeys.read(folder)[before:]


def failed(folder):
    """The rows of a run that failed, and how often."""
    rows = json.loads((folder / "stats.json").read_text())
    assert rows, "Locust counted nothing"
    return {row["name"]: row["num_failures"] for row in rows if row["num_failures"]}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def is_sound(url, sandbox):
    """Whether the books of a sandbox are, and no bug was seen."""
    admin = Admin(url, sandbox)
    return admin.ask("/invariants")["violations"] == [] == admin.ask("/bugs")["bugs"]
