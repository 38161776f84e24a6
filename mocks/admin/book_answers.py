"""The admin API's answers about the books, as plain values: the same for a server and for a store file."""

from typing import Any

import msgspec

from prakerja_sim.simulator.audit import export as exports
from prakerja_sim.simulator.audit import reconciliation as reconciling
from prakerja_sim.simulator.audit import statements as stating
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.sandbox import Sandbox
from prakerja_sim.simulator.stores.verify import verify
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit


def ledger(world: Unit, *, transfers: int) -> dict[str, Any]:
    """The accounts with their balances, and the newest transfers; `transfers` says how many."""
    return {
        "accounts": [
            {"account": a.name, "balance": a.balance, "moves": a.moves} for a in world.find(Account)
        ],
        "transfers": [
            {
                "entry": t.entry,
                "event": t.event,
                "at": t.at.isoformat(),
                "source": t.source,
                "target": t.target,
                "amount": t.amount,
            }
            for t in world.log(Transfer, limit=transfers)
        ],
    }


def verdict(violations: list[str]) -> dict[str, Any]:
    """Which invariants are broken."""
    return {"ok": not violations, "violations": violations}


def statements(world: Unit, *, by: str = "month", party: str | None = None) -> dict[str, Any]:
    """The statements of account of the parties, or of one."""
    rows = stating.statements(world, by=by, party=party)
    return {"by": by, "statements": msgspec.to_builtins(rows)}


def reconciliation(world: Unit, *, party: str | None = None) -> dict[str, Any]:
    """Where the parties' records disagree; with `party`, only where this party and the others disagree."""
    rows = reconciling.discrepancies(world, party=party)
    return {"ok": not rows, "discrepancies": msgspec.to_builtins(rows)}


def verification(sandbox: Sandbox) -> dict[str, Any]:
    """Whether everything follows from the journal; `note` says what could not be judged."""
    verdict = verify(sandbox.store.contents(sandbox.name))
    wrong = verdict.differences or verdict.violations or verdict.discrepancies
    return {"ok": not wrong, **msgspec.to_builtins(verdict)}


def export(world: Unit, *, format: str = "beancount") -> str:
    """The whole journal in one of the formats."""
    return exports.text(world, name=format)
