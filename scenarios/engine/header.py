"""How the head of a story is read: title, marketplaces, start, settings, and the rules and failures it names.

Each reader takes what was written and raises ValueError that says what to write instead.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, get_type_hints

import orjson

from prakerja_sim.mocks.admin import leasing
from prakerja_sim.mocks.admin.leasing import Content
from prakerja_sim.mocks.http.bodies import Malformed, parsed
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.shop.policies import settings_with
from prakerja_sim.scenarios.engine.errors import nearest
from prakerja_sim.scenarios.engine.failures import FAILURES
from prakerja_sim.scenarios.engine.vocabulary import reader_for
from prakerja_sim.simulator.programme.rulebook import RULES
from prakerja_sim.simulator.values.clock import parse_instant
from prakerja_sim.simulator.values.errors import Rejected
from prakerja_sim.simulator.values.settings import Settings

TITLE_MAX = 200
MOST_SEED = 2**53
HOLDS = ("fill", "people", "courses", "clients", "faults")
"""What a story may say of its sandbox besides seed, start and settings."""
_DIGEST = re.compile("[0-9a-f]{64}")
_TAG = re.compile("[a-z0-9][a-z0-9-]*")
_JOINS = re.compile("[\u200c\u200d\U000e0020-\U000e007f]")
"""Signs that only join others: of an emoji, of a script, of a flag."""


def settings_from(written: Any) -> Settings:
    """The settings with some changed; ValueError says which name or value will not do."""
    if not isinstance(written, dict):
        raise ValueError("settings is a mapping; write {otp_lifetime: 300}")
    hints = get_type_hints(Settings)
    names = [one.name for one in fields(Settings)]
    for name in written:
        if name not in names:
            raise ValueError(f"unknown setting {name!r}; {nearest(str(name), names)}")
    values = {}
    for name, value in written.items():
        try:
            values[name] = reader_for(hints[name])(value)
        except ValueError as problem:
            raise ValueError(f"setting {name}: {problem}") from None
    return settings_with(values)


def start_from(written: Any) -> datetime:
    """The instant at which a story begins; ValueError if it is none."""
    if isinstance(written, datetime) and written.tzinfo is not None:
        return written
    return parse_instant(str(written))


def marketplaces_from(written: Any, existing: tuple[str, ...]) -> tuple[str, ...]:
    """The marketplaces a story names, none for `each`; ValueError for one that does not exist."""
    if written == "each":
        return ()
    if not isinstance(written, list | tuple) or not written:
        raise ValueError(
            f"{written!r} is neither `each` nor a list; write each or [{', '.join(existing[:2])}]"
        )
    for name in written:
        if name not in existing:
            raise ValueError(f"unknown marketplace {name!r}; {nearest(str(name), existing)}")
    return tuple(written)


def apart_from(written: Any, existing: tuple[str, ...]) -> Mapping[str, str]:
    """The marketplaces that a story leaves out, and why; ValueError for one that does not exist."""
    if not isinstance(written, dict) or not written:
        raise ValueError(f"except is a mapping; write {{{existing[0]}: why the story is not for it}}")
    for name, why in written.items():
        if name not in existing:
            raise ValueError(f"unknown marketplace {name!r}; {nearest(str(name), existing)}")
        if not isinstance(why, str) or not why.strip():
            raise ValueError(f"{name}: say why the story is not for it")
    return written


def title_from(written: Any) -> str:
    """A title that fits on one line of a report; ValueError if it is none."""
    if not isinstance(written, str) or not written.strip():
        raise ValueError("the title is one line of text that says what the story promises; write one")
    unseen = next((sign for sign in written if not (sign.isprintable() or _JOINS.match(sign))), None)
    if unseen in ("\n", "\r"):
        raise ValueError("the title is one line of text; write it without line breaks")
    if unseen is not None:
        raise ValueError(f"the title holds U+{ord(unseen):04X}, which nobody can see; remove it")
    if len(written) > TITLE_MAX:
        raise ValueError(f"the title is longer than the limit of {TITLE_MAX} characters; say it shorter")
    return written.strip()


def seed_from(written: Any) -> int:
    """The seed of a world; ValueError if it is none."""
    seed: int = reader_for(int)(written)
    if abs(seed) > MOST_SEED:
        raise ValueError(f"{seed} is too large for a seed; write at most {MOST_SEED:_}")
    return seed


def holds_from(written: Any) -> Mapping[str, Any]:
    """What a sandbox is leased with; ValueError names the first field that will not do."""
    if not isinstance(written, dict) or not written:
        raise ValueError("holds is a mapping of what the sandbox is leased with; write {fill: true}")
    for name in written:
        if name not in HOLDS:
            raise ValueError(f"holds: there is no {name!r}; {nearest(str(name), HOLDS)}")
    try:
        leasing.try_out(parsed(orjson.dumps(written), Content), known_faces())
    except Malformed as problem:
        raise ValueError(f"holds: {problem}") from None
    except Rejected as refusal:
        raise ValueError(f"holds: refused with {refusal}; change what it is about") from None
    return written


def digest_from(written: Any) -> str:
    """A digest; ValueError if it is none."""
    if not isinstance(written, str) or not _DIGEST.fullmatch(written):
        raise ValueError(f"{written!r} is no digest; write its 64 digits and letters, or leave it out")
    return written


def tags_from(written: Any) -> tuple[str, ...]:
    """The words by which a story is selected; ValueError for what is none."""
    if not isinstance(written, list | tuple) or not written:
        raise ValueError(f"{written!r} is no list of words; write [smoke]")
    for tag in written:
        if not isinstance(tag, str) or not _TAG.fullmatch(tag):
            raise ValueError(f"{tag!r} is no tag; write small letters, digits and dashes, such as [smoke]")
        if written.count(tag) > 1:
            raise ValueError(f"tag {tag} is there twice; write it once")
    return tuple(written)


def failures_from(written: Any) -> tuple[str, ...]:
    """The failures that a story shows; ValueError for one that does not exist."""
    return _ids(written, "failure", FAILURES, "F11")


def rules_from(written: Any) -> tuple[str, ...]:
    """The rules that a story breaks or keeps; ValueError for one that does not exist."""
    return _ids(written, "rule", RULES, "R13")


def _ids(written: Any, kind: str, existing: Collection[str], example: str) -> tuple[str, ...]:
    if not isinstance(written, list | tuple) or not written:
        raise ValueError(f"{written!r} is no list of {kind} ids; write [{example}]")
    for named in map(str, written):
        if named in (*FAILURES, *RULES) and named not in existing:
            key = "`shows:`" if named in FAILURES else "`breaks:` or `keeps:`"
            raise ValueError(f"{named} is no {kind}; name it under {key}")
        if named not in existing:
            raise ValueError(f"unknown {kind} {named!r}; {nearest(named, existing)}")
        if written.count(named) > 1:
            raise ValueError(f"{kind} {named} is named twice; name it once")
    return tuple(written)
