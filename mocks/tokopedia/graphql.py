"""The GraphQL surface without GraphQL: the operation's name selects a handler.

Clients of that site send fixed, named operations, one or an array of them, and the answer
mirrors the shape.  All of an array is checked before any of it is done.  A refusal is told
inside HTTP 200 in the operation's own style; only a missing login fails the request.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, create_model

from prakerja_sim.mocks.http import bodies
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.tokopedia.words import Said, said
from prakerja_sim.simulator.values.errors import Reason, Rejected

PATH = "/gql/graphql"
MOST_AT_ONCE = 20

PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=PRINTABLE)]
Short = Annotated[str, StringConstraints(max_length=64, pattern=PRINTABLE)]
Id = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PRINTABLE)],
    BeforeValidator(lambda given: str(given) if type(given) is int else given),
]
"""An id as clients write it: text or a number."""


class Variables(BaseModel):
    """An operation's variables: exact types, unknown ones ignored, as real clients send some."""

    model_config = ConfigDict(strict=True, frozen=True)


class Asked(BaseModel):
    """One operation as it comes; the query's text is not looked at."""

    model_config = ConfigDict(strict=True, frozen=True)
    operationName: str = ""  # noqa: N815  # the wire's name
    variables: dict[str, Any] | None = None
    query: str = ""


Handler = Callable[..., Any]
Refusal = Callable[[Said], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A named operation: what it takes, who may ask, and how it says no."""

    name: str
    field: str
    """The field of `data` under which it answers."""
    variables: type[Variables]
    handler: Handler
    refusal: Refusal
    provenance: Provenance
    login: bool
    refuses: tuple[Reason, ...]


OPERATIONS: dict[str, Operation] = {}


def operation(
    name: str,
    field: str,
    variables: type[Variables],
    *,
    provenance: Provenance,
    refusal: Refusal,
    login: bool = False,
    refuses: tuple[Reason, ...] = (),
) -> Callable[[Handler], Handler]:
    """Register a handler, which gets the call and the checked variables and answers the field's value."""

    def register(handler: Handler) -> Handler:
        OPERATIONS[name] = Operation(name, field, variables, handler, refusal, provenance, login, refuses)
        return handler

    return register


def add_to(face: Face, log_in: Callable[[Call], None]) -> None:
    """Mount every operation under its own path, and the path that takes any of them."""

    def answer(call: Call, named: str) -> Reply:
        return _answer(call, named, log_in)

    for one in OPERATIONS.values():
        face.endpoint(
            "POST",
            f"{PATH}/{one.name}",
            provenance=one.provenance,
            body=_documented(one),
            refuses=one.refuses,
            open_to_all=True,
            raw=True,
        )(_named(one, answer))

    def graphql(call: Call) -> Reply:
        """Do one operation, or an array of them."""
        return answer(call, "")

    def graphql_of_other_name(call: Call) -> Reply:
        """Say that there is no such operation, or do those that the body names."""
        return answer(call, call.path["operation"])

    seen = {"provenance": Provenance.SEEN, "body": Asked, "open_to_all": True, "raw": True}
    face.endpoint("POST", PATH, **seen)(graphql)  # type: ignore[arg-type]  # one table for two
    face.endpoint("POST", f"{PATH}/<operation>", **seen)(graphql_of_other_name)  # type: ignore[arg-type]


def errors(what: Said) -> dict[str, Any]:
    """How most of the shop's modules say no: no data, and errors with status, code and title."""
    return {"data": None, "errors": [{"status": str(what.status), "code": what.code, "title": what.text}]}


def unsuccessful(what: Said) -> dict[str, Any]:
    """How the small commands say no."""
    return {"success": False, "message": what.text, "error_code": what.code}


def from_query(call: Call, name: str) -> str:
    """A value that the URL's query must hold; raises Malformed."""
    given = call.query.get(name, "")
    if not re.fullmatch(r"[^\x00-\x1f]{1,64}", given):
        raise Malformed(f"{name}: is needed, from 1 to 64 characters")
    return given


def _named(one: Operation, answer: Callable[[Call, str], Reply]) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        return answer(call, one.name)

    handler.__name__ = one.name
    handler.__doc__ = one.handler.__doc__
    return handler


def _documented(one: Operation) -> type[BaseModel]:
    fields: Mapping[str, Any] = {
        "operationName": (Literal[one.name], ...),
        "variables": (one.variables, ...),
        "query": (str, ""),
    }
    return create_model(f"{one.name}Operation", **fields)


def _answer(call: Call, named: str, log_in: Callable[[Call], None]) -> Reply:
    given = bodies.loaded(call.raw)
    several = given if isinstance(given, list) else [given]
    if not 1 <= len(several) <= MOST_AT_ONCE:
        raise Malformed(f"body: from 1 to {MOST_AT_ONCE} operations at once")
    prepared = [_prepared(one, named) for one in several]
    if any(operation.login for operation, _ in prepared):
        log_in(call)
    replies = [_done(call, operation, variables) for operation, variables in prepared]
    return Reply(replies if isinstance(given, list) else replies[0])


def _prepared(given: Any, named: str) -> tuple[Operation, Variables]:
    asked: Asked = bodies.validated(given, Asked)
    name = asked.operationName or named
    found = OPERATIONS.get(name)
    if found is None:
        near = get_close_matches(name[:64], OPERATIONS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(OPERATIONS))}"
        raise Malformed(f"operationName: no such operation; {hint}")
    return found, bodies.validated(asked.variables or {}, found.variables)


def _done(call: Call, one: Operation, variables: Variables) -> dict[str, Any]:
    try:
        answered = one.handler(call, variables)
    except Rejected as refused:
        answered = one.refusal(said(refused.reason))
    return {"data": {one.field: answered}}
