"""A refusal for which a site has no words of its own: Prakerja's text and the reason are passed on.

The reason stands in brackets behind the text, at whichever site, so that it can be read off again.
"""

import re
from typing import Any, TypeVar

from prakerja_sim.simulator.values.errors import Reason, Rejected

S = TypeVar("S")
_REASON = re.compile(r"\[([a-z_]+)\]$")


def worded(says: Any, otherwise: S, refusal: Rejected) -> S:
    """A site's message for a refusal; if it has none, `otherwise` with Prakerja's text and the reason.

    If Prakerja was not called, the text is made from the reason.
    """
    words: S | None = says.get(refusal.reason)
    if words is not None:
        return words
    text = refusal.facts.get("message") or refusal.reason.value.replace("_", " ")
    passed: S = otherwise._replace(text=f"{text} [{refusal.reason.value}]")  # type: ignore[attr-defined]
    return passed


def passed_on(text: str) -> list[Reason]:
    """The reason that a site passed on with a text, if it did."""
    match = _REASON.search(text)
    return [reason for reason in Reason if match and reason.value == match[1]]
