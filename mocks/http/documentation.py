"""The documentation that a party serves beside its API: the OpenAPI document, and Swagger UI to try it.

Swagger UI is a copy in `mocks/swagger` (its NOTICE says which), loaded from nowhere else; a script
of ours signs what it sends.  Nothing of it belongs to the real party.
"""

import gzip
from functools import cache
from html import escape
from pathlib import Path

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.face import Face, Reply
from prakerja_sim.mocks.http.openapi import document

HERE = Path(__file__).parent / "swagger"
ASSETS = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def add_to(face: Face) -> None:
    """Serve `/openapi.json` and `/swagger` beside a party's endpoints, once."""
    if "openapi" in face.app.view_functions:
        return

    def openapi() -> ResponseReturnValue:
        return face.response_of(
            Reply(document(face) | {"servers": [{"url": request.environ["SCRIPT_NAME"] or "/"}]})
        )

    def page() -> ResponseReturnValue:
        text = (
            (HERE / "page.html")
            .read_text(encoding="utf-8")
            .replace("@@", escape(request.environ["SCRIPT_NAME"]))
        )
        return face.response_of(Reply(text, headers=HEADERS))

    def asset(name: str) -> ResponseReturnValue:
        if name not in ASSETS:
            raise NotFound
        packed, raw = _file(name)
        headers = {**HEADERS, "Content-Type": ASSETS[name], "Vary": "Accept-Encoding"}
        if request.accept_encodings["gzip"]:
            return face.response_of(Reply(packed, headers={**headers, "Content-Encoding": "gzip"}))
        return face.response_of(Reply(raw, headers=headers))

    face.app.add_url_rule("/openapi.json", "openapi", openapi)
    face.app.add_url_rule("/swagger", "swagger", page)
    face.app.add_url_rule("/swagger/<name>", "swagger asset", asset)


@cache
def _file(name: str) -> tuple[bytes, bytes]:
    """An asset, compressed and uncompressed."""
    packed = HERE / f"{name}.gz"
    if packed.exists():
        return packed.read_bytes(), gzip.decompress(packed.read_bytes())
    raw = (HERE / name).read_bytes()
    return gzip.compress(raw, mtime=0), raw
