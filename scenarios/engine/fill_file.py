"""Reading what a sandbox is to begin with from a file in YAML or JSON: strict, and tried out at once.

Its keys are those of `POST /__admin/sandboxes`; what is wrong is named with line, field and remedy.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from prakerja_sim.mocks.admin import leasing
from prakerja_sim.mocks.admin.leasing import Content
from prakerja_sim.mocks.http.face import Face, Malformed
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios
from prakerja_sim.scenarios.engine.strict_yaml import Node, load
from prakerja_sim.simulator.values.errors import Rejected

UNKNOWN = "extra_forbidden"
"""What pydantic calls a key that a model does not have."""


def read(path: Path, faces: Collection[Face]) -> dict[str, Any]:
    """What the file asks for, without what is as usual; raises BadScenarios, naming all that is wrong."""
    try:
        root = load(path).root
    except BadScenario as problem:
        raise BadScenarios([problem]) from None
    if not isinstance(root.value, dict):
        said = f"the file is one mapping; its keys are {_keys()}"
        raise BadScenarios([BadScenario(path, root.line, said)])
    try:
        content = Content.model_validate(root.plain())
    except ValidationError as problem:
        raise BadScenarios(_problems(path, root, problem)) from None
    try:
        leasing.try_out(content, faces)
    except Malformed as problem:
        raise BadScenarios([_placed(path, root, said) for said in problem.problems]) from None
    except Rejected as refusal:
        place = str(refusal.facts.pop("at", ""))
        raise BadScenarios([_placed(path, root, f"{place}: {refusal}; change it, or leave it out")]) from None
    return leasing.asked_for(content)


def _problems(path: Path, root: Node, problem: ValidationError) -> list[BadScenario]:
    said = []
    for one in problem.errors(include_context=False, include_url=False, include_input=False):
        place = ".".join(map(str, one["loc"]))
        wrong = one["msg"].removeprefix("Value error, ")
        if one["type"] == UNKNOWN:
            wrong = f"no such key; there are {_keys()}" if len(one["loc"]) == 1 else "no such key; remove it"
        said.append(BadScenario(path, _line(root, one["loc"]), f"{place}: {wrong}"))
    return said


def _placed(path: Path, root: Node, said: str) -> BadScenario:
    """What is wrong, at the line of the field that it begins with."""
    return BadScenario(path, _line(root, said.partition(": ")[0].split(".")), said)


def _line(root: Node, place: Sequence[str | int]) -> int:
    """The line of the deepest part of a place that the file has."""
    node, line = root, root.line
    for part in place:
        inner: Node | None = None
        if isinstance(node.value, dict):
            inner = node.value.get(str(part))
        elif isinstance(node.value, list) and str(part).isdigit() and int(part) < len(node.value):
            inner = node.value[int(part)]
        if inner is None:
            break
        node, line = inner, inner.line
    return line


def _keys() -> str:
    return ", ".join(Content.model_fields)
