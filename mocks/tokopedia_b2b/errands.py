"""What is done when the clock says so: distributors' orders, vouchers of suppliers, their health."""

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.tokopedia_b2b import pis_health, pis_orders, sat
from prakerja_sim.simulator.marketplace import supply


def run(call: Call) -> None:
    """Do all that is due now."""
    sat.end_due(call)
    pis_health.run(call)
    for order in call.ask(supply.due):
        pis_orders.settled(call, order)
