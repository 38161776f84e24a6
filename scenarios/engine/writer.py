"""Writing steps down as a story that can be read back: how a run found by chance is kept.

What is written reads back equal under the strict loader, so text that could be taken
for anything else is quoted, and every dollar sign is doubled.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah

_PLAIN = re.compile(r"(?!(?:true|false|null)$)[A-Za-z_][A-Za-z0-9_./-]*")
_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


def to_yaml(
    steps: Iterable[tuple[str, Mapping[str, Any], Reason | str | None]],
    *,
    title: str,
    why: str,
    marketplaces: Sequence[str] = (),
    start: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> str:
    """A scenario file of these steps: each a verb, its arguments, and the reason it is refused for, if any.

    No marketplaces means each of them.  ValueError for what no scenario can carry: fractions,
    parts of a second, lone surrogates.
    """
    head = [f"# {line}".rstrip() for line in why.splitlines()]
    head.append(f"scenario: {_text(title)}")
    head.append(f"marketplaces: {_value(list(marketplaces)) if marketplaces else 'each'}")
    if start is not None:
        head.append(f"start: {_instant(start)}")
    head += [f"{name}: {_value(said)}" for name, said in (more or {}).items()]
    if settings:
        head.append(f"settings: {_value(settings)}")
    return "\n".join([*head, "", "steps:", *(_step(*step) for step in steps), ""])


def in_words(verb: str, arguments: Mapping[str, Any]) -> str:
    """A step without its reason, as a story has it; what no story can carry is written as Python shows it."""
    try:
        return f"{verb}: {_value(_doubled(arguments))}" if arguments else verb
    except ValueError:
        return f"{verb}: {arguments!r}"


def _step(verb: str, arguments: Mapping[str, Any], fails: Reason | str | None) -> str:
    written = f"  - {verb}: {_value(_doubled(arguments))}" if arguments else f"  - {verb}:"
    return written if fails is None else f"{written}\n    fails: {fails}"


def _doubled(value: Any) -> Any:
    """The value with each dollar sign in its texts doubled, as steps want it."""
    if isinstance(value, Enum):
        return _doubled(value.value)
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {name: _doubled(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_doubled(item) for item in value]
    return value


def _value(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        # The loader takes sixteen digits for text; with underscores nobody takes them for a card's.
        return str(value) if abs(value) < 10**15 else f"{value:_}"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else _text(value)
    if isinstance(value, Rupiah):
        return f"{value.amount:_}"
    if isinstance(value, datetime):
        return _text(_instant(value))
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(str(name))}: {_value(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise ValueError(f"{value!r} cannot be written in a scenario; give text, a whole number or an amount")


def _text(text: str) -> str:
    """The text in quotes, with everything escaped that is not plainly visible."""
    return '"' + "".join(_sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    if "\ud800" <= sign <= "\udfff":
        raise ValueError(f"{sign!r} is half a character and cannot be written in a scenario; leave it out")
    return f"\\U{ord(sign):08X}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04X}"


def _instant(instant: datetime) -> str:
    if instant.microsecond:
        raise ValueError(f"{instant} has parts of a second, which no scenario can carry; round it")
    return instant.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")


def _span(span: timedelta) -> str:
    """The stretch in the largest unit that says it exactly."""
    seconds, rest = divmod(span, timedelta(seconds=1))
    if rest or seconds < 0:
        raise ValueError(f"{span} is not whole seconds forward, which is all a scenario can carry; round it")
    unit, size = next(one for one in _UNITS if seconds % one[1] == 0)
    return f"{seconds // size}{unit}"
