"""The GraphQL surface without GraphQL: the operation's name selects a handler.

Clients of that site send fixed, named operations, one or an array of them, and the answer
mirrors the shape.  All of an array is checked before any of it is done.  A refusal comes
inside HTTP 200 in the operation's own style; only a missing login fails the request.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, create_model

from prakerja_sim.mocks.http import bodies, timeline
from prakerja_sim.mocks.http.bodies import Body, Model
from prakerja_sim.mocks.http.face import Call, Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.shop.fields import spelt
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.mocks.tokopedia.words import Message, message_of
from prakerja_sim.simulator.values.errors import Rejected

PATH = "/gql/graphql"
MOST_AT_ONCE = 20


class Asked(Body):
    """One operation in a request; the text of the query is ignored."""

    operationName: str = ""  # noqa: N815  # the wire's name
    variables: dict[str, Any] | None = None
    query: str = ""


Refusal = Callable[[Message], Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A named operation: what it does and takes, how it answers under its field, how it says no."""

    name: str
    field: str
    """The field of `data` under which it answers."""
    provenance: Provenance
    act: Callable[..., Any]
    view: Callable[[Any], Any]
    variables: type[BaseModel]
    refusal: Refusal
    login: bool = True


def add_to(face: Face, site: Site, operations: Iterable[Operation], log_in: Callable[[Call], None]) -> None:
    """Mount every operation under its own path, and the path that takes any of them."""
    by_name = {one.name: replace(one, variables=spelt(one.variables, site.names)) for one in operations}

    def answer(call: Call, named: str) -> Reply:
        return _answer(site, call, by_name, named, log_in)

    for one in by_name.values():
        face.endpoint(
            "POST",
            f"{PATH}/{one.name}",
            provenance=one.provenance,
            body=_documented(one),
            refuses=(one.act,),
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


def errors(what: Message) -> dict[str, Any]:
    """The refusal of most of the shop's modules: no data, and errors with status, code and title."""
    return {"data": None, "errors": [{"status": str(what.status), "code": what.code, "title": what.text}]}


def unsuccessful(what: Message) -> dict[str, Any]:
    """The refusal of the small commands."""
    return {"success": False, "message": what.text, "error_code": what.code}


def from_query(call: Call, name: str) -> str:
    """A value that the URL's query must hold; raises Malformed."""
    value = call.query.get(name, "")
    if not re.fullmatch(r"[^\x00-\x1f]{1,64}", value):
        raise Malformed(f"{name}: is needed, from 1 to 64 characters")
    return value


def _named(one: Operation, answer: Callable[[Call, str], Reply]) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        return answer(call, one.name)

    handler.__name__, handler.__doc__ = one.name, one.act.__doc__
    return handler


def _documented(one: Operation) -> type[BaseModel]:
    fields: Mapping[str, Any] = {
        "operationName": (Literal[one.name], ...),
        "variables": (one.variables, ...),
        "query": (str, ""),
    }
    return create_model(f"{one.name}Operation", __base__=Model, **fields)


def _answer(
    site: Site, call: Call, by_name: Mapping[str, Operation], named: str, log_in: Callable[[Call], None]
) -> Reply:
    content = bodies.loaded(call.raw)
    several = content if isinstance(content, list) else [content]
    if not 1 <= len(several) <= MOST_AT_ONCE:
        raise Malformed(f"body: from 1 to {MOST_AT_ONCE} operations at once")
    prepared = [_prepared(one, by_name, named) for one in several]
    if any(operation.login for operation, _ in prepared):
        log_in(call)
    replies = [_done(site, call, operation, variables) for operation, variables in prepared]
    return Reply(replies if isinstance(content, list) else replies[0])


def _prepared(content: Any, by_name: Mapping[str, Operation], named: str) -> tuple[Operation, BaseModel]:
    request: Asked = bodies.validated(content, Asked)
    name = request.operationName or named
    operation = by_name.get(name)
    if operation is None:
        near = get_close_matches(name[:64], by_name, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(by_name))}"
        raise Malformed(f"operationName: no such operation; {hint}")
    return operation, bodies.validated(request.variables or {}, operation.variables)


def _done(site: Site, call: Call, one: Operation, variables: BaseModel) -> dict[str, Any]:
    try:
        answered = one.view(one.act(site, call, variables))
    except Rejected as refused:
        timeline.of(call.environ).refusal = refused
        answered = one.refusal(message_of(refused))
    return {"data": {one.field: answered}}
