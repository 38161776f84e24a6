"""The endpoint that everything else is compared with: Flask doing nothing."""

from flask import Flask, Response, jsonify

app = Flask(__name__, static_folder=None)


@app.post("/empty")
def empty() -> Response:
    """Answer a tiny JSON."""
    return jsonify(success=True)
