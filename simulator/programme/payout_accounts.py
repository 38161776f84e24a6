"""Linking and unlinking a bank or e-wallet account, and changing the phone number (R28, R29).

Linking and changing each need a code that goes to the phone concerned.  After more than three wrong
codes people wait an hour; a new code does not reset the count of wrong ones (R12).
"""

from datetime import timedelta
from typing import TypeVar

from prakerja_sim.simulator.payout.partners import TERMS
from prakerja_sim.simulator.payout.records import Wallet
from prakerja_sim.simulator.programme import incentives
from prakerja_sim.simulator.programme.enrolment import subject
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount, PhoneChange
from prakerja_sim.simulator.programme.incentive_rules import CodeEntry, LinkEntry, Linking, PhoneRequest
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values import chance, phones
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import DIGITS, Phone
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import check, refuses
from prakerja_sim.simulator.world.store import Unit

Begun = TypeVar("Begun", LinkedAccount, PhoneChange)


@command("payout_accounts.link")
@refuses(Linking)
def link(world: Unit, *, card: str, partner: str, number: str) -> LinkedAccount:
    """Begin to link an account: its owner gets an OTP by SMS from the payment partner (R28)."""
    participant = world.need(Participant, card)
    linked = world.get(LinkedAccount, card)
    wallet = world.get(Wallet, f"{partner}/{number}")
    terms = TERMS.get(partner)
    check(Linking(world.now, participant, wave(participant.wave), terms, wallet, linked))
    assert wallet is not None and terms is not None

    world.subject = subject(participant.card)
    code, attempts, wrong = _new_code(world, "link", card, linked)
    begun = LinkedAccount(participant.card, wallet.key, code, world.now, attempts, wrong, wallet.phone)
    world.put(begun)
    messages.otp_text(world, wallet.phone, terms.name.upper(), code, world.settings.otp_lifetime)
    return begun


@command("payout_accounts.confirm_link")
@refuses(LinkEntry, CodeEntry)
def confirm_link(world: Unit, *, card: str, otp: str) -> LinkedAccount:
    """Enter the payment partner's OTP; held money is scheduled at once, near dates move back (F34)."""
    participant = world.need(Participant, card)
    attempt = world.get(LinkedAccount, card)
    check(LinkEntry(world.now, wave(participant.wave), attempt))
    begun = _entered(world, participant, attempt, otp)

    linked = begun.but(linked_at=world.now)
    world.put(linked)
    incentives.release(world, participant)
    return linked


@command("payout_accounts.unlink")
@refuses(Reason.NOT_LINKED, Reason.LINK_CLOSED)
def unlink(world: Unit, *, card: str) -> None:
    """Unlink the account; incentives that are due meanwhile are held."""
    participant = world.need(Participant, card)
    linked = world.get(LinkedAccount, card)
    if linked is None or linked.linked_at is None:
        raise Rejected(Reason.NOT_LINKED, linking_begun=linked is not None)
    until = wave(participant.wave).link_until
    if world.now > until:
        raise Rejected(Reason.LINK_CLOSED, link_until=until, asked_at=world.now)

    world.subject = subject(participant.card)
    world.put(linked.but(otp="", linked_at=None, wrong_otps=0))


@command("payout_accounts.change_phone")
@refuses(PhoneRequest)
def change_phone(world: Unit, *, card: str, phone: str) -> PhoneChange:
    """Begin to change the phone number: the new one gets an OTP (R29)."""
    participant = world.need(Participant, card)
    begun = world.get(PhoneChange, card)
    taken = any(other.card != card for other in world.find(Participant, phone=phone))
    check(PhoneRequest(world.now, world.get(LinkedAccount, card), taken, begun))

    world.subject = subject(participant.card)
    code, attempts, wrong = _new_code(world, "phone", card, begun)
    change = PhoneChange(participant.card, Phone(phone), code, world.now, attempts, wrong)
    world.put(change)
    messages.otp_text(world, change.phone, "PRAKERJA", code, world.settings.otp_lifetime)
    return change


@command("payout_accounts.confirm_phone")
@refuses(CodeEntry)
def confirm_phone(world: Unit, *, card: str, otp: str) -> Participant:
    """Enter the OTP that the new phone got; from now on all messages go to it."""
    participant = world.need(Participant, card)
    begun = _entered(world, participant, world.get(PhoneChange, card), otp)

    changed = participant.but(phone=begun.phone)
    world.put(begun.but(otp="", wrong_otps=0))
    world.put(changed)
    return changed


def _new_code(
    world: Unit, purpose: str, card: str, begun: LinkedAccount | PhoneChange | None
) -> tuple[str, int, int]:
    """A new code, its number, and how many wrong entries before it still count."""
    attempts = begun.attempts + 1 if begun is not None else 1
    # A new code resets the count of wrong codes only after the wait for them is over.
    wrong = begun.wrong_otps if begun is not None and begun.blocked_until is None else 0
    code = chance.code(DIGITS, world.settings.otp_digits, world.seed, purpose, card, attempts)
    return code, attempts, wrong


def _fate(world: Unit, begun: LinkedAccount | PhoneChange | None) -> phones.Fate:
    """What happens to a code at the phone that it was sent to."""
    if begun is None:
        return phones.Fate.USUAL
    phone = world.need(Wallet, begun.wallet).phone if isinstance(begun, LinkedAccount) else begun.phone
    return phones.fate(phone, magic=world.settings.magic)


def _moved(world: Unit, begun: LinkedAccount | PhoneChange | None) -> bool:
    """Whether the account has another phone now than the one that the code went to."""
    return isinstance(begun, LinkedAccount) and world.need(Wallet, begun.wallet).phone != begun.otp_phone


def _entered(world: Unit, participant: Participant, begun: Begun | None, otp: str) -> Begun:
    """The linking or the change, if the code is right; a wrong code is counted."""
    world.subject = subject(participant.card)
    try:
        fate, moved = _fate(world, begun), _moved(world, begun)
        check(CodeEntry(world.now, begun, otp, world.settings, fate, moved))
    except Rejected as refusal:
        if refusal.reason is not Reason.CODE_WRONG or begun is None:
            raise
        wrong = begun.wrong_otps + 1
        most = world.settings.link_otp_tries
        blocked = wrong > most
        until = world.now + timedelta(seconds=world.settings.link_otp_wait) if blocked else None
        world.put(begun.but(wrong_otps=wrong, blocked_until=until))
        raise Rejected(
            Reason.CODE_WRONG, counts=True, wrong_codes=wrong, most=most, wait_until=until
        ) from None
    assert begun is not None
    return begun
