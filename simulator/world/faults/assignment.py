"""What may go wrong with a practical task that an institution hands in."""

from typing import TypeVar

from prakerja_sim.simulator.world.faults import Fault, fault
from prakerja_sim.simulator.world.records import Record

Assignment = TypeVar("Assignment", bound=Record)


class AssignmentFault(Fault):
    """A practical task that an institution hands in for a participant.

    `where`: the redeem code.
    """

    point = "assignment"

    def apply(self, assignment: Assignment) -> Assignment:
        """What Prakerja keeps of it."""
        raise self.unfinished()


@fault("assignment_failed")
class AssignmentFailed(AssignmentFault):
    """The practical task is not accepted: its status becomes 3."""

    def apply(self, assignment: Assignment) -> Assignment:
        return assignment.but(failed=True)
