"""A request's body: read up to a limit, parsed strictly, validated with all its problems at once."""

import json
from typing import Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wsgi import get_input_stream

from prakerja_sim.mocks.http import problems
from prakerja_sim.simulator.values.reason_texts import Text

LARGEST_BODY = 64 * 1024
LARGEST_INTEGER = 2**53
DEEPEST = 32
IDENTITY = "identity"
BROKEN_OFF = Text(
    "body ended before its Content-Length or its last chunk, or a chunk is malformed",
    "body berakhir sebelum Content-Length atau chunk terakhir, atau ada chunk yang rusak",
)
TOO_DEEP = Text(f"nested deeper than {DEEPEST}", f"bersarang lebih dari {DEEPEST} tingkat")
TOO_LARGE = Text(
    f"beyond the largest whole number, {LARGEST_INTEGER}",
    f"melebihi bilangan bulat terbesar, {LARGEST_INTEGER}",
)
NO_OBJECT = Text("body must be a JSON object", "body harus objek JSON")
UNREADABLE = "permintaan tidak dapat dibaca"
"""What an Indonesian answer says of a request that is none in HTTP."""
UNSEEN = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show as nothing."""
_BETWEEN = (b'" ', b'"\t', b'"\n', b'"\r')


class Model(BaseModel):
    """A part of a contract, which pydantic builds when it is first used.

    A process uses few of some 300, and a start that builds all of them takes a fifth longer.
    """

    model_config = ConfigDict(defer_build=True)


class Body(Model):
    """A request body with exact types; unknown fields are ignored, since real clients send some."""

    model_config = ConfigDict(strict=True, frozen=True)


class Malformed(Exception):
    """A request that is not well formed; the problems name place and remedy, never the value.

    A problem that an Indonesian answer may name is a `Text`; the others are in English only.
    """

    def __init__(self, *problems: str | Text) -> None:
        self.problems = tuple(one if isinstance(one, str) else one.en for one in problems)
        self.indonesian = tuple(one if isinstance(one, str) else one.id for one in problems)
        super().__init__("; ".join(self.problems))


class MalformedBody(Malformed):
    """A body that is not one JSON object."""


class MalformedHeaders(Malformed):
    """A header that identifies the sender is missing or unreadable."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: such a text is as good as missing."""
    return not any(one.isprintable() and not one.isspace() and one not in UNSEEN for one in text)


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise problems.BLANK
    return text


NOT_BLANK = AfterValidator(_not_blank)
"""For what people must write: names, titles, reasons, reviews, complaints."""


def body_of(environ: dict[str, Any]) -> bytes:
    """The request's body, up to LARGEST_BODY; raises Malformed if it ends too early or cannot be read.

    No party is known to take compressed bodies, so one is refused before it is read.
    """
    if environ.get("HTTP_CONTENT_ENCODING", IDENTITY).strip().lower() not in ("", IDENTITY):
        raise UnsupportedMediaType
    try:
        return _read(environ)
    except (OSError, ClientDisconnected):  # the client left, stalled, or sent chunks that make no sense
        raise MalformedBody(BROKEN_OFF) from None


def _read(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal() and len(length) < 6:
        if int(length) > LARGEST_BODY:
            raise RequestEntityTooLarge
        whole: bytes = environ["wsgi.input"].read(int(length)) if length != "0" else b""
        if len(whole) < int(length):
            raise MalformedBody(BROKEN_OFF)
        return whole
    # The stream ends at the limit without an error, so the limit is one byte higher: then we see the excess.
    read = get_input_stream(environ, max_content_length=LARGEST_BODY + 1).read()
    if len(read) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return read


def parsed(raw: bytes, model: type[BaseModel]) -> Any:
    """The body as its model; raises Malformed naming every problem, up to twenty."""
    return validated(loaded(raw), model)


def loaded(raw: bytes) -> Any:
    """The body's JSON, within the limits of size and depth; raises Malformed.

    A number whose fraction is zero is a whole number (JSON Schema 2020-12, 4.2.3): `12500.0` is 12500.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise MalformedBody(
            Text(
                f"body is not JSON: {problem.msg} at byte {problem.pos}",
                f"body bukan JSON, mulai byte {problem.pos}",
            )
        ) from None
    fields = _check_limits(value, "", 1)
    if fields != raw.count(b'":') or any(space in raw for space in _BETWEEN):
        # The quick count found a difference: perhaps a field came twice. The slow parser decides.
        json.loads(raw, object_pairs_hook=_each_once)
    return value


def validated(value: Any, model: type[BaseModel]) -> Any:
    """A JSON object as its model; raises Malformed naming every problem, up to twenty."""
    if not isinstance(value, dict):
        raise MalformedBody(NO_OBJECT)
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        raise Malformed(*problems.named(problem)) from None


def _check_limits(value: Any, place: str, depth: int) -> int:
    """How many fields there are, whole numbers made whole; raises Malformed for what is too deep or large."""
    kind = type(value)
    if kind is str:
        return 0
    if kind is dict or kind is list:
        if depth > DEEPEST:
            raise Malformed(problems.about(place or "body", *TOO_DEEP))
        fields = len(value) if kind is dict else 0
        items = value.items() if kind is dict else enumerate(value)
        for name, inner in items:
            if type(inner) is float and inner.is_integer() and abs(inner) <= LARGEST_INTEGER:
                value[name] = int(inner)
                continue
            fields += _check_limits(inner, f"{place}.{name}" if place else str(name), depth + 1)
        return fields
    if (kind is int or kind is float) and abs(value) > LARGEST_INTEGER:
        raise Malformed(problems.about(place, *TOO_LARGE))
    return 0


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    """An object of which no field comes twice: parsers differ in which of the two they keep."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        name = f"{twice[:64]!r}"
        raise MalformedBody(
            Text(f"body has the field {name} twice", f"isian {name} muncul dua kali dalam body")
        )
