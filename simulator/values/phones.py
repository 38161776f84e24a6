"""Phone numbers: their one spelling, and those whose last three digits choose what happens to a code.

A number with a meaning is 0849 PPPPP FFF: no operator uses 0849, and no synthetic person has such a
number (people have 0840).  FFF chooses, PPPPP is free.
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

_MAGIC = re.compile(rf"{PREFIX}[0-9]{{5}}([0-9]{{3}})")
_BETWEEN = re.compile(r"[ .()\-]")
_NUMBER = re.compile(r"(?:\+?620?|0)([0-9]{8,13})|(8[0-9]{8,12})")


def national(phone: str) -> str:
    """The one spelling in which a number is kept and looked for, as people here write it: 0812...

    The country's number (`+62`, `62`) becomes 0, a mobile number without either gets one, and what people
    write between the digits goes: blanks, dashes, dots, brackets.  Text that is no number stays as it is.
    """
    match = _NUMBER.fullmatch(_BETWEEN.sub("", phone))
    return f"0{match[1] or match[2]}" if match else phone


def fate(phone: str, *, magic: bool) -> Fate:
    """What happens to a code that is sent to this phone; nothing special if the setting `magic` is off."""
    match = _MAGIC.fullmatch(national(phone)) if magic else None
    return ENDINGS.get(match[1], Fate.USUAL) if match else Fate.USUAL
