"""What each event costs: the moves that it books.

One function per event; the amounts come from the records, never from here.
"""

from simulator.ids import CardNumber, PartyCode, ScheduleCode
from simulator.money import Rupiah
from simulator.records import Payment

Move = tuple[str, str, int]


def programme(wave: int) -> str:
    """The programme's fund account of a wave (rekening dana Kartu Prakerja)."""
    return f"programme:{wave}"


def card(number: CardNumber) -> str:
    """A participant's training balance."""
    return f"card:{number}"


def seats(schedule: ScheduleCode) -> str:
    """The free seats of a schedule."""
    return f"seats:{schedule}"


def listing(schedule: ScheduleCode, capacity: int) -> Move:
    """A schedule is listed with its seats."""
    return f"catalogue:{schedule}", seats(schedule), capacity


def grant(wave: int, number: CardNumber, amount: Rupiah) -> Move:
    """The training assistance is put on the card (R02)."""
    return programme(wave), card(number), amount.amount


def purchase(payment: Payment) -> tuple[Move, Move]:
    """The card pays the marketplace and takes a seat."""
    return (
        (card(payment.card), f"platform:{payment.marketplace}", payment.amount.amount),
        (seats(payment.schedule), f"taken:{payment.schedule}", 1),
    )


def void(payment: Payment) -> tuple[Move, Move]:
    """A purchase is taken back in full, seat included (R19)."""
    return (
        (f"platform:{payment.marketplace}", card(payment.card), payment.amount.amount),
        (f"taken:{payment.schedule}", seats(payment.schedule), 1),
    )


def lapse(wave: int, number: CardNumber, amount: int) -> Move:
    """What is left on a card goes back to the programme (R07, R08)."""
    return card(number), programme(wave), amount


def incentive(wave: int, number: CardNumber, amount: Rupiah) -> Move:
    """An incentive is paid out (R20, R24)."""
    return programme(wave), f"incentive:{number}", amount.amount


def voucher_issued(marketplace: PartyCode) -> Move:
    """A marketplace hands a voucher to its buyer."""
    return f"unissued:{marketplace}", f"issued:{marketplace}", 1


def voucher_redeemed(marketplace: PartyCode) -> Move:
    """An institution burns a voucher."""
    return f"issued:{marketplace}", f"redeemed:{marketplace}", 1


def voucher_cancelled(marketplace: PartyCode) -> Move:
    """A voucher is worth nothing any more."""
    return f"issued:{marketplace}", f"cancelled:{marketplace}", 1
