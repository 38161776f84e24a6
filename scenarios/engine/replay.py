"""`prakerja-sim replay`: find the stories, play them, report.

What is printed last is one line that scripts read, whatever the options.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from prakerja_sim.mocks.server import writing
from prakerja_sim.mocks.server.options import open_store
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine import canary, github, keeping, progress, wave_file
from prakerja_sim.scenarios.engine import report as reports
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, CannotPlay, nearest
from prakerja_sim.scenarios.engine.finding import discover, select, tagged
from prakerja_sim.scenarios.engine.matrix import Matrix, empty_cells, summary
from prakerja_sim.scenarios.engine.outcome import Outcome, Report
from prakerja_sim.scenarios.engine.progress import say
from prakerja_sim.scenarios.engine.runner import Looking, run
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import vocabulary
from prakerja_sim.scenarios.engine.wiring import (
    ConnectTo,
    against,
    party_urls,
    simulator,
    stages,
    within,
)
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import StoreUnusable
from prakerja_sim.simulator.values.signs import visible
from prakerja_sim.simulator.world.store import Store

BAD_INPUT = (BadScenarios, CannotPlay, StoreUnusable, writing.CannotWrite)
"""What makes the command end with 2: the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a replay besides the paths."""

    store: str = "memory"
    seed: int = 42
    against: str | None = None
    """A running simulator; the waves are then only names that stories may use, since it has its own."""
    parties: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    """Those on which is played; none means all."""
    word: str | None = None
    tags: tuple[str, ...] = ()
    """Stories with any of these."""
    waves: Path | None = None
    jobs: int = 1
    first: bool = False
    keep: bool = False
    verbose: bool = False
    files: Mapping[str, Path] = field(default_factory=dict)
    """Where reports are written, by the option that asks for each."""


def replay(paths: Sequence[Path], asked: Asked, environment: Mapping[str, str]) -> bool:
    """Play the stories and print the report; whether all passed. Raises one of BAD_INPUT.

    What cannot be written is refused before the first story. If a file fails after the last one, the last
    line is printed all the same.
    """
    places = _places(asked.marketplaces)
    own = wave_file.add(asked.waves) if asked.waves is not None else []
    stories = _chosen(paths, asked)
    _check(asked.files)
    github.check(environment)
    real = party_urls(asked.parties)
    kept = open_store(asked.store) if asked.against is None else None
    with closing(kept) if kept is not None else nullcontext():
        here = simulator(kept, wall, own, real) if kept is not None else None
        to = within(here) if here is not None else against((asked.against or "").rstrip("/"))
        report = _played(stories, places, asked, to, real, kept)
        _print(report, stories, places, environment)
        if asked.first and not report.passed:
            say("stopped at the first failure, as -x asks")
        keeper = keeping.of(report, asked.store, asked.against, here)
        for line in keeper.lines():
            say(line)
        try:
            github.summarize(report, environment)
            _write(report, stories, places, asked)
        finally:
            say(reports.last_line(report))
        keeper.serve()
    return report.passed


def listed(paths: Sequence[Path], asked: Asked) -> Iterator[str]:
    """A line for each story that would be played, and how many plays that makes. Raises BadScenarios."""
    places = _places(asked.marketplaces)
    if asked.waves is not None:
        wave_file.add(asked.waves)
    plays = 0
    stories = _chosen(paths, asked)
    for story in stories:
        on = story.played_on(places)
        plays += len(on)
        yield visible(f"{story.path}:{story.line}  {story.title}  [{', '.join(on) or 'played nowhere'}]")
    yield f"{len(stories)} stories, {plays} plays"


def check(paths: Sequence[Path], waves: Path | None = None) -> int:
    """How many stories there are, all of them well formed. Raises BadScenarios."""
    if waves is not None:
        wave_file.add(waves)
    return len(discover(paths, vocabulary(Stage, registry.codes())))


def _chosen(paths: Sequence[Path], asked: Asked) -> list[Story]:
    stories = discover(paths, vocabulary(Stage, registry.codes()))
    stories = tagged(stories, asked.tags)
    return stories if asked.word is None else select(stories, asked.word)


def _places(named: Sequence[str]) -> tuple[str, ...]:
    """The marketplaces that are asked for, in the order of all."""
    known = registry.codes()
    for name in named:
        if name not in known:
            raise BadScenarios(
                [BadScenario("--marketplace", 0, f"{name!r} is no marketplace; {nearest(name, known)}")]
            )
    return tuple(one for one in known if not named or one in named)


def _check(files: Mapping[str, Path]) -> None:
    """Refuse files that cannot be written, or of which one would take the place of another."""
    before: dict[str, Path] = {}
    for option, path in files.items():
        writing.check(option, path)
        for other, taken in before.items():
            if writing.same(path, taken):
                raise writing.CannotWrite(f"{option} {path} is the file of {other}, too; name another")
        before[option] = path


def _played(
    stories: Sequence[Story],
    places: Sequence[str],
    asked: Asked,
    to: ConnectTo,
    real: Mapping[str, str],
    kept: Store | None,
) -> Report:
    # A word chooses stories to be looked at, so the page shows those that pass step by step, too.
    whole = "--html" in asked.files and asked.word is not None
    looking = Looking(whole=whole, keep=asked.keep, first=asked.first)
    # A file or a database is open in one process only, and a kept world must be in this one.
    apart = (kept is None or isinstance(kept, Memory)) and not asked.keep
    canary.sing()
    with progress.screen(sum(len(one.played_on(tuple(places))) for one in stories)) as screen:
        table = Matrix(places, screen.say, verbose=asked.verbose)

        def hear(outcome: Outcome) -> None:
            table.hear(outcome)
            screen.hear(outcome)

        table.begin()
        make_stage = stages(to, asked.seed, real)
        report = run(stories, places, make_stage, asked.jobs, hear, apart=apart, looking=looking)
        table.end()
    return report


def _print(
    report: Report, stories: Sequence[Story], places: Sequence[str], environment: Mapping[str, str]
) -> None:
    for line in summary(report, stories, places):
        say(line)
    for annotation in github.annotations(report, environment):
        say(annotation)


def _write(report: Report, stories: Sequence[Story], places: Sequence[str], asked: Asked) -> None:
    empty = list(empty_cells(stories, places))
    for option, path in asked.files.items():
        content = reports.FORMATS[option](report, seed=str(asked.seed), empty=empty)
        writing.write(option, path, content)
