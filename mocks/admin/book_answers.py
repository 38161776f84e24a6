"""The admin API's answers about the books, as plain values: the same for a server and for a store file."""

from collections.abc import Mapping
from typing import Any

import msgspec

from prakerja_sim.mocks.admin.shown import shown
from prakerja_sim.mocks.admin.shown import verdict as verified
from prakerja_sim.simulator.audit import export as exports
from prakerja_sim.simulator.audit import reconciliation as reconciling
from prakerja_sim.simulator.audit import statements as stating
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.verify import verify
from prakerja_sim.simulator.world import journal as journals
from prakerja_sim.simulator.world.records import Entry, Transfer
from prakerja_sim.simulator.world.store import Unit

NO_EXCHANGES: Mapping[str, str] = {}
"""Of a store file: which request wrote an entry is known to the server only that answered it."""


def ledger(
    world: Unit,
    *,
    transfers: int,
    account: str | None = None,
    exchanges: Mapping[str, str] = NO_EXCHANGES,
    whole: bool = False,
) -> dict[str, Any]:
    """The accounts with their balances, and the newest transfers; `transfers` says how many.

    With `account` only that one and what moved from or to it, by its whole name, which its owner knows.
    """
    texts = shown(world, whole=whole)
    if account is None:
        accounts, moved = world.find(Account), world.log(Transfer, limit=transfers)
    else:
        one = world.get(Account, account)
        accounts = [] if one is None else [one]
        moved = [t for t in world.log(Transfer) if account in (t.source, t.target)][-transfers:]
    return {
        "accounts": [
            {"account": texts.name(a.name), "balance": a.balance, "moves": a.moves} for a in accounts
        ],
        "transfers": [
            {
                "entry": texts.name(t.entry),
                "event": t.event,
                "at": t.at.isoformat(),
                "source": texts.name(t.source),
                "target": texts.name(t.target),
                "amount": t.amount,
                "exchange": exchanges.get(t.entry),
            }
            for t in moved
        ],
    }


def journal(
    world: Unit,
    *,
    limit: int | None,
    exchanges: Mapping[str, str] = NO_EXCHANGES,
    whole: bool = False,
) -> dict[str, Any]:
    """The newest commands, oldest first; what their heads were computed from is kept whole."""
    texts = shown(world, whole=whole)
    return {
        "entries": [
            {
                "subject": texts.name(e.subject),
                "n": e.n,
                "at": e.at.isoformat(),
                "command": e.command,
                "arguments": texts.text(e.arguments),
                "outcome": e.outcome,
                "head": e.head,
                "exchange": exchanges.get(f"{e.subject}#{e.n}"),
            }
            for e in world.log(Entry, limit=limit)
        ]
    }


def heads(world: Unit, *, whole: bool = False) -> dict[str, Any]:
    """The ends of the journal's chains, as SUBJECT LENGTH HEAD."""
    texts = shown(world, whole=whole)
    return {"heads": [texts.name(line) for line in journals.heads(world)]}


def verdict(world: Unit, *, violations: list[str], whole: bool = False) -> dict[str, Any]:
    """Which invariants are broken."""
    texts = shown(world, whole=whole)
    return {"ok": not violations, "violations": [texts.text(one) for one in violations]}


def statements(world: Unit, *, by: str = "month", party: str | None = None) -> dict[str, Any]:
    """The statements of account of the parties, or of one."""
    rows = stating.statements(world, by=by, party=party)
    return {"by": by, "statements": msgspec.to_builtins(rows)}


def reconciliation(world: Unit, *, party: str | None = None, whole: bool = False) -> dict[str, Any]:
    """Where the parties' records disagree; with `party`, only where this party and the others disagree."""
    rows, texts = reconciling.discrepancies(world, party=party), shown(world, whole=whole)
    told = [
        {name: text and texts.text(text) for name, text in msgspec.to_builtins(row).items()} for row in rows
    ]
    return {"ok": not rows, "discrepancies": told}


def verification(sandbox: Sandbox, *, whole: bool = False) -> dict[str, Any]:
    """Whether everything follows from the journal; `note` says what could not be judged."""
    found = verify(sandbox.store.contents(sandbox.name))
    wrong = found.differences or found.violations or found.discrepancies
    return {"ok": not wrong, **verified(msgspec.to_builtins(found), whole=whole)}


def export(world: Unit, *, format: str = "beancount", whole: bool = False) -> str:
    """The whole journal in one of the formats."""
    return exports.text(world, name=format, called=shown(world, whole=whole).name)
