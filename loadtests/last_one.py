"""Ends a run when the last of its users has lived all its lives (`lives_each`), over all processes.

Each worker tells its master with every report how many of its users are done; Locust's count of users does
not do, since it is 0 before the first report as well.
"""

from typing import Any

import gevent
from locust import events
from locust.runners import STATE_RUNNING, WorkerRunner

LOOK_SECONDS = 0.5
HERE = ""
"""In the place of a worker's id: this process."""
_FIELD = "prakerja_done"


def has_lived(environment: Any) -> None:
    """Note that one more user of this process is done."""
    environment.done[HERE] = environment.done.get(HERE, 0) + 1


@events.init.add_listener  # type: ignore[untyped-decorator]
def begin(environment: Any, **_: Any) -> None:
    """Count who is done; where there is a master, only it ends the run."""
    environment.done = {}
    environment.events.test_start.add_listener(lambda **_: environment.done.clear())
    environment.events.report_to_master.add_listener(
        lambda data, **_: data.update({_FIELD: environment.done.get(HERE, 0)})
    )
    environment.events.worker_report.add_listener(
        lambda client_id, data, **_: environment.done.update({client_id: data.get(_FIELD, 0)})
    )
    if environment.runner is not None and not isinstance(environment.runner, WorkerRunner):
        gevent.spawn(_end, environment)


def _end(environment: Any) -> None:
    runner = environment.runner
    while True:
        gevent.sleep(LOOK_SECONDS)
        if runner.state == STATE_RUNNING and sum(environment.done.values()) >= runner.target_user_count > 0:
            if not environment.web_ui:
                runner.quit()
                return
            runner.stop()
