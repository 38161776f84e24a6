"""How much of a marketplace's code stands word for word in another one's; `python -m` prints it.

Counted are lines of twelve characters or more that are neither blank nor comment nor import, with the
site's own name taken out, shoppers apart: those stay whole, since they share no code with anybody.
"""

import ast
from pathlib import Path

from prakerja_sim import mocks
from prakerja_sim.mocks.shop import registry

HOME = Path(mocks.__file__).parent
MOST = 20
"""Per cent of a marketplace's lines that may stand in another one too."""
SHORTEST = 12


def modules(code: str) -> list[Path]:
    """A marketplace's modules, without its shopper."""
    return sorted(path for path in (HOME / code).rglob("*.py") if path.name != "shopper.py")


def imports(text: str) -> set[int]:
    """The numbers of the lines that import something."""
    statements = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom))
    return {
        number for node in statements for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def lines(code: str) -> list[str]:
    """The lines of a marketplace that are counted."""
    names = sorted({code, code.title(), registry.title(code)}, key=len, reverse=True)
    found = []
    for path in modules(code):
        text = path.read_text()
        skipped = imports(text)
        for number, line in enumerate(text.splitlines(), 1):
            bare = line.strip()
            if number not in skipped and len(bare) >= SHORTEST and not bare.startswith("#"):
                for name in names:
                    bare = bare.replace(name, "SITE")
                found.append(bare)
    return found


def shares() -> dict[str, tuple[int, int]]:
    """How many lines each marketplace has, and how many of them another one has too."""
    held = {code: lines(code) for code in registry.codes()}
    counted = {}
    for code, own in held.items():
        elsewhere = {line for other, some in held.items() if other != code for line in some}
        counted[code] = (len(own), sum(line in elsewhere for line in own))
    return counted


def share(total: int, shared: int) -> float:
    """In per cent."""
    return 100 * shared / total


if __name__ == "__main__":
    for code, (total, shared) in shares().items():
        print(f"{code:12} {total:5} lines  {shared:4} shared  {share(total, shared):4.0f} %")
