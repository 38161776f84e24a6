"""Whether suppliers are there: asked every five minutes from the first order on, if it is set (documented).

What follows from an answer is not published: here it is only kept, to be seen at `/__admin/suppliers`.
"""

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.tokopedia_b2b import pis_orders
from prakerja_sim.simulator.marketplace import supply


def run(call: Call) -> None:
    """Ask all suppliers whose turn it is."""
    for health in call.ask(supply.health_due):
        try:
            said = pis_orders.supplier(call, health.institution).ask("health-check")
            told = f"{said.code} {said.message}"
        except NoReply:
            told = f"{supply.SILENCE} Timeout"
        call.do(supply.note_health, institution=health.institution, told=told[: supply.MOST_OF_AN_ANSWER])
