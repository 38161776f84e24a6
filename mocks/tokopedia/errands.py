"""What Tokopedia does when the clock says so: distributors' orders, vouchers of suppliers, their health."""

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.tokopedia import pay, pis_health, pis_orders, sat


def run(call: Call) -> None:
    """Do all that is due now."""
    sat.end_due(call)
    pis_health.run(call)
    for order in call.ask(pis_orders.due):
        pay.settled(call, order)
