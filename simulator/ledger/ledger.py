"""Double entry: every amount moves from one account to another; nothing appears or disappears.

Three things are counted: rupiah, seats and vouchers.  An account's name begins with its
family.  The family says what the account counts, and whether it is a source: only a source
may have a balance below zero.  Balances are stored; the invariants compute them again from
the transfers.
"""

from dataclasses import dataclass

from prakerja_sim.simulator.world.records import Record
from prakerja_sim.simulator.world.store import Unit


class Account(Record, frozen=True, gc=False):
    """The stored balance of an account, in rupiah or in pieces; `moves` counts its transfers."""

    name: str
    balance: int
    moves: int


@dataclass(frozen=True, slots=True)
class Family:
    """What the accounts of one family count."""

    asset: str
    source: bool = False


FAMILIES = {
    "programme": Family("IDR", source=True),  # the programme's fund account, one per wave
    "card": Family("IDR"),  # a participant's training balance
    "platform": Family("IDR"),  # what a marketplace keeps of the payments for courses
    "institution": Family("IDR"),  # what an institution got of the payments for its courses
    "owed": Family("IDR"),  # incentives awarded to a participant and not yet paid
    "payout": Family("IDR"),  # on its way through a payment partner that has not yet answered
    "distributor": Family("IDR", source=True),  # the own money of who resells a marketplace's goods
    "deposit": Family("IDR"),  # what a distributor has paid in at a marketplace
    "resale": Family("IDR"),  # what a marketplace took from deposits for goods
    "incentive": Family("IDR"),  # what a participant was paid
    "treasury": Family("IDR"),  # what went back to the state at a cohort's close-out
    "catalogue": Family("SEAT", source=True),  # the seats that a schedule was listed with
    "seats": Family("SEAT"),  # free seats of a schedule
    "taken": Family("SEAT"),  # sold seats of a schedule
    "unissued": Family("VOUCHER", source=True),  # vouchers that a marketplace may issue
    "issued": Family("VOUCHER"),
    "redeemed": Family("VOUCHER"),
    "cancelled": Family("VOUCHER"),
}


def family(account: str) -> Family:
    """The family of an account named FAMILY:WHOSE."""
    return FAMILIES[account[: account.index(":")]]


def balance(world: Unit, account: str) -> int:
    """The balance of an account; zero if it never had a transfer."""
    held = world.get(Account, account)
    return held.balance if held is not None else 0


def overdrawn(account: Account) -> bool:
    """Whether the balance is below zero and the account is no source."""
    return account.balance < 0 and not family(account.name).source


def book(world: Unit, event: str, *moves: tuple[str, str, int]) -> None:
    """Move amounts from source to target; the journal keeps them with the command.

    An overdraft is a bug, not a refusal: the rules are checked before anything is booked.
    """
    for source, target, amount in moves:
        assert family(source).asset == family(target).asset, (source, target)
        world.booked.append((event, source, target, amount))
        _move(world, source, -amount)
        _move(world, target, amount)


def _move(world: Unit, name: str, amount: int) -> None:
    before = world.get(Account, name)
    if before is None:
        changed = Account(name, amount, 1)
    else:
        changed = Account(name, before.balance + amount, before.moves + 1)
    assert not overdrawn(changed), f"overdraft on {name}: {changed.balance}"
    world.put(changed)
