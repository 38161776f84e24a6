"""What the admin API answers, typed: names and units are the wire's, money is whole rupiah, times are WIB."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class Course(Struct, frozen=True):
    """A course on sale, with its one schedule."""

    course_code: str
    title: str
    category: str
    institution: str
    price: int
    schedule_code: str
    quota: int
    starts: datetime | None = None


class Credential(Struct, frozen=True):
    """With what a partner signs."""

    party: str
    client_code: str
    sign_key: str


class Exchange(Struct, frozen=True):
    """One request with its answer, as the timeline lists it; `status` is 0 if the answer was lost."""

    id: str
    asker: str
    party: str
    method: str
    path: str
    status: int
    wall: datetime
    at: datetime | None = None
    sender: str = ""
    lost: str | None = None
    reason: str | None = None
    faults: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    def __str__(self) -> str:
        """At a glance: who asked whom for what, and what came back."""
        came = f"no answer ({self.lost})" if self.lost else str(self.status)
        why = f" {self.reason}" if self.reason else ""
        struck = f" [{', '.join(self.faults)}]" if self.faults else ""
        return f"{self.id} {self.asker} -> {self.party} {self.method} {self.path} -> {came}{why}{struck}"


class Sms(Struct, frozen=True):
    """A text message."""

    phone: str
    sender: str
    text: str
    at: datetime
    otp: str | None = None


class Mail(Struct, frozen=True):
    """An e-mail."""

    address: str
    sender: str
    subject: str
    at: datetime
    text: str = ""


class Payment(Struct, frozen=True):
    """A payment at Prakerja; `card` is masked."""

    marketplace: str
    transaction_code: str | None
    person: str
    card: str
    course_code: str
    schedule_code: str
    amount: int
    status: str
    invoice_code: str | None = None
    wrong_otps: int = 0
    redeem_code: str | None = None
    training: str | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None


class RedeemCode(Struct, frozen=True):
    """A redeem code with whom it belongs to."""

    redeem_code: str
    institution: str
    marketplace: str
    course_code: str
    schedule_code: str
    status: str
    invoice_code: str | None = None
    person: str | None = None
    redeemed_at: datetime | None = None


class Transfer(Struct, frozen=True):
    """What moved: rupiah, seats or vouchers, as the accounts' names say."""

    entry: str
    event: str
    at: datetime
    source: str
    target: str
    amount: int


class Moved(Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """What an event of the clock moved."""

    source: str
    target: str
    amount: int


class Happened(Struct, frozen=True):
    """What the clock did on its way: to whom, by which rules."""

    at: datetime
    event: str
    about: str
    whom: str | None = None
    rules: tuple[str, ...] = ()
    why: str = ""
    moved: tuple[Moved, ...] = ()


class Judged(Struct, frozen=True):
    """One rule of a purchase; `holds` is None if it cannot be judged before the request."""

    rule: str
    holds: bool | None
    reason: str
    rules: tuple[str, ...] = ()
    values: dict[str, Any] = {}


class Eligibility(Struct, frozen=True):
    """Whether a person may buy a course now; false in a condition if not, with the first reason."""

    person: str
    course_code: str
    may_buy: bool
    reason: str | None
    says: dict[str, str] | None
    rules: tuple[Judged, ...]

    def __bool__(self) -> bool:
        return self.may_buy


def one(kind: type[T], row: Any) -> T:
    """A row of an answer, typed; fields that the kit does not know are left out."""
    return msgspec.convert(row, kind)


def many(kind: type[T], rows: Iterable[Any]) -> list[T]:
    """Several rows."""
    return [msgspec.convert(row, kind) for row in rows]
