"""`pytest --prakerja-stories DIR`: stories as tests, one for each marketplace, played in pytest's process.

It is loaded in every run of whoever has installed us, so it imports the engine only to collect stories.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prakerja_sim.scenarios.engine.outcome import Outcome
    from prakerja_sim.scenarios.engine.script import Story
    from prakerja_sim.scenarios.engine.wiring import MakeStage

OPTION = "--prakerja-stories"
SUFFIXES = (".yaml", ".yml", ".py")
SEED = 42
"""As `prakerja-sim replay` has it, so that digests compare."""
_STAGES = pytest.StashKey["MakeStage"]()


class StoryFailed(AssertionError):
    """A story did not go as it says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--prakerja-stories DIR`."""
    parser.getgroup("prakerja-sim").addoption(
        OPTION,
        action="append",
        default=[],
        metavar="DIR",
        help="collect the stories in this folder, or of this file, as tests: one for each marketplace",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look into these folders too, whatever else is collected."""
    for named in config.getoption(OPTION):
        if not Path(named).exists():
            raise pytest.UsageError(f"{OPTION}: {named} does not exist; name a story or a folder of stories")
        if named not in config.args:
            config.args.append(named)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """A story file, unless its name begins with _ or a dot."""
    homes = [Path(one).resolve() for one in parent.config.getoption(OPTION)]
    path = file_path.resolve()
    below = any(path == home or path.is_relative_to(home) for home in homes)
    if not below or path.suffix.lower() not in SUFFIXES or path.name.startswith(("_", ".", "conftest.")):
        return None
    return StoryFile.from_parent(parent, path=file_path)


class StoryFile(pytest.File):
    """A file with a story, or with one for each row of its table."""

    def collect(self) -> Iterator[pytest.Item]:
        """Each story on each of its marketplaces; what is wrong with the file fails the collection."""
        from prakerja_sim.mocks.shop import registry  # noqa: PLC0415  # see above
        from prakerja_sim.scenarios.engine.errors import BadScenarios  # noqa: PLC0415
        from prakerja_sim.scenarios.engine.finding import discover  # noqa: PLC0415
        from prakerja_sim.scenarios.engine.stage import Stage  # noqa: PLC0415
        from prakerja_sim.scenarios.engine.vocabulary import vocabulary  # noqa: PLC0415

        places = registry.codes()
        try:
            found = discover([self.path], vocabulary(Stage, places))
        except BadScenarios as bad:
            raise self.CollectError(str(bad)) from None
        for story in found:
            for place in story.played_on(places):
                yield StoryItem.from_parent(self, name=f"{story.title} [{place}]", story=story, place=place)


class StoryItem(pytest.Item):
    """One story on one marketplace."""

    def __init__(self, *, story: "Story", place: str, **named: Any) -> None:
        super().__init__(**named)
        self.story, self.place = story, place
        self.extra_keyword_matches.update(story.tags)

    def runtest(self) -> None:
        """Play it in a sandbox of its own."""
        from prakerja_sim.scenarios.engine.runner import play  # noqa: PLC0415

        outcome = play(self.story, self.place, _stages(self.config))
        if not outcome.passed:
            raise StoryFailed(_said(outcome))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What the story says of itself; the lines of the engine help nobody."""
        if isinstance(excinfo.value, StoryFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the story stands."""
        return self.path, self.story.line - 1, self.name


def _said(outcome: "Outcome") -> str:
    detail = outcome.failure.detail if outcome.failure else ""
    return "\n".join(filter(None, (outcome.message, detail)))


def _stages(config: pytest.Config) -> "MakeStage":
    """The stages of one simulator in this process."""
    from prakerja_sim.mocks.server.serve import wall  # noqa: PLC0415
    from prakerja_sim.scenarios.engine.wiring import in_process, stages  # noqa: PLC0415
    from prakerja_sim.simulator.stores.memory import Memory  # noqa: PLC0415

    if _STAGES not in config.stash:
        config.stash[_STAGES] = stages(in_process(Memory(), wall), SEED)
    return config.stash[_STAGES]
