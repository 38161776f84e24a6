"""Finding the stories: all there are, those of some files and folders, those with a word in them.

What is asked for and not there is bad input, never an empty success.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from prakerja_sim.scenarios.engine import python_story, yaml_story
from prakerja_sim.scenarios.engine.errors import BadScenario, BadScenarios, nearest
from prakerja_sim.scenarios.engine.script import Story
from prakerja_sim.scenarios.engine.vocabulary import Vocabulary

ENGINE = Path(__file__).resolve().parent
HOME = ENGINE.parent
_READERS = {".yaml": yaml_story.stories, ".yml": yaml_story.stories, ".py": python_story.stories}


def discover(paths: Sequence[Path | str], vocabulary: Vocabulary) -> list[Story]:
    """The stories of these files and folders, or all there are if none is named, in the order of their paths.

    Raises BadScenarios with everything that is wrong with any of them.
    """
    found: list[Story] = []
    problems: list[BadScenario] = []
    for path in _files(paths or [HOME], problems):
        try:
            found += _READERS[path.suffix.lower()](path, vocabulary)
        except BadScenarios as bad:
            problems += bad.problems
    first: dict[str, Story] = {}
    for story in found:
        other = first.setdefault(story.title, story)
        if other is not story:
            said = f"{other.path}:{other.line} has the same title, {story.title!r}; choose another"
            problems.append(BadScenario(story.path, story.line, said))
    if problems:
        raise BadScenarios(problems)
    return found


def _files(paths: Iterable[Path | str], problems: list[BadScenario]) -> list[Path]:
    """Every story file below these paths, once."""
    files: dict[Path, Path] = {}
    for path in map(Path, paths):
        before = len(problems)
        below = sorted(_below(path, problems, set())) if path.is_dir() else [path]
        if path.is_symlink() and not path.exists():
            problems.append(_broken(path))
        elif not path.exists():
            problems.append(BadScenario(path, 0, "does not exist; name a story file or a folder of stories"))
        elif not below and len(problems) == before:
            problems.append(BadScenario(path, 0, "has no story in it; name a folder with .yaml or .py files"))
        elif not _has_suffix(path) and not path.is_dir():
            problems.append(BadScenario(path, 0, "is no story; name a .yaml or .py file"))
        elif _is_engine(path):
            problems.append(BadScenario(path, 0, "is part of the engine; name a file in a folder beside it"))
        else:
            files |= {one.resolve(): _shown(one) for one in below}
    return list(files.values())


def _below(folder: Path, problems: list[BadScenario], seen: set[Path]) -> Iterator[Path]:
    """The story files in a folder and in those within it, behind links too; each folder is walked once.

    Names that begin with _ or . are helpers or hidden. What looks like a story and cannot be read as one
    is a problem, so that nothing is left out silently.
    """
    seen.add(folder.resolve())
    try:
        inside = sorted(folder.iterdir())
    except OSError as problem:
        problems.append(
            BadScenario(folder, 0, f"cannot be looked into: {problem.strerror}; check its rights")
        )
        return
    for one in inside:
        if one.name.startswith(("_", ".")) or _is_engine(one):
            continue
        if one.is_dir():
            if one.resolve() not in seen:
                yield from _below(one, problems, seen)
        elif one.is_symlink() and not one.exists():
            problems.append(_broken(one))
        elif _has_suffix(one):
            if one.is_file():
                yield one
            else:
                problems.append(BadScenario(one, 0, "is a device, a pipe or a socket; put a file there"))


def _broken(link: Path) -> BadScenario:
    return BadScenario(link, 0, f"is a link to {link.readlink()}, which is not there; mend or remove it")


def _has_suffix(path: Path) -> bool:
    """Whether a name ends as a story's does, in capitals or not."""
    return path.suffix.lower() in _READERS


def _is_engine(path: Path) -> bool:
    return path.resolve().is_relative_to(ENGINE)


def _shown(path: Path) -> Path:
    """The path as a person here would write it, and as a report may carry it elsewhere."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


def _named(path: Path) -> Path:
    """The path in which a word is looked for: of our own stories not where they are installed."""
    home = HOME.parent
    return path.resolve().relative_to(home) if path.resolve().is_relative_to(HOME) else path


def tagged(stories: Iterable[Story], tags: Collection[str]) -> list[Story]:
    """The stories with any of these tags; BadScenarios for a tag that no story has."""
    among = list(stories)
    known = {tag for one in among for tag in one.tags}
    for tag in tags:
        if tag not in known:
            raise BadScenarios(
                [BadScenario("--tag", 0, f"no story has the tag {tag!r}; {nearest(tag, known)}")]
            )
    return [one for one in among if not tags or not set(one.tags).isdisjoint(tags)]


def select(stories: Iterable[Story], word: str) -> list[Story]:
    """The stories with that word in their title or path, in any case; BadScenarios if there is none."""
    among = list(stories)
    chosen = [one for one in among if word.lower() in f"{one.title}\n{_named(one.path)}".lower()]
    if not chosen:
        hint = nearest(word, {one.path.stem for one in among})
        raise BadScenarios([BadScenario("-k", 0, f"no story has {word!r} in its title or path; {hint}")])
    return chosen
