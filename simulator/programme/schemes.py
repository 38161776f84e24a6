"""What differs from scheme to scheme, as data (programme reference, section 2).

Semi-bansos ran 2020-2022, the normal scheme 2023-2024.
"""

from dataclasses import dataclass

from prakerja_sim.simulator.values.money import Rupiah


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme's amounts and windows."""

    code: str
    training_balance: Rupiah
    """Granted at enrolment, spent on training only (R02)."""
    first_purchase_days: int
    """The announcement day is day 1; the last one ends at 23:59:59 WIB (R06)."""
    remainder_days: int | None
    """Days to spend what the first training left, its rating on day 1; None: until the year's date (R08)."""
    incentive: Rupiah
    incentive_months: int
    survey: Rupiah
    surveys: int


SEMI_BANSOS = Scheme(
    code="semi-bansos",
    training_balance=Rupiah(1_000_000),
    first_purchase_days=30,
    remainder_days=None,
    incentive=Rupiah(600_000),
    incentive_months=4,
    survey=Rupiah(50_000),
    surveys=3,
)
NORMAL = Scheme(
    code="normal",
    training_balance=Rupiah(3_500_000),
    first_purchase_days=15,
    remainder_days=15,
    incentive=Rupiah(600_000),
    incentive_months=1,
    survey=Rupiah(50_000),
    surveys=2,
)
