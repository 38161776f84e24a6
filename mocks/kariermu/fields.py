"""The kinds of fields that Karier.mu's requests are made of: exact types, unknown fields ignored."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.face import Call, Malformed

PRINTABLE = r"^[^\x00-\x1f]*$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
Word = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128, pattern=PRINTABLE)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$")]
Phone = Annotated[str, StringConstraints(pattern=r"^0[0-9]{8,13}$")]
Stars = Annotated[int, Field(ge=1, le=5)]
LONGEST_PAGE = 100


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(strict=True, frozen=True)


class Query(BaseModel):
    """A query, whose values come as text; `platform` and `source` are sent along and change nothing."""

    model_config = ConfigDict(frozen=True)
    platform: Word = ""
    source: Word = ""


Q = TypeVar("Q", bound=Query)


def asked(call: Call, kind: type[Q]) -> Q:
    """The call's query as its model; raises Malformed."""
    given: Q = bodies.validated(dict(call.query), kind)
    return given


def span(call: Call) -> slice:
    """Which rows the path's page and limit mean; raises Malformed."""
    page, limit = (_number(call.path[name], name) for name in ("page", "limit"))
    if limit > LONGEST_PAGE:
        raise Malformed(f"limit: at most {LONGEST_PAGE}")
    return slice((page - 1) * limit, page * limit)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) >= 1):
        raise Malformed(f"{name}: a whole number from 1")
    return int(text)
