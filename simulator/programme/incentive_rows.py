"""The rows of incentives: how one moves, and what it says of itself.

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
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit

OPEN = (IncentiveStatus.SENDING, IncentiveStatus.SENT)
"""A payment partner may have paid it without the programme's knowing."""
FINAL = (IncentiveStatus.PAID, IncentiveStatus.UNDELIVERED)


def schedule_row(world: Unit, participant: Participant, row: Incentive, wished: datetime) -> None:
    """Let it be paid at that time, at the latest on the cohort's last day."""
    due = min(wished, wave(participant.wave).payout_until)
    status = lifecycle.INCENTIVE[row.status, Event.RELEASE]
    world.put(row.but(status=status, due_at=due, trouble=None, next_at=None))
    schedule.schedule(world, due, "incentive_transfer", row.key)


def step(world: Unit, row: Incentive, event: Event, trouble: Reason | None) -> None:
    """A failed payment goes a step of its way back; the next one follows some working days later."""
    at = working_days_later(world.now, world.settings.payout_step_working_days)
    look_again(world, row.but(status=lifecycle.INCENTIVE[row.status, event], trouble=trouble), at)


def hold(world: Unit, row: Incentive, trouble: Reason, at: datetime | None) -> None:
    """Keep the money until what is wrong has been put right; look after it at that time, if one is given."""
    held = row.but(status=lifecycle.INCENTIVE[row.status, Event.HOLD], trouble=trouble)
    look_again(world, held, at)
    notify(world, row, IncentiveStatus.HELD, trouble)


def look_again(world: Unit, row: Incentive, at: datetime | None) -> None:
    """Keep the row, and look after it at that time."""
    world.put(row.but(next_at=at))
    if at is not None:
        schedule.schedule(world, at, "payout_step", row.key)


def put(world: Unit, row: Incentive, *, notice: bool) -> None:
    """Keep the row; with a notice, the dashboard tells of it."""
    world.put(row)
    if notice:
        notify(world, row, row.status, row.trouble)


def notify(world: Unit, row: Incentive, says: IncentiveStatus, trouble: Reason | None) -> None:
    """Tell somebody on the dashboard."""
    world.append(Notice(row.card, world.now, row.slot, says, row.wallet, trouble))


# Facts


def first_transfer(world: Unit, participant: Participant) -> datetime:
    """When money that is scheduled now arrives: working days, in 2020 seven times 24 hours (R23)."""
    days = wave(participant.wave).cohort.transfer_days
    if days is not None:
        return world.now + timedelta(days=days)
    return working_days_later(world.now, world.settings.transfer_working_days)


def wallet_of(world: Unit, participant: Participant) -> Wallet | None:
    """The account that is linked, if one is."""
    linked = world.get(LinkedAccount, participant.card)
    return world.need(Wallet, linked.wallet) if linked is not None and linked.linked_at is not None else None


def too_early(world: Unit, row: Incentive) -> bool:
    """Whether an event comes that a later one has replaced."""
    return row.next_at is None or world.now < row.next_at


def reference_of(row: Incentive) -> str:
    """Under which the payment partner knows the last instruction."""
    return f"{row.key}#{row.attempts}"


def partner_of(row: Incentive) -> str:
    """The payment partner of the last instruction."""
    assert row.wallet is not None
    return row.wallet.partition("/")[0]
