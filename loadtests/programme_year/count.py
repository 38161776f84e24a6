"""What became of the people of one sandbox, counted from the records, and whether its books balance."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct, field

from prakerja_sim.loadtests.programme_year.published import COUNTED_AT
from prakerja_sim.simulator.audit import reconciliation
from prakerja_sim.simulator.ledger.ledger import FAMILIES, Account
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.records import Membership, Participant, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.world.records import Entry
from prakerja_sim.simulator.world.store import Unit


class Counted(Struct):
    """People, rupiah and complaints of one sandbox, or of several together."""

    awarded: int = 0
    revoked: int = 0
    finished: int = 0
    """At least one training, by the day of the published figure."""
    paid: int = 0
    """At least one incentive by that day."""
    paid_rupiah: int = 0
    """Incentives by that day."""
    buyers: int = 0
    spent_rupiah: int = 0
    entries: int = 0
    books: Counter[str] = field(default_factory=Counter)
    """The balances of each family of accounts, at the end."""
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Broken invariants and discrepancies; nothing of a run that lists any may be trusted."""
    digests: list[str] = field(default_factory=list)


def counted(sandbox: Sandbox, refused: Counter[str]) -> Counted:
    """Count and audit a sandbox at the end of its year."""
    counts = sandbox.ask(_count)
    counts.refused = refused
    counts.wrong = [*sandbox.check(), *(one.told for one in sandbox.ask(reconciliation.discrepancies))]
    counts.digests = [sandbox.digest()]
    return counts


def together(parts: Iterable[Counted]) -> Counted:
    """The sum of all, digests and complaints in the order of the parts."""
    total = Counted()
    for part in parts:
        for name in Counted.__struct_fields__:
            mine, theirs = getattr(total, name), getattr(part, name)
            if isinstance(mine, Counter):
                mine.update(theirs)  # a plus would drop what is below zero
            else:
                setattr(total, name, mine + theirs)
    return total


def imbalance(total: Counted) -> list[str]:
    """L2, MI5 over all sandboxes: whatever left one family of accounts is in the others."""
    held: Counter[str] = Counter()
    for name, amount in total.books.items():
        held[FAMILIES[name].asset] += amount
    return [f"{amount} {asset} too many are held" for asset, amount in held.items() if amount]


def _count(world: Unit) -> Counted:
    counts = Counted(entries=len(world.log(Entry)))
    for participant in world.find(Participant):
        counts.awarded += 1
        counts.revoked += participant.status is Membership.REVOKED
    counts.finished = len({one.card for one in world.find(Training) if _by_then(one.finished_at)})
    paid = [one for one in world.find(Incentive) if _by_then(one.paid_at)]
    counts.paid = len({one.card for one in paid})
    counts.paid_rupiah = sum(one.amount.amount for one in paid)
    bought = [one for one in world.find(Payment) if one.status is PaymentStatus.PAID]
    counts.buyers = len({one.card for one in bought})
    counts.spent_rupiah = sum(one.amount.amount for one in bought)
    for account in world.find(Account):
        counts.books[account.name.partition(":")[0]] += account.balance
    return counts


def _by_then(at: datetime | None) -> bool:
    return at is not None and at <= COUNTED_AT
