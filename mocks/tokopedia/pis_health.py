"""Whether suppliers are there: asked every five minutes from the first order on, if it is set (documented).

What follows from an answer is not published: here it is only kept, to be seen at `/__admin/suppliers`.
"""

from datetime import timedelta

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.tokopedia import pis_orders
from prakerja_sim.simulator.marketplace.supply_records import SupplierHealth
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

EVERY = timedelta(minutes=5)


def run(call: Call) -> None:
    """Ask all suppliers whose turn it is."""
    for health in call.ask(due):
        try:
            said = pis_orders.supplier(call, health.institution).ask("health-check")
            told = f"{said.code} {said.message}"
        except NoReply:
            told = f"{pis_orders.SILENCE} Timeout"
        call.do(note, institution=health.institution, told=told[:200])


def due(world: Unit) -> list[SupplierHealth]:
    """The suppliers that are to be asked now."""
    return [one for one in world.find(SupplierHealth) if one.next_at <= world.now]


@command("supplier_health.note")
def note(world: Unit, *, institution: str, told: str) -> SupplierHealth:
    """Note what was said, and when to ask again."""
    kept = world.need(SupplierHealth, institution)

    world.subject = f"supplier:{institution}"
    noted = kept.but(checked_at=world.now, next_at=world.now + EVERY, told=told)
    world.put(noted)
    schedule.schedule(world, noted.next_at, "errand", f"health {institution}")
    return noted
