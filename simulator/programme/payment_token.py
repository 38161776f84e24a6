"""A payment's token and its code: how long they are valid, and what ends them.

One checkout (a buyer, his card, a schedule) has one valid token at most (O4).
"""

from datetime import timedelta
from hmac import compare_digest

from prakerja_sim.simulator.programme import lifecycle
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Checkout, Payment, PaymentStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.ids import DIGITS, PaymentToken
from prakerja_sim.simulator.world.store import Unit


def live(world: Unit, checkout: Checkout | None, amount: int) -> Payment | None:
    """The checkout's payment, if the amount is the same and its code has not expired."""
    payment = world.get(Payment, checkout.token) if checkout else None
    if payment is None or payment.amount.amount != amount or not _payable(world, payment):
        return None
    return payment


def supersede(world: Unit, checkout: Checkout | None) -> None:
    """A token for another amount replaces the older one, which is not valid any more (O4)."""
    older = world.get(Payment, checkout.token) if checkout else None
    if older is not None and _payable(world, older):
        world.put(older.but(status=lifecycle.PAYMENT[older.status, Event.REPLACE]))


def otp(world: Unit, token: PaymentToken, sends: int) -> str:
    """The code for this sending."""
    if world.settings.fixed_otp is not None:
        return world.settings.fixed_otp
    digits, second = world.settings.otp_digits, unix_seconds(world.now)
    return chance.code(DIGITS, digits, world.seed, "otp", token, sends, second)


def repeated(payment: Payment | None, invoice: str, otp: str) -> bool:
    """Whether it was paid for this invoice with this code; an unknown token takes the same time."""
    paid_invoice, code = (payment.invoice, payment.otp) if payment else (None, "")
    return compare_digest(code.encode(), otp.encode()) and paid_invoice == invoice


def _payable(world: Unit, payment: Payment) -> bool:
    life = timedelta(seconds=world.settings.otp_lifetime)
    return payment.status is PaymentStatus.AWAITING_OTP and world.now - payment.otp_sent_at <= life
