"""The stage that a story in Python gets: the verbs, and what it needs to drive programs of its own.

Each verb is read and performed exactly as a step in YAML, so the world is looked at after each call.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.script import Perform, Step
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary


class PythonStage:
    """Has the verbs of the stage, and what a story needs that drives programs of its own."""

    def __init__(self, path: Path, vocabulary: Vocabulary, perform: Perform, played: int) -> None:
        self._file = str(path.resolve())
        self._vocabulary = vocabulary
        self._perform = perform
        self._count = played

    @property
    def url(self) -> str:
        """Where the simulator of this story can be reached over HTTP, while the story is played."""
        return str(self._step("url", {}))

    @property
    def sandbox(self) -> str:
        """The name of the story's sandbox; its parties are at URL/s/SANDBOX/PARTY."""
        return str(self._step("sandbox_name", {}))

    def env(self, party: str) -> dict[str, str]:
        """PRAKERJA_BASE_URL, PRAKERJA_CLIENT_CODE and PRAKERJA_SIGN_KEY for a partner's own program."""
        environment: dict[str, str] = self._step("env", {"party": party})
        return environment

    def use_shopper(self, make: Callable[[], object]) -> None:
        """Whoever is enrolled from now on buys with a shopper that `make` gives: at your own shop."""
        self._step("use_shopper", {"make": make})

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._vocabulary.verbs:
            raise AttributeError(f"unknown verb {name!r}; {nearest(name, self._vocabulary.verbs)}")
        return partial(self._do, name)

    def _do(self, name: str, /, *unnamed: Any, **values: Any) -> Any:
        verb, at = self._vocabulary.verbs[name], values.pop("at", "")
        if at and at not in self._vocabulary.marketplaces:
            raise TypeError(unknown_place(at, self._vocabulary.marketplaces))
        if unnamed:
            raise TypeError(by_name(name, verb.arguments, repr(unnamed[0])))
        arguments, wrong = verb.read(values)
        if wrong:
            raise TypeError("; ".join(wrong))
        return self._step(name, arguments, at)

    def _step(self, name: str, arguments: Mapping[str, Any], at: str = "") -> Any:
        self._count += 1
        return self._perform(Step(self._count, _line_now(self._file), name, arguments, at=at))


def _line_now(file: str) -> int:
    """The line of the story that is being played, however deep in helpers the verb was called."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back
    return 1


def by_name(verb: str, arguments: Iterable[str], first: str) -> str:
    """What is said of an argument without its name."""
    example = f"stage.{verb}({next(iter(arguments), 'argument')}={first})"
    return f"{verb} takes its arguments by name; write such as {example}"


def unknown_place(place: object, existing: tuple[str, ...]) -> str:
    """What is said of a marketplace that does not exist."""
    return f"at: unknown marketplace {place!r}; {nearest(str(place), existing)}"
