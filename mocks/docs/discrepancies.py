"""The page of the discrepancies: what reconciliation names, and the remedy, from the checks themselves."""

from prakerja_sim.mocks.docs.partner_api import NOTE, table
from prakerja_sim.simulator.audit.reconciliation import CHECKS

PAGE = f"""# Discrepancies

{NOTE}

`prakerja-sim ledger verify` and `GET /__admin/reconciliation` compare what marketplaces, institutions and
Prakerja keep of the same purchase. Each row is one kind of difference. While an answer is lost, a difference
is normal: the remedy says who asks whom. In `paid_below_half` no two parties disagree, but somebody
should look.

{{kinds}}
"""


def discrepancies() -> str:
    """The document."""
    rows = [(f"`{kind}`", _why(check.__doc__), remedy) for kind, remedy, check in CHECKS]
    return PAGE.format(kinds=table(("kind", "what is wrong", "remedy"), rows))


def _why(doc: str | None) -> str:
    """A check's docstring without the numbers in front of it."""
    first = (doc or "").split("\n")[0]
    return first.partition(": ")[2] or first
