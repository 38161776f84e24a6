"""The payment partners: their accounts, and paying into one by reference (programme 2.5, 2.6).

This is the partner's side, with books of its own (`Payout`); the programme sees only what it is
answered.  An instruction is named by a reference that is paid at most once, however often it comes.
How the real partners talk with the programme is not public: all of this is simulated.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from prakerja_sim.simulator.payout.records import PartnerSwitch, Payout, PayoutStatus, Wallet
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import Nik, PartyCode, Phone
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import faults, schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults import Point
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of a payment partner."""

    name: str
    bank: bool
    """A bank knows its customers when they open an account; an e-wallet must be upgraded (KYC)."""
    since: date | None = None
    """The day from which it paid incentives; None is from the programme's start."""
    help_line: str = ""


TERMS = {
    "bni": Terms("BNI", bank=True, help_line="Hotline BNI: 1500046"),
    # First named in a list of December 2022; when it joined is not known, so it counts from the start.
    "bca": Terms("BCA", bank=True),
    "ovo": Terms("OVO", bank=False),
    "gopay": Terms("GoPay", bank=False),
    "linkaja": Terms("LinkAja", bank=False),
    "dana": Terms("DANA", bank=False, since=date(2020, 10, 14)),
}
PARTNERS = tuple(TERMS)


class Outcome(StrEnum):
    """What a partner may be told to do with the instructions that come."""

    SUCCESS = "success"
    REJECTED = "payout_rejected"
    NAME_DIFFERS = "payout_name_differs"
    FULL = "payout_full"
    DOWN = "payout_down"
    REQUEST_LOST = "payout_request_lost"
    REPLY_LOST = "payout_reply_lost"
    LATE = "payout_late"


REFUSALS = {
    Outcome.REJECTED: Reason.PAYOUT_REJECTED,
    Outcome.NAME_DIFFERS: Reason.WALLET_NAME_DIFFERS,
    Outcome.FULL: Reason.WALLET_FULL,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the programme hears of an instruction."""

    status: PayoutStatus
    refusal: Reason | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is to be paid, as the programme knows him; the partner compares."""

    nik: str
    name: str
    phone: str


@command("payout.open_wallet")
@refuses(Reason.PARTNER_UNKNOWN)
def open_wallet(
    world: Unit,
    *,
    partner: str,
    number: str,
    phone: str,
    nik: str,
    name: str,
    upgraded: bool = True,
    active: bool = True,
    currency: str = "IDR",
    monthly_limit: int | None = None,
) -> Wallet:
    """Somebody has an account at a payment partner, or changes it; `upgraded` says that KYC is done."""
    if partner not in TERMS:
        raise Rejected(Reason.PARTNER_UNKNOWN, partner=partner, known=", ".join(PARTNERS))

    limit = Rupiah(monthly_limit) if monthly_limit is not None else None
    whose = (Phone(phone), Nik(nik), name)
    wallet = Wallet(
        f"{partner}/{number}", PartyCode(partner), number, *whose, upgraded, active, currency, limit
    )
    world.put(wallet)
    return wallet


@command("payout.switch")
@refuses(Reason.PARTNER_UNKNOWN)
def switch(world: Unit, *, partner: str, outcome: str) -> None:
    """From now on the partner does so with every instruction; `success` is the usual."""
    if partner not in TERMS:
        raise Rejected(Reason.PARTNER_UNKNOWN, partner=partner, known=", ".join(PARTNERS))

    world.put(PartnerSwitch(PartyCode(partner), Outcome(outcome).value))


def mismatch(wallet: Wallet, payee: Payee) -> Reason | None:
    """What is wrong with an account for receiving this person's incentives, or None (R28)."""
    if not wallet.active:
        return Reason.WALLET_INACTIVE
    if wallet.currency != "IDR":
        return Reason.WALLET_NOT_RUPIAH
    if wallet.nik != payee.nik:
        return Reason.NIK_DIFFERS
    if not same_name(wallet.name, payee.name):
        return Reason.WALLET_NAME_DIFFERS
    if TERMS[wallet.partner].bank:
        return None
    if wallet.phone != payee.phone:
        return Reason.PHONE_DIFFERS
    return None if wallet.upgraded else Reason.WALLET_NOT_UPGRADED


def obstacle(world: Unit, account: Wallet, amount: Rupiah, payee: Payee) -> Reason | None:
    """Why the account could not take that amount now, or None."""
    return mismatch(account, payee) or _over_the_limit(world, account, amount)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals and spaces do not count, all else does."""
    return one.casefold().split() == other.casefold().split()


@refuses(Reason.REFERENCE_USED)
def pay(world: Unit, *, reference: str, wallet: str, amount: Rupiah, payee: Payee) -> Answer | None:
    """Take an instruction; None is no answer, of which the programme knows nothing.

    The same reference again answers what became of it and pays nothing; with another account or
    amount it is refused.
    """
    known = world.get(Payout, reference)
    if known is not None:
        if (known.wallet, known.amount) != (wallet, amount):
            raise Rejected(Reason.REFERENCE_USED)
        return Answer(known.status, known.refusal)
    account = world.need(Wallet, wallet)
    outcome = _outcome(world, account)
    if outcome is Outcome.REQUEST_LOST:
        return None
    if outcome is Outcome.DOWN:
        return Answer(PayoutStatus.REFUSED, Reason.PARTNER_DOWN)
    refusal = REFUSALS.get(outcome) or obstacle(world, account, amount, payee)

    told = (PartyCode(account.partner), account.key, amount)
    if refusal is not None:
        world.put(Payout(reference, *told, PayoutStatus.REFUSED, world.now, refusal=refusal))
        return Answer(PayoutStatus.REFUSED, refusal)
    if outcome is Outcome.LATE:
        world.put(Payout(reference, *told, PayoutStatus.PENDING, world.now))
        days = world.settings.payout_late_working_days
        schedule.schedule(world, working_days_later(world.now, days), "credit", reference)
        return Answer(PayoutStatus.PENDING)
    world.put(Payout(reference, *told, PayoutStatus.PAID, world.now, world.now))
    return Answer(PayoutStatus.PAID) if outcome is not Outcome.REPLY_LOST else None


@command("payout.instruct")
@refuses(Reason.WALLET_UNKNOWN, pay)
def instruct(
    world: Unit,
    *,
    reference: str,
    partner: str,
    number: str,
    amount: int,
    nik: str,
    name: str,
    phone: str,
) -> Answer | None:
    """An instruction from a programme that keeps its own books; see `pay`."""
    wallet = f"{partner}/{number}"
    if world.get(Wallet, wallet) is None:
        raise Rejected(Reason.WALLET_UNKNOWN, partner=partner)
    return pay(
        world, reference=reference, wallet=wallet, amount=Rupiah(amount), payee=Payee(nik, name, phone)
    )


@refuses(Reason.PAYOUT_UNKNOWN)
def status(world: Unit, *, reference: str, partner: str) -> Answer | None:
    """What became of an instruction; None is no answer.  Raises Rejected if it never arrived."""
    kept = world.get(PartnerSwitch, partner)
    if kept is not None and kept.outcome == Outcome.DOWN.value:
        return None
    known = world.get(Payout, reference)
    if known is None:
        raise Rejected(Reason.PAYOUT_UNKNOWN, reference=reference)
    return Answer(known.status, known.refusal)


@due_event(
    "credit",
    about="reference",
    rules=("R23",),
    done="the payment partner pays late",
    nothing="the instruction was recalled before",
)
@command("payout.credit")
def credit(world: Unit, *, reference: str) -> None:
    """A late payment reaches its account, unless it was recalled before."""
    kept = world.need(Payout, reference)
    if kept.status is PayoutStatus.PENDING:
        world.put(kept.but(status=PayoutStatus.PAID, paid_at=world.now))


def recall(world: Unit, *, reference: str) -> Answer:
    """End an instruction that is not paid yet, for good; one that is paid stays paid (R37)."""
    kept = world.get(Payout, reference)
    if kept is None:
        return Answer(PayoutStatus.REFUSED, Reason.PAYOUT_UNKNOWN)
    if kept.status is PayoutStatus.PENDING:
        kept = kept.but(status=PayoutStatus.REFUSED, refusal=Reason.PAYOUTS_CLOSED)
        world.put(kept)
    return Answer(kept.status, kept.refusal)


def _outcome(world: Unit, account: Wallet) -> Outcome:
    struck = faults.strike(world, point=Point.PAYOUT, at=f"{account.number}@{account.partner}")
    if struck is not None:
        return Outcome(struck)
    kept = world.get(PartnerSwitch, account.partner)
    return Outcome(kept.outcome) if kept is not None else Outcome.SUCCESS


def _over_the_limit(world: Unit, account: Wallet, amount: Rupiah) -> Reason | None:
    """Whether the amount is more than the account still takes this calendar month (F31)."""
    if account.monthly_limit is None:
        return None
    month = (world.now.year, world.now.month)
    taken = sum(
        one.amount.amount
        for one in world.find(Payout, wallet=account.key)
        if one.paid_at is not None and (one.paid_at.year, one.paid_at.month) == month
    )
    return Reason.WALLET_FULL if taken + amount.amount > account.monthly_limit.amount else None
