"""What an institution's system does at a marketplace, whichever it is: `Desk` in each folder's `desk`.

A desk speaks its site's partner interface and shares no code with the site's server, so that
the two can disagree.  Courses go by their codes.
"""

from typing import Protocol

from prakerja_sim.mocks.http.transport import Transport
from prakerja_sim.simulator.values.errors import Reason


class VoucherRefused(Exception):
    """The marketplace said no: what it means, its own code and words, and the course if it tells one.

    Of a used voucher it should: an institution whose redemption lost its answer goes on with that.
    """

    def __init__(self, reason: Reason, code: str, said: str, course: str = "") -> None:
        super().__init__(f"{code} {said}")
        self.reason = reason
        self.said = said
        self.course = course


class Desk(Protocol):
    """An institution's connection to one marketplace.

    Every method raises VoucherRefused when the site says no and NoReply when nothing comes back.
    """

    def __init__(self, transport: Transport, institution: str, secret: str) -> None: ...

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
