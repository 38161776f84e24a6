"""Stories in YAML, one verb a step.

A file is read whole before the first step; everything that is wrong with it is reported at
once, each with its line.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from prakerja_sim.scenarios.engine.cases import ONLY, Case, cases, unused
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, nearest
from prakerja_sim.scenarios.engine.header import (
    apart_from,
    digest_from,
    failures_from,
    holds_from,
    marketplaces_from,
    rules_from,
    seed_from,
    settings_from,
    start_from,
    tags_from,
    title_from,
)
from prakerja_sim.scenarios.engine.script import Beginning, Perform, Step, Story
from prakerja_sim.scenarios.engine.strict_yaml import Document, Node, load
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings

T = TypeVar("T")

BESIDE = ("fails", "at")
"""What a step may say beside its verb."""
SHARED = ("scenario", "start", "settings", "steps")
"""What a shared beginning may say."""
SUFFIXES = (".yaml", ".yml")
STEPS_MAX = 100_000
OWN_TITLE = "give each row a `title:` of its own, or name a column that differs in the story's title"
EACH: tuple[str, ...] = ()
NONE: tuple[str, ...] = ()
NOTHING: Mapping[str, Any] = {}
KEYS = (
    "scenario",
    "marketplaces",
    "except",
    "shows",
    "breaks",
    "keeps",
    "tags",
    "seed",
    "holds",
    "digest",
    "start",
    "settings",
    "cases",
    "steps",
)


def stories(path: Path, vocabulary: Vocabulary) -> list[Story]:
    """The stories of one file, one for each row of its table.

    Raises BadScenarios with everything that is wrong with the file.
    """
    return _Reading(path, vocabulary).stories()


def beginning(story: Path, written: Any, vocabulary: Vocabulary, above: tuple[Path, ...] = ()) -> Beginning:
    """What `start:` of a file says: a time, or a file beside it with a shared beginning.

    ValueError names both files if there is anything wrong with the other.
    """
    if not isinstance(written, str) or not written.lower().endswith(SUFFIXES):
        return Beginning(start_from(written))
    path = story.parent / written
    chain = (*above, story.resolve())
    if path.resolve() in chain:
        names = " -> ".join(one.name for one in (*chain, path))
        raise ValueError(f"{names} begin with each other; let one of them begin with a time")
    try:
        return _Reading(path, vocabulary, chain).beginning()
    except BadScenarios as bad:
        raise ValueError(f"the story begins with {bad.problems[0]}") from None


class _Reading:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, path: Path, vocabulary: Vocabulary, above: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.above = above
        """The files that begin with this one."""
        self.vocabulary = vocabulary
        self.problems: list[BadScenario] = []
        self.count = 0

    def document(self) -> Document:
        try:
            return load(self.path)
        except BadScenario as problem:
            raise BadScenarios([problem]) from None

    def beginning(self) -> Beginning:
        """The file as a shared beginning of others."""
        root = self.document().root
        keys = root.value if isinstance(root.value, dict) else {}
        for name, node in keys.items():
            if name not in SHARED:
                self.wrong(node.line, f"a shared beginning has no `{name}:`; it has {', '.join(SHARED)}")
        if "steps" not in keys:
            self.wrong(root.line, "a shared beginning is a mapping with `steps:`; add them")
        shared, settings = self.head(keys)
        own = self.steps(keys["steps"], ONLY) if "steps" in keys else ()
        if self.problems:
            raise BadScenarios(sorted(self.problems, key=lambda problem: problem.line))
        own = tuple(replace(step, origin=f"{self.path}:{step.line}") for step in own)
        return Beginning(shared.start, settings, (*shared.steps, *own))

    def head(self, keys: dict[str, Node]) -> tuple[Beginning, Mapping[str, Any]]:
        """What the file begins with, and the settings that are written in both."""
        start = keys.get("start")
        shared = self.read_node(start, self.shared, Beginning())
        written = keys["settings"].plain() if "settings" in keys else {}
        self.read(keys, "settings", settings_from, Settings())
        return shared, {**shared.settings, **(written if isinstance(written, dict) else {})}

    def shared(self, node: Node) -> Beginning:
        found = beginning(self.path, node.plain(), self.vocabulary, self.above)
        return replace(found, steps=tuple(replace(step, line=node.line) for step in found.steps))

    def stories(self) -> list[Story]:
        document = self.document()
        if not document.comment:
            self.wrong(1, "no word on why the story exists; open the file with a # comment that says it")
        found: list[Story] = []
        if not isinstance(document.root.value, dict):
            self.wrong(document.root.line, "a story is a mapping; begin with `scenario:` and `steps:`")
        else:
            found = self.in_mapping(document.root.value, document.comment)
        if self.problems:
            raise BadScenarios(sorted(self.problems, key=lambda problem: problem.line))
        return found

    def in_mapping(self, keys: dict[str, Node], why: str) -> list[Story]:
        for name, node in keys.items():
            if name not in KEYS:
                self.wrong(node.line, f"unknown key {name!r}; {nearest(name, KEYS)}")
        for name in ("scenario", "steps"):
            if name not in keys:
                self.wrong(1, f"no `{name}:`; add it")
        marketplaces = self.read(keys, "marketplaces", self.marketplaces, EACH)
        nowhere: Mapping[str, str] = {}
        apart = self.read(keys, "except", self.apart, nowhere)
        shared, written = self.head(keys)
        settings = Settings() if self.problems else settings_from(written)
        title = self.read_node(keys.get("scenario"), _title, "")
        shows = self.read(keys, "shows", failures_from, NONE)
        breaks, keeps = (self.read(keys, name, rules_from, NONE) for name in ("breaks", "keeps"))
        tags = self.read(keys, "tags", tags_from, NONE)
        seed = self.read(keys, "seed", seed_from, None)
        holds = self.read(keys, "holds", holds_from, NOTHING)
        digest = self.read(keys, "digest", digest_from, "")
        rows = self.read_node(keys.get("cases"), cases, [ONLY])
        titles: dict[str, Case] = {}
        title_line = keys["scenario"].line if "scenario" in keys else 1
        found = []
        for row in rows:
            steps = self.steps(keys["steps"], row) if "steps" in keys else ()
            named = self.read_node(keys.get("scenario"), partial(_titled, row, title), title)
            play = partial(_play, (*shared.steps, *steps))
            about = (marketplaces, shared.start, settings, play, shows, breaks, keeps, apart)
            more = (seed, holds, digest, tags)
            found.append(Story(self.path, named, why, *about, *more, row.line or title_line))
            twin = titles.setdefault(named, row)
            if twin is not row:
                self.wrong(
                    row.line, f"the row in line {twin.line} has the same title, {named!r}; {OWN_TITLE}"
                )
        for name in unused(rows):
            self.wrong(keys["cases"].line, f"no step uses column {name!r}; write ${name} in one, or drop it")
        return found

    def marketplaces(self, written: Any) -> tuple[str, ...]:
        return marketplaces_from(written, self.vocabulary.marketplaces)

    def apart(self, written: Any) -> Mapping[str, str]:
        return apart_from(written, self.vocabulary.marketplaces)

    def steps(self, written: Node, row: Case) -> tuple[Step, ...]:
        if not isinstance(written.value, list) or not written.value:
            self.wrong(written.line, "steps is a list and not empty; write `- verb: {argument: value}`")
            return ()
        self.count += len(written.value)
        if self.count > STEPS_MAX:
            self.wrong(written.line, f"more steps than the limit of {STEPS_MAX:,}; split the story")
            return ()
        read = (self.step(number, item, row) for number, item in enumerate(written.value, 1))
        return tuple(step for step in read if step)

    def step(self, number: int, item: Node, row: Case) -> Step | None:
        """The step, or nothing if no verb can be made out; what is wrong with it is noted."""
        keys = {item.value: Node(None, item.line)} if isinstance(item.value, str) else item.value
        if not isinstance(keys, dict):
            self.wrong(item.line, "a step is a verb and its arguments; write `- verb: {argument: value}`")
            return None
        verbs = [name for name in keys if name not in BESIDE]
        for name in verbs:
            if name not in self.vocabulary.verbs:
                self.wrong(keys[name].line, f"unknown verb {name!r}; {nearest(name, self.vocabulary.verbs)}")
        fails = self.read_node(keys.get("fails"), lambda written: self.fails(written, row), None)
        at = self.read_node(keys.get("at"), lambda written: self.at(written, row), "")
        if len(verbs) != 1:
            how_many = f"{len(verbs)} verbs ({', '.join(verbs)})" if verbs else "no verb"
            self.wrong(item.line, f"a step with {how_many}; write one verb a step")
            return None
        verb, nothing = verbs[0], dict[str, Any]()
        arguments = self.read_node(keys[verb], lambda written: self.arguments(verb, written, row), nothing)
        return Step(number, item.line, verb, arguments, fails, at)

    def arguments(self, name: str, written: Node, row: Case) -> dict[str, Any]:
        verb = self.vocabulary.verbs.get(name)
        values = {} if written.value is None else row.fill(written.plain())
        if verb is None:
            return {}
        if not isinstance(values, dict):
            raise ValueError(f"{name}: {values!r} has no name; write {{argument: value}}")
        places = written.value if isinstance(written.value, dict) else {}
        for beside in BESIDE:
            if beside in values and beside not in verb.arguments:
                del values[beside]
                said = f"`{beside}:` is no argument of {name}; indent it like {name}, not deeper"
                self.wrong(places.get(beside, written).line, said)
        arguments, wrong = verb.judged(values)
        for argument, said in wrong:
            self.wrong(places.get(argument, written).line, said)
        return arguments

    def at(self, written: Node, row: Case) -> str:
        """The marketplace at which a step is done."""
        name = row.fill(written.plain())
        if name not in self.vocabulary.marketplaces:
            raise ValueError(
                f"at: unknown marketplace {name!r}; {nearest(str(name), self.vocabulary.marketplaces)}"
            )
        return str(name)

    def fails(self, written: Node, row: Case) -> Reason | None:
        """The reason; a row may say null where its case is not refused."""
        name = row.fill(written.plain())
        if name is None and written.value is not None:
            return None
        reasons = [str(reason) for reason in Reason]
        if name not in reasons:
            raise ValueError(f"fails: unknown reason {name!r}; {nearest(str(name), reasons)}")
        return Reason(name)

    def read(self, keys: dict[str, Node], name: str, reader: Callable[[Any], T], otherwise: T) -> T:
        return self.read_node(keys.get(name), lambda node: reader(node.plain()), otherwise)

    def read_node(self, node: Node | None, reader: Callable[[Node], T], otherwise: T) -> T:
        """What the reader makes of it; what it refuses is noted with the line."""
        if node is None:
            return otherwise
        try:
            return reader(node)
        except ValueError as problem:
            self.wrong(node.line, str(problem))
            return otherwise

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(BadScenario(self.path, line, message))


def _title(node: Node) -> str:
    if node.comment:
        raise ValueError(
            f"the title ends before {node.comment!r}, which is a comment; put the title in quotes, "
            "or the comment on a line of its own"
        )
    return title_from(node.plain())


def _titled(row: Case, title: str, _: Node) -> str:
    return row.titled(title)


def _play(steps: tuple[Step, ...], perform: Perform) -> None:
    for step in steps:
        perform(step)
