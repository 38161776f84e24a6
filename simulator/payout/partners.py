"""The payment partners: their accounts, and paying into one by reference (programme 2.5, 2.6).

A partner has books of its own (`Payout`); the programme sees only its answers.  Each instruction has
a reference, and a reference is paid at most once, even if the instruction comes several times.
How the real partners talk with the programme is not public: all of this is simulated.
"""

from dataclasses import dataclass
from datetime import date

from prakerja_sim.simulator.payout.records import PartnerSwitch, Payout, PayoutStatus, Wallet
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.holidays import working_days_later
from prakerja_sim.simulator.values.ids import Nik, PartyCode, Phone
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import faults, schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults.payout import PayoutFault
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.schedule import due_event
from prakerja_sim.simulator.world.store import Unit


@dataclass(frozen=True, slots=True)
class Terms:
    """The published facts of a payment partner."""

    name: str
    bank: bool
    """A bank knows its customers when they open an account; an e-wallet must be upgraded (KYC)."""
    since: date | None = None
    """The day from which it paid incentives; None is from the programme's start."""
    help_line: str = ""


TERMS = {
    "bni": Terms("BNI", bank=True, help_line="Hotline BNI: 1500046"),
    # First named in a list of December 2022; when it joined is not known, the month's first day is inferred.
    "bca": Terms("BCA", bank=True, since=date(2022, 12, 1)),
    "ovo": Terms("OVO", bank=False),
    "gopay": Terms("GoPay", bank=False),
    "linkaja": Terms("LinkAja", bank=False),
    "dana": Terms("DANA", bank=False, since=date(2020, 10, 14)),
}
PARTNERS = tuple(TERMS)
ALWAYS = PartyCode("bni")
"""A partner from the programme's start to now."""


APOSTROPHES = "'\u2019\u2018\u02bc\u02bb`\u00b4"
"""The signs that people type for one."""
SUCCESS = "success"
PAYOUT_FAULTS = {name: kind for name, kind in faults.FAULTS.items() if issubclass(kind, PayoutFault)}
OUTCOMES = (SUCCESS, *PAYOUT_FAULTS)
"""What a partner can be switched to."""


def offered(day: date) -> dict[str, Terms]:
    """The partners that pay incentives on that day."""
    return {code: terms for code, terms in TERMS.items() if terms.since is None or day >= terms.since}


@dataclass(frozen=True, slots=True)
class Answer:
    """A partner's answer about an instruction."""

    status: PayoutStatus
    refusal: Reason | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """The person to be paid, as the programme knows him; the partner compares."""

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
    """Switch what the partner does with every instruction from now on; `success` is the default."""
    if partner not in TERMS:
        raise Rejected(Reason.PARTNER_UNKNOWN, partner=partner, known=", ".join(PARTNERS))

    assert outcome in OUTCOMES, outcome
    world.put(PartnerSwitch(PartyCode(partner), outcome))


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
    """Whether two names are equal, without regard to capital letters, spaces and apostrophes.

    Banks write NURAINI where the identity card says Nur'aini.
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> list[str]:
    return name.casefold().translate(dict.fromkeys(map(ord, APOSTROPHES))).split()


@command("payout.instruct")
@refuses(Reason.WALLET_UNKNOWN, Reason.REFERENCE_USED)
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
    """Take an instruction; None is no answer: the sender cannot know what happened.

    The same reference again returns the instruction's state and pays nothing; with another account
    or amount it is refused.
    """
    account = world.get(Wallet, f"{partner}/{number}")
    if account is None:
        raise Rejected(Reason.WALLET_UNKNOWN, partner=partner)
    payout = world.get(Payout, reference)
    if payout is not None:
        if (payout.wallet, payout.amount) != (account.key, Rupiah(amount)):
            paid = {"wallet": payout.wallet, "amount": payout.amount}
            raise Rejected(Reason.REFERENCE_USED, reference=reference, unsaid=paid)
        return Answer(payout.status, payout.refusal)

    world.subject = f"account:{account.key}"
    instruction = Instruction(world, reference, account, Rupiah(amount), Payee(nik, name, phone))
    struck = PayoutFault.striking(world, at=f"{account.number}@{account.partner}")
    struck = struck or _switched(world, account.partner)
    return instruction.pay() if struck is None else struck.apply(instruction)


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction at its partner, and what can happen to it: see `simulator.world.faults.payout`."""

    world: Unit
    reference: str
    account: Wallet
    amount: Rupiah
    payee: Payee

    def pay(self) -> Answer:
        """Pay now, if the account takes it."""
        refusal = obstacle(self.world, self.account, self.amount, self.payee)
        return self._record(PayoutStatus.PAID) if refusal is None else self.refuse(refusal)

    def pay_late(self) -> Answer:
        """Pay some working days later, if the account takes it."""
        refusal = obstacle(self.world, self.account, self.amount, self.payee)
        if refusal is not None:
            return self.refuse(refusal)
        later = working_days_later(self.world.now, self.world.settings.payout_late_working_days)
        schedule.schedule(self.world, later, "credit", self.reference)
        return self._record(PayoutStatus.PENDING)

    def refuse(self, reason: Reason) -> Answer:
        """Refuse it for good."""
        return self._record(PayoutStatus.REFUSED, reason)

    def turn_away(self, reason: Reason) -> Answer:
        """Refuse it for now: the same reference may come again."""
        return Answer(PayoutStatus.REFUSED, reason)

    def _record(self, status: PayoutStatus, refusal: Reason | None = None) -> Answer:
        now, partner = self.world.now, PartyCode(self.account.partner)
        paid_at = now if status is PayoutStatus.PAID else None
        about = (self.reference, partner, self.account.key, self.amount, status)
        self.world.put(Payout(*about, now, paid_at, refusal=refusal))
        return Answer(status, refusal)


@refuses(Reason.PAYOUT_UNKNOWN)
def status(world: Unit, *, reference: str, partner: str) -> Answer | None:
    """The state of an instruction; None is no answer.  Raises Rejected if it never arrived."""
    switched = _switched(world, partner)
    if switched is not None and switched.silent:
        return None
    payout = world.get(Payout, reference)
    if payout is None:
        raise Rejected(Reason.PAYOUT_UNKNOWN, reference=reference)
    return Answer(payout.status, payout.refusal)


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
    payout = world.need(Payout, reference)
    if payout.status is PayoutStatus.PENDING:
        world.put(payout.but(status=PayoutStatus.PAID, paid_at=world.now))


@command("payout.recall")
def recall(world: Unit, *, reference: str) -> Answer:
    """End an instruction that is not paid yet, for good; one that is paid stays paid (R37)."""
    payout = world.get(Payout, reference)
    if payout is None:
        return Answer(PayoutStatus.REFUSED, Reason.PAYOUT_UNKNOWN)

    world.subject = f"account:{payout.wallet}"
    if payout.status is PayoutStatus.PENDING:
        payout = payout.but(status=PayoutStatus.REFUSED, refusal=Reason.PAYOUTS_CLOSED)
        world.put(payout)
    return Answer(payout.status, payout.refusal)


def _switched(world: Unit, partner: str) -> PayoutFault | None:
    """The fault that a partner is switched to; it strikes every instruction."""
    setting = world.get(PartnerSwitch, partner)
    return PAYOUT_FAULTS[setting.outcome]() if setting is not None and setting.outcome != SUCCESS else None


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
