"""How a marketplace writes its numbers: a form such as `PJR#########`, filled by keyed chance.

In a form each `#` is a digit, each `?` a capital or digit that nobody misreads, each `*` a
hexadecimal digit; `%Y` and its like are the date.  All else stands for itself.
"""

from datetime import datetime

from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import DIGITS, HEX, UNAMBIGUOUS

SIGNS = {"#": DIGITS, "?": UNAMBIGUOUS, "*": HEX}
UUID = "********-****-4***-8***-************"


def filled(form: str, now: datetime, seed: bytes, *about: str | int) -> str:
    """The form with chance's letters in it, at most 32 of each sign."""
    form = now.strftime(form)
    drawn = {
        sign: iter(chance.code(alphabet, form.count(sign), seed, *about)) for sign, alphabet in SIGNS.items()
    }
    return "".join(next(drawn[sign]) if sign in drawn else sign for sign in form)
