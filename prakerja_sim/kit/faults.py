"""Arming faults: one method for each, as docs/faults.md tells them.

A `where` that matches nothing is refused. Each arms at once. As a context it ends with the block, and a fault
that never struck fails the test: what it was for was not tested.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Exchange, many
from prakerja_sim.kit.errors import Mismatch

__tracebackhide__ = True  # pytest shows the line of the test


@dataclass(frozen=True, slots=True)
class Armed:
    """A fault that waits at its point for the next times that `where` passes."""

    fault: str
    where: str
    number: str
    _admin: Admin = field(repr=False)
    _since: str = field(repr=False)

    @property
    def struck(self) -> list[Exchange]:
        """The exchanges that it struck, oldest first."""
        end = {"path": self.where} if "/" in self.where and not self.where.endswith("/*") else {}
        rows = self._admin.get("/timeline", fault=self.fault, since=self._since, **end)["exchanges"]
        return many(Exchange, rows[::-1])

    def disarm(self) -> int:
        """Let it strike no more; answers how often it struck."""
        return int(self._admin.delete(f"/faults/{self.number}")["struck"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        struck = self.disarm()
        if kind is None and not struck:
            place = f" at {self.where!r}" if self.where else ""
            raise Mismatch(
                f"the fault {self.fault}{place} never struck: nothing that it is for has passed",
                reason="never_struck",
                values={"fault": self.fault, "where": self.where},
            )


class Faults:
    """The faults of a sandbox; `where` is the end of a path, a phone, an address ..., empty for anywhere."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def arm(self, fault: str, where: str = "", times: int = 1) -> Armed:
        """Arm a fault by its name. Raises Refused for an unknown name, and where it can strike nothing."""
        newest = self._admin.get("/timeline", limit=1)["exchanges"]
        armed = self._admin.post("/faults", {"fault": fault, "where": where, "times": times})
        return Armed(fault, where, armed["number"], self._admin, newest[0]["id"] if newest else "0")

    def request_lost(self, where: str = "", times: int = 1) -> Armed:
        """The request never arrives: nothing happened, and the client cannot know it."""
        return self.arm("request_lost", where, times)

    def reply_lost(self, where: str = "", times: int = 1) -> Armed:
        """The party did it all, and its answer never arrives."""
        return self.arm("reply_lost", where, times)

    def reply_hangs(self, where: str = "", times: int = 1) -> Armed:
        """The party did it all, and its answer comes only after the setting `hang_seconds`."""
        return self.arm("reply_hangs", where, times)

    def rate_limited(self, where: str = "", times: int = 1) -> Armed:
        """429 in the party's envelope; nothing happened."""
        return self.arm("rate_limited", where, times)

    def sms_lost(self, phone: str = "", times: int = 1) -> Armed:
        """The text message never reaches the phone."""
        return self.arm("sms_lost", phone, times)

    def mail_lost(self, address: str = "", times: int = 1) -> Armed:
        """The e-mail never reaches the inbox."""
        return self.arm("mail_lost", address, times)

    def payout_rejected(self, account: str = "", times: int = 1) -> Armed:
        """The bank or e-wallet refuses to credit the account (`NUMBER@PARTNER` or its end)."""
        return self.arm("payout_rejected", account, times)

    def payout_name_differs(self, account: str = "", times: int = 1) -> Armed:
        """The partner finds another name on the account."""
        return self.arm("payout_name_differs", account, times)

    def payout_full(self, account: str = "", times: int = 1) -> Armed:
        """The account takes no more this month."""
        return self.arm("payout_full", account, times)

    def payout_down(self, account: str = "", times: int = 1) -> Armed:
        """The partner is out of order and says so; nothing is paid."""
        return self.arm("payout_down", account, times)

    def payout_request_lost(self, account: str = "", times: int = 1) -> Armed:
        """The instruction never reaches the partner."""
        return self.arm("payout_request_lost", account, times)

    def payout_reply_lost(self, account: str = "", times: int = 1) -> Armed:
        """The partner pays, then its answer is lost."""
        return self.arm("payout_reply_lost", account, times)

    def payout_late(self, account: str = "", times: int = 1) -> Armed:
        """The partner takes the instruction and pays some working days later."""
        return self.arm("payout_late", account, times)

    def supply_failed(self, institution: str = "", times: int = 1) -> Armed:
        """The institution cannot supply a voucher now."""
        return self.arm("supply_failed", institution, times)

    def supply_slow(self, institution: str = "", times: int = 1) -> Armed:
        """The institution has taken the order up and is not done."""
        return self.arm("supply_slow", institution, times)

    def supply_refused(self, institution: str = "", times: int = 1) -> Armed:
        """The institution has no voucher left."""
        return self.arm("supply_refused", institution, times)

    def webhook_lost(self, event: str = "", times: int = 1) -> Armed:
        """The webhook never reaches its receiver (`PARTY/EVENT` or its end); it is sent again later."""
        return self.arm("webhook_lost", event, times)

    def webhook_unanswered(self, event: str = "", times: int = 1) -> Armed:
        """The webhook arrives and its answer does not: it comes a second time."""
        return self.arm("webhook_unanswered", event, times)

    def assignment_failed(self, redeem_code: str = "", times: int = 1) -> Armed:
        """The practical task is not accepted."""
        return self.arm("assignment_failed", redeem_code, times)
