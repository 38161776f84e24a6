"""The headers that the simulator adds to every answer; `--strict-wire` leaves them out."""

from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.exchanges import Exchange
from prakerja_sim.simulator import VERSION


def of(now: Exchange, provenance: str, head: str | None) -> list[tuple[str, str]]:
    """How well the answer is known, its request, why it was refused, what struck, the journal's head."""
    headers = [
        ("X-Sim-Version", VERSION),
        ("X-Sim-Provenance", provenance),
        ("X-Sim-Request-Id", now.id),
    ]
    reason = why.name_of(now.refusal)
    if reason is not None:
        headers.append(("X-Sim-Reason", reason))
    if now.faults:
        headers.append(("X-Sim-Fault", ", ".join(now.faults)))
    if head is not None:
        headers.append(("X-Ledger-Head", head))
    return headers
