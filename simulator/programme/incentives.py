"""Incentives: what is owed, when it is due, and the steps after a failed payment (R20-R24, R38).

Rows appear once the first training is rated; how one is paid is in `incentive_payments`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.partners import Payee
from prakerja_sim.simulator.programme import incentive_rows as rows
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.holidays import on_working_day, working_days_later
from prakerja_sim.simulator.values.ids import CardNumber
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit


@due_event(
    "incentive_plan",
    about="card",
    rules=("R22", "R23"),
    done="the rating has been taken over: the incentive's schedule appears",
)
def plan(world: Unit, *, card: str) -> None:
    """A day after the rating the instalments appear: scheduled, or held while no account is linked (R23).

    One that is due when nobody works is paid on the next working day; one whose month lies beyond the
    cohort's last day for payments, on that day.
    """
    participant = world.need(Participant, card)
    round_ = wave(participant.wave)
    if world.get(Incentive, f"{card}/job-1") is not None or world.now > round_.payout_until:
        return

    first, step = rows.first_transfer(world, participant), timedelta(days=world.settings.instalment_days)
    dues = {f"job-{month + 1}": first + month * step for month in range(round_.scheme.incentive_months)}
    award(world, participant, dues, round_.scheme.incentive)
    schedule.schedule(world, round_.payout_until + SECOND, "payout_close_out", card)


def award(world: Unit, participant: Participant, dues: Mapping[str, datetime], amount: Rupiah) -> None:
    """Owe a participant that amount for each of these slots; a held one keeps the day that was planned."""
    world.subject = subject(participant.card)
    linked = rows.wallet_of(world, participant) is not None
    round_ = wave(participant.wave)
    for slot, planned in dues.items():
        key, due = f"{participant.card}/{slot}", rows.pay_day(round_, planned) if linked else planned
        status = IncentiveStatus.SCHEDULED if linked else IncentiveStatus.HELD
        reason = None if linked else Reason.NOT_LINKED
        card = CardNumber(participant.card)
        world.put(Incentive(key, card, slot, amount, status, due, trouble=reason))
        if linked:
            schedule.schedule(world, due, "incentive_transfer", key)
    ledger.book(world, "award", bookings.award(participant.wave, participant.card, amount * len(dues)))


def release(world: Unit, participant: Participant) -> None:
    """An account was linked: held rows are scheduled and keep their monthly rhythm from now on.

    A row that is due before a transfer from now on could arrive is held until then (F34).
    """
    mine = world.find(Incentive, card=participant.card)
    soonest = rows.first_transfer(world, participant)
    held = [row for row in mine if row.status is IncentiveStatus.HELD]
    shift = max([soonest - row.due_at for row in held] + [timedelta(0)])
    for row in held:
        rows.schedule_row(world, participant, row, row.due_at + shift)
    for row in mine:
        if row.status is IncentiveStatus.SCHEDULED and row.due_at < soonest:
            rows.hold(world, row, Reason.ACCOUNT_SWITCHED, at=row.due_at)


@due_event(
    "payout_step",
    about="slot",
    rules=("R38",),
    done="a payment that failed or is held goes one step of its way back",
    nothing="it went on meanwhile",
)
@command("incentives.proceed")
def proceed(world: Unit, *, slot: str) -> None:
    """One step after a failed payment: failed, account checked, waiting, scheduled again (R38)."""
    row = world.need(Incentive, slot)
    if rows.too_early(world, row):
        return
    participant = world.need(Participant, row.card)

    world.subject = subject(participant.card)
    if row.status is IncentiveStatus.FAILED:
        rows.step(world, row, Event.CHECK, row.trouble)
    elif row.status is IncentiveStatus.CHECKING:
        reason = _obstacle(world, participant, row)
        if reason is None:
            rows.step(world, row, Event.RELEASE, None)
        else:
            rows.hold(world, row, reason, at=_recheck(world, reason))
    elif row.status is IncentiveStatus.WAITING:
        days = world.settings.payout_step_working_days
        rows.schedule_row(world, participant, row, working_days_later(world.now, days))
    elif row.status is IncentiveStatus.HELD:
        reason = _obstacle(world, participant, row)
        if reason is None:
            rows.schedule_row(world, participant, row, rows.first_transfer(world, participant))
        else:
            rows.look_again(world, row.but(trouble=reason), _recheck(world, reason))


def _obstacle(world: Unit, participant: Participant, row: Incentive) -> Reason | None:
    """Why the partner would not pay into the linked account now, or None."""
    wallet = rows.wallet_of(world, participant)
    if wallet is None:
        return Reason.NOT_LINKED
    payee = Payee(participant.nik, participant.name, participant.phone)
    return partners.obstacle(world, wallet, row.amount, payee)


def _recheck(world: Unit, reason: Reason) -> datetime | None:
    """When to check again; for a missing account never, since linking one releases the row."""
    days = timedelta(days=world.settings.payout_recheck_days)
    return None if reason is Reason.NOT_LINKED else on_working_day(world.now + days)
