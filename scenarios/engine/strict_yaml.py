"""YAML without surprises: nothing is retyped silently, nothing is said twice.

Text stays text unless it is plainly a whole number, true, false or null; so 012345,
12:30, NO, 2021-08-24, 650_000 and sixteen digits arrive as they were written.  The
parser's events are read directly, because only they show tags, anchors and places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from prakerja_sim.scenarios.engine.errors import BadScenario

DOCUMENT = "---"
"""The line that may open a file, before or after its first comment."""
SIZE_MAX = 1_000_000
DEPTH_MAX = 32

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# YAML also breaks lines at U+0085, U+2028 and U+2029; editors do not, so places would be wrong.
_FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BARE_STEP = re.compile(r"\s*- +([A-Za-z_]+)\s*")
"""A verb without arguments and without a colon."""
_COMMENT = re.compile(r"\s+(#.*)")
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line that brought it in: its key's in a mapping, its own in a list."""

    value: "str | int | bool | list[Node] | dict[str, Node] | None"
    line: int
    comment: str = ""
    """What stands behind it as a comment, if it is not in quotes: it may have been meant as text."""

    def plain(self) -> Any:
        """The value without places: text, numbers, lists and dicts."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value, and the comment that it opens with."""

    root: Node
    comment: str


def load(path: Path) -> Document:
    """Read a file; BadScenario names the place and the remedy if it cannot be read exactly."""
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_MAX + 1)
    except OSError as problem:
        remedy = "check its name" if isinstance(problem, FileNotFoundError) else "check its rights"
        raise BadScenario(path, 0, f"cannot be read: {problem.strerror}; {remedy}") from None
    if len(raw) > SIZE_MAX:
        raise BadScenario(path, 1, f"larger than the size limit of {SIZE_MAX:,} bytes; split the story")
    return read(raw, path)


def read(raw: bytes, path: Path) -> Document:
    """Read the bytes of a file; `path` is only named in messages."""
    text = _decoded(raw, path)
    try:
        return Document(_Reading(path, text).document(), _opening_comment(text))
    except yaml.MarkedYAMLError as problem:
        raise _unreadable(path, problem, text.split("\n")) from None


def _unreadable(path: Path, problem: yaml.MarkedYAMLError, lines: list[str]) -> BadScenario:
    """What the parser did not understand, and where; what is never closed is shown where it begins."""
    mark = problem.problem_mark
    if mark is None or mark.line >= len(lines) or not "".join(lines[mark.line :]).strip():
        mark = problem.context_mark or mark
    line, column = (min(mark.line, len(lines) - 1), mark.column + 1) if mark else (0, 1)
    said = " ".join(filter(None, (problem.context, problem.problem)))
    remedy = "check brackets and indentation, quote text that holds ': ' or '{' or begins with a sign"
    above = next((one for one in reversed(lines[:line]) if one.strip()), "")
    verb = _BARE_STEP.fullmatch(above)
    if verb and "mapping values" in said:
        said = f"`{verb[1]}` has no colon, so what stands below it belongs to nothing"
        remedy = f"write `- {verb[1]}:`, and below it what belongs to the step, indented like {verb[1]}"
    elif " #" in lines[line]:
        remedy = "' #' begins a comment, so what is behind it is not read: quote text that holds it"
    return BadScenario(path, line + 1, f"column {column}: {said}; {remedy}")


def _decoded(raw: bytes, path: Path) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadScenario(path, line, f"byte {problem.start} is not UTF-8; save the file as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _FORBIDDEN.search(text)
    if found is None:
        return text
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - text.rfind("\n", 0, found.start())
    if found.group() == "\t":
        raise BadScenario(path, line, rf'column {column}: a tab; indent with spaces, write "\t" inside text')
    sign = f"U+{ord(found.group()):04X}"
    raise BadScenario(path, line, f"column {column}: control character {sign}; remove it")


def _opening_comment(text: str) -> str:
    """The comment lines before anything else, without those that only speak to an editor."""
    comment = []
    for line in text.split("\n"):
        if line.rstrip() == DOCUMENT:
            continue
        if line.strip() and not line.startswith("#"):
            break
        words = line.lstrip("#").strip()
        if words and not words.startswith("yaml-language-server:"):
            comment.append(words)
    return "\n".join(comment)


class _Reading:
    """One walk over the events of one file."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Node:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if not isinstance(start, yaml.DocumentStartEvent):
            raise BadScenario(self.path, 1, "the file is empty; a story needs `scenario:` and `steps:`")
        if start.version or start.tags:
            self._refuse(start, "a % directive", "remove the line")
        first = next(self.events)
        root = self._node(first, self._place(first)[0], 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if isinstance(after, yaml.DocumentStartEvent):
            self._refuse(after, "a second document", "one story a file: remove the --- line")
        return root

    def _node(self, event: yaml.Event, line: int, depth: int) -> Node:
        self._refuse_tricks(event)
        if isinstance(event, yaml.ScalarEvent):
            if _HALF.search(event.value):  # only the parser in Python lets these through
                self._refuse(
                    event, "half a character", "write it whole, or quote text with a backslash in ''"
                )
            return Node(_scalar(event), line, self._cut(event))
        if depth > DEPTH_MAX:
            self._refuse(event, f"deeper than the depth limit of {DEPTH_MAX}", "flatten it")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._list(depth), line)
        return Node(self._mapping(depth), line)

    def _cut(self, event: yaml.ScalarEvent) -> str:
        """The comment behind text without quotes, refused where it can only be meant as text."""
        mark = event.end_mark
        if not event.implicit[0] or not event.value or mark is None or mark.line >= len(self.lines):
            return ""
        behind = _COMMENT.match(self.lines[mark.line], mark.column)
        if behind is None:
            return ""
        if behind[1][1:2].strip("# !-=*"):
            word = behind[1].split()[0]
            raise BadScenario(
                self.path,
                mark.line + 1,
                f"column {behind.start(1) + 1}: ' {word}' begins a comment, so the text ends before it; "
                "quote the text, or write '# ' before a comment",
            )
        return behind[1]

    def _list(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, self._place(event)[0], depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event)
            if key in entries:
                self._refuse(event, f"{key!r} is in line {entries[key].line} already", "keep one of them")
            entries[key] = self._node(next(self.events), self._place(event)[0], depth + 1)
        return entries

    def _key(self, event: yaml.Event) -> str:
        self._refuse_tricks(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "a key that is a list or a mapping", "a key is one word, or quoted")
        if event.implicit[0] and event.value == "<<":
            self._refuse(event, "a merge key", "write the entries out")
        if event.implicit[0] and not event.value:
            self._refuse(event, "a key is missing before ':'", "name it")
        return str(event.value)

    def _refuse_tricks(self, event: yaml.Event) -> None:
        """Refuse what makes a file read differently from what it says."""
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"alias *{event.anchor}", "write the value out, or quote the text")
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            self._refuse(event, f"anchor &{anchor}", "write the value where it is used, or quote it")
        if tag is not None:
            self._refuse(event, f"tag {tag}", "remove it; quote what is text")

    def _refuse(self, event: yaml.Event, what: str, remedy: str) -> NoReturn:
        line, column = self._place(event)
        raise BadScenario(self.path, line, f"column {column}: {what}; {remedy}")

    @staticmethod
    def _place(event: yaml.Event) -> tuple[int, int]:
        mark = event.start_mark
        assert mark is not None
        return mark.line + 1, mark.column + 1


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    text = str(event.value)
    if not event.implicit[0]:  # quoted, so it is text
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
