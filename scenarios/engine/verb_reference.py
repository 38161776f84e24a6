"""What a story can say, from the stage itself: each verb with its arguments, and an example from a story."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from prakerja_sim.mocks.docs.partner_api import table
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.kinds import kind_of
from prakerja_sim.scenarios.engine.script import Step, Story
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.scenarios.engine.vocabulary import Argument, Verb, Vocabulary
from prakerja_sim.scenarios.engine.writer import to_yaml
from prakerja_sim.simulator.values.money import Rupiah

ALIKE = ("person",)
"""Arguments that say nothing of what a verb is for."""


def verbs(words: Vocabulary, stories: Iterable[Story]) -> list[dict[str, Any]]:
    """Each verb: its chapter, what it does, its arguments, and an example with the story that it is from.

    KeyError if no story of these uses a verb.
    """
    examples = _examples(stories)
    return [
        {
            "verb": verb.name,
            "chapter": getattr(Stage, verb.name).__qualname__.partition(".")[0].lower(),
            "does": " ".join(verb.about.split()),
            "arguments": [_argument(verb, name, argument) for name, argument in verb.takes.items()],
            "example": _text(example),
            "story": story.path.resolve().relative_to(HOME.parent.resolve()).as_posix(),
        }
        for verb in words.verbs.values()
        for story, example in [examples[verb.name]]
    ]


def chapters(told: Sequence[dict[str, Any]]) -> str:
    """The same as Markdown, a section for each chapter."""
    by_chapter: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        by_chapter.setdefault(one["chapter"], []).append(one)
    return "\n".join(_chapter(name, inside) for name, inside in sorted(by_chapter.items()))


def _chapter(name: str, inside: Sequence[dict[str, Any]]) -> str:
    parts = [f"### {name.capitalize()}\n"]
    for one in inside:
        rows: list[tuple[str, ...]] = [
            (f"`{a['name']}`", a["type"], a["default"], a["says"]) for a in one["arguments"]
        ]
        head: tuple[str, ...] = ("argument", "type", "if left out", "what it is")
        if not any(row[-1] for row in rows):
            head, rows = head[:-1], [row[:-1] for row in rows]
        parts += [f"#### `{one['verb']}`\n", f"{one['does']}\n"]
        parts += [table(head, rows) + "\n"] if rows else []
        parts += [f"```yaml\n{one['example']}\n```\n", f"From [{one['story']}](../{one['story']}).\n"]
    return "\n".join(parts)


def _argument(verb: Verb, name: str, argument: Argument) -> dict[str, str]:
    default = "must be there" if name in verb.needed else _shown(argument.default)
    return {"name": name, "type": kind_of(argument.hint).says, "default": default, "says": argument.about}


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, Rupiah):
        return f"{default.amount:_}"
    return "" if default is None else str(default)


def _examples(stories: Iterable[Story]) -> dict[str, tuple[Story, Step]]:
    """For each verb the step that shows best what is usually written: the plainest of the commonest form.

    Of stories in YAML alone, since one in Python must be played to show its steps.
    """
    uses: dict[str, list[tuple[Story, Step]]] = {}
    for story in stories:
        steps: list[Step] = []
        if story.path.suffix != ".py":
            story.play(steps.append)
        for step in steps:
            uses.setdefault(step.verb, []).append((story, step))
    return {verb: _plainest(found) for verb, found in uses.items()}


def _plainest(uses: Sequence[tuple[Story, Step]]) -> tuple[Story, Step]:
    forms = Counter(_form(step) for _, step in uses)

    def rank(use: tuple[Story, Step]) -> tuple[Any, ...]:
        story, step = use
        place = story.path.as_posix()
        rare = (step.fails is not None, bool(story.marketplaces), -forms[_form(step)])
        return (*rare, len(_text(step)), place, step.line)

    return min(uses, key=rank)


def _text(step: Step) -> str:
    """The step as a story has it."""
    whole = to_yaml([(step.verb, step.arguments, step.fails)], title="an example", why="an example")
    return whole.partition("steps:\n")[2].rstrip()


def _form(step: Step) -> tuple[str, ...]:
    return tuple(sorted(name for name in step.arguments if name not in ALIKE))
