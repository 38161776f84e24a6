"""Hides what is secret in what people are shown: cards, NIKs, codes, tokens, passwords, keys.

What remains is enough to tell two apart: the last four characters of what has more than six.
"""

import re
from collections.abc import Mapping
from typing import Any

from prakerja_sim.simulator.values.ids import masked

WORDS = {
    "otp", "pin", "password", "token", "secret", "key", "nik", "card", "authorization", "cookie", "verifier",
    "guard", "sent", "entered", "kode",
}  # fmt: skip
"""A field whose name ends with one of these words holds something secret."""
NAMES = {"prakerja_id", "identity_number", "card_number", "old_password", "new_password"}
SHOWN = {"public_key"}
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_IN_JSON = re.compile(r'"([A-Za-z_-]{1,40})"\s*:\s*"((?:[^"\\]|\\.)*)"')
_NUMBER_IN_JSON = re.compile(r'"([A-Za-z_-]{1,40})"\s*:\s*([0-9]{4,})')
_IN_FORM = re.compile(r"(?:(?<=[?&])|^)([A-Za-z_-]{1,40})=([^&\s]*)")
_CODE = re.compile(r"[0-9]{4,8}|[0-9A-Za-z_.-]*[0-9A-Za-z]{32,}")
_SIXTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{16}(?![0-9A-Za-z])")


def text(written: str) -> str:
    """A text with its secret fields, as JSON or as a form, and all cards and NIKs hidden."""
    hidden = _IN_JSON.sub(lambda found: f'"{found[1]}":"{value(found[1], found[2])}"', written)
    hidden = _NUMBER_IN_JSON.sub(lambda found: f'"{found[1]}":{value(found[1], found[2])}', hidden)
    hidden = _IN_FORM.sub(lambda found: f"{found[1]}={value(found[1], found[2])}", hidden)
    return _SIXTEEN.sub(lambda found: masked(found[0]), hidden)


def body(raw: bytes) -> str:
    """A body as text; what is no UTF-8 is told by its length."""
    try:
        return text(raw.decode())
    except UnicodeDecodeError:
        return f"({len(raw)} bytes that are no text)"


def headers(pairs: Mapping[str, str]) -> dict[str, str]:
    """Headers, of which those that prove who sends them are hidden."""
    return {name: value(name, content) for name, content in pairs.items()}


def value(name: str, found: Any) -> Any:
    """A value as it may be shown under its name; a `code` of digits, or a long one, is somebody's."""
    if not isinstance(found, str):
        return found
    words = [word.lower() for word in _WORD.findall(name)]
    named = "_".join(words)
    secret = named in NAMES or (bool(words) and words[-1] in WORDS and named not in SHOWN)
    if secret or (words[-1:] == ["code"] and _CODE.fullmatch(found)):
        return masked(found)
    return _SIXTEEN.sub(lambda sixteen: masked(sixteen[0]), found)
