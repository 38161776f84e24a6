"""Paying incentives: reserve, instruct the payment partner, settle (R20, R23, R24, R37, R38).

The partner is called between units of work.  A row that is being sent, or was sent without an answer,
always has an event to come at which its partner is asked what became of the reference; a new
reference follows a known refusal alone.  So no kill and no lost reply loses a payment or pays twice.
What cannot be paid by the cohort's last day goes to the state treasury.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.instructions import BetweenUnits, PayoutInstruction
from prakerja_sim.simulator.payout.partners import Answer, Payee
from prakerja_sim.simulator.payout.records import PayoutStatus
from prakerja_sim.simulator.programme import incentive_rows as rows
from prakerja_sim.simulator.programme import lifecycle, notices
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Participant, Pause
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import DAY, SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.schedule import Moved, due_event
from prakerja_sim.simulator.world.store import Unit

ASKED_AT = {IncentiveStatus.SENDING: "incentive_sending", IncentiveStatus.SENT: "payout_status"}
"""The event that asks for an open row's answer; after an interruption it comes before the next transfer."""

# Between units of work


def instruct(sandbox: BetweenUnits, slot: str) -> tuple[Moved, ...]:
    """Tell the partner to pay a slot that has just been reserved."""
    instruction: PayoutInstruction | None = sandbox.ask(reserved, slot=slot)
    if instruction is None:  # held or put off
        return ()
    return _settled(sandbox, slot, instruction, sandbox.payment_partners.pay(instruction))


def ask_again(sandbox: BetweenUnits, slot: str) -> tuple[Moved, ...]:
    """Ask the partner for the state of an open instruction (F35).

    One that never arrived is sent again under its reference.
    """
    instruction: PayoutInstruction | None = sandbox.ask(unanswered, slot=slot)
    if instruction is None:
        return ()
    try:
        answer = sandbox.payment_partners.status(instruction)
    except Rejected:
        answer = sandbox.payment_partners.pay(instruction)
    return _settled(sandbox, slot, instruction, answer)


def recall(sandbox: BetweenUnits, card: str) -> tuple[Moved, ...]:
    """End somebody's open instructions at their partners, then close (R37)."""
    still_open: dict[str, PayoutInstruction] = sandbox.ask(open_of, card=card)
    if not still_open:  # closed already
        return ()
    final = {}
    for slot, instruction in still_open.items():
        answer = sandbox.payment_partners.recall(instruction)
        if answer is not None and answer.status is not PayoutStatus.PENDING:
            final[slot] = answer.status.value
    moved: tuple[Moved, ...] = sandbox.do(close_out, card=card, recalled=final)
    return moved


def _settled(
    sandbox: BetweenUnits, slot: str, instruction: PayoutInstruction, answer: Answer | None
) -> tuple[Moved, ...]:
    moved: tuple[Moved, ...] = sandbox.do(
        settle,
        slot=slot,
        reference=instruction.reference,
        status=None if answer is None else answer.status.value,
        refusal=None if answer is None or answer.refusal is None else answer.refusal.value,
    )
    return moved


# Units of work


@due_event(
    "incentive_transfer",
    about="slot",
    rules=("R20", "R23", "R24"),
    done="the transfer of this slot was due",
    nothing="the slot is held or settled already",
    flow=instruct,
)
@command("incentives.transfer")
def transfer(world: Unit, *, slot: str) -> None:
    """Reserve one slot that is due for sending; without a linked account it is held."""
    row = world.need(Incentive, slot)
    if row.status is not IncentiveStatus.SCHEDULED or world.now < row.due_at:
        return
    participant = world.need(Participant, row.card)
    wallet = rows.wallet_of(world, participant)
    pause = world.get(Pause, "payouts")

    world.subject = subject(participant.card)
    if pause is not None and world.now < pause.until:
        due = rows.next_pay_day(wave(participant.wave), pause.until)
        world.put(row.but(due_at=due))
        schedule.schedule(world, due, "incentive_transfer", row.key)
    elif wallet is None:
        rows.hold(world, row, Reason.NOT_LINKED, at=None)
    else:
        status = lifecycle.INCENTIVE[row.status, Event.RESERVE]
        reserved_ = row.but(status=status, attempts=row.attempts + 1, wallet=wallet.key)
        _wait_for_answer(world, reserved_, world.now)  # comes to pass only if we are killed before the answer


@due_event(
    "incentive_sending",
    about="slot",
    rules=("R38",),
    done="the payment partner was asked what became of an instruction whose sending was cut short",
    nothing="its answer came meanwhile",
    flow=ask_again,
)
@due_event(
    "payout_status",
    about="slot",
    rules=("R38",),
    done="the payment partner was asked what became of an instruction",
    nothing="its answer came meanwhile",
    flow=ask_again,
)
@command("incentives.ask_status")
def ask_status(world: Unit, *, slot: str) -> None:
    """It is time to ask the partner; until that has been settled, it stays time."""
    row = world.need(Incentive, slot)
    if not _is_to_be_asked(world, row):
        return

    world.subject = subject(row.card)
    schedule.schedule(world, world.now, ASKED_AT[row.status], row.key)


@command("incentives.settle")
def settle(
    world: Unit, *, slot: str, reference: str, status: str | None, refusal: str | None
) -> tuple[Moved, ...]:
    """Note the partner's answer, None if there was none; a second answer changes nothing."""
    row = world.need(Incentive, slot)
    if row.status not in rows.OPEN or rows.reference_of(row) != reference:
        return ()

    world.subject = subject(row.card)
    schedule.cancel(world, world.now, ASKED_AT[row.status], row.key)
    if status == PayoutStatus.PAID:
        _paid(world, row, world.now)
    elif status == PayoutStatus.REFUSED:
        _refused(world, row, Reason(refusal or Reason.PAYOUT_REJECTED))
    elif row.status is IncentiveStatus.SENT:
        _wait_for_answer(world, row, world.now + DAY)
    else:
        ledger.book(world, "sent", bookings.sent(row.card, rows.partner_of(row), row.amount))
        if (
            status is None
        ):  # whoever writes the notices takes silence for a failure; the row knows better (F35)
            rows.notify(world, row, IncentiveStatus.FAILED, Reason.NO_REPLY)
        sent = row.but(status=lifecycle.INCENTIVE[row.status, Event.SEND])
        _wait_for_answer(world, sent, world.now + timedelta(seconds=world.settings.payout_status_after))
    return schedule.moved(world)


@due_event(
    "payout_close_out",
    about="card",
    rules=("R37",),
    done="the day after the last one for payments: what was not delivered goes to the state treasury",
    nothing="everything was delivered",
    flow=recall,
)
@command("incentives.close_out")
def close_out(world: Unit, *, card: str, recalled: Mapping[str, str] | None = None) -> tuple[Moved, ...]:
    """The day after the cohort's last one for payments: what was not delivered goes to the treasury (R37).

    What is open is recalled first; then this is done again, with what the partners said by slot.  Where
    one was silent nobody knows where the money is: it is asked again the next day.
    """
    participant = world.need(Participant, card)
    mine = world.find(Incentive, card=card)
    is_open = any(row.status in rows.OPEN for row in mine)

    world.subject = subject(participant.card)
    if recalled is None and is_open:
        schedule.schedule(world, world.now, "payout_close_out", card)
        return ()
    schedule.cancel(world, world.now, "payout_close_out", card)
    returned = sum(_closed(world, row, (recalled or {}).get(row.key)) for row in mine)
    if returned:
        ledger.book(world, "undelivered", bookings.undelivered(participant.wave, participant.card, returned))
    if any(row.status in rows.OPEN for row in world.find(Incentive, card=card)):
        schedule.schedule(world, world.now + DAY, "payout_close_out", card)
    return schedule.moved(world)


def _closed(world: Unit, row: Incentive, recalled: str | None) -> int:
    """Close one row; returns how much of it goes back."""
    if row.status in rows.FINAL or (row.status in rows.OPEN and recalled is None):
        return 0
    if recalled == PayoutStatus.PAID:
        # Nothing is sent after the last day, so it was paid by then, however late we hear of it.
        closes = wave(world.need(Participant, row.card).wave).payout_until + SECOND
        _paid(world, row, min(world.now, closes))
        return 0
    _not_paid(world, row)
    closed = lifecycle.INCENTIVE[row.status, Event.CLOSE]
    reason = row.trouble or Reason.PAYOUTS_CLOSED
    rows.put(world, row.but(status=closed, trouble=reason, next_at=None), notice=True)
    return row.amount.amount


def _paid(world: Unit, row: Incentive, at: datetime) -> None:
    waited = row.status is IncentiveStatus.SENT
    status = lifecycle.INCENTIVE[row.status, Event.PAY]
    paid = row.but(status=status, paid_at=at, trouble=None, next_at=None)
    rows.put(world, paid, notice=row.attempts > 1 or waited)
    wallet = partners.TERMS[rows.partner_of(row)].name
    notices.paid(world, paid, wallet, bell=row.attempts == 1 and not waited)
    partner = rows.partner_of(row) if waited else None
    ledger.book(world, "incentive", bookings.incentive(row.card, row.amount, partner))


def _refused(world: Unit, row: Incentive, refusal: Reason) -> None:
    _not_paid(world, row)
    rows.step(world, row, Event.FAIL, refusal)
    rows.notify(world, row, IncentiveStatus.FAILED, refusal)


def _not_paid(world: Unit, row: Incentive) -> None:
    """The money that was on its way is owed again."""
    if row.status is IncentiveStatus.SENT:
        ledger.book(world, "not_paid", bookings.not_paid(row.card, rows.partner_of(row), row.amount))


def _wait_for_answer(world: Unit, row: Incentive, until: datetime) -> None:
    world.put(row.but(next_at=until))
    schedule.schedule(world, until, ASKED_AT[row.status], row.key)


# Questions


def reserved(world: Unit, *, slot: str) -> PayoutInstruction | None:
    """The instruction of a slot that is being sent."""
    row = world.need(Incentive, slot)
    return _instruction(world, row) if row.status is IncentiveStatus.SENDING else None


def unanswered(world: Unit, *, slot: str) -> PayoutInstruction | None:
    """The instruction of a slot whose partner is to be asked now."""
    row = world.need(Incentive, slot)
    return _instruction(world, row) if _is_to_be_asked(world, row) else None


def open_of(world: Unit, *, card: str) -> dict[str, PayoutInstruction]:
    """Somebody's open instructions, by slot."""
    mine = world.find(Incentive, card=card)
    return {row.key: _instruction(world, row) for row in mine if row.status in rows.OPEN}


def _is_to_be_asked(world: Unit, row: Incentive) -> bool:
    """Whether it is time to ask; after the last day the close-out asks, since nothing is sent again."""
    over = world.now > wave(world.need(Participant, row.card).wave).payout_until
    return row.status in rows.OPEN and not rows.too_early(world, row) and not over


def _instruction(world: Unit, row: Incentive) -> PayoutInstruction:
    who = world.need(Participant, row.card)
    partner, _, number = (row.wallet or "").partition("/")
    payee = Payee(who.nik, who.name, who.phone)
    return PayoutInstruction(rows.reference_of(row), partner, number, row.amount, payee)
