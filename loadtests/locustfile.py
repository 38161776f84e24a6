"""The users of `prakerja-sim load`, who do what the plan in PRAKERJA_LOAD says; `locust -f` runs it, too.

With `lives_each` the run ends by itself when everybody has lived.
"""

from typing import Any

import gevent
from locust import events
from locust.runners import WorkerRunner

from prakerja_sim.loadtests import plan
from prakerja_sim.loadtests.users import Participant

LOOK_SECONDS = 0.5


class Learner(Participant):
    """Somebody who does what the plan says."""


@events.init.add_listener  # type: ignore[untyped-decorator]
def end_with_the_last(environment: Any, **_: Any) -> None:
    """End a run when the last of its users has lived; in a worker its master sees to that."""
    runner = environment.runner
    if plan.of_environment().lives_each and runner is not None and not isinstance(runner, WorkerRunner):
        gevent.spawn(_end_with_the_last, environment)


def _end_with_the_last(environment: Any) -> None:
    runner, lived = environment.runner, False
    while True:
        gevent.sleep(LOOK_SECONDS)
        lived = lived or (runner.state == "running" and runner.user_count > 0)
        if lived and runner.user_count == 0:
            lived = False
            if environment.web_ui:
                runner.stop()
            else:
                runner.quit()
                return
