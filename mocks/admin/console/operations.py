"""The admin API's operations, done from a form: the same handlers, the same bodies, the same refusals.

A form names the operation by method and path; its other fields are those of the operation's body, of its
path or of its query.  There is no second copy of an operation, so a new one needs only a form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from pydantic import BaseModel

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.bodies import validated
from prakerja_sim.mocks.http.exchanges import Operation
from prakerja_sim.mocks.http.face import Call, Endpoint, Face, Malformed, Reply
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.reason_texts import Text

Fields = Mapping[str, Sequence[str] | str]
LONGEST_NUMBER = 15
"""So many digits of a whole number are exact in JSON."""
_WHOLE = re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{3})+)", re.ASCII)
"""A whole number, also with the dots that Indonesians put between thousands."""


class Answered(Exception):
    """An operation answered with an error of its own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def explained(self) -> dict[str, Any]:
        """The same in the form of `why.explained`; the message is in the words of whoever answered."""
        said = {"reason": self.code, "says": Text(self.message, self.message)._asdict(), "rule": None}
        return {**said, "rules": [], "values": {}, "fields": {}, "fields_id": {}}


def endpoint_of(face: Face, method: str, path: str) -> Endpoint | None:
    """The operation at a path as the API writes it, such as /orders/<order>/void."""
    return next((one for one in face.endpoints if (one.method, one.path) == (method, path)), None)


def perform(face: Face, call: Call, method: str, path: str, fields: Fields) -> Any:
    """What the operation answers, as JSON would hold it.

    Raises Rejected and Malformed as the operation does, Answered for an error that it answers itself.
    """
    reply = replied(face, call, method, path, fields)
    answer = orjson.loads(reply.body) if isinstance(reply.body, bytes) else reply.body
    if reply.status >= 400:
        raise Answered(reply.status, **answer["error"])
    return answer


def replied(face: Face, call: Call, method: str, path: str, fields: Fields) -> Reply:
    """The operation's reply; raises Rejected and Malformed as it does."""
    endpoint = endpoint_of(face, method, path)
    if endpoint is None:
        raise Malformed(f"do: the admin API has no {method} {path}")
    named = {name: _last(value) for name, value in fields.items()}
    parameters = {name: value for name, value in named.items() if f"<{name}>" in path}
    query = {name: value for name, value in named.items() if name not in parameters}
    environ = {**call.environ, "REQUEST_METHOD": method, "PATH_INFO": path}
    environ["QUERY_STRING"] = urlencode(query) if method == "GET" else ""
    inner = replace(call, environ=environ, path=parameters, raw=b"")
    if method == "GET":
        face.check_query(inner, face.described.queries.get((method, path), {}))
        reply = _reply(endpoint, inner, fields)
    else:
        reply = _done(face, endpoint, inner, fields)
    call.sandbox, call.head = inner.sandbox, inner.head or call.head
    return reply


def _done(face: Face, endpoint: Endpoint, call: Call, fields: Fields) -> Reply:
    """The reply of an operation that changes something; the timeline has it as a program's request."""
    now = timeline.of(call.environ)
    now.operation, now.passed_on = endpoint.name, False
    try:
        reply = _reply(endpoint, call, fields)
    except Rejected as refusal:
        now.did = _operation(endpoint, call.path, fields, face.envelope(call.environ).refused(refusal))
        raise
    except Malformed as problem:
        now.did = _operation(endpoint, call.path, fields, face.envelope(call.environ).malformed(problem))
        raise
    now.did = _operation(endpoint, call.path, fields, reply)
    return reply


def _reply(endpoint: Endpoint, call: Call, fields: Fields) -> Reply:
    try:
        if endpoint.body is None:
            return endpoint.handler(call)
        return endpoint.handler(call, validated(body_from(endpoint.body, fields), endpoint.body))
    except Rejected as refusal:
        if refusal.reason not in endpoint.refuses:
            raise AssertionError(f"{endpoint.name} refuses undeclared: {refusal.reason}") from refusal
        timeline.of(call.environ).refusal = refusal
        raise
    except Malformed as problem:
        timeline.of(call.environ).refusal = problem
        raise


def _operation(endpoint: Endpoint, parameters: Mapping[str, str], fields: Fields, reply: Reply) -> Operation:
    path = endpoint.path
    for name, value in parameters.items():
        path = path.replace(f"<{name}>", quote(value, safe=""))
    sent = orjson.dumps(body_from(endpoint.body, fields)) if endpoint.body is not None else b""
    answer = reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)
    return Operation(endpoint.method, path, sent, reply.status, answer)


def body_from(model: type[BaseModel], fields: Fields) -> dict[str, Any]:
    """A form's fields as the JSON that the model takes; a field that was left empty is left out.

    What is no number where one belongs stays a text, so that the model says what is wrong with it.
    """
    kinds = {name: _kinds(schema) for name, schema in model.model_json_schema()["properties"].items()}
    found = {name: _value(kinds[name], fields[name]) for name in fields if name in kinds}
    return {name: value for name, value in found.items() if value not in ("", [])}


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    """What JSON calls the values that a field takes."""
    kinds = {one.get("type", "object") for one in schema.get("anyOf", [])}
    return kinds or {schema.get("type", "object")}


def _value(kinds: set[str], sent: Sequence[str] | str) -> Any:
    text = _last(sent)
    if "array" in kinds and not text.strip().startswith("["):
        many = [sent] if isinstance(sent, str) else sent
        return [part.strip() for one in many for part in one.replace("\n", ",").split(",") if part.strip()]
    if kinds & {"object", "array"} and text.strip():
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    if "integer" in kinds and len(text) <= LONGEST_NUMBER and _WHOLE.fullmatch(text.strip()):
        return int(text.replace(".", ""))
    return text


def _last(value: Sequence[str] | str) -> str:
    return value if isinstance(value, str) else value[-1]
