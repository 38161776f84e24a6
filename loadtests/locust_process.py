"""Locust in a process of its own: it patches the interpreter that it runs in."""

import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from prakerja_sim.loadtests import cores, plan, samples, served
from prakerja_sim.loadtests.asked import Asked
from prakerja_sim.loadtests.errors import LoadFailed

STOP_SECONDS, MORE_A_USER, THOUGHTS = 15, 0.1, 25
"""How long a flow that is under way at the end may still take: longer, the more users share the server, and
the longer they think, which they do so often in a flow."""
PATIENCE_SECONDS = 60
LOOKS_EVERY = 0.5
HERE = Path(__file__).parent
SAMPLES, STATS = "samples.jsonl", samples.ROWS


def play(asked: Asked, folder: Path, look: Callable[[], object]) -> tuple[list[dict[str, Any]], bool]:
    """Run Locust as asked; answers its final statistics, and whether somebody stopped it with Ctrl-C.

    `look` is called twice a second; what Locust leaves is in `folder`.
    """
    began, stopped = monotonic(), False
    patience = asked.seconds + stop_seconds(asked) + PATIENCE_SECONDS
    pinned = cores.CLIENT if asked.against is None and asked.processes == 1 else None
    with (
        tempfile.TemporaryFile("w+") as log,
        _started(_command(asked, folder), folder, asked, log, pinned) as locust,
    ):
        while locust.poll() is None:
            try:
                with suppress(subprocess.TimeoutExpired):
                    locust.wait(LOOKS_EVERY)
                look()
            except KeyboardInterrupt:
                stopped = True
                locust.send_signal(signal.SIGTERM)
            if monotonic() - began > patience:
                raise LoadFailed("Locust did not come to its end")
        said = served.last_words(log)
    if locust.returncode < 0 and not stopped:
        raise LoadFailed(f"Locust was killed by signal {-locust.returncode}: {said or 'it says nothing'}")
    stats = folder / STATS
    if not stats.is_file():
        raise LoadFailed(f"Locust counted nothing: {said or 'it says nothing'}")
    rows: list[dict[str, Any]] = json.loads(stats.read_text())
    return rows, stopped


def stop_seconds(asked: Asked) -> int:
    """How long the flows that are under way at the end get."""
    return int(STOP_SECONDS + MORE_A_USER * asked.users + THOUGHTS * asked.plan.think[1])


def _command(asked: Asked, folder: Path) -> list[str]:
    shaped = asked.shape != "steady"
    files = [
        asked.file or HERE / "locustfile.py",
        HERE / "watched.py",
        *([HERE / "shaped.py"] if shaped else []),
    ]
    command = [
        *(*served.PYTHON, "-m", "locust", "-f", ",".join(str(file.resolve()) for file in files)),
        *("--headless", "--only-summary", "--loglevel", "WARNING"),
        *("--users", str(asked.users), "--spawn-rate", str(asked.users), "--run-time", f"{asked.seconds}s"),
        *("--stop-timeout", str(stop_seconds(asked)), "--host", asked.plan.url),
        *("--samples", str(folder / SAMPLES)),
    ]
    command += ["--shape", asked.shape] if shaped else []
    command += ["--arrivals", str(asked.arrivals)] if asked.arrivals else []
    if asked.processes > 1:
        port = str(_free_port())
        command += ["--processes", str(asked.processes), "--master-bind-host", "127.0.0.1"]
        command += ["--master-bind-port", port, "--master-host", "127.0.0.1", "--master-port", port]
    return command


@contextmanager
def _started(
    command: list[str], folder: Path, asked: Asked, log: Any, pinned: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run while the block runs, in a group of its own; whatever is left of it is ended."""
    with cores.pinned(pinned):
        locust = subprocess.Popen(  # noqa: S603  # our own command
            command,
            cwd=None if asked.file else folder,  # Locust reads settings from where it runs
            env={**os.environ, plan.VARIABLE: plan.write(asked.plan)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield locust
    finally:
        if locust.poll() is None:
            locust.kill()
            locust.wait()
        with suppress(ProcessLookupError):
            os.killpg(locust.pid, signal.SIGKILL)  # its workers


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
