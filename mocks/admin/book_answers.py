"""The books as the admin API tells them: plain values, the same for a server and for a store file."""

from typing import Any

import msgspec

from prakerja_sim.simulator.audit import export as exports
from prakerja_sim.simulator.audit import reconciliation as reconciling
from prakerja_sim.simulator.audit import statements as stating
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit


def ledger(world: Unit, *, transfers: int) -> dict[str, Any]:
    """The accounts with their balances, and so many of the newest transfers."""
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
    """What does not hold."""
    return {"ok": not violations, "violations": violations}


def statements(world: Unit, *, by: str = "month", party: str | None = None) -> dict[str, Any]:
    """The statements of account of the parties, or of one."""
    found = stating.statements(world, by=by, party=party)
    return {"by": by, "statements": msgspec.to_builtins(found)}


def reconciliation(world: Unit, *, party: str | None = None) -> dict[str, Any]:
    """On what the parties, or one and the others, disagree."""
    found = reconciling.discrepancies(world, party=party)
    return {"ok": not found, "discrepancies": msgspec.to_builtins(found)}


def export(world: Unit, *, format: str = "beancount") -> str:
    """The whole journal in one of the formats."""
    return exports.text(world, name=format)
