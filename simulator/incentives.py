"""Incentives: the linked account, the instalments and the surveys (R20-R29).

Rows appear once the first training is rated; without a linked account they are held.  A slot
is paid at most once, on the clock, from the programme's account.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulator import bookings, calendar, chance, ledger, lifecycle, messages
from simulator.enrolment import subject
from simulator.errors import Reason, Rejected
from simulator.holidays import working_days_later
from simulator.ids import DIGITS, CardNumber, Nik, PartyCode, Phone
from simulator.lifecycle import Event
from simulator.money import Rupiah
from simulator.records import Incentive, IncentiveStatus, LinkedAccount, Participant, Survey, Wallet
from simulator.waves import Wave
from simulator.waves import wave as wave_numbered

if TYPE_CHECKING:
    from simulator.store import Unit

PARTNERS = ("bni", "bca", "ovo", "gopay", "linkaja", "dana")
"""Banks and e-wallets that pay incentives (programme 2.5)."""


def open_wallet(
    world: "Unit", *, partner: str, number: str, phone: str, nik: str, name: str, upgraded: bool = True
) -> Wallet:
    """Somebody has an account at a payment partner; `upgraded` says that KYC is done."""
    if partner not in PARTNERS:
        raise Rejected(Reason.PARTNER_UNKNOWN, partner=partner, known=", ".join(PARTNERS))

    wallet = Wallet(f"{partner}/{number}", PartyCode(partner), number, Phone(phone), Nik(nik), name, upgraded)
    world.put(wallet)
    return wallet


def link(world: "Unit", *, card: str, partner: str, number: str) -> LinkedAccount:
    """Begin to link an account: its owner gets an OTP by SMS from the payment partner (R28)."""
    participant = world.need(Participant, card)
    linked = world.get(LinkedAccount, card)
    if linked is not None and linked.linked_at is not None:
        raise Rejected(Reason.ALREADY_LINKED)
    if linked is not None and linked.blocked_until is not None and world.now < linked.blocked_until:
        raise Rejected(Reason.CODE_TRIES_EXHAUSTED, until=linked.blocked_until)
    wallet = world.get(Wallet, f"{partner}/{number}")
    if wallet is None:
        raise Rejected(Reason.WALLET_UNKNOWN, partner=partner)
    if wallet.nik != participant.nik:
        raise Rejected(Reason.NIK_DIFFERS)
    if wallet.phone != participant.phone:
        raise Rejected(Reason.PHONE_DIFFERS)
    if not wallet.upgraded:
        raise Rejected(Reason.WALLET_NOT_UPGRADED)

    world.subject = subject(participant.card)
    attempts = linked.attempts + 1 if linked is not None else 1
    code = chance.code(DIGITS, world.settings.otp_digits, world.seed, "link", card, attempts)
    # Beginning anew forgives wrong codes only once the wait for them is over.
    wrong = linked.wrong_otps if linked is not None and linked.blocked_until is None else 0
    begun = LinkedAccount(participant.card, wallet.key, code, world.now, attempts, wrong)
    world.put(begun)
    messages.otp_text(world, wallet.phone, wallet.partner.upper(), code, world.settings.otp_lifetime // 60)
    return begun


def confirm_link(world: "Unit", *, card: str, otp: str) -> LinkedAccount:
    """Enter the payment partner's OTP; more than three wrong ones mean an hour's wait (R12)."""
    linked = world.get(LinkedAccount, card)
    if linked is None:
        raise Rejected(Reason.LINK_NOT_BEGUN)
    if linked.linked_at is not None:
        raise Rejected(Reason.ALREADY_LINKED)
    if linked.blocked_until is not None:
        raise Rejected(Reason.CODE_TRIES_EXHAUSTED, until=linked.blocked_until)
    if world.now - linked.otp_sent_at > timedelta(seconds=world.settings.otp_lifetime):
        raise Rejected(Reason.CODE_EXPIRED)
    participant = world.need(Participant, card)
    world.subject = subject(participant.card)
    if otp != linked.otp:
        wrong = linked.wrong_otps + 1
        blocked = wrong > world.settings.link_otp_tries
        until = world.now + timedelta(seconds=world.settings.link_otp_wait) if blocked else None
        world.put(linked.but(wrong_otps=wrong, blocked_until=until))
        raise Rejected(Reason.CODE_WRONG, counts=True)

    done = linked.but(linked_at=world.now)
    world.put(done)
    _release(world, participant)
    return done


def plan(world: "Unit", card: str) -> None:
    """Put the instalments on the dashboard: scheduled, or held while no account is linked."""
    participant = world.need(Participant, card)
    round_ = wave_numbered(participant.wave)
    linked = _is_linked(world, card)
    first_due = _first_transfer(world)
    for month in range(round_.scheme.incentive_months):
        due = first_due + timedelta(days=month * world.settings.instalment_days)
        _keep(world, participant, f"job-{month + 1}", round_.scheme.incentive, due, linked)


def fill_survey(world: "Unit", *, card: str, number: int) -> None:
    """Fill in a survey, in order, after the first incentive came, before the closing day (R24-R26)."""
    participant = world.need(Participant, card)
    round_ = wave_numbered(participant.wave)
    if not 1 <= number <= round_.scheme.surveys:
        raise Rejected(Reason.SURVEY_NOT_OPEN, survey=number)
    if world.get(Survey, f"{card}/{number}") is not None:
        raise Rejected(Reason.SURVEY_DONE, survey=number)
    if world.now > round_.surveys_until:
        raise Rejected(Reason.SURVEY_CLOSED, survey=number)
    opens = survey_opens(world, participant, number)
    if opens is None or world.now < opens:
        raise Rejected(Reason.SURVEY_NOT_OPEN, survey=number)

    world.subject = subject(participant.card)
    world.put(Survey(f"{card}/{number}", participant.card, number, world.now))
    due = world.now + timedelta(days=world.settings.survey_paid_within_days)
    _keep(world, participant, f"survey-{number}", round_.scheme.survey, due, _is_linked(world, card))


def survey_opens(world: "Unit", participant: Participant, number: int) -> datetime | None:
    """When a survey opens, or None as long as what must come before it is missing."""
    first = world.get(Incentive, f"{participant.card}/job-1")
    if first is None or first.paid_at is None:
        return None
    if number > 1 and world.get(Survey, f"{participant.card}/{number - 1}") is None:
        return None
    return wave_numbered(participant.wave).survey_opens(number, first.paid_at)


def transfer(world: "Unit", *, slot: str) -> None:
    """Pay one slot, unless its cohort's last day for payments has passed (R37)."""
    incentive = world.need(Incentive, slot)
    if incentive.status is not IncentiveStatus.SCHEDULED:
        return
    participant = world.need(Participant, incentive.card)
    world.subject = subject(participant.card)
    if world.now > wave_numbered(participant.wave).payout_until:
        status = lifecycle.INCENTIVE[incentive.status, Event.CLOSE]
        world.put(incentive.but(status=status))
        return

    status = lifecycle.INCENTIVE[incentive.status, Event.PAY]
    world.put(incentive.but(status=status, paid_at=world.now))
    ledger.book(world, "incentive", bookings.incentive(participant.wave, participant.card, incentive.amount))


def _keep(
    world: "Unit", participant: Participant, slot: str, amount: Rupiah, due: datetime, linked: bool
) -> None:
    key = f"{participant.card}/{slot}"
    status = IncentiveStatus.SCHEDULED if linked else IncentiveStatus.HELD
    world.put(Incentive(key, CardNumber(participant.card), slot, amount, status, due))
    if linked:
        calendar.schedule(world, due, "incentive_transfer", key)


def _release(world: "Unit", participant: Participant) -> None:
    # Held rows keep their monthly rhythm, counted from the first transfer now possible.
    held = [i for i in world.find(Incentive, card=participant.card) if i.status is IncentiveStatus.HELD]
    if not held:
        return
    shift = max(_first_transfer(world) - min(i.due_at for i in held), timedelta(0))
    round_: Wave = wave_numbered(participant.wave)
    for incentive in held:
        due = incentive.due_at + shift
        event = Event.RELEASE if due <= round_.payout_until else Event.CLOSE
        world.put(incentive.but(status=lifecycle.INCENTIVE[incentive.status, event], due_at=due))
        if event is Event.RELEASE:
            calendar.schedule(world, due, "incentive_transfer", incentive.key)


def _first_transfer(world: "Unit") -> datetime:
    return working_days_later(world.now, world.settings.transfer_working_days)


def _is_linked(world: "Unit", card: str) -> bool:
    linked = world.get(LinkedAccount, card)
    return linked is not None and linked.linked_at is not None
