"""The kinds of fields that Pijar's requests are made of: exact types, unknown fields ignored."""

from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.face import Call

PRINTABLE = r"^[^\x00-\x1f]*$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)]
Stars = Annotated[int, Field(ge=1, le=5)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+$")]
Phone = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{7,12}$"), AfterValidator(lambda given: "0" + given)
]
"""A phone without its leading 0, as the site's form wants it."""
Word = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(strict=True, frozen=True)


class Query(BaseModel):
    """A query, whose values come as text."""

    model_config = ConfigDict(frozen=True)


class Paged(Query):
    """Which page of a list, and how long a page is."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


Q = TypeVar("Q", bound=Query)


def asked(call: Call, kind: type[Q]) -> Q:
    """The call's query as its model; raises Malformed."""
    given: Q = bodies.validated(dict(call.query), kind)
    return given
