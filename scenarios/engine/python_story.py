"""Stories in Python, for what needs a loop: `scenario(stage)` in a file, the verbs the same.

A file is read without being run: title, reason and constants stand in it as plain values, and the calls of
verbs are looked at as far as their arguments are written out. It is run when it is played, once for each
marketplace; whatever it does then is its own story's failure. The stage that a story gets is a proxy: each
verb is read and performed exactly as a step in YAML, so the world is looked at after each call.
"""

import ast
import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, nearest
from prakerja_sim.scenarios.engine.header import (
    apart_from,
    failures_from,
    marketplaces_from,
    rules_from,
    settings_from,
    tags_from,
    title_from,
)
from prakerja_sim.scenarios.engine.python_stage import PythonStage, by_name, unknown_place
from prakerja_sim.scenarios.engine.script import Beginning, Perform, Step, Story
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary
from prakerja_sim.scenarios.engine.yaml_story import beginning

T = TypeVar("T")
NONE: tuple[str, ...] = ()
OWN = ("env", "use_shopper")
"""What a story in Python calls beside the verbs."""
STORY = "scenario"
"""The function that is the story."""
CONSTANTS = ("MARKETPLACES", "EXCEPT", "START", "SETTINGS", "SHOWS", "BREAKS", "KEEPS", "TAGS")
"""What a file may say of its story, each as a plain value at the file's own level."""


def stories(path: Path, vocabulary: Vocabulary) -> list[Story]:
    """The story of one file, which is not run.

    Raises BadScenarios with everything that is wrong with it.
    """
    return _Reading(path, vocabulary).stories()


class _Reading:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.problems: list[BadScenario] = []

    def stories(self) -> list[Story]:
        tree = self.parsed()
        constants = dict(_constants(tree))
        self.look_at_names(tree, constants)
        title, _, why = inspect.cleandoc(ast.get_docstring(tree) or "").partition("\n")
        if not title:
            self.wrong(
                1, "no title; open the file with a docstring whose first line is what the story promises"
            )
        else:
            try:
                title = title_from(title)
            except ValueError as problem:
                self.wrong(1, str(problem))
        if not why.strip():
            self.wrong(1, "no word on why the story exists; say it in the docstring below the title")
        self.look_at_scenario(tree)

        def read(name: str, reader: Callable[[Any], T], otherwise: T) -> T:
            return self.constant(name, constants[name], reader, otherwise) if name in constants else otherwise

        existing = self.vocabulary.marketplaces
        nowhere: Mapping[str, str] = {}
        marketplaces = read("MARKETPLACES", lambda written: marketplaces_from(written, existing), NONE)
        apart = read("EXCEPT", lambda written: apart_from(written, existing), nowhere)
        nothing: Mapping[str, Any] = {}
        begins = partial(beginning, self.path, vocabulary=self.vocabulary)
        shared = read("START", begins, Beginning())
        first = tuple(replace(step, line=constants["START"].lineno) for step in shared.steps)
        own = read("SETTINGS", _settings, nothing)
        settings = settings_from({**shared.settings, **own})
        shows = read("SHOWS", failures_from, NONE)
        tags = read("TAGS", tags_from, NONE)
        breaks, keeps = (read(name, rules_from, NONE) for name in ("BREAKS", "KEEPS"))
        if self.problems:
            raise BadScenarios(sorted(self.problems, key=lambda problem: problem.line))
        play = partial(_play, self.path, self.vocabulary, first)
        about = (marketplaces, shared.start, settings, play, shows, breaks, keeps, apart)
        return [Story(self.path, title.rstrip("."), why.strip(), *about, tags=tags)]

    def parsed(self) -> ast.Module:
        try:
            return ast.parse(self.path.read_bytes(), str(self.path))
        except OSError as problem:
            self.wrong(0, f"cannot be read: {problem.strerror}; check its rights")
        except SyntaxError as problem:
            self.wrong(problem.lineno or 1, f"SyntaxError: {problem.msg}; mend it")
        except (ValueError, RecursionError, MemoryError) as problem:  # a null byte; nested too deeply
            self.wrong(1, f"cannot be read as Python: {problem}; mend it")
        raise BadScenarios(self.problems)

    def look_at_names(self, tree: ast.Module, constants: Mapping[str, ast.expr]) -> None:
        """Note constants that would not be read: set in another way, or misspelt."""
        for node in ast.walk(tree):
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Store):
                continue
            if node.id in CONSTANTS and node.id not in constants:
                self.wrong(node.lineno, f"{node.id} is not read here; write {node.id} = VALUE, not indented")
            elif node.id in constants and node.id not in CONSTANTS:
                meant = get_close_matches(node.id, CONSTANTS, 1, 0.85)
                if meant:
                    self.wrong(node.lineno, f"unknown constant {node.id}; did you mean {meant[0]}?")

    def constant(self, name: str, value: ast.expr, reader: Callable[[Any], T], otherwise: T) -> T:
        """A constant's value; what is wrong with it is noted with its line."""
        try:
            written = ast.literal_eval(value)
        except ValueError:
            self.wrong(
                value.lineno, f"{name} is no plain value; write it out, since the file is not run to be read"
            )
            return otherwise
        try:
            return reader(written)
        except ValueError as problem:
            self.wrong(value.lineno, f"{name}: {problem}")
            return otherwise

    def look_at_scenario(self, tree: ast.Module) -> None:
        """Note what is wrong with the function that is the story, and with the verbs that it calls."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        found = [one for one in tree.body if isinstance(one, kinds) and one.name == STORY]
        takes = found[-1].args if found else ast.arguments([], [], None, [], [], None, [])
        names = [one.arg for one in (*takes.posonlyargs, *takes.args)]
        if len(names) != 1 or takes.vararg or takes.kwarg or takes.kwonlyargs:
            self.wrong(
                found[-1].lineno if found else 1,
                "no story in it; define scenario(stage), or begin the file's name with _ if it is a helper",
            )
        elif isinstance(found[-1], ast.AsyncFunctionDef) or any(map(_yields, found[-1].body)):
            self.wrong(
                found[-1].lineno,
                "scenario(stage) yields or awaits, so nothing would be played; make it an ordinary function",
            )
        for call, verb in _calls(tree, names[0]) if names else ():
            self.look_at(call, verb)

    def look_at(self, call: ast.Call, name: str) -> None:
        """Note what is wrong with a verb's call, as far as its arguments are written out."""
        if name in OWN:
            return
        verb = self.vocabulary.verbs.get(name)
        if verb is None:
            self.wrong(call.lineno, f"unknown verb {name!r}; {nearest(name, self.vocabulary.verbs)}")
            return
        if call.args:
            self.wrong(call.lineno, by_name(name, verb.arguments, ast.unparse(call.args[0])))
            return
        written, later = {}, set()
        for keyword in call.keywords:
            try:
                written[str(keyword.arg)] = ast.literal_eval(keyword.value)
            except ValueError:
                later.add(str(keyword.arg))
        place = written.pop("at", None)
        later.discard("at")
        if place is not None and place not in self.vocabulary.marketplaces:
            self.wrong(call.lineno, unknown_place(place, self.vocabulary.marketplaces))
        if any(keyword.arg is None for keyword in call.keywords):  # **arguments
            return
        for problem in verb.read(written, frozenset(later))[1]:
            self.wrong(call.lineno, problem)

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(BadScenario(self.path, line, message))


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names that are given a value at the file's own level, with the value."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _settings(written: Any) -> Mapping[str, Any]:
    settings_from(written)
    return dict(written)


def _yields(node: ast.AST) -> bool:
    """Whether a statement makes its function a generator: functions within it have yields of their own."""
    if isinstance(node, ast.Yield | ast.YieldFrom):
        return True
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return False
    return any(map(_yields, ast.iter_child_nodes(node)))


def _calls(tree: ast.Module, stage: str) -> Iterator[tuple[ast.Call, str]]:
    """The calls of something of that name, helpers' included, and the verbs that they call."""
    for node in ast.walk(tree):
        of = node.func if isinstance(node, ast.Call) else None
        if isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == stage:
            assert isinstance(node, ast.Call)
            yield node, of.attr


def _imported(path: Path) -> ModuleType:
    """Run the file as a module of its own, under a name that follows from its path."""
    name = f"story_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def line_in(path: Path, problem: BaseException) -> int:
    """The innermost line of that file on the way to the problem; 0 if it never went there."""
    file = str(path.resolve())
    frames = traceback.extract_tb(problem.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == file), 0)


def _play(path: Path, vocabulary: Vocabulary, first: tuple[Step, ...], perform: Perform) -> None:
    for step in first:
        perform(step)
    getattr(_imported(path), STORY)(PythonStage(path, vocabulary, perform, len(first)))
