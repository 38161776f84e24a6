"""Phone numbers with a meaning: their last three digits choose what happens to a code sent there.

The number is 0849 PPPPP FFF, with 0, 62 or +62 in front: no operator uses 0849, and no synthetic
person has such a number (people have 0840).  FFF chooses, PPPPP is free.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What happens to a one-time code."""

    USUAL = "usual"
    LOST = "lost"
    TWICE = "twice"
    LATE = "late"
    """It arrives when half of its life is over."""
    TOO_LATE = "too late"
    """It arrives in the first second after its life."""
    WRONG = "wrong"
    """It arrives, and is refused as a wrong one, which counts."""
    EXPIRED = "expired"
    NO_TRIES = "no tries"


PREFIX = "0849"
ENDINGS: Mapping[str, Fate] = {
    "011": Fate.LOST,
    "012": Fate.TWICE,
    "013": Fate.LATE,
    "014": Fate.TOO_LATE,
    "201": Fate.WRONG,
    "202": Fate.EXPIRED,
    "203": Fate.NO_TRIES,
}
"""An ending that refuses a code is also the ending of the cards that authorize refuses for that reason."""

_PHONE = re.compile(rf"(?:\+?62|0){PREFIX[1:]}[0-9]{{5}}([0-9]{{3}})")


def fate(phone: str, *, magic: bool) -> Fate:
    """What happens to a code that is sent to this phone; nothing special if the setting `magic` is off."""
    match = _PHONE.fullmatch(phone) if magic else None
    return ENDINGS.get(match[1], Fate.USUAL) if match else Fate.USUAL
