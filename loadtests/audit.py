"""Whether the books agree with what the users saw: the judge of every load run.

However fast a run was, it fails on a lost rupiah, a missing voucher or a bug. An order whose reply was lost
is pending, not wrong, as long as its marketplace will ask by itself what became of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from prakerja_sim.loadtests.fault_specs import Struck
from prakerja_sim.loadtests.journeys import Journey
from prakerja_sim.loadtests.served import Admin
from prakerja_sim.mocks.http import secrets
from prakerja_sim.simulator.ledger.ledger import FAMILIES
from prakerja_sim.simulator.values.ids import masked

MOST_NAMED = 20
"""So many findings of the whole sandbox, and so many of single purchases, are told; of the rest how many."""
MOST_EXCHANGES = 3
OF_AN_ACCOUNT = "ledger_differs"
"""The kind of difference that is about an account with all its purchases, not about one of them."""
FORGOTTEN = "no longer on the timeline; serve with a greater --timeline"


@dataclass(frozen=True, slots=True)
class Books:
    """What the simulator holds at one moment."""

    violations: tuple[str, ...]
    bugs: tuple[str, ...]
    discrepancies: tuple[Mapping[str, Any], ...]
    rupiah: Mapping[str, int]
    """The sum of each family of accounts in rupiah."""
    purchases: int
    """Paid and not taken back: the seats that were taken."""
    vouchers: int
    """Handed out and not cancelled."""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and who and what it is about, as far as that is known."""

    told: str
    person: str = ""
    invoice: str = ""
    at: str = ""
    """The sandbox's time."""
    transfers: tuple[str, ...] = ()
    exchanges: tuple[str, ...] = ()
    """Their numbers on the timeline, the newest last."""
    remedy: str = ""

    def lines(self) -> list[str]:
        """The finding for people; the first line says what is wrong."""
        about = [("person", self.person), ("invoice", self.invoice), ("at", self.at)]
        shown = "exchange " + ", ".join(self.exchanges) if self.exchanges else ""
        named = ", ".join(f"{name} {value}" for name, value in about if value)
        lines = [self.told, *filter(None, [named]), *(f"moved {one}" for one in self.transfers)]
        return lines + [line for line in (shown, self.remedy and f"remedy: {self.remedy}") if line]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit found: `wrong` fails the run, `more` is how many findings are not told one by one."""

    wrong: tuple[Finding, ...] = ()
    more: int = 0
    pending: tuple[str, ...] = ()
    """The invoices that wait for an answer, and until when."""

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


def read(admin: Admin) -> Books:
    """The books of a sandbox, after its invariants were asked."""
    violations = admin.ask("/invariants")["violations"]
    accounts = admin.ask("/ledger?limit=1")["accounts"]
    return Books(
        violations=tuple(violations),
        bugs=tuple(admin.ask("/bugs")["bugs"]),
        discrepancies=tuple(admin.ask("/reconciliation")["discrepancies"]),
        rupiah=_rupiah(accounts),
        purchases=_held(accounts, "taken:"),
        vouchers=_held(accounts, "issued:") + _held(accounts, "redeemed:"),
        digest=str(admin.ask("/digest")["digest"]),
    )


def judge(
    before: Books,
    after: Books,
    struck: Sequence[Struck],
    lived: Sequence[Journey],
    *,
    finished: int,
    admin: Admin,
) -> Verdict:
    """What is wrong after a run in which users finished so many flows.

    What was wrong before it does not count; what was only pending, and became wrong, does.
    """
    known = {_key(one) for one in before.discrepancies}
    pending = [one for one in after.discrepancies if one["until"] and _key(one) not in known]
    old = {_key(one) for one in before.discrepancies if not one["until"]}
    amiss = [one for one in after.discrepancies if not one["until"] and _key(one) not in old]
    wrong = [Finding(f"invariant broken: {one}") for one in after.violations if one not in before.violations]
    wrong += [Finding(f"bug of the server: {one}") for one in _added(before.bugs, after.bugs)]
    wrong += map(Finding, _totals(before, after, bool(amiss), finished=finished))
    wrong += [Finding(f"{one.spec.text} never struck", remedy=UNUSED) for one in struck if not one.struck]
    if not struck:  # else whoever is lost may have met a fault that nobody recovers from; the books tell
        wrong += [_lost(one) for one in lived if one.state == "lost"]
    told = [*wrong[:MOST_NAMED], *(_named(admin, one) for one in amiss[:MOST_NAMED])]
    return Verdict(
        tuple(told),
        len(wrong) + len(amiss) - len(told),
        tuple(f"{one['party']} {one['about']} until {one['until']}: {one['told']}" for one in pending),
    )


UNUSED = "what it was for was not tested: give the place that it strikes at, or leave it out"


def _totals(before: Books, after: Books, named: bool, *, finished: int) -> Iterable[str]:
    """Purchases, vouchers and what users finished, against each other, unless differences are `named`."""
    bought, handed_out = after.purchases - before.purchases, after.vouchers - before.vouchers
    waiting = _waiting(after) - _waiting(before)  # fewer, if those of a run before got their vouchers
    apart = bought - handed_out - waiting
    elsewhere = apart > 0 and not finished  # a marketplace that calls Prakerja by itself has its own vouchers
    if apart and not elsewhere and not named:
        still = f"{abs(waiting):,} {'less ' if waiting < 0 else ''}are pending"
        yield f"{bought:,} purchases are booked, {handed_out:,} vouchers handed out, {still}"
    if bought < finished:
        yield f"users finished {finished:,} flows, only {bought:,} purchases are booked"


def _waiting(books: Books) -> int:
    """The purchases whose vouchers will be handed out once the marketplace has asked."""
    return sum(one["kind"] == "paid_not_issued" and bool(one["until"]) for one in books.discrepancies)


def _lost(one: Journey) -> Finding:
    """A person of whom nobody can say where money, voucher or the next step are."""
    return Finding(
        secrets.text(f"lost: {one.marketplace}: {one.reason}"),
        f"{one.person} (card {masked(one.card)})",
        one.invoice,
    )


def _named(admin: Admin, one: Mapping[str, Any]) -> Finding:
    """A difference between two parties, with person, invoice, transfers, time and exchanges."""
    about = str(one["about"])
    told = f"{one['kind']}: {one['party']} {about}: {one['told']}"
    if one["kind"] == OF_AN_ACCOUNT:
        return Finding(told, remedy=str(one["remedy"]))
    order = next(iter(_orders(admin, about)), {})
    invoice = str(order.get("invoice_code") or about)
    payments = admin.ask(f"/payments?invoice={quote(invoice, safe='')}")["payments"]
    payment = payments[-1] if payments else {}
    exchanges = admin.ask(f"/timeline?invoice={quote(invoice, safe='')}")["exchanges"][::-1]
    moving = [row for row in exchanges if row["commands"]][-MOST_EXCHANGES:]
    effects = [
        (row, move)
        for row in moving
        for effect in admin.ask(f"/timeline/{row['id']}")["effects"]
        for move in effect["transfers"]
    ]
    person, card = (
        payment.get("person") or order.get("person") or "",
        payment.get("card") or order.get("card"),
    )
    return Finding(
        told=told,
        person=f"{person} (card {card})" if card else person,
        invoice=invoice if invoice != about or order or payment else "",
        at=str(payment.get("paid_at") or order.get("paid_at") or order.get("ordered_at") or ""),
        transfers=tuple(f"{move['amount']:,} {move['source']} -> {move['target']}" for _, move in effects),
        exchanges=tuple(row["id"] for row in moving) or (FORGOTTEN,),
        remedy=str(one["remedy"]),
    )


def _orders(admin: Admin, about: str) -> list[dict[str, Any]]:
    """The orders of an invoice, or of a voucher."""
    for name in ("invoice", "voucher"):
        found: list[dict[str, Any]] = admin.ask(f"/orders?{name}={quote(about, safe='')}")["orders"]
        if found:
            return found
    return []


def _key(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["kind"], one["party"], one["about"]


def _added(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The bugs that came during the run, each kind once with how often."""
    added = Counter(after) - Counter(before)
    return [text if times == 1 else f"{text} ({times} times)" for text, times in added.items()]


def _rupiah(accounts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {name: 0 for name, family in FAMILIES.items() if family.asset == "IDR"}
    for account in accounts:
        name = account["account"].partition(":")[0]
        if name in sums:
            sums[name] += account["balance"]
    return sums


def _held(accounts: Iterable[Mapping[str, Any]], family: str) -> int:
    return sum(account["balance"] for account in accounts if account["account"].startswith(family))
