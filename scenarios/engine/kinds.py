"""What an argument of a story may be, for people and for editors: a few words and a JSON Schema.

`vocabulary.reader_for` reads by the same types. A schema refuses nothing that the reader takes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from prakerja_sim.scenarios.engine.words import ANYTHING, Words, one_of
from prakerja_sim.simulator.values.money import Rupiah

Schema = dict[str, Any]
LISTED_MAX = 12
"""More words than this are not written out for people; the schema has them all."""
WHOLE: Schema = {
    "anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^(0|-?[1-9][0-9]*(_[0-9]+)*)$"}]
}
RUPIAH: Schema = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?[0-9]+(_[0-9]+)*$"}]}
TEXT: Schema = {"type": ["string", "integer"]}
NULL: Schema = {"type": "null"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: how a person calls it, and its schema."""

    says: str
    schema: Schema


KINDS: Mapping[Any, Kind] = {
    str: Kind("text", TEXT),
    int: Kind("whole number", WHOLE),
    bool: Kind("true or false", {"type": "boolean"}),
    Rupiah: Kind("rupiah, as 650_000", RUPIAH),
    # Spans and times as far as a pattern can tell; the reader looks at the calendar too.
    datetime: Kind(
        "time in WIB, as 2021-09-22 23:59:59", {"type": "string", "pattern": r"^[0-9]{4}-?[0-9W]"}
    ),
    timedelta: Kind("span, as 90s, 5m, 2h or 30d", {"type": "string", "pattern": r"^[0-9]{1,10}[smhd]$"}),
}


def kind_of(hint: Any) -> Kind:
    """What a value of that type is; KeyError for a type that no story can write."""
    origin, inner = get_origin(hint), get_args(hint)
    wanted = [one for one in inner if one is not type(None)]
    if origin in (Union, UnionType) and len(wanted) == 1:
        kind = kind_of(wanted[0])
        return Kind(kind.says, {"anyOf": [kind.schema, NULL]})
    if origin is list:
        kind = kind_of(inner[0])
        return Kind(f"list, each: {kind.says}", {"type": "array", "items": kind.schema})
    if origin is Literal:
        return _words(str, one_of(*inner))
    if origin is Annotated and isinstance(inner[1], Words):
        return _words(inner[0], inner[1])
    if origin is Mapping:
        return Kind("mapping", {"type": "object"})
    return KINDS[hint]


def _words(base: Any, words: Words) -> Kind:
    known = list(dict.fromkeys(str(word) for word in words.known()))
    shown = [f"'{word}'" if "," in word else word for word in known[:LISTED_MAX]]
    listed = ", ".join(shown) + (" ..." if len(known) > LISTED_MAX else "")
    if words.more:  # there may be more than are known when this is written
        return Kind(f"{KINDS[base].says}, known: {listed}", KINDS[base].schema)
    if words.other is None:
        return Kind(f"one of: {listed}" if len(known) > 1 else listed, {"enum": known})
    if words.other is ANYTHING:
        return Kind(f"{listed}, or any text", TEXT)
    other: list[Schema] = [{"type": "string", "pattern": f"^(?:{words.other.pattern})$"}]
    if re.fullmatch(words.other, "1"):
        other.append(
            {"type": "integer"} if re.fullmatch(words.other, "-1") else {"type": "integer", "minimum": 0}
        )
    return Kind(f"{listed}, or {words.called}", {"anyOf": [{"enum": known}, *other]})
