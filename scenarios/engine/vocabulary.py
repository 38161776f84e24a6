"""The vocabulary of stories, read off the stage: a public method is a verb.

Its annotations say how an argument is read from what a person wrote, its docstring's
first line is the verb's help.  The stage's type is only looked at, never made.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from types import UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.simulator.values.clock import parse_instant, parse_span
from prakerja_sim.simulator.values.money import Rupiah, rupiah

NOT_VERBS = frozenset({"check", "digest", "errors"})
"""What the runner asks a stage after each step; no story may call these."""

Reader = Callable[[Any], Any]
"""Turns what was written into what the verb takes; ValueError says what to write instead."""

_WRITTEN_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}(?:_[0-9]{1,18}){0,6}")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: how its arguments are read, which it needs, and how it reads any others, if it takes them."""

    name: str
    help: str
    arguments: Mapping[str, Reader]
    needed: frozenset[str]
    others: Reader | None

    def read(self, given: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
        """The arguments as the verb takes them, and everything that is wrong with them."""
        taken: dict[str, Any] = {}
        wrong = []
        for name, value in given.items():
            reader = self.arguments.get(name, self.others)
            if reader is None:
                wrong.append(f"{self.name} takes no {name!r}; {nearest(name, self.arguments)}")
                continue
            try:
                taken[name] = reader(value)
            except ValueError as problem:
                wrong.append(f"{self.name}: {name}: {problem}")
        missing = [name for name in self.arguments if name in self.needed and name not in given]
        wrong += [f"{self.name} needs {name!r}; add it" for name in missing]
        return taken, wrong


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a story may say: the verbs, and the marketplaces it may name."""

    verbs: Mapping[str, Verb]
    marketplaces: tuple[str, ...]


def vocabulary(stage: type, marketplaces: Iterable[str]) -> Vocabulary:
    """The words of a stage.  TypeError if a method takes what no file can say: a bug of the stage."""
    methods = inspect.getmembers(stage, inspect.isfunction)
    verbs = {
        name: _verb(name, method)
        for name, method in methods
        if not name.startswith("_") and name not in NOT_VERBS
    }
    return Vocabulary(verbs, tuple(marketplaces))


def _verb(name: str, method: Callable[..., object]) -> Verb:
    hints = get_type_hints(method)
    arguments, needed, others = {}, set(), None
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        reader = reader_for(hints.get(parameter.name, object))
        if parameter.kind is parameter.VAR_KEYWORD:
            others = reader
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise TypeError(f"verb {name} takes {parameter.name} by position; stories give names")
        arguments[parameter.name] = reader
        if parameter.default is parameter.empty:
            needed.add(parameter.name)
    help_line = (inspect.getdoc(method) or "").partition("\n")[0]
    return Verb(name, help_line, arguments, frozenset(needed), others)


def reader_for(hint: Any) -> Reader:
    """How a value of that type is written in a story; TypeError if it cannot be."""
    if isinstance(hint, NewType):
        return reader_for(hint.__supertype__)
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return partial(_one_of, [reader_for(one) for one in inner])
    if origin is Literal:
        return partial(_choice, {str(one): one for one in inner})
    if origin in (list, Sequence):
        return partial(_list, reader_for(inner[0]))
    if origin in (dict, Mapping):
        return partial(_mapping, reader_for(inner[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return partial(_choice, {str(one.value): one for one in hint})
    if hint in _READERS:
        return _READERS[hint]
    raise TypeError(f"a story has no way to write {hint}; add a reader for it to scenarios/verbs.py")


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{_shown(value)} is not text; put it in quotes")
    return str(value)


def _whole_number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not _WRITTEN_NUMBER.fullmatch(value):
        raise ValueError(f"{_shown(value)} is not a whole number; write 3 or 1_000")
    return int(value)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{_shown(value)} is neither true nor false; write true or false")
    return value


def _sum(value: Any) -> Rupiah:
    return value if isinstance(value, Rupiah) else rupiah(value)


def _instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is not a time; write 2021-09-22 23:59:59 (WIB)")
    return parse_instant(value)


def _span(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is not a stretch of time; write 90s, 5m, 2h or 30d")
    return parse_span(value)


def _nothing(value: Any) -> None:
    if value is not None:
        raise ValueError(f"{_shown(value)} is not null; leave it out")


def _one_of(readers: Sequence[Reader], value: Any) -> Any:
    """The first type that can be read; null only where it is allowed by name."""
    if value is None and _nothing in readers:
        return None
    problems = []
    for reader in readers:
        if reader is not _nothing:
            try:
                return reader(value)
            except ValueError as problem:
                problems.append(str(problem))
    raise ValueError(" or ".join(problems))


def _choice(choices: Mapping[str, object], value: Any) -> Any:
    if str(value) not in choices:
        raise ValueError(f"unknown {_shown(value)}; {nearest(str(value), choices)}")
    return choices[str(value)]


def _list(reader: Reader, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{_shown(value)} is not a list; write [{_shown(value)}]")
    return [reader(item) for item in value]


def _mapping(reader: Reader, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{_shown(value)} is not a mapping; write {{name: value}}")
    return {str(key): reader(item) for key, item in value.items()}


def _shown(value: Any) -> str:
    """A value as YAML writes it."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if isinstance(value, bool) or value is None else repr(value)


_READERS: Mapping[Any, Reader] = {
    object: _as_it_is,
    Any: _as_it_is,
    str: _text,
    int: _whole_number,
    bool: _yes_or_no,
    Rupiah: _sum,
    datetime: _instant,
    timedelta: _span,
    type(None): _nothing,
    list: partial(_list, _as_it_is),
    dict: partial(_mapping, _as_it_is),
}
