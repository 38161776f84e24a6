"""What a reason is: the rules behind it, its meaning in two languages, and who answers it with what."""

from collections.abc import Iterable
from typing import Any

from prakerja_sim.mocks.http import why
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.http.openapi import refusals
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme.rulebook import RULES
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.reason_texts import TEXTS


def reasons() -> list[dict[str, Any]]:
    """Each reason of the programme, in the order of its table, then what is refused before it judges."""
    answers = _answers(known_faces())
    rules = {reason: [rule for rule, told in RULES.items() if reason in told.reasons] for reason in Reason}
    rows = [
        {
            "reason": reason.value,
            "rules": rules[reason],
            **TEXTS[reason]._asdict(),
            "answered_by": answers.get(reason.value, []),
        }
        for reason in Reason
    ]
    before = [
        {"reason": name, "rules": [], **text._asdict(), "answered_by": answers.get(name, [])}
        for name, (_, text) in why.BEFORE.items()
    ]
    return [*rows, *before]


def _answers(faces: Iterable[Face]) -> dict[str, list[dict[str, Any]]]:
    """For each reason the parties whose contracts name it: status, code, and the operations that do."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for face in faces:
        codes = _codes(face.code)
        for endpoint in face.endpoints:
            for reason, reply, _ in refusals(face, endpoint):
                one = {
                    "party": face.code,
                    "status": reply.status,
                    "code": codes.get(reason),
                    "operations": [],
                }
                said = found.setdefault(reason, {}).setdefault(face.code, one)
                said["operations"].append(f"{endpoint.method} {endpoint.path}")
    return {reason: list(by_party.values()) for reason, by_party in found.items()}


def _codes(party: str) -> dict[str, str]:
    """The party's own code for each reason, where it has codes."""
    if party == "prakerja":
        return {reason.value: rejection[1] for reason, rejection in REJECTIONS.items()}
    if party in registry.codes():
        return {reason.value: code for reason, code in reversed(registry.rejections(party))}
    return {}
