"""Why a party refused: the reason, the rule and the values that decided, or the field that was malformed."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from werkzeug.exceptions import HTTPException

from prakerja_sim.mocks.http import secrets
from prakerja_sim.mocks.http.bodies import Malformed
from prakerja_sim.mocks.http.call import Unauthorized
from prakerja_sim.mocks.http.credentials import SandboxUnclear
from prakerja_sim.mocks.http.http_faults import TurnedAway
from prakerja_sim.simulator.programme.rulebook import RULES as RULEBOOK
from prakerja_sim.simulator.values.errors import Reason, Rejected, SandboxStopped, StoreUnusable
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.reason_texts import TEXTS, Text
from prakerja_sim.simulator.world.refusals import RULES

FIRST_ERROR = 400
LONGEST_ANSWER = 300
_TAG = re.compile(rb"<[^>]*>")


class OwnAnswer(Exception):
    """A no that nothing but the answer itself explains: its text is what the answer says."""

    def __init__(self, answer: bytes) -> None:
        said = secrets.body(_TAG.sub(b" ", answer))
        super().__init__(" ".join(said.split())[:LONGEST_ANSWER])


MALFORMED = Text("The request is not well formed.", "Permintaan tidak sesuai format.")
UNAUTHORIZED = Text(
    "The sender is unknown, or the signature is not his.",
    "Pengirim tidak dikenal, atau tanda tangannya salah.",
)
TURNED_AWAY = Text("The request was turned away before it was read.", "Permintaan ditolak sebelum dibaca.")
STOPPED = Text(
    "The sandbox is stopped, or its store cannot be used.",
    "Sandbox berhenti, atau penyimpanannya tidak dapat dipakai.",
)
UNCLEAR = Text(
    "Several sandboxes hold this client code, and the URL names none.",
    "Client code ini ada di beberapa sandbox, dan URL tidak menyebut salah satunya.",
)
UNKNOWN = Text("There is no such path or method here.", "Tidak ada path atau metode seperti ini.")
OWN_ANSWER = Text(
    "The party says no with an answer of its own.", "Pihak ini menolak dengan jawabannya sendiri."
)
BUG = Text("A bug in the simulator.", "Kesalahan pada simulator.")

BEFORE: Mapping[str, tuple[tuple[type[Exception], ...], Text]] = {
    "malformed": ((Malformed,), MALFORMED),
    "stopped": ((SandboxStopped, StoreUnusable), STOPPED),
    "turned_away": ((TurnedAway,), TURNED_AWAY),
    "unauthorized": ((Unauthorized,), UNAUTHORIZED),
    "unknown_path": ((HTTPException,), UNKNOWN),
    "sandbox_unclear": ((SandboxUnclear,), UNCLEAR),
    "own_answer": ((OwnAnswer,), OWN_ANSWER),
    "bug": ((Exception,), BUG),
}
"""What a request fails with before the programme judges it; the first kind that fits gives the reason."""
NAMES = {*(reason.value for reason in Reason), *BEFORE}
"""All reasons by name."""


def explained(problem: Exception) -> dict[str, Any]:
    """The reason by name and in words, the rule, the values by name, the fields that were malformed.

    `fields` says what is wrong with each in English, `fields_id` in Indonesian.
    """
    if isinstance(problem, Rejected):
        return _refused(problem)
    reason = _before(problem)
    if isinstance(problem, Malformed):
        fields = {"fields": _fields(problem.problems), "fields_id": _fields(problem.indonesian)}
        return _answer(reason, BEFORE[reason][1]) | fields
    because = secrets.text(repr(problem) if reason == "bug" else str(problem))
    return _answer(reason, BEFORE[reason][1], values={"because": because})


def name_of(problem: Exception | None) -> str | None:
    """The reason's name alone."""
    if isinstance(problem, Rejected):
        return problem.reason.value
    return None if problem is None else _before(problem)


def _before(problem: Exception) -> str:
    return next(name for name, (kinds, _) in BEFORE.items() if isinstance(problem, kinds))


def _refused(refusal: Rejected) -> dict[str, Any]:
    rules = cited(refusal.rule) or _by_reason().get(refusal.reason, ())
    values = {name: shown(name, found) for name, found in {**refusal.decided(), **refusal.facts}.items()}
    return _answer(refusal.reason.value, TEXTS[refusal.reason], rule=refusal.rule, rules=rules, values=values)


def _answer(
    reason: str,
    text: Text,
    *,
    rule: str = "",
    rules: tuple[str, ...] = (),
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "reason": reason,
        "says": text._asdict(),
        "rule": rule or None,
        "rules": list(rules),
        "values": dict(values or {}),
        "fields": {},
        "fields_id": {},
    }


def shown(name: str, found: object) -> Any:
    """A value that decided, as JSON may hold it, secrets hidden."""
    if isinstance(found, datetime):
        return found.isoformat()
    if isinstance(found, Rupiah):
        return found.amount
    if isinstance(found, bool | int | float) or found is None:
        return found
    return secrets.value(name.rpartition(".")[2], str(found))


def _fields(problems: tuple[str, ...]) -> dict[str, str]:
    """Each problem by the field or header that it is about; what is about none is about the request."""
    fields: dict[str, str] = {}
    for said in problems:
        field, colon, remedy = said.partition(": ")
        named = bool(colon) and " " not in field
        fields[field if named else "request"] = remedy if named else said
    return fields


def cited(rule: str) -> tuple[str, ...]:
    """The programme's rules (R..) that a rule function judges."""
    return _cited().get(rule, ())


@cache
def _cited() -> Mapping[str, tuple[str, ...]]:
    """The rules of the programme that each rule function judges."""
    functions = [function.__name__ for rules in RULES.values() for function, _ in rules]
    return {name: tuple(r for r, rule in RULEBOOK.items() if _judges(rule.where, name)) for name in functions}


def _judges(where: tuple[str, ...], name: str) -> bool:
    return any(place.rpartition(":")[2] == name for place in where)


@cache
def _by_reason() -> Mapping[Reason, tuple[str, ...]]:
    return {reason: tuple(r for r, rule in RULEBOOK.items() if reason in rule.reasons) for reason in Reason}
