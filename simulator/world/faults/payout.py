"""What may go wrong when a payment partner takes an instruction to pay, or is asked what became of it."""

from typing import ClassVar, Protocol, TypeVar

from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world.faults import Fault, fault

Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


class Instruction(Protocol[Answer_co]):
    """An instruction at its payment partner, and what the partner can do with it."""

    def pay(self) -> Answer_co:
        """Pay now, if the account takes it."""

    def pay_late(self) -> Answer_co:
        """Pay after `payout_late_working_days`, if the account takes it."""

    def refuse(self, reason: Reason) -> Answer_co:
        """Refuse it for good."""

    def turn_away(self, reason: Reason) -> Answer_co:
        """Refuse it for now and remember nothing of it."""


class PayoutFault(Fault):
    """An instruction to a payment partner to pay an incentive.

    `where`: the end of `NUMBER@PARTNER`. A partner can also be switched to such a fault for good
    (`POST /payout/PARTNER/outcome`).
    """

    point = "payout"
    silent: ClassVar[bool] = False
    """Whether a partner that is switched to it does not tell either what became of earlier instructions."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        """What the partner answers; None is no answer, of which the programme knows nothing."""
        raise self.unfinished()


@fault("payout_rejected")
class PayoutRejected(PayoutFault):
    """The bank or e-wallet refuses to credit the account, whatever its data say (F32)."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return instruction.refuse(Reason.PAYOUT_REJECTED)


@fault("payout_name_differs")
class PayoutNameDiffers(PayoutFault):
    """The partner finds another name on the account than the programme gave (F30)."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return instruction.refuse(Reason.WALLET_NAME_DIFFERS)


@fault("payout_full")
class PayoutFull(PayoutFault):
    """The account takes no more this month (F31)."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return instruction.refuse(Reason.WALLET_FULL)


@fault("payout_down")
class PayoutDown(PayoutFault):
    """The partner is out of order and says so; nothing is paid (F33, F37)."""

    silent = True

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return instruction.turn_away(Reason.PARTNER_DOWN)


@fault("payout_request_lost")
class PayoutRequestLost(PayoutFault):
    """The instruction never reaches the partner, and the programme cannot know it."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return None


@fault("payout_reply_lost")
class PayoutReplyLost(PayoutFault):
    """The partner pays, then its answer is lost: how people are paid twice (F35)."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        instruction.pay()
        return None


@fault("payout_late")
class PayoutLate(PayoutFault):
    """The partner takes the instruction and pays some working days later (R23)."""

    def apply(self, instruction: Instruction[Answer]) -> Answer | None:
        return instruction.pay_late()
