"""A refund, a payment and a redemption, each killed after each of its units of work, and started again.

Another process does it on a store on disk, and gets SIGKILL between two units.
"""

import os
import signal
import subprocess
import sys

import pytest

from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.audit import reconciliation
from prakerja_sim.simulator.institution.records import Enrolment
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.marketplace.records import Order, OrderStatus, Voucher, VoucherStatus
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.store import Unit
from tests.live import REPOSITORY
from tests.mocks.market import INSTITUTION, START, Market

FLOW = """
import sys
from pathlib import Path
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.institution import vouchers
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import ordering, registry, support
from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import INSTITUTION, START

path, flow, number, secret = sys.argv[1:]
sandboxes = Sandboxes(LMDB(Path(path)))
parties = Parties(sandboxes, wall=lambda: START)
world = sandboxes.get("default")
order = world.ask(Unit.need, kind=Order, key=number)
site = registry.site(order.marketplace)
call = Call({}, world, parties, b"", order.shopper, path={"institution": INSTITUTION})
perform = sandbox.Sandbox.perform

def told(self, *operation, **arguments):
    done = perform(self, *operation, **arguments)
    print("on", flush=True)
    sys.stdin.readline()  # until the test says go on, or kills
    return done

sandbox.Sandbox.perform = told
if flow == "refund":
    support.take_complaint(site, call, order, "refund", "Salah beli")
elif flow == "pay":
    ordering.paid(site, call, order, secret)
else:
    about = {"marketplace": order.marketplace, "email": "ani@example.com", "name": "Ani"}
    vouchers.redeem(call, voucher=secret, **about)
print("done", flush=True)
"""


class Killed(Market):
    """A market on disk in which somebody is about to do something."""

    def __init__(self, path, flow):
        self.path = path
        self.store = LMDB(path)
        super().__init__("tokopedia", store=self.store)
        for party in (self.code, INSTITUTION):
            self.sandboxes.credential_of(self.sandbox, party)
        self.ani = self.enrol()
        buyer = self.shopper(self.ani)
        self.number = self.carded(buyer, self.ani)
        self.secret = self.otp(self.ani)
        if flow != "pay":
            assert buyer.enter_otp(self.number, self.secret) == "paid"
            self.secret = buyer.order(self.number).voucher
        self.store.close()

    def run(self, flow, units):
        """Do it in another process, which is killed after so many units; whether it was."""
        command = [sys.executable, "-c", FLOW, str(self.path), flow, self.number, self.secret]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=REPOSITORY, **pipes) as process:
            for done in range(1, units + 1):
                if process.stdout.readline() != "on\n":
                    assert process.wait() == 0, "the flow failed by itself"
                    return False
                if done < units:
                    process.stdin.write("\n")
                    process.stdin.flush()
            os.kill(process.pid, signal.SIGKILL)
        return True

    def start_again(self):
        self.store = LMDB(self.path)
        self.sandboxes = Sandboxes(self.store)
        self.parties = Parties(self.sandboxes, wall=lambda: START)
        self.parties.resume()

    def need(self, kind, key):
        return self.sandbox.ask(Unit.need, kind=kind, key=key)

    def refunded(self):
        order = self.need(Order, self.number)
        voucher = self.need(Voucher, order.voucher)
        assert (order.status, voucher.status) == (OrderStatus.REFUNDED, VoucherStatus.CANCELLED)
        assert self.sandbox.ask(ledger.balance, f"card:{self.ani.card}") == 1_000_000
        return True

    def paid(self):
        order = self.need(Order, self.number)
        left = self.sandbox.ask(ledger.balance, f"card:{self.ani.card}")
        assert (order.status, left) in ((OrderStatus.WAITING_OTP, 1_000_000), (OrderStatus.ISSUED, 350_000))
        return order.status is OrderStatus.ISSUED

    def opened(self):
        used = self.need(Voucher, self.secret).status is VoucherStatus.REDEEMED
        assert (self.sandbox.ask(Unit.get, kind=Enrolment, key=self.secret) is not None) is used
        return used


KILLED = [
    # the flow, killed after so many units, what is asked after the next start, and its answer
    ("refund", 1, Killed.refunded, True),  # the voucher is locked
    ("refund", 2, Killed.refunded, True),  # Prakerja has voided
    ("refund", 3, Killed.refunded, True),  # settled, and no ticket yet
    ("refund", 4, Killed.refunded, True),  # the ticket is there, the answer is lost
    ("pay", 1, Killed.paid, False),  # the order is pending
    ("pay", 2, Killed.paid, True),  # Prakerja has the money
    ("pay", 3, Killed.paid, True),
    ("redeem", 1, Killed.opened, False),  # the class is reserved
    ("redeem", 2, Killed.opened, True),  # the voucher is used
    ("redeem", 3, Killed.opened, True),
]


@pytest.mark.parametrize(("flow", "units", "question", "answer"), KILLED)
def test_a_flow_killed_between_two_units_is_whole_after_the_next_start(
    tmp_path, flow, units, question, answer
):
    market = Killed(tmp_path / "sim.db", flow)
    assert market.run(flow, units), f"{flow} has fewer than {units} units"
    market.start_again()
    try:
        assert question(market) is answer
        assert market.sandbox.ask(reconciliation.discrepancies) == []
        market.after(schedule.PATIENCE)
        assert question(market) is answer
        assert market.sandbox.ask(schedule.cut_short) == []
        assert market.is_sound()
    finally:
        market.store.close()


@pytest.mark.parametrize(("flow", "units"), [("refund", 5), ("pay", 4), ("redeem", 4)])
def test_no_flow_has_a_unit_after_which_it_was_not_killed(tmp_path, flow, units):
    assert not Killed(tmp_path / "sim.db", flow).run(flow, units)
