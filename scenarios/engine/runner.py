"""Playing stories.

After every step, refused or not, the invariants are asked and no internal error may
have been seen; so a story fails at the step that broke the world, not at its end.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

from prakerja_sim.scenarios.engine import workers
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, StepRefused, StoryEnded
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure
from prakerja_sim.scenarios.engine.python_story import line_in
from prakerja_sim.scenarios.engine.script import Step, Story


class Stage(Protocol):
    """What the runner asks of a stage besides its verbs."""

    def check(self) -> list[str]:
        """The invariants that do not hold now."""

    def errors(self) -> list[str]:
        """The internal errors seen since the last time this was asked."""

    def unfinished(self) -> list[str]:
        """What a story that is over prepared and did not use."""

    def digest(self) -> str:
        """The hash over what happened so far."""


MakeStage = Callable[[Story, str], AbstractContextManager[Stage]]


class _Performance:
    """One story being played: does its steps and remembers the first thing that went wrong."""

    def __init__(self, stage: Any, story: Story) -> None:
        self.stage = stage
        self.story = story
        self.last: Step | None = None
        self.steps = 0
        self.failure: StoryFailure | None = None

    def play(self) -> None:
        try:
            self.story.play(self.perform)
        except StepRefused as refusal:
            self.note(_message(refusal))
        except (StoryEnded, KeyboardInterrupt):
            raise
        except BaseException as problem:  # a story in Python may do anything, and fails alone
            line = line_in(self.story.path, problem) or 1
            self.failure = self.failure or StoryFailure(
                self.steps, line, "", _message(problem), _detail(problem)
            )
        if not self.steps:
            self.note("nothing was played; a story takes at least one step")
        if self.failure is None:
            self.end()

    def end(self) -> None:
        """Note what the story, which has gone well, left unused."""
        unused = self.stage.unfinished()
        if unused:
            self.failure = StoryFailure(self.steps, self.last.line if self.last else 1, "", "; ".join(unused))

    def perform(self, step: Step) -> Any:
        """Do one step and look at the world; answers what the verb answers."""
        if self.failure:  # a `finally` of the story, which has ended
            raise StoryEnded
        self.last, self.steps = step, self.steps + 1
        answer, refusal, wrong, detail = None, None, "", ""
        try:
            answer = getattr(self.stage, step.verb)(**step.arguments)
        except StepRefused as problem:
            refusal = problem
        except Exception as problem:
            wrong, detail = _message(problem), _detail(problem)
        wrong = wrong or _unlike_expected(step, refusal)
        self.look(wrong, detail, refusal)
        if refusal is not None and step.fails is None:
            raise refusal
        return answer

    def look(self, wrong: str, detail: str, refusal: StepRefused | None) -> None:
        """End the story if the step went wrong or left anything broken behind."""
        broken = [f"internal error: {error}" for error in self.stage.errors()]
        broken += [f"invariant broken: {one}" for one in self.stage.check()]
        if not wrong and not broken:
            return
        if not wrong and refusal is not None and not (self.last and self.last.fails):
            wrong = _message(refusal)
        self.note("; ".join(filter(None, [wrong, *broken])), detail)
        raise StoryEnded

    def note(self, said: str, detail: str = "") -> None:
        """Remember what went wrong at the step that is being played, unless something did before."""
        if self.failure is None:
            last = self.last or Step(0, 1, "", {})
            self.failure = StoryFailure(last.number, last.line, last.verb, said, detail)


def play(story: Story, marketplace: str, make_stage: MakeStage) -> Outcome:
    """Play one story on one marketplace, up to the first thing that goes wrong."""
    began = time.perf_counter()
    steps, digest, failure = 0, "", None
    try:
        with make_stage(story, marketplace) as stage:
            performance = _Performance(stage, story)
            try:
                performance.play()
            except StoryEnded:
                assert performance.failure is not None
            steps, failure = performance.steps, performance.failure
            digest = stage.digest()
    except Exception as problem:
        failure = failure or StoryFailure(steps, 1, "", _message(problem), _detail(problem))
    return Outcome(story, marketplace, steps, digest, time.perf_counter() - began, failure)


def run(
    stories: Iterable[Story],
    marketplaces: Sequence[str],
    make_stage: MakeStage,
    jobs: int = 1,
    hear: Callable[[Outcome], object] = lambda _: None,
    *,
    apart: bool = False,
) -> Report:
    """Play every story on each of these marketplaces that it is for; `hear` gets each outcome, in order.

    Several at once are threads, or `apart` processes, each of which has the world as it is now for itself.
    Raises BadScenarios if that leaves nothing to play.
    """
    plays = [(story, place) for story in stories for place in story.played_on(tuple(marketplaces))]
    if not plays:
        problem = f"no story is played on {', '.join(marketplaces)}; name another marketplace"
        raise BadScenarios([BadScenario(HOME.name, 0, problem)])
    outcomes = []
    for outcome in _outcomes(plays, make_stage, jobs, apart=apart):
        hear(outcome)
        outcomes.append(outcome)
    return Report(tuple(outcomes))


def _outcomes(
    plays: Sequence[tuple[Story, str]], make_stage: MakeStage, jobs: int, *, apart: bool
) -> Iterator[Outcome]:
    if jobs <= 1:
        yield from (play(story, place, make_stage) for story, place in plays)
    elif apart and workers.POSSIBLE:
        yield from workers.outcomes(plays, partial(play, make_stage=make_stage), jobs)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(lambda one: play(one[0], one[1], make_stage), plays)


def _unlike_expected(step: Step, refusal: StepRefused | None) -> str:
    """How the step went, if it had to be refused for a reason and was not."""
    if step.fails is None or (refusal is not None and refusal.means(step.fails)):
        return ""
    return f"{_message(refusal) if refusal else 'succeeded'}, expected {step.fails}"


def _message(problem: BaseException) -> str:
    """What an exception says to somebody who reads one line."""
    if isinstance(problem, StepRefused):
        return f"refused with {problem}"
    if isinstance(problem, AssertionError):
        return str(problem) or _assertion(problem)
    if isinstance(problem, SystemExit):
        return f"sys.exit({problem.code!r}): a story must not end the program; let scenario(stage) return"
    if not isinstance(problem, Exception):
        return (
            f"{type(problem).__name__}: {problem}; a story passes or fails, it cannot be skipped: "
            "name the marketplaces that it is not for in EXCEPT"
        )
    return f"{type(problem).__name__}: {problem}"


def _assertion(problem: AssertionError) -> str:
    """An assertion without words of its own says what it asserted."""
    frames = traceback.extract_tb(problem.__traceback__)
    line = frames[-1].line if frames else None
    return f"this does not hold: {line or 'an assertion'}; give it words: `assert ..., words`"


def _detail(problem: BaseException) -> str:
    """The traceback of a bug; a refusal or an expectation has said all it has to say."""
    if isinstance(problem, StepRefused) or (isinstance(problem, AssertionError) and str(problem)):
        return ""
    return "".join(traceback.format_exception(problem))
