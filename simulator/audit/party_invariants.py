"""Invariants across parties: what one keeps fits what another keeps, whatever comes between their calls."""

from collections.abc import Iterator

from prakerja_sim.simulator.marketplace.records import Order, Refund, RefundStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Invoice, Payment, PaymentStatus
from prakerja_sim.simulator.world.store import Unit


def a_voucher_that_opened_a_class_is_paid(world: Unit) -> Iterator[str]:
    """V1, V3, R19: nobody gets both the class and the money for it.

    A voucher is not used either while Prakerja is asked to void its payment.  If no payments are kept here,
    a real Prakerja elsewhere keeps them.  A void without a refund at the marketplace came from a partner
    who called Prakerja himself; the reconciliation names it (`issued_but_voided`).
    """
    here = bool(world.find(Payment, limit=1))
    for voucher in world.find(Voucher):
        if voucher.status is not VoucherStatus.REDEEMED:
            continue
        order = world.need(Order, voucher.order)
        invoice = world.get(Invoice, f"{order.marketplace}/{order.invoice}")
        payment = world.get(Payment, invoice.token) if invoice is not None else None
        refund = world.get(Refund, order.id)
        paid = payment is not None and payment.status is PaymentStatus.PAID
        by_a_partner = payment is not None and payment.status is PaymentStatus.VOIDED and refund is None
        if order.card is not None and here and not paid and not by_a_partner:
            yield f"the voucher of order {order.id} was used, its payment is {_status(payment)}"
        if refund is not None and refund.status in (RefundStatus.SENDING, RefundStatus.PAID_BACK):
            yield f"the voucher of order {order.id} was used, its refund is {refund.status}"


def _status(payment: Payment | None) -> str:
    return payment.status.value if payment is not None else "missing"


CHECKS = (a_voucher_that_opened_a_class_is_paid,)
