"""What an institution does when the clock says so: report certificates, call back about vouchers."""

from contextlib import suppress
from dataclasses import replace

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.institution import callbacks, vouchers
from prakerja_sim.mocks.shop.institution_client import VoucherRefused
from prakerja_sim.simulator.institution import learning


def run(call: Call) -> None:
    """Make all reports and callbacks that are due now."""
    callbacks.run(call)
    for late in call.ask(learning.late_reports):
        done = call.ask(learning.enrolled, voucher=late.voucher)
        with suppress(VoucherRefused, NoReply):  # noted, and made again the next working day
            vouchers.report(replace(call, path={"institution": late.institution}), done)
