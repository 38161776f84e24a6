"""The OpenAPI 3.1 document that follows from a face's contract.

Each operation says in `x-provenance` how well it is known, and in `x-refuses` for which of the
programme's reasons it may say no.
"""

import re
from typing import Any

from pydantic.json_schema import models_json_schema

from mocks.contract import Endpoint, Face
from simulator import VERSION

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def document(face: Face) -> dict[str, Any]:
    """The document of one party."""
    models = {model for e in face.endpoints for model in (e.body, e.answer) if model is not None}
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda m: m.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, Any] = {}
    for endpoint in face.endpoints:
        path = _PARAMETER.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{face.title} (simulated)", "version": VERSION},
        "paths": paths,
        "components": {"schemas": schemas.get("$defs", {})},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "done"}
    if endpoint.answer is not None:
        answer["content"] = {"application/json": {"schema": {"description": endpoint.answer.__name__}}}
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "x-provenance": endpoint.provenance.value,
        "x-refuses": [reason.value for reason in endpoint.refuses],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(endpoint.path)
        ],
        "responses": {"200": answer, "4XX": {"description": "refused, in the party's own envelope"}},
    }
    if endpoint.body is not None:
        reference = {"$ref": f"#/components/schemas/{endpoint.body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    return operation
