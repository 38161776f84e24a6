"""Reconciliation: compares the records of marketplaces, institutions and Prakerja of the same purchase.

Each purchase leaves an order and a voucher at a marketplace, a payment at Prakerja, a course at an
institution and transfers in the books.  A check finds one kind of difference and names its remedy.
A party without records here is a real one elsewhere; it is not checked.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from prakerja_sim.simulator.audit.party_records import PartyRecords, read
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.programme.records import Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import TrainingStatus
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.store import Unit


class Kind(StrEnum):
    """The ways in which two parties may disagree."""

    PAID_NOT_ISSUED = "paid_not_issued"
    PAID_WITHOUT_ORDER = "paid_without_order"
    ISSUED_NOT_PAID = "issued_not_paid"
    ISSUED_BUT_VOIDED = "issued_but_voided"
    REFUNDED_BUT_PAID = "refunded_but_paid"
    AMOUNT_DIFFERS = "amount_differs"
    PAID_BELOW_HALF = "paid_below_half"
    TRANSACTION_DIFFERS = "transaction_differs"
    VOUCHER_MISSING = "voucher_missing"
    VOUCHER_TWICE = "voucher_twice"
    VOUCHER_WITHOUT_ORDER = "voucher_without_order"
    VOUCHER_REDEEMED_TWICE = "voucher_redeemed_twice"
    REDEEMED_NOT_OPENED = "redeemed_not_opened"
    OPENED_NOT_REDEEMED = "opened_not_redeemed"
    FINISHED_NOT_REPORTED = "finished_not_reported"
    BOOKED_OTHERWISE = "booked_otherwise"
    LEDGER_DIFFERS = "ledger_differs"


class Discrepancy(Struct, frozen=True):
    """One difference: its party, its invoice or voucher, a sentence (`told`), and the remedy.

    `until` says when the party asks by itself what became of it: until then it is only pending.
    """

    kind: Kind
    party: str
    about: str
    told: str
    remedy: str
    until: datetime | None = None


Finding = tuple[str, str, str]
"""Party, invoice or voucher, and the difference in words."""
Check = Callable[[PartyRecords], Iterator[Finding]]
CHECKS: list[tuple[Kind, str, Check]] = []


def finds(kind: Kind, remedy: str) -> Callable[[Check], Check]:
    """Register a check under the kind of difference that it finds, with the remedy."""

    def register(check: Check) -> Check:
        CHECKS.append((kind, remedy, check))
        return check

    return register


def discrepancies(world: Unit, *, party: str | None = None) -> list[Discrepancy]:
    """All differences between two parties, of one party or of all; empty if all agree."""
    records = read(world)
    return [
        Discrepancy(kind, whose, about, difference, remedy, _until(records, kind, whose, about))
        for kind, remedy, check in CHECKS
        for whose, about, difference in check(records)
        if party is None or whose == party
    ]


@finds(Kind.PAID_NOT_ISSUED, "the marketplace asks payment/status by invoice, then issues the voucher")
def paid_orders_are_issued(records: PartyRecords) -> Iterator[Finding]:
    """V2, F11: The card paid, and the buyer still waits for the voucher."""
    for key, order, payment in _both(records):
        if payment.status is PaymentStatus.PAID and order.status in OPEN:
            yield key[0], order.invoice, f"Prakerja has {payment.amount}, order {order.id} is {order.status}"


@finds(Kind.PAID_WITHOUT_ORDER, "the marketplace voids the payment, or finds the order that it lost")
def payments_have_orders(records: PartyRecords) -> Iterator[Finding]:
    """MI2: The card paid, and the marketplace has no order for it."""
    selling = records.selling
    for key, payment in records.payments.items():
        if payment.status is PaymentStatus.PAID and key[0] in selling and key not in records.orders:
            yield key[0], key[1], f"Prakerja has {payment.amount}, the marketplace knows no such order"


@finds(Kind.ISSUED_NOT_PAID, "the marketplace cancels the voucher")
def issued_orders_are_paid(records: PartyRecords) -> Iterator[Finding]:
    """V1: There is a voucher, and nobody paid for it."""
    for key, order in records.orders.items():
        if order.status is OrderStatus.ISSUED and key not in records.payments:
            yield key[0], order.invoice, f"order {order.id} is issued, Prakerja knows no such payment"


@finds(
    Kind.ISSUED_BUT_VOIDED,
    "the marketplace asks for the void again and refunds the order; a used voucher's class is closed",
)
def issued_orders_are_not_voided(records: PartyRecords) -> Iterator[Finding]:
    """V3: The payment was voided, and the voucher is still good: the answer to the void was lost."""
    for key, order, payment in _both(records):
        if order.status is OrderStatus.ISSUED and payment.status is PaymentStatus.VOIDED:
            yield key[0], order.invoice, f"order {order.id} is issued, its payment was voided"


@finds(Kind.REFUNDED_BUT_PAID, "the marketplace voids the payment at Prakerja")
def refunded_orders_are_voided(records: PartyRecords) -> Iterator[Finding]:
    """MI1: The voucher was taken back, and the card did not get its money back."""
    for key, order, payment in _both(records):
        if order.status is OrderStatus.REFUNDED and payment.status is PaymentStatus.PAID:
            yield key[0], order.invoice, f"order {order.id} is refunded, Prakerja has {payment.amount}"


@finds(Kind.AMOUNT_DIFFERS, "void the payment and buy again")
def amounts_agree(records: PartyRecords) -> Iterator[Finding]:
    """R13: The card paid another amount than the order says."""
    for key, order, payment in _both(records):
        if order.total != payment.amount:
            yield key[0], order.invoice, f"the order says {order.total}, the payment {payment.amount}"


@finds(Kind.PAID_BELOW_HALF, "the marketplace names the promo that paid the rest, or voids the payment")
def payments_are_not_far_below_the_price(records: PartyRecords) -> Iterator[Finding]:
    """R13: The card paid less than half of the price: a promo, or more likely a mistake."""
    for key, payment in records.payments.items():
        price = records.prices[payment.course]
        if payment.status is PaymentStatus.PAID and payment.amount.amount * 2 < price.amount:
            card = masked(payment.card)
            yield (
                key[0],
                key[1],
                f"card {card} paid {payment.amount} for {payment.course}, which costs {price}",
            )


@finds(Kind.TRANSACTION_DIFFERS, "the marketplace asks payment/status and keeps its transaction code")
def transactions_agree(records: PartyRecords) -> Iterator[Finding]:
    """The order has another transaction code than Prakerja, and a void needs Prakerja's."""
    for key, order, payment in _both(records):
        if order.transaction is not None and order.transaction != payment.transaction:
            yield key[0], order.invoice, f"the order says {order.transaction}, Prakerja {payment.transaction}"


@finds(Kind.VOUCHER_MISSING, "the marketplace issues the voucher, or voids the payment")
def issued_orders_have_a_voucher(records: PartyRecords) -> Iterator[Finding]:
    """V2: The order is paid and has no voucher."""
    for key, order in records.orders.items():
        if order.status is OrderStatus.ISSUED and not _live(records, order):
            yield key[0], order.invoice, f"order {order.id} is issued and has no voucher"


@finds(Kind.VOUCHER_TWICE, "the marketplace cancels all but the first")
def orders_have_one_voucher(records: PartyRecords) -> Iterator[Finding]:
    """R17: One payment has several vouchers that are good."""
    for key, order in records.orders.items():
        live = _live(records, order)
        if len(live) > 1:
            yield key[0], order.invoice, f"order {order.id} has {len(live)} vouchers that are good"


@finds(Kind.VOUCHER_WITHOUT_ORDER, "the marketplace cancels the voucher")
def vouchers_have_orders(records: PartyRecords) -> Iterator[Finding]:
    """V1: A voucher has no order, or its order was not paid."""
    orders = records.by_id
    for whose, held in records.vouchers.items():
        order = orders.get(whose)
        for voucher in held:
            if voucher.status is VoucherStatus.CANCELLED or (order and order.status is OrderStatus.ISSUED):
                continue
            order_state = f"order {whose} is {order.status}" if order else f"there is no order {whose}"
            yield voucher.marketplace, voucher.code, f"the voucher is {voucher.status}, {order_state}"


@finds(Kind.VOUCHER_REDEEMED_TWICE, "the institution closes the course that was opened second")
def vouchers_are_redeemed_once(records: PartyRecords) -> Iterator[Finding]:
    """V7: A voucher was redeemed more than once."""
    for voucher in records.codes.values():
        if records.redeemed[voucher.code] > 1:
            times = records.redeemed[voucher.code]
            yield voucher.marketplace, voucher.code, f"the voucher was redeemed {times} times"


@finds(Kind.REDEEMED_NOT_OPENED, "the institution opens the course: the answer that burned it was lost")
def redeemed_vouchers_open_a_course(records: PartyRecords) -> Iterator[Finding]:
    """The voucher is redeemed, and the learner has no course."""
    teaching = records.teaching
    for voucher in records.codes.values():
        redeemed = voucher.status is VoucherStatus.REDEEMED
        if redeemed and voucher.institution in teaching and voucher.code not in records.opened:
            yield voucher.institution, voucher.code, "the voucher is redeemed, its course was never opened"


@finds(Kind.OPENED_NOT_REDEEMED, "the institution redeems the voucher, or closes the course")
def opened_courses_have_a_redeemed_voucher(records: PartyRecords) -> Iterator[Finding]:
    """The course is open, and its voucher can still be used."""
    codes = records.codes
    for code, opened in records.opened.items():
        voucher = codes.get(code)
        if voucher is None or voucher.status is not VoucherStatus.REDEEMED:
            voucher_state = (
                f"its voucher is {voucher.status}" if voucher else "its marketplace knows no such voucher"
            )
            yield opened.institution, code, f"the course {opened.course} is open, {voucher_state}"


@finds(Kind.FINISHED_NOT_REPORTED, "the institution reports to the marketplace, which reports to Prakerja")
def finished_courses_are_reported(records: PartyRecords) -> Iterator[Finding]:
    """F23, F24: The course is finished, and Prakerja was not told, so the certificate never shows."""
    orders = {order.id: order for order in records.orders.values()}
    for voucher in records.codes.values():
        opened, order = records.opened.get(voucher.code), orders.get(voucher.order)
        if opened is None or order is None or opened.certificate is None:
            continue
        training = records.trainings.get((order.marketplace, order.invoice))
        if training is not None and training.status is TrainingStatus.BOUGHT:
            yield opened.institution, voucher.code, f"{opened.certificate} was issued, Prakerja was not told"


@finds(Kind.BOOKED_OTHERWISE, "stop: the books moved other money for it than the payment says")
def payments_are_booked_as_they_are(records: PartyRecords) -> Iterator[Finding]:
    """L7, R17: For an invoice the card paid more or less than its payment says, twice or without any."""
    for key in sorted({*records.payments, *records.booked}):
        payment, booked = records.payments.get(key), records.booked[key]
        if payment is None:
            says, state = 0, "no payment is kept for it"
        else:
            says = payment.amount.amount * (payment.status is PaymentStatus.PAID)
            state = f"its payment of {payment.amount} is {payment.status}"
        if booked != says:
            yield key[0], key[1], f"the card paid {Rupiah(booked)}, {state}"


@finds(Kind.LEDGER_DIFFERS, "stop: a transfer was lost or made up, and only the journal tells which")
def the_books_agree(records: PartyRecords) -> Iterator[Finding]:
    """L9, V4: An account holds another amount than payments and vouchers say."""
    says: Counter[str] = Counter()
    for payment in records.payments.values():
        paid = payment.status is PaymentStatus.PAID
        says[f"platform:{payment.marketplace}"] += (payment.amount - payment.passed_on).amount * paid
        says[f"institution:{payment.institution}"] += payment.passed_on.amount * paid
    for voucher in records.codes.values():
        says[f"{voucher.status}:{voucher.marketplace}"] += 1
    for account in sorted({name for name in records.balances if name.partition(":")[0] in JUDGED} | {*says}):
        holds = records.balances.get(account, 0)
        if holds != says[account]:
            yield account.partition(":")[2], account, f"it holds {holds}, the records say {says[account]}"


OPEN = (OrderStatus.WAITING_CARD, OrderStatus.WAITING_OTP, OrderStatus.PENDING)
JUDGED = ("platform", "institution", *VoucherStatus)


NO_ANSWER_MENDS = (
    Kind.AMOUNT_DIFFERS,
    Kind.VOUCHER_TWICE,
    Kind.VOUCHER_REDEEMED_TWICE,
    Kind.BOOKED_OTHERWISE,
    Kind.LEDGER_DIFFERS,
)
"""These are wrong already, whatever a party that waits will hear."""


def _until(records: PartyRecords, kind: Kind, whose: str, about: str) -> datetime | None:
    """When whoever has no answer yet about an invoice's order, or a voucher, asks by itself."""
    if kind in NO_ANSWER_MENDS:
        return None
    order = records.orders.get((whose, about))
    return records.waits.get(order.id if order is not None else about)


def _both(records: PartyRecords) -> Iterator[tuple[tuple[str, str], Order, Payment]]:
    for key, order in records.orders.items():
        if key in records.payments:
            yield key, order, records.payments[key]


def _live(records: PartyRecords, order: Order) -> list[Voucher]:
    held = records.vouchers.get(order.id, [])
    return [voucher for voucher in held if voucher.status is not VoucherStatus.CANCELLED]
