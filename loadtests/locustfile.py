"""The users of `prakerja-sim load`, who do what the plan in PRAKERJA_LOAD says; `locust -f` runs it, too."""

from prakerja_sim.loadtests.users import Participant


class Learner(Participant):
    """Somebody who does what the plan says."""
