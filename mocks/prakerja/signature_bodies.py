"""A body as other programs write it: what a client may have signed in place of the bytes that it sent."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from prakerja_sim.mocks.prakerja.signature import compacted
from prakerja_sim.simulator.values.reason_texts import Text

GO = {b"&": b"\\u0026", b"<": b"\\u003c", b">": b"\\u003e"}
"""What json.Marshal of Go escapes, and to_json of Rails."""
PHP = {b"&": b"\\u0026", b"<": b"\\u003C", b">": b"\\u003E", b"'": b"\\u0027"}
"""What json_encode of PHP escapes if it is asked to."""
DOTNET = {**PHP, b"+": b"\\u002B"}
"""What System.Text.Json escapes."""
ANEW = Text(
    "the body written anew, with other escapes than you sent",
    "body yang ditulis ulang, dengan escape lain dari yang Anda kirim",
)
LETTERS = Text(
    "the body with \\u escapes, but sent letters", "body dengan escape \\u, tetapi yang dikirim hurufnya"
)
SLASHES = Text(
    "the body with escaped slashes (PHP), but sent plain ones",
    "body dengan garis miring di-escape (PHP), tetapi dikirim apa adanya",
)
LETTERS_AND_SLASHES = Text(
    "the body with \\u escapes and escaped slashes (PHP)",
    "body dengan escape \\u dan garis miring di-escape (PHP)",
)
SORTED = Text("the body with its keys sorted", "body dengan kunci yang diurutkan")
SPACED = Text(
    "the body with spaces after commas and colons, but sent none",
    "body dengan spasi setelah koma dan titik dua, tetapi dikirim tanpa spasi",
)
INDENTED = Text("the body indented, but sent it compact", "body dengan indentasi, tetapi dikirim rapat")
QUOTED = Text("the body with numbers in quotes", "body dengan angka dalam tanda kutip")


def rewritten(raw: bytes) -> Iterator[tuple[bytes, Text]]:
    """The body escaped, and written anew, each with what is said of it."""
    yield from _escaped(raw)
    with suppress(ValueError, RecursionError):
        yield from ((text.encode(), what) for text, what in _rewritten(json.loads(raw)))


def _escaped(raw: bytes) -> Iterator[tuple[bytes, Text]]:
    """The very bytes that were sent, but with the letters escaped that some programs escape in JSON."""
    for text in (raw, compacted(raw)):
        for escapes in (GO, PHP, DOTNET):
            signed = text
            for letter, escape in escapes.items():
                signed = signed.replace(letter, escape)
            found = [(e.decode(), c.decode()) for c, e in escapes.items() if c in text]
            named = ", ".join(f"{escape} for {letter}" for escape, letter in found)
            named_id = ", ".join(f"{escape} untuk {letter}" for escape, letter in found)
            yield (
                signed,
                Text(
                    f"the body with {named}, but sent it without these escapes",
                    f"body dengan {named_id}, tetapi dikirim tanpa escape itu",
                ),
            )


def _rewritten(value: Any) -> Iterator[tuple[str, Text]]:
    """The same JSON, written as other programs write it."""
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    ascii_only = json.dumps(value, separators=(",", ":"))
    yield compact, ANEW
    yield ascii_only, LETTERS
    yield compact.replace("/", "\\/"), SLASHES
    yield ascii_only.replace("/", "\\/"), LETTERS_AND_SLASHES
    yield json.dumps(value, separators=(",", ":"), sort_keys=True), SORTED
    yield json.dumps(value, ensure_ascii=False), SPACED
    yield json.dumps(value, indent=2, ensure_ascii=False), INDENTED
    if isinstance(value, dict):
        quoted = {name: str(inner) if isinstance(inner, int) else inner for name, inner in value.items()}
        yield json.dumps(quoted, separators=(",", ":")), QUOTED
