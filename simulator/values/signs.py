"""Signs that a terminal or a report cannot carry: how they are shown instead."""

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters but for tab and line feed, what turns the direction of writing, halves of a character,
and the two that XML forbids besides."""


def visible(text: str) -> str:
    r"""The text with each such sign as Python writes it, for example `\x1b`; all others stay."""
    return _UNSEEN.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)
