"""What differs from scheme to scheme, as data (programme reference, section 2).

Semi-bansos ran 2020-2022, the normal scheme 2023-2024.
"""

from dataclasses import dataclass
from datetime import date

from simulator.money import Rupiah


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme's amounts and windows."""

    code: str
    training_balance: Rupiah
    """Granted at enrolment, spent on training only (R02)."""
    first_purchase_days: int
    """The announcement day is day 1; the last one ends at 23:59:59 WIB (R06)."""
    incentive: Rupiah
    incentive_months: int
    survey: Rupiah
    surveys: int


SEMI_BANSOS = Scheme(
    code="semi-bansos",
    training_balance=Rupiah(1_000_000),
    first_purchase_days=30,
    incentive=Rupiah(600_000),
    incentive_months=4,
    survey=Rupiah(50_000),
    surveys=3,
)
NORMAL = Scheme(
    code="normal",
    training_balance=Rupiah(3_500_000),
    first_purchase_days=15,
    incentive=Rupiah(600_000),
    incentive_months=1,
    survey=Rupiah(50_000),
    surveys=2,
)

HOLIDAYS = frozenset(
    date(*day)
    for day in (
        (2021, 1, 1), (2021, 2, 12), (2021, 3, 11), (2021, 4, 2), (2021, 5, 12), (2021, 5, 13),
        (2021, 5, 14), (2021, 5, 26), (2021, 6, 1), (2021, 7, 20), (2021, 8, 11), (2021, 8, 17),
        (2021, 10, 20), (2022, 2, 1), (2022, 2, 28), (2022, 3, 3), (2022, 4, 15),
        (2022, 4, 29), (2022, 5, 2), (2022, 5, 3), (2022, 5, 4), (2022, 5, 5), (2022, 5, 6),
        (2022, 5, 16), (2022, 5, 26), (2022, 6, 1), (2022, 8, 17), (2022, 12, 26),
    )
)  # fmt: skip
"""National holidays and collective leave that fell on weekdays, 2021 and 2022."""
