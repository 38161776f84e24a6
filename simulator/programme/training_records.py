"""What the programme keeps of redemption, presence, practical tasks, trainings, and logins elsewhere."""

from datetime import datetime
from enum import StrEnum

from prakerja_sim.simulator.values.ids import (
    CardNumber,
    CourseCode,
    InvoiceCode,
    PartyCode,
    RedeemCode,
    ScheduleCode,
    TransactionCode,
)
from prakerja_sim.simulator.world.records import Record


class RedeemStatus(StrEnum):
    """Where a redeem code stands; its table is in `lifecycle`."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    CANCELLED = "cancelled"


class Redeemable(Record, frozen=True, gc=False):
    """A redeem code of the programme, which attests redemption and attendance."""

    code: RedeemCode
    institution: PartyCode
    marketplace: PartyCode
    course: CourseCode
    schedule: ScheduleCode
    invoice: InvoiceCode
    status: RedeemStatus
    card: CardNumber | None = None
    redeemed_at: datetime | None = None


class VerificationStatus(StrEnum):
    """Where a verification of presence stands; its table is in `lifecycle`."""

    OPENED = "opened"
    CONSENTED = "consented"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Verification(Record, frozen=True, gc=False):
    """One address at which a participant proves that he attends; its state names it."""

    INDEXES = (("redeem_code",), ("course", "email"))
    state: str
    redeem_code: RedeemCode
    course: CourseCode
    sequence: int
    email: str
    redirect_uri: str
    status: VerificationStatus
    opened_at: datetime
    closed_at: datetime | None = None


class Assignment(Record, frozen=True, gc=False):
    """A participant's practical task, as the institution last handed it in."""

    key: str
    redeem_code: RedeemCode
    scope: str
    sequence: int
    number: int
    url_file: str
    submitted_at: datetime
    submissions: int = 1
    failed: bool = False


class Feedback(Record, frozen=True, gc=False):
    """The institution's feedback on an assignment, which has the same key."""

    key: str
    number: int
    notes: str
    url_file: str
    given_at: datetime
    submissions: int = 1


class TrainingStatus(StrEnum):
    """Where a bought training stands for the programme; its table is in `lifecycle`."""

    BOUGHT = "bought"
    REPORTED = "reported"
    CERTIFIED = "certified"
    RATED = "rated"
    VOIDED = "voided"


class Training(Record, frozen=True, gc=False):
    """A course that a participant bought, until it is rated."""

    INDEXES = (("card",),)
    transaction: TransactionCode
    card: CardNumber
    course: CourseCode
    schedule: ScheduleCode
    invoice: InvoiceCode
    marketplace: PartyCode
    redeem_code: RedeemCode
    status: TrainingStatus
    bought_at: datetime
    finished_at: datetime | None = None
    score: int | None = None
    certified_at: datetime | None = None
    rating: int | None = None
    review: str | None = None
    rated_at: datetime | None = None


class SsoCode(Record, frozen=True, gc=False):
    """A participant's consent that an institution may know him, to be exchanged once."""

    INDEXES = (("card",),)
    code: str
    institution: PartyCode
    card: CardNumber
    scope: str
    issued_at: datetime
    used_at: datetime | None = None


class SsoTokenKind(StrEnum):
    """What a token is good for."""

    ACCESS = "access"
    REFRESH = "refresh"


class SsoToken(Record, frozen=True, gc=False):
    """What an institution sends to read a participant's profile, or to get a new token."""

    INDEXES = (("card",),)
    token: str
    kind: SsoTokenKind
    institution: PartyCode
    card: CardNumber
    scope: str
    expires_at: datetime
