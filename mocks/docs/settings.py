"""docs/settings.md: the settings of a sandbox with their defaults, and each marketplace's own policy."""

import ast
import inspect
from dataclasses import fields
from datetime import timedelta
from itertools import pairwise
from typing import Any

from prakerja_sim.mocks.docs.partner_api import NOTE, table
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.programme.complaints import PRAKERJA, PRAKERJA_SUPPORT, Support
from prakerja_sim.simulator.values.settings import CHOICES, Settings, range_of

TEXT = f"""# Settings of a sandbox

{NOTE}

What is not public and had to be guessed. A sandbox keeps its settings for life: give them when it is leased
(`POST /__admin/sandboxes` with `settings`), or in the head of a story
(`settings: {{{{otp_lifetime: 60}}}}`). An unknown name or a value that will not do is refused with its place
and what to write. Spans are whole seconds unless the name says otherwise.

{{settings}}

## A marketplace's refund policy and support

Whether a class is paid back is each platform's own policy (article A19), and none is public. These are the
defaults; all but the contacts are simulated:

{{policies}}

`refunds` and `support` put another policy in their place, for the marketplaces that they name; what they
leave out stays:

```yaml
settings:
  refunds:
    pijar: {{{{askers: [buyer, organiser], within: 14d, outcome: full}}}}
  support:
    pijar: {{{{take_up: 2h, answer: 2d, refund: 1d}}}}
    prakerja: {{{{answer: 7d}}}}
```

{{parts}}

A voucher that was used or is not valid any more is never paid back, whatever the policy. Bukalapak's terms
(`tnc`) say what the policy in force does.
"""
HEAD = ("marketplace", "who may ask", "until when", "read after", "answered after", "refunded", "contact")
PARTS = {
    "refunds.M.askers": (
        "who may ask: the buyer, or the organiser whose class does not take place",
        "a list of `buyer`, `organiser`; `[]` is nobody",
    ),
    "refunds.M.within": (
        "until when after paying a buyer may ask, the last second included",
        "a span (`90s`, `5m`, `2h`, `30d`); `null` is until the voucher is used",
    ),
    "refunds.M.outcome": (
        "what support answers to a request that was in time",
        "`full`, since Prakerja's `void` knows no part of an amount, or `refused`",
    ),
    "support.M.take_up": ("from a complaint until somebody reads it", "a span"),
    "support.M.answer": ("from a complaint until it is answered", "a span"),
    "support.M.refund": (
        "from the request until the money goes back, or is refused",
        "a span; `0s` is at once",
    ),
}


def rows() -> list[dict[str, str]]:
    """Each setting: its type, its default as a story writes it, and what it says."""
    usual, said = Settings(), _said()
    return [
        {
            "setting": one.name,
            "type": _type(one.name, one.type),
            "default": _shown(getattr(usual, one.name)),
            "says": said.get(one.name, ""),
        }
        for one in fields(Settings)
    ]


def _type(name: str, written: Any) -> str:
    if name in CHOICES:
        return f"one of: {', '.join(CHOICES[name])}"
    if written is int:
        least, most = range_of(name)
        return f"whole number, {least} to {most:_}"
    return "true or false" if written is bool else "text" if "str |" in str(written) else "mapping"


def settings() -> str:
    """The page."""
    told = [(f"`{one['setting']}`", f"`{one['default']}`", one["says"]) for one in rows()]
    own = (
        f"{PRAKERJA.title()}'s complaint form",
        "",
        "",
        *_times(PRAKERJA_SUPPORT)[:2],
        "",
        PRAKERJA_SUPPORT.contact,
    )
    parts = [(f"`{name}`", *cells) for name, cells in PARTS.items()]
    policies = [_policy(registry.site(code)) for code in registry.codes()]
    return TEXT.format(
        settings=table(("setting", "default", "what it says"), told),
        policies=table(HEAD, [*policies, own]),
        parts=table(("part", "says", "write"), parts),
    )


def _policy(site: Site) -> tuple[str, ...]:
    askers = ", ".join(sorted(site.refunds.askers))
    until = "the voucher is used" if site.refunds.within is None else f"{_span(site.refunds.within)} later"
    return (site.title, askers, until, *_times(site.support), site.support.contact)


def _times(support: Support) -> tuple[str, ...]:
    return tuple(map(_span, (support.take_up, support.answer, support.refund)))


def _span(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    if not span:
        return "at once"
    return f"{hours // 24} days" if hours >= 48 and not hours % 24 else f"{hours} h"


def _shown(value: object) -> str:
    words = {True: "true", False: "false", None: "null"}
    return words[value] if isinstance(value, bool) or value is None else str(value)


def _said() -> dict[str, str]:
    """What stands below each setting in the class."""
    [body] = [
        one.body for one in ast.parse(inspect.getsource(Settings)).body if isinstance(one, ast.ClassDef)
    ]
    said = {}
    for setting, below in pairwise(body):
        match setting, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                said[name] = " ".join(text.split())
    return said
