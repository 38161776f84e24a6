"""What the operator or an institution decides over people's heads, and takes back.

An account is blocked (F44), a course's content is withdrawn after it was sold (F19), all payouts
pause for an evaluation (F51).
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
        raise Rejected(Reason.PERSON_UNKNOWN)

    world.subject = subject(participant.card)
    changed = participant.but(blocked=blocked)
    world.put(changed)
    return changed


@command("operator.withdraw_content")
@refuses(Reason.COURSE_UNKNOWN)
def withdraw_content(world: Unit, *, course: str) -> Course:
    """An institution takes its lessons away; what was paid for them stays paid (F19)."""
    found = world.get(Course, course)
    if found is None:
        raise Rejected(Reason.COURSE_UNKNOWN, course=course)

    withdrawn = found.but(withdrawn=True)
    world.put(withdrawn)
    return withdrawn


@command("operator.pause_payouts")
def pause_payouts(world: Unit, *, until: datetime) -> Pause:
    """From now on no instalment is sent before that time; what falls due meanwhile shifts to it (F51)."""
    pause = Pause(PAYOUTS, until)
    world.put(pause)
    return pause
