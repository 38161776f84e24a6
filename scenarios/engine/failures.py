"""What goes wrong around the programme, F01-F51 of its reference, and what of it is not simulated.

A failure has a story that names it under `shows:`, or a reason here why none can.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of the programme's reference."""

    happens: str
    recovery: str
    unsimulated: str = ""
    """Why there is no story; empty if there is one."""


FAILURES: Mapping[str, Failure] = {
    "F01": Failure("the card number is mistyped", "copy it from the dashboard"),
    "F02": Failure("the OTP is wrong", "type it again; after too many, begin anew"),
    "F03": Failure("the OTP does not arrive", "ask again"),
    "F04": Failure("the OTP is too old, or an older one is typed", "ask again; only the newest counts"),
    "F05": Failure("the OTP goes to an old phone", "change the number on the dashboard, ask again"),
    "F06": Failure("the balance is not yet on the card", "wait; the days to buy run meanwhile"),
    "F07": Failure("the marketplaces do not know the new card yet", "wait, try again"),
    "F08": Failure("the balance is smaller than the price", "choose a cheaper class or use a promo code"),
    "F09": Failure("the induction videos were not watched", "watch them"),
    "F10": Failure("a second class is bought while the first is open", "finish and rate the first"),
    "F11": Failure("the card is debited and the answer is lost", "ask for the payment's status by invoice"),
    "F12": Failure("pay is pressed twice", "the second press finds the first one's voucher"),
    "F13": Failure("the voucher code is lost", "history or e-mail of the marketplace"),
    "F14": Failure("the account or its password is forgotten", "reset it where it was opened"),
    "F15": Failure("a code is refused at the institution", "type it again, at the right institution"),
    "F16": Failure("a class cannot be opened, its money is asked back", "the marketplace's policy decides"),
    "F17": Failure("a webinar is entered too early or too late", "come in its hours"),
    "F18": Failure("a class is cancelled", "the marketplace voids; buy another"),
    "F19": Failure("the institution withdraws its content after the purchase", "complain; the debit stands"),
    "F20": Failure("the connection breaks during a lesson", "do the lesson again"),
    "F21": Failure("the class is full, has started, or age or education do not fit", "choose another"),
    "F22": Failure("the pre-test is skipped", "take it"),
    "F23": Failure("the certificate does not show", "wait for the working days of the chain"),
    "F24": Failure("the institution marked in its own portal and did not report", "have it report"),
    "F25": Failure("the name at the institution differs", "have it corrected and reported again"),
    "F26": Failure("the rating was given at the wrong place", "rate where it counts"),
    "F27": Failure("no account was ever linked", "link one; held money is scheduled anew"),
    "F28": Failure("the e-wallet is not upgraded", "upgrade it, link again"),
    "F29": Failure("the account's NIK is another's", "use one's own"),
    "F30": Failure("the wallet's number was changed", "align the numbers"),
    "F31": Failure("the wallet is full or over its monthly limit", "make room or use another account"),
    "F32": Failure("the bank refuses the transfer", "ask the bank or use another account"),
    "F33": Failure("a whole batch of transfers fails", "wait; it is run again and pays once"),
    "F34": Failure("the account was changed near the transfer's day", "wait for the new schedule"),
    "F35": Failure("notice and schedule row disagree", "trust the row"),
    "F36": Failure("the linking OTP is wrong more than three times", "wait an hour"),
    "F37": Failure("one payment partner is in trouble", "wait or use another"),
    "F38": Failure("a survey is not visible", "it opens after the first incentive, in order, on its day"),
    "F39": Failure("a survey was missed", "none; its slot stays unpaid"),
    "F40": Failure("the first purchase comes in the last second", "the time of authorize decides"),
    "F40b": Failure("a clock says UTC and holds WIB", "compare in WIB, keep the zone"),
    "F41": Failure("the cut-off was moved earlier than people were told", "none; the remainder goes back"),
    "F42": Failure("a void comes after cut-off or revocation", "the money goes on to the programme"),
    "F43": Failure("a revoked person tries again", "none"),
    "F44": Failure("an account is blocked", "complaint form; the balance is frozen meanwhile"),
    "F45": Failure("a broker asks for card and OTP", "refuse; the OTP goes to the owner's phone"),
    "F46": Failure(
        "phishing sites and fake apps collect data", "use the official site only",
        "a false site is none of the parties simulated here: what it does with its visitors' data touches no "
        "rule, no money and no wire; the broker's attempt with stolen data is F45",
    ),
    "F47": Failure("the face check fails", "do it again, with the camera allowed"),
    "F48": Failure("a site is overloaded", "try again; the second attempt must not count twice"),
    "F49": Failure("customer service does not answer", "use another channel"),
    "F50": Failure("a class is paid and never followed", "none; the marketplace keeps the money"),
    "F51": Failure("all payouts pause for an evaluation", "wait; the instalments shift and none is lost"),
}  # fmt: skip
