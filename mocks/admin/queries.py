"""What the queries of the admin API may say; anything else is refused with the remedy."""

from collections.abc import Callable, Collection, Mapping

from prakerja_sim.mocks.http import exchanges, why
from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.marketplace.webhook_records import WebhookTarget
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.world import commands
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.store import Unit

MOST_NAMED = 40


def limit(call: Call, most: int) -> int:
    """How many rows at most: `limit`, 100 if it is not given."""
    return whole(call, "limit", 100, least=1, most=most)


def whole(call: Call, name: str, otherwise: int, *, least: int, most: int) -> int:
    """A whole number within its bounds."""
    text = call.query.get(name, str(otherwise))
    digits = text.isascii() and text.isdigit() and len(text) <= 9
    if not digits or not least <= int(text) <= most:
        raise Malformed(f"{name}: must be from {least} to {most}")
    return int(text)


def check(call: Call, known: Collection[str]) -> None:
    """Refuse a filter that does not exist, or a value of one that nothing here can have.

    To ignore it would answer another question, and an empty list would look like an answer.
    """
    for name, value in call.query.items():
        if name not in known:
            remedy = f"there are {', '.join(known)}" if known else "there are none"
            raise Malformed(f"{name[:64]}: no such filter; {remedy}")
        if name in VALUES and value not in (there := VALUES[name](call)):
            some = ", ".join(sorted(there)) if len(there) <= MOST_NAMED else f"{len(there)} others"
            raise Malformed(f"{name}: {value[:64]!r} is not known here; there are {some or 'none'}")


def _institutions(call: Call) -> set[str]:
    return {str(one.institution) for one in call.ask(Unit.find, kind=Course)}


def _parties(call: Call) -> set[str]:
    """Whoever has a wire, a course or a credential here."""
    partners = {str(one.party) for one in call.parties.sandboxes.credentials(call.sandbox)}
    return {*call.parties.faces, exchanges.ITSELF, exchanges.CLIENT, *_institutions(call), *partners}


VALUES: Mapping[str, Callable[[Call], Collection[str]]] = {
    "party": _parties,
    "asker": lambda call: {*_parties(call), exchanges.CLIENT},
    "marketplace": lambda _: registry.codes(),
    "institution": _institutions,
    "reason": lambda _: why.NAMES,
    "fault": lambda _: FAULTS,
    "command": lambda _: commands.names(),
    "target": lambda call: {one.key for one in call.ask(Unit.find, kind=WebhookTarget)},
}
"""The filters with a known set of values; any other filter takes any text."""
