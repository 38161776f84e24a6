"""All kinds of records that a store keeps, found in the rooms that own them."""

from types import ModuleType

from prakerja_sim.simulator.institution import records as institution
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.marketplace import records as marketplace
from prakerja_sim.simulator.marketplace import supply_records, webhook_records
from prakerja_sim.simulator.payout import records as payout
from prakerja_sim.simulator.programme import incentive_records, training_records
from prakerja_sim.simulator.programme import records as programme
from prakerja_sim.simulator.world import records as world
from prakerja_sim.simulator.world.records import Logged, Record

OWNERS: tuple[ModuleType, ...] = (
    world,
    ledger,
    payout,
    programme,
    training_records,
    incentive_records,
    marketplace,
    webhook_records,
    supply_records,
    institution,
)
_CLASSES = [
    one
    for owner in OWNERS
    for one in vars(owner).values()
    if isinstance(one, type) and one.__module__ == owner.__name__
]
KEPT: tuple[type[Record], ...] = tuple(c for c in _CLASSES if issubclass(c, Record) and c is not Record)
LOGGED: tuple[type[Logged], ...] = tuple(c for c in _CLASSES if issubclass(c, Logged) and c is not Logged)
