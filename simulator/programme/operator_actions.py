"""Actions of the operator or an institution that participants did not ask for.

An account is blocked or freed (F44), a course's content is withdrawn after it was sold (F19), all
payouts pause for an evaluation (F51).
"""

from datetime import datetime

from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.records import Course, Participant, Pause
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

PAYOUTS = "payouts"


@command("operator.block")
@refuses(Reason.PERSON_UNKNOWN)
def block(world: Unit, *, card: str, blocked: bool) -> Participant:
    """Block a participant's account, or free it: no login and no purchase, the balance stays (R03)."""
    participant = world.get(Participant, card)
    if participant is None:
        raise Rejected(Reason.PERSON_UNKNOWN, card=card)

    world.subject = subject(participant.card)
    changed = participant.but(blocked=blocked)
    world.put(changed)
    return changed


@command("operator.withdraw_content")
@refuses(Reason.COURSE_UNKNOWN)
def withdraw_content(world: Unit, *, course: str) -> Course:
    """An institution withdraws its lessons; the money that was paid for them does not go back (F19)."""
    record = world.get(Course, course)
    if record is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)

    withdrawn = record.but(withdrawn=True)
    world.put(withdrawn)
    return withdrawn


@command("operator.pause_payouts")
def pause_payouts(world: Unit, *, until: datetime) -> Pause:
    """From now on no instalment is sent before that time; what is due earlier is sent then (F51)."""
    pause = Pause(PAYOUTS, until)
    world.put(pause)
    return pause
