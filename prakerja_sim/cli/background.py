"""A server in the background, for CI: it leaves its terminal, says when it is up, may end with its parent."""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from prakerja_sim.cli.admin import BadInput, Failed

TAIL_LINES = 20
WAIT_SECONDS = 45
"""How long a server may take until it is ready; it asks itself for 30 seconds."""
LOOK_SECONDS = 0.2
"""How often a parent is looked for where the system does not tell when a process ends."""
NOBODY = (0, 1)
"""Numbers that are no parent who could end: one outside of this container, and the first process."""


def leave(
    starting: dict[str, Any], log: Path, *, wait: bool, as_json: bool
) -> Callable[[dict[str, Any]], None]:
    """Go on as a process in the background; its parent prints where the server is, and ends here.

    The result says to the parent that the server is ready, and as what. The parent ends with 0, with `wait`
    only once the server is ready, and raises Failed with the end of the log if that does not happen.
    `starting` is what is known of the server before. Raises BadInput for a log that cannot be written.
    """
    try:
        to_log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)  # the banner names keys
    except OSError as problem:
        raise BadInput(f"--log {log} cannot be written: {problem.strerror}; name another file") from None
    begun = os.fstat(to_log).st_size
    to_read, to_write = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        os.close(to_write)
        ready = _heard(child, to_read, log, begun) if wait else {**starting, "pid": child}
        click.echo(json.dumps(ready) if as_json else _for_people(ready, log))
        sys.exit(0)
    os.setsid()
    _keep_only(to_log, to_write)

    def say(ready: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):  # who asked has gone, and the log says it too
            os.write(to_write, f"{json.dumps(ready)}\n".encode())
        os.close(to_write)

    return say


def end_with(parent: int) -> None:
    """End this process as Ctrl-C would, once that one has ended."""
    if parent not in NOBODY:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    _await_end(parent)
    os.kill(os.getpid(), signal.SIGTERM)


def _await_end(process: int) -> None:
    """Return when a process has ended, also while nobody has asked how it ended."""
    with suppress(AttributeError, OSError):  # Linux tells; others, and old ones, must be asked
        telling = os.pidfd_open(process)
        select.select([telling], [], [])
        return
    pause = threading.Event()
    with suppress(ProcessLookupError):
        while True:
            os.kill(process, 0)
            pause.wait(LOOK_SECONDS)


def _heard(child: int, to_read: int, log: Path, begun: int) -> dict[str, Any]:
    """What the server said when it was ready; it is ended if it says nothing, or if nobody waits any more."""
    said = b""
    try:
        if select.select([to_read], [], [], WAIT_SECONDS)[0]:
            with os.fdopen(to_read, "rb") as pipe:
                said = pipe.readline()
    finally:
        if not said:
            for end in (os.killpg, os.kill):  # it may lead no group yet
                with suppress(ProcessLookupError):
                    end(child, signal.SIGKILL)
    if not said:
        with log.open(errors="replace") as written:
            written.seek(begun)
            tail = "".join(written.readlines()[-TAIL_LINES:]).strip()
        raise Failed(f"the simulator did not come up; the end of {log}:\n{tail or '(it is empty)'}")
    ready: dict[str, Any] = json.loads(said)
    return ready


def _for_people(ready: dict[str, Any], log: Path) -> str:
    return (
        f"{ready['event']}  {ready['url']}  pid {ready['pid']}  log {log}\nstop it with: kill {ready['pid']}"
    )


def _keep_only(to_log: int, to_write: int) -> None:
    """Let go of the terminal and of all that the parent had open: a shell waits for its pipes to close."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (to_log, 1), (to_log, 2)):
        os.dup2(source, target)
    os.closerange(3, to_write)
    os.closerange(to_write + 1, os.sysconf("SC_OPEN_MAX"))
