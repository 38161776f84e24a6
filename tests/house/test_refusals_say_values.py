"""Every refusal that the code raises says which values decided: limit and found."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import prakerja_sim

HOME = Path(prakerja_sim.__file__).parent
ROOMS = ("simulator", "mocks")
NO_VALUES = {"counts", "over"}
DESCRIBING = {
    "simulator/world/refusals.py": "a broken rule: which values it looked at is found when asked",
    "mocks/http/openapi.py": "an example for a document",
    "mocks/institution/described.py": "an example for a document",
    "mocks/prakerja/described.py": "an example for a document",
}
SECRET = {"otp", "code", "pin", "password", "secret", "sign_key", "guard", "verifier"}
"""Names under which nobody may say a value that he was given."""


def refusals(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Rejected":
            yield node


SOURCES = [path for room in ROOMS for path in sorted((HOME / room).rglob("*.py"))]
RAISED = [
    (f"{path.relative_to(HOME)}:{call.lineno}", call)
    for path in SOURCES
    if str(path.relative_to(HOME)) not in DESCRIBING
    for call in refusals(path)
]


def said(call: ast.Call) -> set[str]:
    """The names of the values that a refusal says."""
    return {str(one.arg) for one in call.keywords} - NO_VALUES


def test_there_are_refusals_to_look_at() -> None:
    assert len(RAISED) > 150
    assert all(any(True for _ in refusals(HOME / path)) for path in DESCRIBING)


@pytest.mark.parametrize(("place", "call"), RAISED, ids=lambda one: one if isinstance(one, str) else "")
def test_a_refusal_says_the_values_that_decided(place: str, call: ast.Call) -> None:
    assert said(call), f"{place}: say limit and found, as in Rejected(Reason.X, left=left, needed=1)"
    assert not said(call) & SECRET, f"{place}: a secret is not said; say how often or until when"
