"""How the console writes money and times."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote


def rupiah(amount: int) -> str:
    """An amount as Indonesians write it, such as Rp1.250.000."""
    return f"{'-' if amount < 0 else ''}Rp{number(abs(amount))}"


def number(count: int) -> str:
    """A whole number with dots between thousands."""
    return f"{count:,}".replace(",", ".")


def instant(moment: datetime | str | None) -> str:
    """A time to the second, as the admin API takes it; empty if there is none."""
    if moment is None:
        return ""
    text = moment if isinstance(moment, str) else moment.isoformat()
    return text[:19].replace("T", " ")


def slug(text: str) -> str:
    """A text as a part of an element's id."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def pairs(names: Iterable[str]) -> list[list[str]]:
    """Names as the options of a list, each shown as it is."""
    return [[name, name] for name in names]


def pretty(body: str) -> str:
    """A JSON text with line breaks; any other text as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body


def in_query(text: str) -> str:
    """A text as a value of a query."""
    return quote(str(text), safe="")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "rupiah": rupiah,
    "number": number,
    "instant": instant,
    "q": in_query,
    "slug": slug,
    "pairs": pairs,
    "pretty": pretty,
}
