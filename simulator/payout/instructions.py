"""Instructions from the programme to its payment partners, and how they reach them.

A partner is another party, so it is called between units of work.  `mocks` calls it over the wire; a
sandbox without `mocks` has its partners in its own store, and this module calls them there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.partners import Answer, Payee
from prakerja_sim.simulator.values.money import Rupiah


@dataclass(frozen=True, slots=True)
class PayoutInstruction:
    """Who is paid, and how much; a partner pays a reference at most once."""

    reference: str
    partner: str
    number: str
    amount: Rupiah
    payee: Payee


class PaymentPartners(Protocol):
    """The banks and e-wallets, as a programme reaches them; None is no answer."""

    def pay(self, instruction: PayoutInstruction) -> Answer | None:
        """Give an instruction."""

    def status(self, instruction: PayoutInstruction) -> Answer | None:
        """Ask what became of an instruction; raises Rejected if it never arrived."""

    def recall(self, instruction: PayoutInstruction) -> Answer | None:
        """End an instruction that is not paid yet."""


class BetweenUnits(Protocol):
    """A sandbox while no unit of work is open."""

    @property
    def payment_partners(self) -> PaymentPartners:
        """How its programme reaches its payment partners."""

    @property
    def do(self) -> Callable[..., Any]:
        """Do a command in a unit of its own."""

    @property
    def ask(self) -> Callable[..., Any]:
        """Answer a question."""


class WithoutWire:
    """Payment partners in the same store, called by their operations."""

    def __init__(self, sandbox: BetweenUnits) -> None:
        self._sandbox = sandbox

    def pay(self, instruction: PayoutInstruction) -> Answer | None:
        """Give an instruction."""
        payee = instruction.payee
        answer: Answer | None = self._sandbox.do(
            partners.instruct,
            reference=instruction.reference,
            partner=instruction.partner,
            number=instruction.number,
            amount=instruction.amount.amount,
            nik=payee.nik,
            name=payee.name,
            phone=payee.phone,
        )
        return answer

    def status(self, instruction: PayoutInstruction) -> Answer | None:
        """Ask what became of an instruction; raises Rejected if it never arrived."""
        answer: Answer | None = self._sandbox.ask(
            partners.status, reference=instruction.reference, partner=instruction.partner
        )
        return answer

    def recall(self, instruction: PayoutInstruction) -> Answer | None:
        """End an instruction that is not paid yet."""
        answer: Answer | None = self._sandbox.do(partners.recall, reference=instruction.reference)
        return answer
