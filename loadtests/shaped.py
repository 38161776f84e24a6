"""Lets Locust follow a shape: `locust -f YOURS,shaped.py --shape spike --users 200 --run-time 5m`."""

from typing import Any

from locust import LoadTestShape, events

from prakerja_sim.loadtests import shapes

MOST_A_SECOND = 100
"""So many users begin or end at once, at most; more overwhelm Locust itself."""


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: Any) -> None:
    """The option of our own."""
    parser.add_argument("--shape", default="steady", choices=list(shapes.SHAPES), help="How the load goes")


class Shaped(LoadTestShape):
    """The chosen shape with the users and the run time of Locust's own options."""

    use_common_options = True

    def tick(self) -> tuple[int, float] | None:
        """How many users there are now, or None at the end."""
        runner: Any = self.runner
        options = runner.environment.parsed_options
        moment = self.get_run_time() / (options.run_time or 60)  # type: ignore[no-untyped-call]
        if moment >= 1:
            return None
        users = shapes.users_at(options.shape, options.num_users or 1, moment)
        change = abs(users - runner.user_count)
        return users, min(MOST_A_SECOND, max(1, change))
