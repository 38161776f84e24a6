"""Hides what is secret in what people are shown: cards, NIKs, codes, tokens, passwords, keys.

What remains is enough to tell two apart: the last four characters of what has more than six.
"""

import re
from collections.abc import Mapping
from typing import Any

from prakerja_sim.simulator.values.ids import masked

WORDS = {
    "otp", "pin", "password", "token", "secret", "key", "nik", "card", "authorization", "cookie", "verifier",
    "guard", "csrf", "sent", "entered", "kode",
}  # fmt: skip
"""A field whose name ends with one of these words holds something secret."""
NAMES = {"prakerja_id", "identity_number", "card_number"}
SHOWN = {
    "public_key", "client_code", "invoice_code", "transaction_code", "course_code", "schedule_code",
    "product_code", "error_code", "response_code",
}  # fmt: skip
"""Fields whose names end so too, and that hold nothing secret."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_NAME = "(?P<name>[A-Za-z_-]{1,40})"
_FIELDS = (
    re.compile(rf'"{_NAME}"\s*:\s*"(?P<value>(?:[^"\\]|\\.)*)'),  # JSON
    re.compile(rf'(?:(?<=[?&;])|^){_NAME}=(?P<value>[^&\s"]*)'),  # a query or a form, also within a text
    re.compile(rf'\bname="{_NAME}"\r?\n\r?\n(?P<value>[^\r\n]*)'),  # a part of multipart/form-data
    re.compile(rf'\bname="{_NAME}" value="(?P<value>[^"]*)'),  # a field of a page
)
LEAST_SECRET = 1000
"""A number below it is a count; no code has so few digits."""
_NUMBER_IN_JSON = re.compile(rf'"{_NAME}"\s*:\s*(?P<value>[0-9]{{4,}})')
_CODE = re.compile(r"[0-9]{4,8}|[0-9A-Za-z_.-]*[0-9A-Za-z]{32,}")
SIXTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{16}(?![0-9A-Za-z])")
"""A card's or a NIK's number."""


def text(written: str) -> str:
    """A text with its secret fields, as JSON, as a form or on a page, and all cards and NIKs hidden."""
    for field in _FIELDS:
        written = field.sub(lambda found: _with(found, value(found["name"], found["value"])), written)
    written = _NUMBER_IN_JSON.sub(_number_hidden, written)
    return SIXTEEN.sub(lambda found: masked(found[0]), written)


def line(written: str) -> str:
    """A text for a log, its secrets hidden: it moves no cursor and makes no second line."""
    shown = text(written)
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in shown)


def body(raw: bytes) -> str:
    """A body as text; of a body that is not UTF-8 only the length."""
    try:
        return text(raw.decode())
    except UnicodeDecodeError:
        return f"({len(raw)} bytes that are no text)"


def headers(pairs: Mapping[str, str]) -> dict[str, str]:
    """Headers, of which those that prove who sends them are hidden."""
    return {name: value(name, content) for name, content in pairs.items()}


def value(name: str, found: Any) -> Any:
    """A value as it may be shown under its name, with all that it holds.

    A `code` of digits, or a long one, is somebody's; one that is a number is an error's.
    """
    if isinstance(found, dict):
        return {inner: value(inner, held) for inner, held in found.items()}
    if isinstance(found, list):
        return [value(name, held) for held in found]
    if isinstance(found, str):
        return masked(found) if _is_secret(name, found) else text(found)
    if type(found) is int and found >= LEAST_SECRET:
        number = str(found)
        return masked(number) if _is_secret(name) or SIXTEEN.fullmatch(number) else found
    return found


def _is_secret(name: str, found: str = "") -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    named = "_".join(words)
    if not words or named in SHOWN:
        return False
    if words[-1] == "code":
        return _CODE.fullmatch(found) is not None
    return named in NAMES or words[-1] in WORDS


def _number_hidden(found: re.Match[str]) -> str:
    """A secret that was sent as a number; a `code` that is a number is an error's."""
    return _with(found, masked(found["value"])) if _is_secret(found["name"]) else found[0]


def _with(found: re.Match[str], shown: str) -> str:
    """What was found, whose end is the value, with another value."""
    return found[0][: found.start("value") - found.start()] + shown
