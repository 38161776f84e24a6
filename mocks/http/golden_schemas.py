"""The successes of a party's OpenAPI, read from its golden pairs.

A golden pair is a request and its answer, stored byte for byte in the party's folder and compared by a
test, so a schema that follows from it cannot differ from the wire.  The face names the fields that an
answer leaves empty in one state and not in another (`nullable`, `optional`); a test compares every story.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from werkzeug.exceptions import HTTPException

from prakerja_sim.mocks.http.describe import Described, Schema, Where
from prakerja_sim.mocks.http.face import Face

HERE = Path(__file__).parent.parent
KINDS: Mapping[type, str] = {
    dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number",
}  # fmt: skip
SUCCESSES_END = 300
Answered = tuple[str, int]
"""An endpoint as `METHOD /path`, and a status of success."""


class Pair(NamedTuple):
    """What was sent and what came back, as JSON; what was sent is None where it was none."""

    sent: Any
    answered: Any


@cache
def pairs(face: Face) -> Mapping[Answered, list[Pair]]:
    """The JSON successes of every endpoint; empty for a party without golden pairs."""
    found: dict[Answered, list[Pair]] = {}
    opaque = (*face.described.pages, *face.described.opaque)
    for path in sorted((HERE / face.code / "golden").rglob("*.json")):
        pair = orjson.loads(path.read_bytes())
        request, response = pair["request"], pair["response"]
        where = endpoint_of(face, request["method"], request["path"])
        body = _body(response)
        if where is None or body is None or response["status"] >= SUCCESSES_END:
            continue
        if not where.partition(" ")[2].startswith(opaque):
            found.setdefault((where, response["status"]), []).append(Pair(_sent(request), body))
    return found


@cache
def successes(face: Face) -> Mapping[Answered, Schema]:
    """The schema of every JSON success of every endpoint; empty for a party without golden pairs."""
    schemas = {}
    for answered, some in pairs(face).items():
        path = answered[0].partition(" ")[2]
        loose = path.startswith(face.described.refuses_within)
        schemas[answered] = sketch([one.answered for one in some], face.described, path=path, loose=loose)
        _explain(schemas[answered], path, face.described)
    return schemas


def example(face: Face, where: Where, statuses: Iterable[int]) -> Pair | None:
    """A success with one of these statuses as it was recorded, for a reader; None where there is none."""
    some = (pairs(face).get((" ".join(where), status), ()) for status in statuses)
    return next((pair for found in some for pair in found), None)


def endpoint_of(face: Face, method: str, path: str) -> str | None:
    """The endpoint that a path reaches below the face's mount, as `METHOD /path`."""
    try:
        rule, _ = face.app.url_map.bind("").match(path.partition("?")[0], method, return_rule=True)
    except HTTPException:
        return None
    return str(rule.endpoint)


def sketch(
    values: list[Any], described: Described, name: str = "", *, path: str = "", loose: bool = False
) -> Schema:
    """The schema of JSON values that were seen under a name: types, fields, and which are always there.

    With `loose`, any field may be missing or null.
    """
    kinds = sorted({KINDS[type(value)] for value in values if value is not None})
    if not kinds or _is_among(described.free, path, name):
        return {}  # nothing but null was seen, or whatever was said
    if None in values or name in described.nullable or (loose and name):
        kinds.append("null")
    schema: Schema = {"type": kinds[0] if len(kinds) == 1 else kinds}
    objects = [value for value in values if isinstance(value, dict)]
    if objects and _is_among(described.maps, path, name):
        within = [one for value in objects for one in value.values()]
        schema["additionalProperties"] = sketch(within, described, path=path, loose=loose)
    elif objects:
        fields = dict.fromkeys(field for value in objects for field in value)
        seen = {field: [value[field] for value in objects if field in value] for field in fields}
        schema["properties"] = {
            field: sketch(some, described, field, path=path, loose=loose) for field, some in seen.items()
        }
        always = [field for field, some in seen.items() if len(some) == len(objects)]
        schema["required"] = [field for field in always if field not in described.optional and not loose]
    if "array" in kinds:
        within = [one for value in values if isinstance(value, list) for one in value]
        schema["items"] = sketch(within, described, path=path, loose=loose)
    return schema


def _is_among(fields: frozenset[tuple[str, str]], path: str, name: str) -> bool:
    return any(named == name and path.startswith(start) for start, named in fields)


def _explain(schema: Schema, path: str, described: Described) -> None:
    """Add to the fields of a schema what the face says of them: the values that they take, what they mean."""
    for name, one in schema.get("properties", {}).items():
        for (start, named), values in described.enums.items():
            if named == name and path.startswith(start):
                of = one.get("items", one)
                if "string" in of["type"]:
                    of["enum"] = [*map(str, values), *([None] if "null" in of["type"] else [])]
        if name in described.meanings:
            one["description"] = described.meanings[name]
        _explain(one, path, described)
    for within in ("items", "additionalProperties"):
        if within in schema:
            _explain(schema[within], path, described)


def _sent(request: Mapping[str, Any]) -> Any:
    """What was sent, if it was JSON."""
    body = request["body"]
    if not isinstance(body, str):
        return body
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _body(response: Mapping[str, Any]) -> Any:
    """The answer's JSON, or its plain text; None if it is something else."""
    body = response["body"]
    if not isinstance(body, str):
        return body
    kind = response.get("content_type", "")
    return orjson.loads(body) if "json" in kind else body if kind.startswith("text/plain") else None
