"""Incentives: what is owed, when it is paid, and every way back after a payment failed (R20-R24, R37, R38).

Rows appear once the first training is rated.  A row is sent to the payment partner at most once at
a time: while an answer is open it is only asked for, and a new instruction follows a known refusal
alone.  So no interruption and no lost reply pays twice.  What cannot be paid by the cohort's last
day goes to the state treasury.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.partners import Answer, Payee
from prakerja_sim.simulator.payout.records import PayoutStatus, Wallet
from prakerja_sim.simulator.programme import lifecycle
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.incentive_records import (
    Incentive,
    IncentiveStatus,
    LinkedAccount,
    Notice,
)
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Participant, Pause
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import CardNumber
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit

FINAL = (IncentiveStatus.PAID, IncentiveStatus.UNDELIVERED)


@due_event(
    "incentive_plan",
    about="card",
    rules=("R22", "R23"),
    done="the rating has been taken over: the incentive's schedule appears",
)
def plan(world: Unit, *, card: str) -> None:
    """A day after the rating the instalments appear: scheduled, or held while no account is linked (R23).

    One whose month lies beyond the cohort's last day for payments is paid on that day.
    """
    participant = world.need(Participant, card)
    round_ = wave(participant.wave)
    if world.get(Incentive, f"{card}/job-1") is not None or world.now > round_.payout_until:
        return

    first, step = _first_transfer(world, participant), timedelta(days=world.settings.instalment_days)
    dues = {f"job-{month + 1}": first + month * step for month in range(round_.scheme.incentive_months)}
    award(world, participant, dues, round_.scheme.incentive)
    schedule.schedule(world, round_.payout_until + SECOND, "payout_close_out", card)


def award(world: Unit, participant: Participant, dues: Mapping[str, datetime], amount: Rupiah) -> None:
    """Owe a participant that amount for each of these slots."""
    world.subject = subject(participant.card)
    linked = _wallet_of(world, participant) is not None
    for slot, wished in dues.items():
        key, due = f"{participant.card}/{slot}", min(wished, wave(participant.wave).payout_until)
        status = IncentiveStatus.SCHEDULED if linked else IncentiveStatus.HELD
        trouble = None if linked else Reason.NOT_LINKED
        card = CardNumber(participant.card)
        world.put(Incentive(key, card, slot, amount, status, due, trouble=trouble))
        if linked:
            schedule.schedule(world, due, "incentive_transfer", key)
    ledger.book(world, "award", bookings.award(participant.wave, participant.card, amount * len(dues)))


def release(world: Unit, participant: Participant) -> None:
    """An account was linked: held rows are scheduled and keep their monthly rhythm from now on.

    A row that is due before a transfer from now on could arrive is held until then (F34).
    """
    rows = world.find(Incentive, card=participant.card)
    soonest = _first_transfer(world, participant)
    held = [row for row in rows if row.status is IncentiveStatus.HELD]
    shift = max([soonest - row.due_at for row in held] + [timedelta(0)])
    for row in held:
        _schedule(world, participant, row, row.due_at + shift)
    for row in rows:
        if row.status is IncentiveStatus.SCHEDULED and row.due_at < soonest:
            _hold(world, row, Reason.ACCOUNT_SWITCHED, look_again=row.due_at)


@due_event(
    "incentive_transfer",
    about="slot",
    rules=("R20", "R23", "R24"),
    done="the transfer of this slot was due",
    nothing="the slot is held or settled already",
)
@command("incentives.transfer")
def transfer(world: Unit, *, slot: str) -> None:
    """Pay one slot that is due; without a linked account it is held."""
    row = world.need(Incentive, slot)
    if row.status is not IncentiveStatus.SCHEDULED or world.now < row.due_at:
        return
    participant = world.need(Participant, row.card)
    wallet = _wallet_of(world, participant)
    pause = world.get(Pause, "payouts")

    world.subject = subject(participant.card)
    if pause is not None and world.now < pause.until:
        world.put(row.but(due_at=pause.until))
        schedule.schedule(world, pause.until, "incentive_transfer", row.key)
    elif wallet is None:
        _hold(world, row, Reason.NOT_LINKED, look_again=None)
    else:
        _send(world, participant, row.but(attempts=row.attempts + 1, wallet=wallet.key))


@due_event(
    "payout_status",
    about="slot",
    rules=("R38",),
    done="the payment partner was asked what became of an instruction",
    nothing="its answer came meanwhile",
)
@command("incentives.ask_status")
def ask_status(world: Unit, *, slot: str) -> None:
    """Ask the partner what became of an instruction whose answer is open (F35).

    One that never arrived is sent again under the same reference.
    """
    row = world.need(Incentive, slot)
    if row.status is not IncentiveStatus.SENT or _too_early(world, row):
        return
    participant = world.need(Participant, row.card)

    world.subject = subject(participant.card)
    try:
        answer = partners.status(world, reference=_reference(row), partner=_partner(row))
    except Rejected:
        _send(world, participant, row)
        return
    if answer is None or answer.status is PayoutStatus.PENDING:
        _wait_for_answer(world, row, world.now + DAY)
    else:
        _answered(world, row, answer)


@due_event(
    "payout_step",
    about="slot",
    rules=("R38",),
    done="a payment that failed or is held goes one step of its way back",
    nothing="it went on meanwhile",
)
@command("incentives.proceed")
def proceed(world: Unit, *, slot: str) -> None:
    """One step of the way back: failed, checked against the account, waiting, scheduled again (R38)."""
    row = world.need(Incentive, slot)
    if _too_early(world, row):
        return
    participant = world.need(Participant, row.card)

    world.subject = subject(participant.card)
    if row.status is IncentiveStatus.FAILED:
        _step(world, row, Event.CHECK, row.trouble)
    elif row.status is IncentiveStatus.CHECKING:
        trouble = _obstacle(world, participant, row)
        if trouble is None:
            _step(world, row, Event.RELEASE, None)
        else:
            _hold(world, row, trouble, look_again=_recheck(world, trouble))
    elif row.status is IncentiveStatus.WAITING:
        days = world.settings.payout_step_working_days
        _schedule(world, participant, row, working_days_later(world.now, days))
    elif row.status is IncentiveStatus.HELD:
        trouble = _obstacle(world, participant, row)
        if trouble is None:
            _schedule(world, participant, row, _first_transfer(world, participant))
        else:
            _look_again(world, row.but(trouble=trouble), _recheck(world, trouble))


@due_event(
    "payout_close_out",
    about="card",
    rules=("R37",),
    done="the day after the last one for payments: what was not delivered goes to the state treasury",
    nothing="everything was delivered",
)
@command("incentives.close_out")
def close_out(world: Unit, *, card: str) -> None:
    """The day after the cohort's last one for payments: what was not delivered goes to the treasury (R37)."""
    participant = world.need(Participant, card)

    world.subject = subject(participant.card)
    returned = 0
    for row in world.find(Incentive, card=card):
        if row.status is IncentiveStatus.SENT:
            answer = partners.recall(world, reference=_reference(row))
            if answer.status is PayoutStatus.PAID:
                _answered(world, row, answer)
                continue
            ledger.book(world, "not_paid", bookings.not_paid(row.card, _partner(row), row.amount))
        if row.status not in FINAL:
            trouble = row.trouble or Reason.PAYOUTS_CLOSED
            closed = lifecycle.INCENTIVE[row.status, Event.CLOSE]
            _put(world, row.but(status=closed, trouble=trouble, next_at=None), notice=True)
            returned += row.amount.amount
    if returned:
        ledger.book(world, "undelivered", bookings.undelivered(participant.wave, participant.card, returned))


# Sending and hearing


def _send(world: Unit, participant: Participant, row: Incentive) -> None:
    assert row.wallet is not None
    payee = Payee(participant.nik, participant.name, participant.phone)
    answer = partners.pay(world, reference=_reference(row), wallet=row.wallet, amount=row.amount, payee=payee)
    if answer is not None and answer.status is not PayoutStatus.PENDING:
        _answered(world, row, answer)
        return
    if row.status is IncentiveStatus.SENT:  # sent again, since it had never arrived
        _wait_for_answer(world, row, world.now + DAY)
        return
    ledger.book(world, "sent", bookings.sent(row.card, _partner(row), row.amount))
    if answer is None:  # whoever writes the notices takes silence for a failure; the row knows better (F35)
        _notify(world, row, IncentiveStatus.FAILED, Reason.NO_REPLY)
    sent = row.but(status=lifecycle.INCENTIVE[row.status, Event.SEND])
    _wait_for_answer(world, sent, world.now + timedelta(seconds=world.settings.payout_status_after))


def _answered(world: Unit, row: Incentive, answer: Answer) -> None:
    """A final answer: paid, or refused and on its way back."""
    partner = _partner(row) if row.status is IncentiveStatus.SENT else None
    if answer.status is PayoutStatus.PAID:
        status = lifecycle.INCENTIVE[row.status, Event.PAY]
        paid = row.but(status=status, paid_at=world.now, trouble=None, next_at=None)
        _put(world, paid, notice=row.attempts > 1 or partner is not None)
        ledger.book(world, "incentive", bookings.incentive(row.card, row.amount, partner))
        return
    if partner is not None:
        ledger.book(world, "not_paid", bookings.not_paid(row.card, partner, row.amount))
    _step(world, row, Event.FAIL, answer.refusal)
    _notify(world, row, IncentiveStatus.FAILED, answer.refusal)


def _wait_for_answer(world: Unit, row: Incentive, until: datetime) -> None:
    world.put(row.but(next_at=until))
    schedule.schedule(world, until, "payout_status", row.key)


# Moving a row


def _schedule(world: Unit, participant: Participant, row: Incentive, wished: datetime) -> None:
    due = min(wished, wave(participant.wave).payout_until)
    status = lifecycle.INCENTIVE[row.status, Event.RELEASE]
    world.put(row.but(status=status, due_at=due, trouble=None, next_at=None))
    schedule.schedule(world, due, "incentive_transfer", row.key)


def _step(world: Unit, row: Incentive, event: Event, trouble: Reason | None) -> None:
    at = working_days_later(world.now, world.settings.payout_step_working_days)
    _look_again(world, row.but(status=lifecycle.INCENTIVE[row.status, event], trouble=trouble), at)


def _hold(world: Unit, row: Incentive, trouble: Reason, look_again: datetime | None) -> None:
    held = row.but(status=lifecycle.INCENTIVE[row.status, Event.HOLD], trouble=trouble)
    _look_again(world, held, look_again)
    _notify(world, row, IncentiveStatus.HELD, trouble)


def _look_again(world: Unit, row: Incentive, at: datetime | None) -> None:
    world.put(row.but(next_at=at))
    if at is not None:
        schedule.schedule(world, at, "payout_step", row.key)


def _put(world: Unit, row: Incentive, *, notice: bool) -> None:
    world.put(row)
    if notice:
        _notify(world, row, row.status, row.trouble)


def _notify(world: Unit, row: Incentive, says: IncentiveStatus, trouble: Reason | None) -> None:
    world.append(Notice(row.card, world.now, row.slot, says, row.wallet, trouble))


# Facts


def _obstacle(world: Unit, participant: Participant, row: Incentive) -> Reason | None:
    """Why the linked account could not be paid now, as far as its partner says when asked."""
    wallet = _wallet_of(world, participant)
    if wallet is None:
        return Reason.NOT_LINKED
    payee = Payee(participant.nik, participant.name, participant.phone)
    return partners.obstacle(world, wallet, row.amount, payee)


def _recheck(world: Unit, trouble: Reason) -> datetime | None:
    """When to look again; a missing account announces itself when it is linked."""
    days = timedelta(days=world.settings.payout_recheck_days)
    return None if trouble is Reason.NOT_LINKED else world.now + days


def _first_transfer(world: Unit, participant: Participant) -> datetime:
    """When money that is scheduled now arrives: working days, in 2020 seven times 24 hours (R23)."""
    days = wave(participant.wave).cohort.transfer_days
    if days is not None:
        return world.now + timedelta(days=days)
    return working_days_later(world.now, world.settings.transfer_working_days)


def _wallet_of(world: Unit, participant: Participant) -> Wallet | None:
    linked = world.get(LinkedAccount, participant.card)
    return world.need(Wallet, linked.wallet) if linked is not None and linked.linked_at is not None else None


def _too_early(world: Unit, row: Incentive) -> bool:
    """Whether an event comes that a later one has replaced."""
    return row.next_at is None or world.now < row.next_at


def _reference(row: Incentive) -> str:
    return f"{row.key}#{row.attempts}"


def _partner(row: Incentive) -> str:
    assert row.wallet is not None
    return row.wallet.partition("/")[0]
