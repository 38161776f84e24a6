"""The table of a story that is played once per row.

A row's values replace $name in the steps and {name} in the title.  A text that is
nothing but $name takes the value with its type; $$ is a dollar sign.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.strict_yaml import Node

_NAME = re.compile(r"\$(\$|[A-Za-z_][A-Za-z0-9_]*)")
_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """One row: what tells it apart in the title, its values, and which of them were asked for."""

    label: str
    values: Mapping[str, Any]
    line: int = 0
    """Where the row stands; 0 for the one case of a story without a table."""
    used: set[str] = field(default_factory=set)

    def value(self, name: str) -> Any:
        """The value of that column; ValueError if the row has none."""
        if name not in self.values:
            no_table = "add a `cases:` table, or write $$ for a dollar sign"
            row = f" in {self.label!r}" if self.label else ""
            hint = nearest(name, self.values) if self.values else no_table
            raise ValueError(f"no value for ${name}{row}; {hint}")
        self.used.add(name)
        return self.values[name]

    def fill(self, written: Any) -> Any:
        """The value with every $name in it replaced, in lists and mappings too."""
        if isinstance(written, list):
            return [self.fill(item) for item in written]
        if isinstance(written, dict):
            return {key: self.fill(item) for key, item in written.items()}
        if not isinstance(written, str):
            return written
        whole = _NAME.fullmatch(written)
        if whole and whole[1] != "$":
            return self.value(whole[1])
        return _NAME.sub(lambda found: "$" if found[1] == "$" else self._text(found[1]), written)

    def titled(self, title: str) -> str:
        """The story's title for this row: its {names} filled in, or the row's label behind it."""
        if not self.values:
            return title
        if _PLACE.search(title):
            return _PLACE.sub(lambda found: self._text(found[1]), title)
        return f"{title}: {self.label}"

    def _text(self, name: str) -> str:
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(f"${name} is {value!r}, which cannot stand inside text; put it in quotes")
        return str(value)


ONLY = Case("", {})
"""The one case of a story without a table."""


def cases(table: Node) -> list[Case]:
    """The rows of a table; ValueError if it is not a table."""
    if not isinstance(table.value, list) or not table.value:
        raise ValueError('cases is a list of rows; write `- {title: too short, card: "123"}` below it')
    rows = []
    for number, row in enumerate(table.value, 1):
        if not isinstance(row.value, dict) or not row.value:
            raise ValueError(f"row {number} is not a mapping; write {{title: ..., name: value}}")
        values = row.plain()
        rows.append(Case(str(values.get("title", f"case {number}")), values, row.line))
    return rows


def unused(rows: Collection[Case]) -> list[str]:
    """Columns that no step and no title asks for: most likely misspelt in one of the two."""
    asked = set().union(*(row.used for row in rows))
    return sorted({name for row in rows for name in row.values} - asked - {"title"})
