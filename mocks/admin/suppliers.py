"""What a marketplace knows about the suppliers of its vouchers: the waiting orders, and their health."""

from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.simulator.marketplace.supply_records import SupplierHealth, Supply
from prakerja_sim.simulator.world.store import Unit


def add_to(face: Face) -> None:
    """Register the endpoint."""
    face.endpoint("GET", "/suppliers", provenance=Provenance.SIMULATED)(suppliers)


def suppliers(call: Call) -> Reply:
    """The orders that institutions were to supply with vouchers, and what health checks last heard."""
    orders = [
        {
            "order": one.order,
            "institution": one.institution,
            "status": one.status.value,
            "attempts": one.attempts,
            "next_at": one.next_at.isoformat(),
            "told": one.told,
        }
        for one in call.ask(Unit.find, kind=Supply)
    ]
    health = [
        {
            "institution": one.institution,
            "checked_at": one.checked_at.isoformat() if one.checked_at else None,
            "next_at": one.next_at.isoformat(),
            "told": one.told,
        }
        for one in call.ask(Unit.find, kind=SupplierHealth)
    ]
    return Reply({"orders": orders, "health": health})
