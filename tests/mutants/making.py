"""Making mutants: one small change to a module's syntax tree each, of the kinds that people get wrong.

Tables and decorated functions are changed like everything else: here they are what decides.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from types import ModuleType

NEGATED = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
"""The boundary moved, and the opposite."""
SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    line: int
    said: str
    tree: ast.Module


Change = tuple[str, Callable[[ast.AST], ast.AST | None]]
"""What is said of it, and what a node becomes; None takes it away."""


def mutants(source: str, module: ModuleType) -> Iterator[Mutant]:
    """All mutants of a module; its enumerations tell what else a member could be."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    within = {id(inner): outer.name for outer in functions for inner in ast.walk(outer)}
    for number, (node, (said, _)) in enumerate(_changes(tree, module)):
        changed = copy.deepcopy(tree)
        target, (_, become) = next(islice(_changes(changed, module), number, None))
        whole = _Replace(target, become).visit(changed)
        where = within.get(id(node), "module")
        yield Mutant(getattr(node, "lineno", 0), f"{where}: {said}", ast.fix_missing_locations(whole))


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, become: Callable[[ast.AST], ast.AST | None]) -> None:
        self.target, self.become = target, become

    def visit(self, node: ast.AST) -> ast.AST | None:
        return self.become(node) if node is self.target else self.generic_visit(node)


def _changes(tree: ast.Module, module: ModuleType) -> Iterator[tuple[ast.AST, Change]]:
    for node in _live(tree):
        for change in _of(node, module):
            yield node, change


def _live(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs: no docstrings, no annotations, no imports, no narrowing for the type checker."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params") or _of_a_class(node, name):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _silent(child):
                yield child
                yield from _live(child)


def _of_a_class(node: ast.AST, name: str) -> bool:
    """How a class is made (`frozen=True`) decides nothing that a caller could see."""
    return isinstance(node, ast.ClassDef) and name in ("keywords", "decorator_list")


def _silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    return isinstance(node, ast.Assert) and all(
        isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.IsNot)
        for one in (node.test.values if isinstance(node.test, ast.BoolOp) else [node.test])
    )


def _of(node: ast.AST, module: ModuleType) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for kind in NEGATED.get(type(node.ops[0]), ()):
            yield f"{_name(node.ops[0])} becomes {kind.__name__}", _with(ops=[kind(), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{_name(node.op)} becomes {_name(other)}", _with(op=other)
        for at in range(len(node.values)):
            yield f"operand {at + 1} is dropped", _without_operand(at)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not is dropped", lambda one: one.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        yield from _swapped(node)
    elif isinstance(node, ast.Constant):
        yield from _constant(node.value)
    elif isinstance(node, ast.Attribute):
        yield from _member(node, module)
    else:
        yield from _statement(node)


def _swapped(node: ast.BinOp | ast.AugAssign) -> Iterator[Change]:
    other = SWAPPED[type(node.op)]
    yield f"{_name(node.op)} becomes {other.__name__}", _with(op=other())


def _constant(value: object) -> Iterator[Change]:
    if isinstance(value, bool):
        yield f"{value} becomes {not value}", _with(value=not value)
    elif isinstance(value, int):
        yield f"{value} becomes {value + 1}", _with(value=value + 1)
    elif isinstance(value, str) and value:
        yield f"{value!r} becomes 'X{value}'", _with(value=f"X{value}")


def _member(node: ast.Attribute, module: ModuleType) -> Iterator[Change]:
    kind = getattr(module, node.value.id, None) if isinstance(node.value, ast.Name) else None
    if isinstance(kind, type) and issubclass(kind, Enum) and node.attr in kind.__members__:
        names = list(kind.__members__)
        other = names[(names.index(node.attr) + 1) % len(names)]
        if other != node.attr:
            yield f"{kind.__name__}.{node.attr} becomes {other}", _with(attr=other)


def _statement(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "the condition is negated", lambda one: _with(test=ast.UnaryOp(ast.Not(), one.test))(one)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "None is returned", _with(value=ast.Constant(None))
    elif isinstance(node, ast.Expr):
        yield "the call is dropped", lambda _: ast.Pass()
    elif isinstance(node, ast.Assert | ast.Raise):
        yield f"the {_name(node).lower()} is dropped", lambda _: ast.Pass()
    elif isinstance(node, ast.AugAssign) and type(node.op) in SWAPPED:
        yield from _swapped(node)
    elif isinstance(node, ast.FunctionDef) and node.decorator_list:
        yield f"{node.name} loses its decorator", _with(decorator_list=[])
    elif isinstance(node, ast.Dict):
        for at in range(len(node.keys)):
            yield f"row {at + 1} is dropped", _without_row(at)


def _with(**fields: object) -> Callable[[ast.AST], ast.AST]:
    def become(node: ast.AST) -> ast.AST:
        for name, value in fields.items():
            setattr(node, name, value)
        return node

    return become


def _without_operand(at: int) -> Callable[[ast.AST], ast.AST]:
    def become(node: ast.AST) -> ast.AST:
        del node.values[at]
        return node if len(node.values) > 1 else node.values[0]

    return become


def _without_row(at: int) -> Callable[[ast.AST], ast.AST]:
    def become(node: ast.AST) -> ast.AST:
        del node.keys[at], node.values[at]
        return node

    return become


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _name(node: ast.AST) -> str:
    return type(node).__name__
