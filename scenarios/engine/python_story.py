"""Stories in Python, for what needs a loop: `scenario(stage)` in a file, the verbs the same.

The stage that a story gets is a proxy: each verb is read and performed exactly as a
step in YAML, so the world is looked at after each call, wherever it is made.
"""

import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, nearest
from prakerja_sim.scenarios.engine.header import (
    apart_from,
    failures_from,
    marketplaces_from,
    rules_from,
    settings_from,
    start_from,
    title_from,
)
from prakerja_sim.scenarios.engine.script import START, Perform, Step, Story
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary
from prakerja_sim.simulator.values.settings import Settings


def stories(path: Path, vocabulary: Vocabulary) -> list[Story]:
    """The story of one file, which is run to be read.

    Raises BadScenarios with everything that is wrong with it.
    """
    module = _imported(path)
    problems: list[BadScenario] = []

    def wrong(message: str) -> None:
        problems.append(BadScenario(path, 1, message))

    def read(constant: str, reader: Callable[[Any], Any], otherwise: Any) -> Any:
        try:
            return reader(getattr(module, constant)) if hasattr(module, constant) else otherwise
        except ValueError as problem:
            return wrong(f"{constant}: {problem}")

    title, _, why = inspect.cleandoc(module.__doc__ or "").partition("\n")
    try:
        title = title_from(title)
    except ValueError:
        wrong("no title; open the file with a docstring whose first line is what the story promises")
    if not why.strip():
        wrong("no word on why the story exists; say it in the docstring below the title")
    scenario: Any = getattr(module, "scenario", None)
    if not inspect.isfunction(scenario) or len(inspect.signature(scenario).parameters) != 1:
        wrong("no story in it; define scenario(stage), or begin the file's name with _ if it is a helper")
    elif inspect.isgeneratorfunction(scenario) or inspect.iscoroutinefunction(scenario):
        wrong("scenario(stage) yields or awaits, so nothing would be played; make it an ordinary function")
    marketplaces = read(
        "MARKETPLACES", lambda written: marketplaces_from(written, vocabulary.marketplaces), ()
    )
    apart = read("EXCEPT", lambda written: apart_from(written, vocabulary.marketplaces), {})
    start = read("START", start_from, START)
    settings = read("SETTINGS", settings_from, Settings())
    shows = read("SHOWS", failures_from, ())
    breaks, keeps = (read(constant, rules_from, ()) for constant in ("BREAKS", "KEEPS"))
    if problems:
        raise BadScenarios(problems)
    play = partial(_play, scenario, path, vocabulary)
    about = (marketplaces, start, settings, play, shows, breaks, keeps, apart)
    return [Story(path, title.rstrip("."), why.strip(), *about)]


def _imported(path: Path) -> ModuleType:
    """Run the file as a module of its own, under a name that follows from its path."""
    name = f"story_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        del sys.modules[name]
        line = problem.lineno if isinstance(problem, SyntaxError) else line_in(path, problem)
        said = f"cannot be imported: {type(problem).__name__}: {problem}; mend it"
        raise BadScenarios([BadScenario(path, line or 1, said)]) from problem
    return module


def line_in(path: Path, problem: BaseException) -> int:
    """The innermost line of that file on the way to the problem; 0 if it never went there."""
    file = str(path.resolve())
    frames = traceback.extract_tb(problem.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == file), 0)


def _play(scenario: Callable[[Any], object], path: Path, vocabulary: Vocabulary, perform: Perform) -> None:
    scenario(_Proxy(path, vocabulary, perform))


class _Proxy:
    """Has the verbs of the stage and nothing else."""

    def __init__(self, path: Path, vocabulary: Vocabulary, perform: Perform) -> None:
        self._file = str(path.resolve())
        self._vocabulary = vocabulary
        self._perform = perform
        self._count = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._vocabulary.verbs:
            raise AttributeError(f"unknown verb {name!r}; {nearest(name, self._vocabulary.verbs)}")
        return partial(self._do, name)

    def _do(self, name: str, /, **values: Any) -> Any:
        line = _line_now(self._file)
        arguments, wrong = self._vocabulary.verbs[name].read(values)
        if wrong:
            raise TypeError("; ".join(wrong))
        self._count += 1
        return self._perform(Step(self._count, line, name, arguments))


def _line_now(file: str) -> int:
    """The line of the story that is being played, however deep in helpers the verb was called."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename == file:
            return frame.f_lineno
        frame = frame.f_back
    return 1
