"""What phones and mailboxes of a sandbox show: they take the place of a person who reads aloud."""

from collections import defaultdict
from math import ceil
from typing import Any

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Mail, Sms, many, one
from prakerja_sim.kit.errors import Mismatch
from prakerja_sim.kit.people import Person

__tracebackhide__ = True  # pytest shows the line of the test


class Phones:
    """The text messages; it knows which of them a test has seen."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self.seen: dict[str, int] = defaultdict(int)
        """How many messages a test has seen, by phone."""

    def received(self, to: Person | str | None = None) -> list[Sms]:
        """All text messages so far, of one phone or of all."""
        return many(Sms, self._admin.get("/inbox/sms", to=_phone(to))["messages"])

    def otp(self, to: Person | str, wait: float = 0) -> str:
        """The newest code that this phone got since it was asked last; waits up to `wait` seconds (30).

        Raises Mismatch if none came.
        """
        phone = _phone(to)
        assert phone is not None
        seen = self.seen[phone]
        answer = self._admin.get("/inbox/sms", to=phone, otp="true", after=seen, wait=_span(wait))
        self.seen[phone] = answer["seen"]
        if answer["otp"] is None:
            raise _nothing(f"no new code came to {to}", self.received(phone), self._admin)
        code: str = answer["otp"]
        return code


class Mailboxes:
    """The e-mails; it knows which of them a test has seen."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self.seen: dict[str, int] = defaultdict(int)
        """How many e-mails a test has seen, by address."""

    def received(self, to: Person | str | None = None) -> list[Mail]:
        """All e-mails so far, of one address or of all."""
        return many(Mail, self._admin.get("/inbox/mail", to=_address(to))["messages"])

    def newest(self, to: Person | str, wait: float = 0) -> Mail:
        """The newest e-mail that came since it was asked last; waits up to `wait` seconds (30).

        Raises Mismatch if none came.
        """
        address = _address(to)
        assert address is not None
        answer = self._admin.get("/inbox/mail", to=address, after=self.seen[address], wait=_span(wait))
        self.seen[address] = answer["seen"]
        if not answer["messages"]:
            raise _nothing(f"no new e-mail came to {to}", self.received(address), self._admin)
        return one(Mail, answer["messages"][-1])


def _phone(to: Person | str | None) -> str | None:
    return to.phone if isinstance(to, Person) else to


def _address(to: Person | str | None) -> str | None:
    return to.email if isinstance(to, Person) else to


def _span(seconds: float) -> str:
    return f"{ceil(seconds)}s"


def _nothing(what: str, before: list[Any], admin: Admin) -> Mismatch:
    """With what there is instead, and which fault may have taken it."""
    faults = [
        f"{row['fault']} struck {row['struck']} times"
        for row in admin.get("/faults")["faults"]
        if row["struck"]
    ]
    said = [f"{len(before)} came before"] if before else ["none ever came"]
    return Mismatch("; ".join([what, *said, *faults]), reason="no_message", values={"before": before})
