"""The vocabulary of stories, read off the stage: a public method is a verb.

Its annotations say how an argument is read from what a person wrote; the first line of its
docstring is the verb's help.  No stage is made for that.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.words import Words, one_of
from prakerja_sim.simulator.values.clock import parse_instant, parse_span
from prakerja_sim.simulator.values.money import Rupiah, rupiah

NOT_VERBS = frozenset(
    {
        *("at", "check", "digest", "env", "errors", "keep", "newest", "sandbox_name", "scene"),
        *("unfinished", "url", "use_shopper"),
    }
)
"""What the runner asks a stage around its steps, and what only stories in Python use."""

Reader = Callable[[Any], Any]
"""Turns what was written into what the verb takes; ValueError says what to write instead."""
Judge = Callable[[Mapping[str, Any]], None]
"""Looks at all arguments of a verb together; ValueError says what to write instead."""
M = TypeVar("M", bound=Callable[..., object])

_WRITTEN_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}(?:_[0-9]{1,18}){0,6}")


_JUDGES: dict[Callable[..., object], tuple[Judge, Mapping[str, Any]]] = {}


def together(judge: Judge, schema: Mapping[str, Any] | None = None) -> Callable[[M], M]:
    """Beside a verb: what its arguments must be together. `judge` gets those that were written, as read.

    `schema` says the same to editors, as far as a JSON Schema can.
    """

    def register(method: M) -> M:
        _JUDGES[method] = judge, schema or {}
        return method

    return register


def _anything(_: Mapping[str, Any]) -> None:
    """Verbs whose arguments say all by themselves."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What an argument is: its type, and what it is when nobody writes it."""

    hint: Any
    default: Any = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: how its arguments are read, which it needs, and what they must be together."""

    name: str
    help: str
    arguments: Mapping[str, Reader]
    needed: frozenset[str]
    judge: Judge = _anything
    schema: Mapping[str, Any] = field(default_factory=dict)
    """What the judge says, as far as a JSON Schema can."""
    about: str = ""
    """The whole docstring."""
    takes: Mapping[str, Argument] = field(default_factory=dict)
    """The arguments once more, for who describes them."""

    def read(
        self, written: Mapping[str, object], later: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Any], list[str]]:
        """The arguments as the verb takes them, and everything that is wrong with them.

        What is given `later` has no value yet.
        """
        taken, wrong = self.judged(written, later)
        return taken, [said for _, said in wrong]

    def judged(
        self, written: Mapping[str, object], later: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The same, each problem with the name of the argument that it is about; empty if about none."""
        taken: dict[str, Any] = {}
        wrong = [
            (name, f"{self.name} takes no {name!r}; {nearest(name, self.arguments)}")
            for name in (*written, *sorted(later))
            if name not in self.arguments
        ]
        for name, value in written.items():
            reader = self.arguments.get(name)
            if reader is None:
                continue
            try:
                taken[name] = reader(value)
            except ValueError as problem:
                wrong.append((name, f"{self.name}: {name}: {problem}"))
        missing = [name for name in self.arguments if name in self.needed - {*written, *later}]
        wrong += [("", f"{self.name} needs {name!r}; add it") for name in missing]
        if not wrong and not later:
            try:
                self.judge(taken)
            except ValueError as problem:
                wrong.append(("", f"{self.name}: {problem}"))
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
    takes: dict[str, Argument] = {}
    needed = set()
    hints = get_type_hints(method, include_extras=True)
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        hint = hints.get(parameter.name)
        if parameter.kind is parameter.VAR_KEYWORD:
            takes = {**_claims(hint), **takes}
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise TypeError(f"verb {name} takes {parameter.name} by position; stories give names")
        if parameter.default is parameter.empty:
            needed.add(parameter.name)
            takes[parameter.name] = Argument(hint)
        else:
            takes[parameter.name] = Argument(hint, parameter.default)
    arguments = {one: reader_for(argument.hint) for one, argument in takes.items()}
    judge, schema = _JUDGES.get(method, (_anything, {}))
    about = inspect.getdoc(method) or ""
    return Verb(name, about.partition("\n")[0], arguments, frozenset(needed), judge, schema, about, takes)


def _claims(hint: Any) -> dict[str, Argument]:
    """The arguments of `**claims: Annotated[object, TABLE]`, read as the types that its functions return.

    Null claims nothing, as for every argument that may be left out.
    """
    if get_origin(hint) is not Annotated:
        raise TypeError(f"**{hint} takes any name; annotate it with the table of what it takes")
    _, table = get_args(hint)
    returns = {name: get_type_hints(claim, include_extras=True)["return"] for name, claim in table.items()}
    return {
        name: Argument(hint | None, about=(inspect.getdoc(table[name]) or "").partition("\n")[0])
        for name, hint in returns.items()
    }


def reader_for(hint: Any) -> Reader:
    """How a value of that type is written in a story; TypeError if it cannot be."""
    origin, inner = get_origin(hint), get_args(hint)
    wanted = [one for one in inner if one is not type(None)]
    if origin in (Union, UnionType) and len(wanted) == 1:
        return partial(_or_null, reader_for(wanted[0]))
    if origin is list:
        return partial(_list, reader_for(inner[0]))
    if origin is Literal:
        return partial(_word, _text, one_of(*inner))
    if origin is Annotated and isinstance(inner[1], Words):
        return partial(_word, reader_for(inner[0]), inner[1])
    if origin is Mapping:
        return _mapping
    if hint in _READERS:
        return _READERS[hint]
    raise TypeError(
        f"a story has no way to write {hint}; add a reader for it to scenarios/engine/vocabulary.py"
    )


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


def _word(reader: Reader, words: Words, value: Any) -> Any:
    word = reader(value)
    words.check(word)
    return word


def _or_null(reader: Reader, value: Any) -> Any:
    return None if value is None else reader(value)


def _list(reader: Reader, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{_shown(value)} is not a list; write [{_shown(value)}]")
    return [reader(item) for item in value]


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{_shown(value)} is not a mapping; write {{name: value}}")
    return value


def _shown(value: Any) -> str:
    """A value as YAML writes it."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if isinstance(value, bool) or value is None else repr(value)


_READERS: Mapping[Any, Reader] = {
    str: _text,
    int: _whole_number,
    bool: _yes_or_no,
    Rupiah: _sum,
    datetime: _instant,
    timedelta: _span,
}
