"""The moves that each event books.

One function per event; the amounts come from the records, never from this file.
"""

from prakerja_sim.simulator.values.ids import CardNumber, PartyCode, ScheduleCode
from prakerja_sim.simulator.values.money import Rupiah

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


def unlisting(schedule: ScheduleCode, seats_fewer: int) -> Move:
    """Free seats of a schedule are taken off the list again."""
    return seats(schedule), f"catalogue:{schedule}", seats_fewer


def grant(wave: int, number: CardNumber, amount: Rupiah) -> Move:
    """The training assistance is put on the card (R02)."""
    return programme(wave), card(number), amount.amount


def purchase(
    marketplace: PartyCode, number: CardNumber, schedule: ScheduleCode, amount: Rupiah
) -> tuple[Move, Move]:
    """The card pays the marketplace and takes a seat."""
    return (
        (card(number), f"platform:{marketplace}", amount.amount),
        (seats(schedule), f"taken:{schedule}", 1),
    )


def passed_on(marketplace: PartyCode, institution: PartyCode, amount: Rupiah) -> Move:
    """The marketplace passes a payment on to the institution, without its commission."""
    return f"platform:{marketplace}", f"institution:{institution}", amount.amount


def given_back(marketplace: PartyCode, institution: PartyCode, amount: Rupiah) -> Move:
    """The institution gives its part of a payment back, since the payment is voided (R19)."""
    return f"institution:{institution}", f"platform:{marketplace}", amount.amount


def void(
    marketplace: PartyCode, number: CardNumber, schedule: ScheduleCode, amount: Rupiah
) -> tuple[Move, Move]:
    """A purchase is taken back in full, seat included (R19)."""
    return (
        (f"platform:{marketplace}", card(number), amount.amount),
        (f"taken:{schedule}", seats(schedule), 1),
    )


def lapse(wave: int, number: CardNumber, amount: int) -> Move:
    """What is left on a card goes back to the programme (R07, R08)."""
    return card(number), programme(wave), amount


def owed(number: CardNumber) -> str:
    """The incentives that a participant was awarded and has not been paid."""
    return f"owed:{number}"


def on_the_way(partner: str) -> str:
    """The money of instructions that a payment partner has not answered yet."""
    return f"payout:{partner}"


def award(wave: int, number: CardNumber, amount: Rupiah) -> Move:
    """Incentives are awarded; from now on they are owed (R20, R24)."""
    return programme(wave), owed(number), amount.amount


def sent(number: CardNumber, partner: str, amount: Rupiah) -> Move:
    """An instruction was sent and has no final answer yet."""
    return owed(number), on_the_way(partner), amount.amount


def not_paid(number: CardNumber, partner: str, amount: Rupiah) -> Move:
    """An instruction was not carried out: its money is owed again (R38)."""
    return on_the_way(partner), owed(number), amount.amount


def incentive(number: CardNumber, amount: Rupiah, partner: str | None = None) -> Move:
    """An incentive has reached its participant, at once or after its partner's late answer."""
    source = owed(number) if partner is None else on_the_way(partner)
    return source, f"incentive:{number}", amount.amount


def undelivered(wave: int, number: CardNumber, amount: int) -> Move:
    """What could not be paid by the cohort's last day goes to the state treasury (R37)."""
    return owed(number), f"treasury:{wave}", amount


def voucher_issued(marketplace: PartyCode) -> Move:
    """A marketplace hands a voucher to its buyer."""
    return f"unissued:{marketplace}", f"issued:{marketplace}", 1


def voucher_redeemed(marketplace: PartyCode) -> Move:
    """An institution burns a voucher."""
    return f"issued:{marketplace}", f"redeemed:{marketplace}", 1


def voucher_cancelled(marketplace: PartyCode) -> Move:
    """A voucher is not valid any more."""
    return f"issued:{marketplace}", f"cancelled:{marketplace}", 1


def deposit(distributor: PartyCode) -> str:
    """The account of a distributor's deposit."""
    return f"deposit:{distributor}"


def paid_in(distributor: PartyCode, amount: Rupiah) -> Move:
    """A distributor pays money into his deposit."""
    return f"distributor:{distributor}", deposit(distributor), amount.amount


def resale(
    distributor: PartyCode, marketplace: PartyCode, price: Rupiah, seat: ScheduleCode | None
) -> list[Move]:
    """A distributor's order is paid from his deposit and takes its seat, if it has one."""
    moves = [(deposit(distributor), f"resale:{marketplace}", price.amount)]
    return moves + ([(seats(seat), f"taken:{seat}", 1)] if seat else [])


def resale_failed(
    distributor: PartyCode, marketplace: PartyCode, price: Rupiah, seat: ScheduleCode | None
) -> list[Move]:
    """A distributor's order failed: all of it goes back."""
    return [
        (target, source, amount) for source, target, amount in resale(distributor, marketplace, price, seat)
    ]
