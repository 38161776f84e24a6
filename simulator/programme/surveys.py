"""The evaluation surveys: in order, after the first incentive, before the closing day (R24-R26)."""

from datetime import datetime

from prakerja_sim.simulator.programme import incentive_rows as rows
from prakerja_sim.simulator.programme import incentives
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.incentive_records import Incentive, Survey
from prakerja_sim.simulator.programme.incentive_rules import SurveyEntry
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import check, refuses
from prakerja_sim.simulator.world.store import Unit


@command("surveys.fill")
@refuses(SurveyEntry)
def fill(world: Unit, *, card: str, number: int) -> None:
    """Fill in a survey; the answers do not matter, its money comes on a working day within 14 days (R27)."""
    participant = world.need(Participant, card)
    round_ = wave(participant.wave)
    done = world.get(Survey, f"{card}/{number}") is not None
    opens = opening(world, participant, number) if 1 <= number <= round_.scheme.surveys else None
    check(SurveyEntry(world.now, number, round_, done, opens))

    world.subject = subject(participant.card)
    world.put(Survey(f"{card}/{number}", participant.card, number, world.now))
    due = rows.survey_pay_day(world, round_)
    incentives.award(world, participant, {f"survey-{number}": due}, round_.scheme.survey)


def opening(world: Unit, participant: Participant, number: int) -> datetime | None:
    """When a survey opens; None until the earlier steps are done."""
    first = world.get(Incentive, f"{participant.card}/job-1")
    if first is None or first.paid_at is None:
        return None
    if number > 1 and world.get(Survey, f"{participant.card}/{number - 1}") is None:
        return None
    return wave(participant.wave).survey_opens(number, first.paid_at)
