"""The yardsticks: Flask doing nothing, and an application without a framework that does nothing."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, jsonify

app = Flask(__name__, static_folder=None)


@app.post("/empty")
def empty() -> Response:
    """Answer a tiny JSON."""
    return jsonify(success=True)


def raw(_: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer the same without Flask."""
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "16")])
    return [b'{"success":true}']
