"""The money of a sandbox: the ledger's accounts and transfers, payments at Prakerja, redeem codes."""

from prakerja_sim.kit.admin import Admin
from prakerja_sim.kit.answers import Course, Payment, RedeemCode, Transfer, many
from prakerja_sim.kit.errors import Mismatch
from prakerja_sim.kit.people import Person

__tracebackhide__ = True  # pytest shows the line of the test


class Ledger:
    """Double entry: rupiah, seats and vouchers, moved only by balanced transfers."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def balance(self, account: str) -> int:
        """The balance of one account by its whole name, such as `card:NUMBER` or `institution:lp-kopi`."""
        accounts = self._admin.get("/ledger", account=account, limit=1)["accounts"]
        return int(accounts[0]["balance"]) if accounts else 0

    @property
    def accounts(self) -> dict[str, int]:
        """All accounts with their balances; cards are masked unless the server shows secrets."""
        return {row["account"]: row["balance"] for row in self._admin.get("/ledger", limit=1)["accounts"]}

    def transfers(self, account: str | None = None, limit: int = 100) -> list[Transfer]:
        """The newest transfers, oldest first, of one account or of all."""
        return many(Transfer, self._admin.get("/ledger", account=account, limit=limit)["transfers"])


class Payments:
    """The payments at Prakerja, also those that came by the partner API alone."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def all(self) -> list[Payment]:
        """All of them, by time."""
        return self._found()

    def of(self, person: Person) -> list[Payment]:
        """A person's, by time."""
        return self._found(person=person.card)

    def by_invoice(self, invoice_code: str) -> Payment:
        """The one with this invoice code; raises Mismatch if there is none, or more than one."""
        found = self._found(invoice=invoice_code)
        if len(found) != 1:
            there = ", ".join(sorted({one.invoice_code or "(none yet)" for one in self.all()})) or "none"
            raise Mismatch(
                f"{len(found)} payments have the invoice {invoice_code!r}; there are: {there}",
                reason="payment_unknown",
                values={"invoice_code": invoice_code, "found": len(found)},
            )
        return found[0]

    def _found(self, **query: str) -> list[Payment]:
        return many(Payment, self._admin.get("/payments", **query)["payments"])


class RedeemCodes:
    """The redeem codes with which institutions attest that somebody learns."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def all(self) -> list[RedeemCode]:
        """All of them, sorted, those for tests too."""
        return self._found()

    def of(self, person: Person) -> list[RedeemCode]:
        """A person's, sorted."""
        return self._found(person=person.card)

    def test(self, course: Course | str) -> str:
        """Hand out one more test code for a course; it belongs to nobody. Raises Refused."""
        code = course if isinstance(course, str) else course.course_code
        rows = self._admin.get("/courses")["courses"]
        schedule = next((row["schedule_code"] for row in rows if row["course_code"] == code), code)
        made: str = self._admin.post("/test-codes", {"schedule_code": schedule})["redeem_code"]
        return made

    def _found(self, **query: str) -> list[RedeemCode]:
        return many(RedeemCode, self._admin.get("/redeem-codes", **query)["redeem_codes"])
