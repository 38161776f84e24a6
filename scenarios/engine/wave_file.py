"""Reading waves of one's own from a YAML file: strict, whole, and refused with place and remedy."""

from pathlib import Path
from typing import Any

from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios
from prakerja_sim.scenarios.engine.strict_yaml import Node, load
from prakerja_sim.simulator.programme import own_waves, waves


def read(path: Path) -> list[dict[str, Any]]:
    """The entries of a file `waves: [...]`, each of which is a good wave; raises BadScenarios."""
    try:
        root = load(path).root
    except BadScenario as problem:
        raise BadScenarios([problem]) from None
    entries = root.value.get("waves") if isinstance(root.value, dict) else None
    if entries is None or not isinstance(entries.value, list) or len(root.value) != 1:  # type: ignore[arg-type]  # a dict here
        said = "the file is one list of waves; write `waves:` and below it `- {wave: 100, announced: ...}`"
        raise BadScenarios([BadScenario(path, root.line, said)])
    problems = [wrong for wrong in (_wrong(path, entry) for entry in entries.value) if wrong is not None]
    numbers = [entry.plain().get("wave") for entry in entries.value if isinstance(entry.value, dict)]
    problems += [
        BadScenario(path, entries.line, f"wave {number} stands there twice; give each its own number")
        for number in sorted({str(one) for one in numbers if numbers.count(one) > 1})
    ]
    if problems:
        raise BadScenarios(problems)
    return [entry.plain() for entry in entries.value]


def add(path: Path) -> list[dict[str, Any]]:
    """The entries of a file, whose waves stories may name from now on; raises BadScenarios."""
    entries = read(path)
    for entry in entries:
        try:
            waves.add(own_waves.read(entry))
        except ValueError as problem:
            raise BadScenarios([BadScenario(path, 1, str(problem))]) from None
    return entries


def _wrong(path: Path, entry: Node) -> BadScenario | None:
    if not isinstance(entry.value, dict):
        return BadScenario(path, entry.line, "a wave is a mapping; write `- {wave: 100, announced: ...}`")
    try:
        own_waves.read(entry.plain())
    except ValueError as problem:
        key = str(problem).partition(":")[0]
        line = entry.value[key].line if key in entry.value else entry.line
        return BadScenario(path, line, str(problem))
    return None
