"""What may go wrong when a marketplace orders a voucher from an institution (`live_suppliers`)."""

from typing import Protocol, TypeVar

from prakerja_sim.simulator.world.faults import Fault, fault

Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


class SupplyOrder(Protocol[Answer_co]):
    """A marketplace's order at the institution, and what the institution can answer."""

    def fill(self) -> Answer_co:
        """Here is the voucher."""

    def take_up(self) -> Answer_co:
        """On process (01): the voucher is ready after `supplier_slow_seconds`."""

    def fail(self) -> Answer_co:
        """Failed (02); nothing is sold."""

    def refuse(self) -> Answer_co:
        """Out of stock (50); nothing is sold."""


class SupplyFault(Fault):
    """A marketplace's order for a voucher at an institution, with `live_suppliers`.

    `where`: the institution.
    """

    point = "supply"

    def apply(self, order: SupplyOrder[Answer]) -> Answer:
        """What the institution answers."""
        raise self.unfinished()


@fault("supply_failed")
class SupplyFailed(SupplyFault):
    """The institution cannot supply a voucher now (02)."""

    def apply(self, order: SupplyOrder[Answer]) -> Answer:
        return order.fail()


@fault("supply_slow")
class SupplySlow(SupplyFault):
    """The institution has taken the order up and says so until it is asked how it stands (01)."""

    def apply(self, order: SupplyOrder[Answer]) -> Answer:
        return order.take_up()


@fault("supply_refused")
class SupplyRefused(SupplyFault):
    """The institution has no voucher left (50): the buyer gets his money back."""

    def apply(self, order: SupplyOrder[Answer]) -> Answer:
        return order.refuse()
