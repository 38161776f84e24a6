"""Whether the books agree with what the users saw: the judge of every load run.

However fast a run was, it fails on a lost rupiah, a missing voucher or a bug.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prakerja_sim.loadtests.served import Admin


@dataclass(frozen=True, slots=True)
class Books:
    """What the simulator holds after a run."""

    violations: tuple[str, ...]
    bugs: tuple[str, ...]
    purchases: int
    """Paid and not taken back: the seats that were taken."""
    vouchers: int
    """Handed out and not cancelled."""
    digest: str = ""


def read(admin: Admin) -> Books:
    """The books of a sandbox, after its invariants were asked."""
    violations = admin.ask("/invariants")["violations"]
    accounts = admin.ask("/ledger?limit=1")["accounts"]
    return Books(
        violations=tuple(violations),
        bugs=tuple(admin.ask("/bugs")["bugs"]),
        purchases=_held(accounts, "taken:"),
        vouchers=_held(accounts, "issued:") + _held(accounts, "redeemed:"),
        digest=str(admin.ask("/digest")["digest"]),
    )


def complaints(before: Books, after: Books, *, finished: int, failures: int) -> list[str]:
    """All that is wrong after a run in which users finished so many flows; empty if nothing is."""
    bought = after.purchases - before.purchases
    handed_out = after.vouchers - before.vouchers
    wrong = [f"invariant broken: {violation}" for violation in after.violations]
    wrong += [f"bug: {bug}" for bug in after.bugs]
    if bought != handed_out:
        wrong.append(f"{bought} purchases are booked, {handed_out} vouchers were handed out")
    if bought < finished:
        wrong.append(f"users finished {finished} flows, only {bought} purchases are booked")
    if failures:
        wrong.append(f"{failures} requests failed")
    if not finished:
        wrong.append("no flow was finished; give it more seconds")
    return wrong


def _held(accounts: Iterable[Mapping[str, Any]], family: str) -> int:
    return sum(account["balance"] for account in accounts if account["account"].startswith(family))
