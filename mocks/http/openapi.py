"""The OpenAPI 3.1 document that follows from a face's contract.

Refusals are not written down twice: the party's envelope gives the answer for each reason
that an endpoint lists, so codes, texts and shapes are those of the wire.  `x-provenance` says how
well an operation, a field or a code is known.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from prakerja_sim.mocks.http import golden_schemas, operation_words
from prakerja_sim.mocks.http.bodies import MalformedBody
from prakerja_sim.mocks.http.describe import Schema, Where
from prakerja_sim.mocks.http.face import Endpoint, Face, Malformed, Provenance, Reply
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.errors import Rejected

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
JSON, FORM, PLAIN = "application/json", "application/x-www-form-urlencoded", "text/plain"
Named = Mapping[type[BaseModel], Schema]
CODES = ("code", "error_code", "response_code")
"""The fields that tell refusals apart: their values are listed in the schema."""
BY_FIELD = "errors"
"""Where an envelope tells problems by the request's own fields, whichever they are."""


@cache
def document(face: Face) -> dict[str, Any]:
    """The document of one party; everybody gets the same one, which nobody changes."""
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    named, schemas = _schemas(face)
    for endpoint in face.endpoints:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(face, endpoint, named)
        schemes |= {name: {"type": "apiKey", **scheme} for name, scheme in _security(face, endpoint).items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{face.title} (simulated)",
            "version": VERSION,
            "description": "x-provenance says how well a thing is known: documented by the real party,"
            " seen in its clients, inferred, or simulated. x-callers says whom"
            " an operation is for, x-refuses names the programme's reasons.",
        },
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def refusals(face: Face, endpoint: Endpoint) -> Iterator[tuple[str, Reply, str]]:
    """All refusals of an endpoint: the reason, the answer, and how well its code is known."""
    environ = {"PATH_INFO": endpoint.path, "REQUEST_METHOD": endpoint.method, "sim.path": endpoint.path}
    words = face.envelope(environ)
    if endpoint.sender is not None or endpoint.path.startswith(face.described.logged_in):
        yield "unauthorized", words.unauthorized(), "simulated"
        for problem in face.described.always if endpoint.sender and endpoint.sender is face.sender else ():
            if isinstance(problem, Rejected):
                yield (
                    problem.reason.value,
                    words.refused(problem),
                    face.described.provenance_of(problem.reason),
                )
            elif isinstance(problem, Malformed):
                yield "headers_missing", words.malformed(problem), "simulated"
            else:
                yield "not_found", words.unknown(404), "simulated"
    if endpoint.body is not None and endpoint.method != "GET":
        yield "malformed_body", words.malformed(MalformedBody("body is not JSON")), "simulated"
        yield "too_large", words.unknown(413), "simulated"
        yield "compressed", words.unknown(415), "simulated"
    if _PARAMETER.search(endpoint.path):
        yield "not_found", words.unknown(404), "simulated"
        yield "method", words.unknown(405), "simulated"  # an empty parameter gives another path
    if endpoint.body is not None or _queries(face, endpoint):
        yield "malformed", words.malformed(Malformed("field: what is wrong with it")), "simulated"
    for reason in endpoint.refuses:
        yield reason.value, words.refused(Rejected(reason)), face.described.provenance_of(reason)


def _operation(face: Face, endpoint: Endpoint, named: Named) -> dict[str, Any]:
    where = (endpoint.method, endpoint.path)
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint.method, endpoint.path),
        "summary": endpoint.summary,
        "description": operation_words.description(endpoint),
        "tags": [operation_words.tag(endpoint)],
        "x-provenance": endpoint.provenance.value,
        "x-callers": endpoint.callers.value,
        "x-refuses": [reason.value for reason in endpoint.refuses],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in _PARAMETER.findall(endpoint.path)
            ),
            *_queries(face, endpoint),
        ],
        "responses": _responses(face, endpoint, named),
    }
    security = _security(face, endpoint)
    if security:
        operation["security"] = [{name: [] for name in security}]
    signer = face.described.signed_by.get(endpoint.callers, "") if security else ""
    if signer:
        operation["x-signed-by"] = signer
    recorded = golden_schemas.example(face, where, face.described.statuses.get(where, (200,)))
    if endpoint.body is not None and endpoint.method != "GET":
        content: dict[str, Any] = {"schema": named[endpoint.body]}
        examples = face.described.examples.get((endpoint.method, endpoint.path), ())
        if examples:
            content["examples"] = {
                one.name: {"value": dict(one.body), "summary": f"answers {one.status}"} for one in examples
            }
        elif recorded is not None and recorded.sent is not None:
            content["example"] = recorded.sent
        operation["requestBody"] = {"required": True, "content": {JSON: content}}
    form = face.described.forms.get((endpoint.method, endpoint.path))
    if form is not None:
        content = {"schema": {"type": "object", "properties": dict(form)}}
        operation["requestBody"] = {"required": True, "content": {FORM: content}}
    return operation


def _operation_id(method: str, path: str) -> str:
    return method.lower() + re.sub(r"[^A-Za-z0-9]+", "_", path)


def _links(face: Face, where: Where) -> dict[str, Any]:
    links = {}
    for link in face.described.links.get(where, ()):
        entry: dict[str, Any] = {"operationId": _operation_id(*link.to)}
        if link.body:
            entry["requestBody"] = dict(link.body)
        if link.parameters:
            entry["parameters"] = dict(link.parameters)
        links[link.name] = entry
    return {"links": links} if links else {}


def _queries(face: Face, endpoint: Endpoint) -> list[Schema]:
    """The query's parameters: of a GET its model's fields, else those that the face names."""
    if endpoint.method == "GET" and endpoint.body is not None:
        model = endpoint.body.model_json_schema()
        needed = model.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in needed, "schema": schema}
            for name, schema in model["properties"].items()
        ]
    named = face.described.queries.get((endpoint.method, endpoint.path), {})
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": {"type": "string"},
            "description": description,
        }
        for name, description in named.items()
    ]


def _security(face: Face, endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.sender is None:
        return {}
    usual = face.described.security if endpoint.sender is face.sender else {}
    return {**usual, **face.described.more_security.get((endpoint.method, endpoint.path), {})}


def _responses(face: Face, endpoint: Endpoint, named: Named) -> dict[str, Any]:
    where = (endpoint.method, endpoint.path)
    answer = None if endpoint.answer is None else named[endpoint.answer]
    schema = face.described.wrapped(endpoint.path, answer)
    responses: dict[str, Any] = {}
    golden = golden_schemas.successes(face)
    for status in face.described.statuses.get(where, (200,)):
        responses[str(status)] = {"description": endpoint.summary, **_links(face, where)}
        seen = schema
        if answer is None:  # then what was recorded says more than an empty envelope
            seen = golden.get((f"{endpoint.method} {endpoint.path}", status), schema)
        if seen is not None:
            recorded = golden_schemas.example(face, where, (status,))
            shown: dict[str, Any] = {"schema": seen} | ({"example": recorded.answered} if recorded else {})
            plain = recorded is not None and isinstance(recorded.answered, str)
            responses[str(status)]["content"] = {PLAIN if plain else JSON: shown}
    grouped: dict[int, list[tuple[str, Reply, str]]] = {}
    for refusal in refusals(face, endpoint):
        grouped.setdefault(refusal[1].status, []).append(refusal)
    for status, some in sorted(grouped.items()):
        if str(status) in responses:  # a party that refuses with 200, as GraphQL does
            _either(responses[str(status)], _refused(some))
        else:
            responses[str(status)] = _refused(some)
    for status in face.described.others.get(where, ()):
        responses[str(status)] = {"description": "refused; the code is the programme's own reason"}
    if endpoint.path.startswith(face.described.pages):
        responses = {status: {**response, "description": "a page"} for status, response in responses.items()}
    return responses


def _either(success: dict[str, Any], refused: dict[str, Any]) -> None:
    """One status for both: the answer is one of two shapes, if both are known."""
    content, other = success.pop("content", None), refused.get("content")
    if content is not None and other is not None:
        schemas = [one[JSON]["schema"] for one in (content, other)]
        shown = {name: value for name, value in content[JSON].items() if name == "example"}
        success["content"] = {JSON: {"schema": {"anyOf": schemas}, **shown}}


def _refused(some: list[tuple[str, Reply, str]]) -> dict[str, Any]:
    """One status of refusals: its schema with all codes, and each answer as an example."""
    bodies = [reply.body for _, reply, _ in some]
    response: dict[str, Any] = {"description": "refused, in the party's own envelope"}
    if all(isinstance(body, dict | list) for body in bodies):
        examples = {
            why: {"value": reply.body, "x-provenance": provenance or Provenance.SIMULATED.value}
            for why, reply, provenance in some
        }
        response["content"] = {JSON: {"schema": shape(bodies), "examples": examples}}
    return response


def shape(values: list[Any], name: str = "") -> Schema:
    """The schema of JSON values that were seen; fields that tell refusals apart list their values."""
    if all(isinstance(value, dict) for value in values):
        if name == BY_FIELD:
            return {
                "type": "object",
                "additionalProperties": shape([v for one in values for v in one.values()]),
            }
        keys = dict.fromkeys(key for value in values for key in value)
        fields = {key: [value[key] for value in values if key in value] for key in keys}
        return {
            "type": "object",
            "required": [key for key, some in fields.items() if len(some) == len(values)],
            "properties": {key: shape(some, key) for key, some in fields.items()},
        }
    if all(isinstance(value, list) for value in values):
        return {"type": "array", "items": shape([inner for value in values for inner in value])}
    if all(isinstance(value, str) for value in values):
        return {"type": "string", "enum": sorted(set(values))} if name in CODES else {"type": "string"}
    if all(isinstance(value, bool) for value in values) and len(set(values)) == 1:
        return {"const": values[0]}
    if all(value is None for value in values):
        return {"type": "null"}
    if all(isinstance(value, int) for value in values):
        return {"type": "integer"}
    return {}


def _schemas(face: Face) -> tuple[Named, Schema]:
    """How each model is referred to, and all schemas; models of the same name get different names.

    A field without its own `x-provenance` takes that of its model, else that of the best known
    endpoint that uses it.
    """
    best_known = _best_known(face)
    models = {model for e in face.endpoints for model in (e.body, e.answer) if model is not None}
    referred, definitions = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda m: (m.__name__, m.__module__))],
        ref_template="#/components/schemas/{model}",
    )
    schemas: Schema = definitions.get("$defs", {})
    for name, schema in schemas.items():
        for field in schema.get("properties", {}).values():
            field.setdefault("x-provenance", schema.get("x-provenance") or best_known.get(name, "simulated"))
    return {model: referred[model, "validation"] for model in models}, schemas


def _best_known(face: Face) -> dict[str, str]:
    """How well the endpoints are known that use a model, by the name of the model or of one inside it."""
    ranks = list(Provenance)
    best: dict[str, str] = {}
    for endpoint in face.endpoints:
        for model in (endpoint.body, endpoint.answer):
            if model is None:
                continue
            for name in (model.__name__, *model.model_json_schema().get("$defs", ())):
                before = Provenance(best.get(name, Provenance.SIMULATED))
                best[name] = min(before, endpoint.provenance, key=ranks.index).value
    return best
