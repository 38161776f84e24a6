"""What an institution keeps: learners, their courses, vouchers it supplied, webhooks it received."""

from datetime import datetime

from prakerja_sim.simulator.values.ids import (
    CourseCode,
    PartyCode,
    RedeemCode,
    VoucherCode,
)
from prakerja_sim.simulator.world.records import Record


class HeardWebhook(Record, frozen=True, gc=False):
    """A marketplace's webhook as an institution received it, however often."""

    INDEXES = (("institution",),)
    key: str
    """INSTITUTION/DIGEST of the body."""
    institution: PartyCode
    body: str
    received_at: datetime
    times: int = 1


class LateReport(Record, frozen=True, gc=False):
    """A certificate that must still be reported; after a failed report, again each working day."""

    voucher: VoucherCode
    institution: PartyCode
    due_at: datetime
    tries: int
    """How often it was reported; 0 if the first report is still to come."""
    done: bool = False


class Learner(Record, frozen=True, gc=False):
    """Somebody's account at an institution's site."""

    key: str
    """INSTITUTION/EMAIL, the e-mail in small letters."""
    institution: PartyCode
    email: str
    name: str
    password: str
    """A keyed digest of it."""
    opened_at: datetime
    resets: int = 0
    """How many links to a new password were sent; only the newest is valid."""
    reset_until: datetime | None = None
    """Until when that link may be used; None if it was used, or no link was sent."""


class Supplied(Record, frozen=True, gc=False):
    """A voucher that an institution supplied to a marketplace for a paid order."""

    key: str
    """INSTITUTION/REF, the reference being the marketplace's."""
    institution: PartyCode
    course: CourseCode
    buyer: str
    voucher: VoucherCode
    supplied_at: datetime
    ready_at: datetime
    """Until then the institution answers that the order is under way."""
    call_at: datetime
    """When the marketplace is called back next, if `calling`."""
    void: bool = False
    calling: bool = False


class Opening(Record, frozen=True, gc=False):
    """A class that is being opened: its marketplace is asked to mark the voucher as used."""

    INDEXES = (("course", "learner"),)
    voucher: VoucherCode
    institution: PartyCode
    marketplace: PartyCode
    course: CourseCode
    learner: str
    name: str
    asked_at: datetime
    open: bool = True
    """False once the class was opened, or the marketplace refused."""


class CodeUse(Record, frozen=True, gc=False):
    """A redeem code that is being committed at Prakerja for an enrolment."""

    redeem_code: RedeemCode
    institution: PartyCode
    voucher: VoucherCode
    asked_at: datetime
    open: bool = True
    """False once the enrolment has the code, or Prakerja refused."""


class Enrolment(Record, frozen=True, gc=False):
    """A participant in a course at an institution, opened with a voucher."""

    INDEXES = (("course", "learner"), ("redeem_code",), ("institution", "learner"))
    key: str
    """The voucher that opened it."""
    institution: PartyCode
    marketplace: PartyCode
    course: CourseCode
    learner: str
    name: str
    opened_at: datetime
    pre_test: int | None = None
    lessons_done: int = 0
    post_test: int | None = None
    finished_at: datetime | None = None
    certificate: str | None = None
    redeem_code: RedeemCode | None = None
