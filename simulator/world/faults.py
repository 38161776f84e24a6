"""Misbehaviour on demand: one class a fault, armed at a point, striking a counted number of times.

A fault says where in a message's life it strikes; `where` narrows it to one endpoint or to one
address.  Each point is struck by exactly one line in the code base.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar, TypeVar

from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import ArmedFault
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit


class Point(StrEnum):
    """The moments at which the world may go wrong."""

    REQUEST = "request"
    """Before the party did anything: the request never arrived."""
    REPLY = "reply"
    """After the party did it all: the answer never arrived."""
    SMS = "sms"
    MAIL = "mail"
    ASSIGNMENT = "assignment"
    SUPPLY = "supply"
    WEBHOOK = "webhook"
    PAYOUT = "payout"
    """When a payment partner takes an instruction; `where` is the end of NUMBER@PARTNER."""


class Fault:
    """Something that goes wrong at a point."""

    name: ClassVar[str]
    point: ClassVar[Point]


LEVERS = "levers:"
"""What the paths of the simulator's own levers begin with, at a point; they fail only if they are named."""

FIRST = "000001"
"""The key of the first fault that a sandbox arms; they are numbered."""

F = TypeVar("F", bound=type[Fault])
FAULTS: dict[str, type[Fault]] = {}


def fault(name: str) -> Callable[[F], F]:
    """Register a fault under the name that scenarios and the admin API use."""

    def register(kind: F) -> F:
        kind.name = name
        FAULTS[name] = kind
        return kind

    return register


@fault("request_lost")
class RequestLost(Fault):
    """The request is lost on its way: nothing happened, and the client cannot know it."""

    point = Point.REQUEST


@fault("rate_limited")
class RateLimited(Fault):
    """The party has had too many requests and does not look at this one (429); nothing happened."""

    point = Point.REQUEST


@fault("reply_hangs")
class ReplyHangs(Fault):
    """The party did it all and answers only after `hang_seconds`; within the process the answer is lost."""

    point = Point.REPLY


@fault("reply_lost")
class ReplyLost(Fault):
    """The payment is booked, then the reply is lost: how double charges are born."""

    point = Point.REPLY


@fault("sms_lost")
class SmsLost(Fault):
    """The text message never reaches the phone (F03)."""

    point = Point.SMS


@fault("mail_lost")
class MailLost(Fault):
    """The e-mail never reaches the inbox."""

    point = Point.MAIL


@fault("supply_failed")
class SupplyFailed(Fault):
    """The institution, which is `where`, cannot supply a voucher now (02)."""

    point = Point.SUPPLY


@fault("supply_refused")
class SupplyRefused(Fault):
    """The institution has no voucher left (50): the buyer gets his money back."""

    point = Point.SUPPLY


@fault("supply_slow")
class SupplySlow(Fault):
    """The institution has taken the order up and says so until it is asked how it stands (01)."""

    point = Point.SUPPLY


@fault("assignment_failed")
class AssignmentFailed(Fault):
    """The assignment that is handed in for the redeem code is not accepted: its status becomes 3."""

    point = Point.ASSIGNMENT


@fault("webhook_lost")
class WebhookLost(Fault):
    """The webhook never reaches its receiver; the marketplace sends it again later."""

    point = Point.WEBHOOK


@fault("webhook_unanswered")
class WebhookUnanswered(Fault):
    """The webhook arrives, its answer does not: the receiver will get it a second time."""

    point = Point.WEBHOOK


@fault("payout_rejected")
class PayoutRejected(Fault):
    """The bank or e-wallet refuses to credit the account, whatever its data say (F32)."""

    point = Point.PAYOUT


@fault("payout_name_differs")
class PayoutNameDiffers(Fault):
    """The partner finds another name on the account than the programme gave (F30)."""

    point = Point.PAYOUT


@fault("payout_full")
class PayoutFull(Fault):
    """The account takes no more this month (F31)."""

    point = Point.PAYOUT


@fault("payout_down")
class PayoutDown(Fault):
    """The partner is out of order and says so; nothing is paid (F33, F37)."""

    point = Point.PAYOUT


@fault("payout_request_lost")
class PayoutRequestLost(Fault):
    """The instruction never reaches the partner, and the programme cannot know it."""

    point = Point.PAYOUT


@fault("payout_reply_lost")
class PayoutReplyLost(Fault):
    """The partner pays, then its answer is lost: how people are paid twice (F35)."""

    point = Point.PAYOUT


@fault("payout_late")
class PayoutLate(Fault):
    """The partner takes the instruction and pays some working days later (R23)."""

    point = Point.PAYOUT


@command("faults.arm")
@refuses(Reason.FAULT_UNKNOWN)
def arm(world: Unit, *, fault: str, where: str = "", times: int = 1) -> None:
    """Let a fault strike the next times that something passes its point.

    `where` is the end of an endpoint's path, or a phone or e-mail address; `/PARTY/*` is all of a party's
    endpoints; empty is anywhere but at the levers.
    """
    if fault not in FAULTS:
        raise Rejected(Reason.FAULT_UNKNOWN, fault=fault, known=", ".join(sorted(FAULTS)))
    assert times >= 1, times
    number = len(world.find(ArmedFault)) + 1
    world.put(ArmedFault(f"{number:06}", fault, FAULTS[fault].point.value, where, times))


@command("faults.strike")
def strike(world: Unit, *, point: str, at: str) -> str | None:
    """The fault that strikes what passes this point now, counted down; None when all is well."""
    if world.get(ArmedFault, FIRST) is None:  # nothing was ever armed: the usual case, and a quick one
        return None
    for armed in world.find(ArmedFault, point=point, spent=False):
        all_of = armed.where.endswith("/*") and at.startswith(armed.where[:-1])
        if all_of or (at.endswith(armed.where) and (armed.where or not at.startswith(LEVERS))):
            left = armed.left - 1
            world.put(armed.but(left=left, spent=left == 0))
            return armed.fault
    return None


@command("faults.disarm")
def disarm(world: Unit) -> None:
    """End all faults at once."""
    for armed in world.find(ArmedFault):
        if not armed.spent:
            world.put(armed.but(left=0, spent=True))
