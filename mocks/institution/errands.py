"""What an institution does when the clock says so: report the certificates whose report did not arrive."""

from contextlib import suppress
from dataclasses import replace

from mocks.contract import Call
from mocks.desk import VoucherRefused
from mocks.institution import learning, vouchers
from mocks.transport import NoReply


def run(call: Call) -> None:
    """Make all reports again that are due now."""
    for late in call.ask(learning.late_reports):
        done = call.ask(learning.enrolled, voucher=late.voucher)
        with suppress(VoucherRefused, NoReply):  # noted, and made again the next working day
            vouchers.report(replace(call, path={"institution": late.institution}), done)
