"""Rupiah, the only money in the programme.

No coin below one rupiah is in use, so an amount is a whole number and every sum
is exact.  Nothing makes an amount from a float, on purpose: a price with a part of a rupiah is a mistake
of the caller and is refused where it enters.
"""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"-?[0-9]+(?:_[0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Rupiah:
    """A whole number of rupiah; may be negative only as a balance."""

    amount: int

    def __add__(self, other: "Rupiah") -> "Rupiah":
        return Rupiah(self.amount + other.amount)

    def __sub__(self, other: "Rupiah") -> "Rupiah":
        return Rupiah(self.amount - other.amount)

    def __mul__(self, times: int) -> "Rupiah":
        return Rupiah(self.amount * times)

    def percent(self, part: int) -> "Rupiah":
        """So many percent of it, rounded down to a whole rupiah."""
        return Rupiah(self.amount * part // 100)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        sign = "-" if self.amount < 0 else ""
        return f"{sign}Rp{abs(self.amount):,}".replace(",", ".")


ZERO = Rupiah(0)


def rupiah(written: int | str) -> Rupiah:
    """Read an amount as people write it in a scenario: 650000, "650000" or "650_000".

    Raises ValueError for anything else, booleans and fractions included.
    """
    if isinstance(written, bool) or not isinstance(written, int | str):
        raise ValueError(f"{written!r} is not a whole number of rupiah; write 650000 or 650_000")
    if isinstance(written, str):
        if not _WRITTEN.fullmatch(written):
            raise ValueError(f"{written!r} is not a whole number of rupiah; write 650000 or 650_000")
        written = int(written.replace("_", ""))
    return Rupiah(written)
