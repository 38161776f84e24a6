"""How a marketplace writes its numbers: a format such as `PJR#########`, filled by keyed chance.

In a format each `#` is a digit, each `?` a capital letter or digit that nobody misreads, each `*` a
hexadecimal digit; `%Y` and the like are the date.  Every other character stays as it is.
"""

from datetime import datetime

from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import DIGITS, HEX, UNAMBIGUOUS

SIGNS = {"#": DIGITS, "?": UNAMBIGUOUS, "*": HEX}
UUID = "********-****-4***-8***-************"


def filled(number_format: str, now: datetime, seed: bytes, *about: str | int) -> str:
    """The format with its signs replaced by characters from keyed chance, at most 32 of each sign."""
    number_format = now.strftime(number_format)
    drawn = {
        sign: iter(chance.code(alphabet, number_format.count(sign), seed, *about))
        for sign, alphabet in SIGNS.items()
    }
    return "".join(next(drawn[sign]) if sign in drawn else sign for sign in number_format)
