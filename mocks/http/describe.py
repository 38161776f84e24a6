"""What a face's OpenAPI says beyond its endpoints: who may call, what wraps an answer, examples.

It all has a default, so a face describes only what is different about it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.simulator.values.errors import Reason

Schema = dict[str, Any]
Where = tuple[str, str]
"""Method and path, as the endpoint was registered."""


class Provenance(StrEnum):
    """How well something is known: see the provenance header and the OpenAPI."""

    DOCUMENTED = "documented"
    SEEN = "seen"
    INFERRED = "inferred"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works on a fresh default sandbox, and the status that it gets there."""

    name: str
    body: Mapping[str, Any]
    status: int = 200
    party: str = ""
    """Whose credential signs it."""
    authorization: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A next request that uses a value of this answer, as an OpenAPI link."""

    name: str
    to: Where
    body: Mapping[str, str] = field(default_factory=dict)
    """Fields of the next body and the runtime expressions that fill them."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The same for the next path, query and headers; a header is named with its place."""


def data(*names: str) -> dict[str, str]:
    """Fields that the next body takes from those of the same name in the answer's `data`."""
    return {name: f"$response.body#/data/{name}" for name in names}


def _bare(path: str, answer: Schema | None) -> Schema | None:  # noqa: ARG001  # the same for every path
    return answer


@dataclass(slots=True)
class Described:
    """What one face adds."""

    security: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The headers that an endpoint with the face's own sender check needs, as security schemes."""
    more_security: Mapping[Where, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    signed_by: Mapping[Role, str] = field(default_factory=dict)
    """Whose demo credential signs the requests of callers of a role: a party's code."""
    logged_in: tuple[str, ...] = ()
    """Where, by the start of the path, a handler itself asks for a login."""
    pages: tuple[str, ...] = ()
    """Where, by the start of the path, browsers are shown pages instead of JSON."""
    always: tuple[Exception, ...] = ()
    """What the face's sender check may refuse with, beside an unknown sender."""
    wrapped: Callable[[str, Schema | None], Schema | None] = _bare
    """An answer's schema in the party's envelope; None where nothing is promised."""
    opaque: tuple[str, ...] = ()
    """Where, by the start of the path, answers are no JSON, whatever their golden pairs show."""
    nullable: frozenset[str] = frozenset()
    """Fields that are null in some state, whatever their golden pairs show."""
    optional: frozenset[str] = frozenset()
    """Fields that are left out in some state, likewise."""
    maps: frozenset[tuple[str, str]] = frozenset()
    """Objects whose keys are data, as codes of courses, and no fields: start of the path, and name."""
    free: frozenset[tuple[str, str]] = frozenset()
    """Fields that hold what somebody else said, in whichever shape, likewise."""
    enums: Mapping[tuple[str, str], Iterable[str]] = field(default_factory=dict)
    """The values that a field of an answer takes, by the start of the path and the field's name."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What a field of an answer means, by its name, where the name alone does not say it."""
    refuses_within: tuple[str, ...] = ()
    """Where, by the start of the path, a refusal has a success's status: any field may be missing or null."""
    queries: Mapping[Where, Mapping[str, str]] = field(default_factory=dict)
    """The query's parameters and what each says."""
    forms: Mapping[Where, Mapping[str, Schema]] = field(default_factory=dict)
    """The fields of a page's form; all are optional."""
    statuses: Mapping[Where, tuple[int, ...]] = field(default_factory=dict)
    """The statuses of success where it is not 200."""
    others: Mapping[Where, tuple[int, ...]] = field(default_factory=dict)
    """Further statuses, whose bodies follow another party's words."""
    provenance_of: Callable[[Reason], str] = lambda _: ""
    """How well a reason's code is known."""
    examples: Mapping[Where, tuple[Example, ...]] = field(default_factory=dict)
    links: Mapping[Where, tuple[Link, ...]] = field(default_factory=dict)
    """What each success leads to."""
