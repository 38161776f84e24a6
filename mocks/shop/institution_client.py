"""What an institution's system does at a marketplace: `Client` in each folder.

It speaks the site's partner interface and shares no code with the site's server, so that the two
can disagree.  Courses go by their codes.
"""

import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from prakerja_sim.mocks.http.transport import Answer, Transport
from prakerja_sim.simulator.values.errors import Reason


class VoucherRefused(Exception):
    """The marketplace said no: what it means, its own code and words, and the course if it tells one.

    For a used voucher it should name it: an institution that lost the first answer needs the course.
    """

    def __init__(
        self, reason: Reason, code: str, message: str, course: str = "", *, is_open: bool = False
    ) -> None:
        super().__init__(f"{code} {message}")
        self.reason = reason
        self.message = message
        self.course = course
        self.is_open = is_open
        """Whether it leaves open what the site did: it is broken or busy, or this is not its envelope."""


class Outcome(NamedTuple):
    """What an answer of a site says."""

    well: bool
    course: str
    code: str = ""
    message: str = ""


class InstitutionClient(ABC):
    """An institution's connection to one marketplace.

    Every method raises VoucherRefused when the site says no and NoReply when nothing comes back.
    """

    means: ClassVar[Mapping[str, Reason]]
    """The site's codes, or its words where it has none."""

    def __init__(self, transport: Transport, institution: str, secret: str) -> None:
        self.transport, self.institution, self.secret = transport, institution, secret

    def check(self, voucher: str) -> str:
        """Ask whether a voucher may be redeemed; answers the course that it opens."""
        return self._course(self.ask("check", voucher))

    def redeem(self, voucher: str) -> str:
        """Burn a voucher; answers the course that it opens."""
        return self._course(self.ask("redeem", voucher))

    def report(self, voucher: str, *, name: str, score: int) -> None:
        """Report that the voucher's buyer finished."""
        self.read(self.ask("report", voucher, name=name, score=score))

    @abstractmethod
    def ask(self, what: str, voucher: str, **more: Any) -> Answer:
        """Send one of the three requests, as the site wants it."""

    @abstractmethod
    def outcome(self, answer: Answer) -> Outcome:
        """What the site says; raises a ValueError or what a missing field raises if it is not the site's."""

    def signature(self, raw: bytes) -> str:
        """HMAC-SHA256 over a body, in hexadecimal."""
        return hmac.new(self.secret.encode(), raw, hashlib.sha256).hexdigest()

    def read(self, answer: Answer) -> str:
        """The course that an answer names, if it names one; raises VoucherRefused."""
        is_open = answer.status == 429 or answer.status >= 500
        try:
            read = self.outcome(answer)
        except (ValueError, LookupError, TypeError, AttributeError):
            read = Outcome(False, "", "", f"HTTP {answer.status} without the site's envelope")
            is_open = True
        if not read.well:
            reason = self.means.get(read.code or read.message, Reason.VOUCHER_UNKNOWN)
            code = read.code or str(answer.status)
            raise VoucherRefused(reason, code, read.message, read.course, is_open=is_open)
        return read.course

    def _course(self, answer: Answer) -> str:
        course = self.read(answer)
        if not course:
            said = "the answer names no course"
            raise VoucherRefused(Reason.VOUCHER_UNKNOWN, "", said, is_open=True)
        return course
