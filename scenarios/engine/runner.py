"""Playing stories.

After every step, refused or not, the invariants are asked and no internal error may
have been seen; so a story fails at the step that broke the world, not at its end.
"""

import time
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import starmap
from typing import Any, Protocol

from prakerja_sim.scenarios.engine import workers
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, StepRefused, StoryEnded
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.outcome import Outcome, Report, StoryFailure, Taken
from prakerja_sim.scenarios.engine.python_story import line_in
from prakerja_sim.scenarios.engine.scene import Scene, hidden
from prakerja_sim.scenarios.engine.script import Step, Story
from prakerja_sim.scenarios.engine.writer import in_words


class Stage(Protocol):
    """What the runner asks of a stage besides its verbs."""

    def check(self) -> list[str]:
        """The invariants that do not hold now."""

    def errors(self) -> list[str]:
        """The internal errors seen since the last time this was asked."""

    def unfinished(self) -> list[str]:
        """What a story that is over prepared and did not use."""

    def newest(self) -> str:
        """The id of the newest exchange so far."""

    def scene(self) -> Scene:
        """What is to be seen of the world now."""

    def keep(self) -> None:
        """Let the world be there when the play is over."""

    def digest(self) -> str:
        """The hash over what happened so far."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked at besides what every play needs."""

    whole: bool = False
    """See the scene of plays that passed, too."""
    keep: bool = False
    """Keep the sandboxes of plays that failed."""
    first: bool = False
    """Stop when one has failed."""


USUAL = Looking()
PARTED = (
    "find the step with `prakerja-sim record --compare BEFORE AFTER`; "
    "if the story was changed on purpose, leave `digest:` out"
)
MakeStage = Callable[[Story, str], AbstractContextManager[Stage]]


class _Performance:
    """One story being played: does its steps and remembers the first thing that went wrong."""

    def __init__(self, stage: Any, story: Story) -> None:
        self.stage = stage
        self.story = story
        self.last: Step | None = None
        self.taken: list[Taken] = []
        self.failure: StoryFailure | None = None

    @property
    def steps(self) -> int:
        return len(self.taken)

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
        after = self.stage.newest()
        self.last = step
        said = hidden(in_words(step.verb, step.arguments))
        self.taken.append(Taken(step.number, step.line, said, step.fails or "", after))
        answer, refusal, wrong, detail = None, None, "", ""
        try:
            answer = do(self.stage, step)
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
            said = f"in {last.origin}: {said}" if last.origin else said
            self.failure = StoryFailure(last.number, last.line, last.verb, said, detail)


def do(stage: Any, step: Step) -> Any:
    """Do a step where it is to be done; answers what the verb answers."""
    with stage.at(step.at) if step.at else nullcontext():
        return getattr(stage, step.verb)(**step.arguments)


def play(story: Story, marketplace: str, make_stage: MakeStage, looking: Looking = USUAL) -> Outcome:
    """Play one story on one marketplace, up to the first thing that goes wrong."""
    began = time.perf_counter()
    outcome = Outcome(story, marketplace, 0, "", 0)
    try:
        with make_stage(story, marketplace) as stage:
            performance = _Performance(stage, story)
            try:
                performance.play()
            except StoryEnded:
                assert performance.failure is not None
            outcome = _seen(performance, outcome, looking)
    except Exception as problem:
        failure = outcome.failure or StoryFailure(outcome.steps, 1, "", _message(problem), _detail(problem))
        outcome = replace(outcome, failure=failure)
    if outcome.failure is not None:
        shown = replace(
            outcome.failure, said=hidden(outcome.failure.said), detail=hidden(outcome.failure.detail)
        )
        outcome = replace(outcome, failure=shown)
    return replace(outcome, seconds=time.perf_counter() - began)


def _seen(performance: _Performance, outcome: Outcome, looking: Looking) -> Outcome:
    """The outcome with what is seen of the world at the end; if that fails, with what went wrong before."""
    stage, failure = performance.stage, performance.failure
    outcome = replace(outcome, steps=performance.steps, failure=failure, taken=tuple(performance.taken))
    try:
        digest = stage.digest()
        expected = outcome.story.digest
        if failure is None and expected and digest != expected:
            said = f"the digest is {digest}, not {expected}: {PARTED}"
            failure = StoryFailure(outcome.steps, performance.last.line if performance.last else 1, "", said)
            outcome = replace(outcome, failure=failure)
        if failure is not None and looking.keep:
            stage.keep()
            outcome = replace(outcome, kept=True)
        scene = stage.scene() if failure is not None or looking.whole else None
        return replace(outcome, digest=digest, scene=scene)
    except Exception as problem:
        last = failure or StoryFailure(outcome.steps, 1, "", _message(problem), _detail(problem))
        return replace(outcome, failure=last)


def run(
    stories: Iterable[Story],
    marketplaces: Sequence[str],
    make_stage: MakeStage,
    jobs: int = 1,
    hear: Callable[[Outcome], object] = lambda _: None,
    *,
    apart: bool = False,
    looking: Looking = USUAL,
) -> Report:
    """Play every story on each of these marketplaces that it is for; `hear` gets each outcome, in order.

    Several at once are threads, or `apart` processes, each of which has the world as it is now for itself.
    Plays that are under way when the run stops at the first failure are not in the report.
    Raises BadScenarios if that leaves nothing to play.
    """
    plays = [(story, place) for story in stories for place in story.played_on(tuple(marketplaces))]
    if not plays:
        problem = f"no story is played on {', '.join(marketplaces)}; name another marketplace"
        raise BadScenarios([BadScenario(HOME.name, 0, problem)])
    outcomes = []
    one = partial(play, make_stage=make_stage, looking=looking)
    with closing(_outcomes(plays, one, jobs, apart=apart)) as coming:
        for outcome in coming:
            hear(outcome)
            outcomes.append(outcome)
            if looking.first and not outcome.passed:
                break
    return Report(tuple(outcomes))


def _outcomes(
    plays: Sequence[tuple[Story, str]], perform: workers.Perform, jobs: int, *, apart: bool
) -> Generator[Outcome]:
    if jobs <= 1:
        yield from starmap(perform, plays)
    elif apart and workers.POSSIBLE:
        yield from workers.outcomes(plays, perform, jobs)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(lambda one: perform(*one), plays)


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
