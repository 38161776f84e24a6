"""The commands that the journal knows, each under a name of its own.

The name is what the journal hashes and replays by, so it stays when the function moves or is renamed.
"""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_BY_NAME: dict[str, Callable[..., Any]] = {}
_NAMES: dict[Callable[..., Any], str] = {}


def command(name: str) -> Callable[[F], F]:
    """Let the journal call an operation by this name; no two operations share one."""

    def register(operation: F) -> F:
        before = _BY_NAME.get(name, operation)
        assert _origin(before) == _origin(operation), f"two commands are called {name}"
        _BY_NAME[name] = operation
        _NAMES[operation] = name
        return operation

    return register


def name_of(operation: Callable[..., Any]) -> str:
    """How the journal calls an operation; one without `@command` is a bug."""
    name = _NAMES.get(operation)
    assert name is not None, f"{operation} changed something and is no command"
    return name


def named(name: str) -> Callable[..., Any]:
    """The operation of that name; KeyError if its module was never imported."""
    return _BY_NAME[name]


def names() -> set[str]:
    """The names of all commands whose modules were imported."""
    return set(_BY_NAME)


def _origin(operation: Callable[..., Any]) -> tuple[str, str]:
    """The place in the code; a module that is imported twice registers the same operations again."""
    return operation.__code__.co_filename, operation.__qualname__
