"""A simulator with a bug in its books: `python planted_server.py BUG EVERY serve ...`."""

import sys
from itertools import count

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient
from prakerja_sim.simulator.ledger import bookings
from prakerja_sim.simulator.programme import notices
from prakerja_sim.simulator.programme.records import Invoice, Payment
from prakerja_sim.simulator.programme.training_records import Redeemable, Training

EVERY = int(sys.argv.pop(2)) if __name__ == "__main__" else 500
"""One purchase in so many goes wrong."""
AFFORDABLE_TWICE = 500_000
NUMBERS = count(1)


def booked_twice() -> None:
    """The card pays twice for one purchase, and so gets the marketplace; all transfers balance."""
    purchase = bookings.purchase

    def twice(marketplace, number, schedule, amount):
        money, seat = purchase(marketplace, number, schedule, amount)
        again = amount.amount <= AFFORDABLE_TWICE and next(NUMBERS) % EVERY == 0
        return (money, money, seat) if again else (money, seat)

    bookings.purchase = twice


def money_only() -> None:
    """The card pays, and nothing is kept of it: no payment, no invoice, no training, no redeem code."""
    bought = notices.bought

    def forgotten(world, participant, paid, left):
        bought(world, participant, paid, left)
        if next(NUMBERS) % EVERY == 0:
            for kind, key in [*world.put_records]:
                if kind in (Payment, Invoice, Training, Redeemable):
                    del world.put_records[kind, key]

    notices.bought = forgotten


def voucher_without_payment() -> None:
    """The marketplace hands out a voucher and has not asked Prakerja for the money."""
    authorize = PrakerjaClient.authorize

    def believed(self, **about):
        return "T-NEVER-PAID" if next(NUMBERS) % EVERY == 0 else authorize(self, **about)

    PrakerjaClient.authorize = believed


BUGS = {one.__name__: one for one in (booked_twice, money_only, voucher_without_payment)}

if __name__ == "__main__":
    BUGS[sys.argv.pop(1)]()
    main()
