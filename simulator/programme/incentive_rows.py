"""The rows of incentives: how a row changes its state, and its derived values.

Every move goes through the table in `lifecycle` and plans when the programme looks after the row again.
"""

from datetime import datetime, timedelta

from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme import lifecycle
from prakerja_sim.simulator.programme.incentive_records import (
    Incentive,
    IncentiveStatus,
    LinkedAccount,
    Notice,
)
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.waves import Wave, wave
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.holidays import by_working_day, on_working_day, working_days_later
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit

OPEN = (IncentiveStatus.SENDING, IncentiveStatus.SENT)
"""A payment partner may have paid it without the programme's knowing."""
FINAL = (IncentiveStatus.PAID, IncentiveStatus.UNDELIVERED)


def schedule_row(world: Unit, participant: Participant, row: Incentive, planned: datetime) -> None:
    """Let it be paid at that time, or when banks work next, at the latest on the cohort's last day."""
    due = pay_day(wave(participant.wave), planned)
    status = lifecycle.INCENTIVE[row.status, Event.RELEASE]
    world.put(row.but(status=status, due_at=due, trouble=None, next_at=None))
    schedule.schedule(world, due, "incentive_transfer", row.key)


def step(world: Unit, row: Incentive, event: Event, reason: Reason | None) -> None:
    """Move a failed payment one step; the next step follows some working days later."""
    at = working_days_later(world.now, world.settings.payout_step_working_days)
    look_again(world, row.but(status=lifecycle.INCENTIVE[row.status, event], trouble=reason), at)


def hold(world: Unit, row: Incentive, reason: Reason, at: datetime | None) -> None:
    """Hold the money until its reason is gone; check the row again at that time, if there is one."""
    held = row.but(status=lifecycle.INCENTIVE[row.status, Event.HOLD], trouble=reason)
    look_again(world, held, at)
    notify(world, row, IncentiveStatus.HELD, reason)


def look_again(world: Unit, row: Incentive, at: datetime | None) -> None:
    """Store the row, and check it again at that time."""
    world.put(row.but(next_at=at))
    if at is not None:
        schedule.schedule(world, at, "payout_step", row.key)


def put(world: Unit, row: Incentive, *, notice: bool) -> None:
    """Store the row; with `notice`, the dashboard shows a notice."""
    world.put(row)
    if notice:
        notify(world, row, row.status, row.trouble)


def notify(world: Unit, row: Incentive, says: IncentiveStatus, reason: Reason | None) -> None:
    """Write a notice for the participant's dashboard."""
    world.append(Notice(row.card, world.now, row.slot, says, row.wallet, reason))


# Facts


def pay_day(round_: Wave, planned: datetime) -> datetime:
    """When a payment planned for then is made: when banks work, at the latest on the cohort's last day.

    That day is a date of its own (R37): what would come later is paid on it, whichever weekday it is.
    """
    return min(next_pay_day(round_, planned), round_.payout_until)


def next_pay_day(round_: Wave, planned: datetime) -> datetime:
    """The same time on the next day on which payments are made, that day included (R23)."""
    return on_working_day(planned) if _on_working_days(round_) else planned


def survey_pay_day(world: Unit, round_: Wave) -> datetime:
    """When a survey is paid that was filled in now: the last working day of the promised time (R27)."""
    latest = world.now + timedelta(days=world.settings.survey_paid_within_days)
    if _on_working_days(round_):
        latest = max(by_working_day(latest), world.now)
    return pay_day(round_, latest)


def _on_working_days(round_: Wave) -> bool:
    """In 2020 the promise counted hours ("7 x 24 jam"), so weekends and holidays did not matter (R23)."""
    return round_.cohort.transfer_days is None


def first_transfer(world: Unit, participant: Participant) -> datetime:
    """When money that is scheduled now arrives: working days, in 2020 seven times 24 hours (R23)."""
    days = wave(participant.wave).cohort.transfer_days
    if days is not None:
        return world.now + timedelta(days=days)
    return working_days_later(world.now, world.settings.transfer_working_days)


def wallet_of(world: Unit, participant: Participant) -> Wallet | None:
    """The linked account, or None."""
    linked = world.get(LinkedAccount, participant.card)
    return world.need(Wallet, linked.wallet) if linked is not None and linked.linked_at is not None else None


def too_early(world: Unit, row: Incentive) -> bool:
    """Whether a later event has replaced the one that comes now."""
    return row.next_at is None or world.now < row.next_at


def reference_of(row: Incentive) -> str:
    """The reference of the last instruction at the payment partner."""
    return f"{row.key}#{row.attempts}"


def partner_of(row: Incentive) -> str:
    """The payment partner of the last instruction."""
    assert row.wallet is not None
    return row.wallet.partition("/")[0]
