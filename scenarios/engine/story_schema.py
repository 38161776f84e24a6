"""The JSON Schema of a story file, for editors: completion, and most mistakes underlined while one types.

It takes every story that the reader takes. What no schema can see (unused columns, places of faults, days of
the calendar, files that are not there) only the reader refuses.
"""

from collections.abc import Iterable
from typing import Any, get_type_hints

import orjson

from prakerja_sim.scenarios.engine.failures import FAILURES
from prakerja_sim.scenarios.engine.header import HOLDS, TITLE_MAX
from prakerja_sim.scenarios.engine.kinds import NULL, Schema, kind_of
from prakerja_sim.scenarios.engine.vocabulary import Verb, Vocabulary
from prakerja_sim.simulator.programme.rulebook import RULES
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import CHOICES, Settings, range_of

COLUMN: Schema = {"$ref": "#/$defs/column"}
"""Beside the schema of a value: the value of a column in its place."""
TITLE: Schema = {"type": "string", "pattern": r"\S", "maxLength": TITLE_MAX}
HELD: dict[str, Schema] = {
    name: {"type": "boolean"} if name == "fill" else {"type": "array", "items": {"type": "object"}}
    for name in HOLDS
}
WORDS: Schema = {"type": "string", "pattern": r"\S"}


def story_schema(words: Vocabulary) -> Schema:
    """The schema, in the dialect of 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A story of prakerja-sim",
        **_mapping(_head(words.marketplaces), needed=("scenario", "steps")),
        "$defs": {
            "column": {
                "type": "string",
                "pattern": r"\$",
                "description": "The value of a column of `cases`.",
            },
            "step": _step(words.verbs.values(), {"enum": list(words.marketplaces)}),
        },
    }


def written(words: Vocabulary) -> str:
    """The schema as a file."""
    return orjson.dumps(story_schema(words), option=orjson.OPT_INDENT_2).decode() + "\n"


def _head(marketplaces: tuple[str, ...]) -> dict[str, Schema]:
    place: Schema = {"enum": list(marketplaces)}
    apart = {"type": "object", "propertyNames": place, "additionalProperties": WORDS, "minProperties": 1}
    keys = {
        "scenario": (TITLE, "What the story promises, on one line."),
        "marketplaces": (
            {"anyOf": [{"const": "each"}, _list(place)]},
            "Where it is played: each, or a list.",
        ),
        "except": (apart, "The marketplaces that it is not for, each with the reason."),
        "shows": (_ids(FAILURES), "The failures that happen in it (docs/failures.md)."),
        "breaks": (_ids(RULES), "The rules that somebody in it breaks (docs/rules.md)."),
        "keeps": (_ids(RULES), "The rules that somebody in it only just keeps."),
        "tags": (_tags(), "Words by which stories are selected (replay --tag)."),
        "start": (
            {"type": "string"},
            "The first instant of its world, in WIB; or a file with its beginning.",
        ),
        "seed": (
            {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "The seed of its world.",
        ),
        "holds": (_mapping({name: HELD[name] for name in HOLDS}), "What its sandbox is leased with besides."),
        "digest": ({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "The digest with which it must end."),
        "settings": (_settings(), "What differs from the defaults (docs/settings.md)."),
        "cases": (
            _list({"type": "object", "minProperties": 1}),
            "Played once for each row; $name is its value.",
        ),
        "steps": (_list({"$ref": "#/$defs/step"}), "What happens, one verb a step."),
    }
    return {name: {"description": about, **schema} for name, (schema, about) in keys.items()}


def _settings() -> Schema:
    hints = get_type_hints(Settings)
    return _mapping({name: _setting(name, hint) for name, hint in hints.items()})


def _setting(name: str, hint: Any) -> Schema:
    if name in CHOICES:
        return {"enum": list(CHOICES[name])}
    if hint is int:
        least, most = range_of(name)
        number = {"type": "integer", "minimum": least, "maximum": most}
        return {"anyOf": [number, {"type": "string", "pattern": "^[0-9][0-9_]*$"}]}
    return kind_of(hint).schema


def _step(verbs: Iterable[Verb], place: Schema) -> Schema:
    known = list(verbs)
    alone: Schema = {"enum": [verb.name for verb in known if _needs_nothing(verb)]}
    fails: Schema = {"anyOf": [{"enum": [str(reason) for reason in Reason]}, COLUMN]}
    keys = {verb.name: {"description": verb.about, **_arguments(verb)} for verb in known}
    keys["fails"] = {"description": "The reason for which the step must be refused.", **fails}
    keys["at"] = {"description": "The marketplace at which it is done.", "anyOf": [place, COLUMN]}
    one_verb = {"oneOf": [{"required": [verb.name]} for verb in known]}
    return {"anyOf": [alone, {**_mapping(keys), **one_verb}]}


def _needs_nothing(verb: Verb) -> bool:
    return not verb.read({})[1]


def _arguments(verb: Verb) -> Schema:
    takes = {}
    for name, argument in verb.takes.items():
        kind = kind_of(argument.hint)
        about = f"{argument.about} ({kind.says})" if argument.about else kind.says
        takes[name] = {"description": about, **_or_column(kind.schema)}
    needed = [name for name in verb.takes if name in verb.needed]
    together = {"allOf": [verb.schema]} if verb.schema else {}
    written: list[Schema] = [{**_mapping(takes, needed=needed), **together}, COLUMN]
    return {"anyOf": [*written, NULL] if _needs_nothing(verb) else written}


def _or_column(schema: Schema) -> Schema:
    """The value, or that of a column; in a list each by itself."""
    choices = schema.get("anyOf", [schema])
    lists = [{**one, "items": _or_column(one["items"])} for one in choices if "items" in one]
    return {"anyOf": [*(one for one in choices if "items" not in one), *lists, COLUMN]}


def _mapping(keys: dict[str, Schema], needed: Iterable[str] = ()) -> Schema:
    required = {"required": list(needed)} if list(needed) else {}
    return {"type": "object", "properties": keys, "additionalProperties": False, **required}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _tags() -> Schema:
    return {**_list({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"}), "uniqueItems": True}


def _ids(known: Iterable[str]) -> Schema:
    return {**_list({"enum": list(known)}), "uniqueItems": True}
