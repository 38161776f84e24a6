"""Deposits: what distributors of digital goods have paid in at a marketplace, and pay their orders from."""

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

DEMO = PartyCode("distributor")
"""The distributor whose key pair follows from the seed, so that anybody can try it at once."""


def subject(distributor: str) -> str:
    """The journal's chain of a distributor."""
    return f"distributor:{distributor}"


def account_number(seed: int, distributor: str) -> str:
    """The number of a distributor's account, in digits: clients read it as a whole number (seen)."""
    return str(100_000 + chance.below(900_000, chance.seed_bytes(seed), "distributor account", distributor))


@command("deposits.pay_in")
def pay_in(world: Unit, *, distributor: str, amount: Rupiah) -> int:
    """A distributor pays into his deposit; returns the new balance."""
    world.subject = subject(distributor)
    ledger.book(world, "paid_in", bookings.paid_in(PartyCode(distributor), amount))
    return balance(world, distributor=distributor)


def balance(world: Unit, *, distributor: str) -> int:
    """The balance of a deposit, in rupiah."""
    return ledger.balance(world, bookings.deposit(PartyCode(distributor)))
