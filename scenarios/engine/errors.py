"""All exceptions of the engine.

ScenarioError
BadScenario, BadScenarios   a file is bad; raised before the first step, with place and remedy
CannotPlay                  the simulator that stories are to be played against does not answer
StepRefused                 a party said no, which a story may expect
StoryEnded                      a story has failed; no story can catch it
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self

from prakerja_sim.simulator.values.errors import Reason

LISTED_MAX = 20
"""More words than this are not listed in a message; only the nearest is named."""


class ScenarioError(Exception):
    """What the engine raises on purpose."""


class BadScenario(ScenarioError):
    """One thing wrong with one file, in one line; line 0 means the file as a whole."""

    def __init__(self, path: Path | str, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = Path(path)
        self.line = line
        self.message = " ".join(message.splitlines())

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}"


class BadScenarios(ScenarioError):
    """Everything wrong with the files that were asked for, in reading order, each thing once."""

    def __init__(self, problems: Iterable[BadScenario]) -> None:
        self.problems = tuple({str(problem): problem for problem in problems}.values())
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class CannotPlay(ScenarioError):
    """The simulator that stories are to be played against does not answer as one."""


class StepRefused(ScenarioError):
    """A party refused, or did not answer; `said` is its answer in its own words.

    `reasons` are what that may mean in the programme's words, the likeliest first: a site may use
    one code for several reasons, and a code that is unknown here has none.
    """

    def __init__(self, reason: Reason | Literal["no_reply"], said: str = "") -> None:
        super().__init__(reason, said)
        self.reasons: tuple[Reason, ...] = (Reason(reason),)
        self.said = said

    @classmethod
    def either(cls, reasons: Iterable[Reason], said: str) -> Self:
        """A refusal in words that stand for several reasons."""
        refusal = cls(Reason.NO_REPLY, said)
        refusal.reasons = tuple(reasons)
        return refusal

    @property
    def reason(self) -> Reason | None:
        """The likeliest reason, which is what is written down."""
        return self.reasons[0] if self.reasons else None

    def means(self, reason: Reason | str) -> bool:
        """Whether what was said may mean that reason."""
        return reason in self.reasons

    def __str__(self) -> str:
        meaning = " or ".join(self.reasons) or "a code that means no known reason"
        return f"{meaning} ({self.said})" if self.said else meaning


class StoryEnded(BaseException):
    """Ends a story that has failed; not an Exception, so that no story goes on by catching it."""


@contextmanager
def refused(reason: Reason | Literal["no_reply"]) -> Iterator[None]:
    """In a Python story what `fails:` is in YAML: what is done within must be refused for that reason."""
    outcome = "succeeded"
    try:
        yield
    except StepRefused as refusal:
        if refusal.means(reason):
            return
        outcome = f"refused with {refusal}"
    raise AssertionError(f"{outcome}, expected {reason}")


def nearest(word: str, known: Iterable[str]) -> str:
    """The second half of a message about an unknown word: the nearest one, or what there is."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if not words:
        return "there are none"
    return f"there are {', '.join(words[:LISTED_MAX])}{' ...' if len(words) > LISTED_MAX else ''}"
