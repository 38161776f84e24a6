"""Why the clock did what it did, in one sentence an event: for whoever looks at a moved clock.

A row says which rules made the event happen, what it means if it changed something, and what
if it found nothing to change.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from prakerja_sim.simulator.ids import masked


@dataclass(frozen=True, slots=True)
class Why:
    """The rules behind an event, and the sentence for either outcome."""

    rules: tuple[str, ...]
    done: str
    nothing: str = "nothing was left to do"


UNEXPLAINED = Why((), "it was due")
WHY: Mapping[str, Why] = {
    "first_purchase_deadline": Why(
        ("R06", "R07"),
        "no training was bought by the last second: the card is off and the balance goes back",
        "the first training was bought in time: the membership stays",
    ),
    "spending_cut_off": Why(
        ("R08", "R09"),
        "the last day to use the balance is over: what is left goes back to the programme",
        "the balance was closed before",
    ),
    "balance_loaded": Why(("R02",), "the training assistance arrives on the card", "the card is off by now"),
    "recovery_quota": Why(
        ("R40",), "registration of a recovery wave opens: revoked places are given out again as new cards"
    ),
    "certificate": Why(("R32",), "the report went its way and was checked: the certificate shows"),
    "incentive_plan": Why(("R22", "R23"), "the rating has been taken over: the incentive's schedule appears"),
    "incentive_transfer": Why(
        ("R20", "R23", "R24"), "the transfer of this slot was due", "the slot is held or settled already"
    ),
    "payout_status": Why(
        ("R38",), "the payment partner was asked what became of an instruction", "its answer came meanwhile"
    ),
    "payout_step": Why(
        ("R38",), "a payment that failed or is held goes one step of its way back", "it went on meanwhile"
    ),
    "payout_close_out": Why(
        ("R37",),
        "the day after the last one for payments: what was not delivered goes to the state treasury",
        "everything was delivered",
    ),
    "credit": Why(("R23",), "the payment partner pays late", "the instruction was recalled before"),
    "ticket_taken_up": Why((), "somebody at the desk reads the complaint"),
    "ticket_answered": Why((), "the complaint is answered"),
    "refund_retry": Why((), "a refund is tried again"),
    "errand": Why((), "something is carried to another party"),
    "webhook_retry": Why((), "a webhook is delivered again"),
}


def why(event: str) -> Why:
    """The row of an event; one without a row was simply due."""
    return WHY.get(event, UNEXPLAINED)


def whom(subject: str) -> str:
    """Whom a journal's chain is about, as it may be shown: a card only by its last four digits."""
    kind, _, key = subject.partition(":")
    return f"{kind} {masked(key)}" if kind == "participant" else subject


def account(name: str) -> str:
    """An account's name as it may be shown."""
    family, _, owner = name.partition(":")
    return f"{family}:{masked(owner)}" if family in ("card", "incentive", "owed") else name
