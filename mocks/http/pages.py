"""What the pages for people share, whichever party shows them: templates, headers, forms, cookies, redirects.

The pages need no script and load nothing from elsewhere.
"""

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prakerja_sim.mocks.http.bodies import Malformed
from prakerja_sim.mocks.http.call import Call
from prakerja_sim.mocks.http.face import Reply

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " frame-ancestors 'none'",
}
"""With these headers a page runs no script, loads nothing, and cannot be put into a frame."""
MOST_FIELDS = 50


def templates(folder: Path, filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """A folder's templates; all that they are given is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= filters
    return made


def fields_of(call: Call) -> dict[str, str]:
    """The fields of a form that was sent; raises Malformed."""
    try:
        return dict(parse_qsl(call.raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:  # not UTF-8, or too many
        raise Malformed("form: cannot be read") from None


def check_own(call: Call) -> None:
    """Refuse a form that a page of another site sent, as browsers say; raises Malformed."""
    if call.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Malformed("form: sent by another site")


def cookie_of(call: Call, name: str) -> str:
    """What the browser keeps under that name; empty if nothing."""
    try:
        cookie = SimpleCookie(call.headers.get("Cookie", "")).get(name)
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""


def cookie(name: str, value: str, path: str) -> str:
    """A cookie that ends with the browser and that no script and no other site can use; empty ends it now."""
    life = "" if value else "; Max-Age=0"
    return f"{name}={value}; Path={path}; HttpOnly; SameSite=Lax{life}"


def sent_to(address: str, headers: Mapping[str, str] = HEADERS) -> Reply:
    """Redirect the browser, which asks for the address with GET."""
    return Reply("", 303, {**headers, "Location": address})
