"""The dates that all waves of one budget year share, as data (programme 2.4, 2.7 and 3.2).

What no source gives follows the neighbouring year and is named in `inferred`.
"""

from dataclasses import dataclass
from datetime import date

from prakerja_sim.simulator.values.clock import midnight

RATED_ON_DASHBOARD_SINCE = date(2021, 3, 18)
"""From this day the dashboard's rating counts; before it, the marketplace's did (R33)."""
RATED_ON_DASHBOARD_FROM = midnight(RATED_ON_DASHBOARD_SINCE)


@dataclass(frozen=True, slots=True)
class Surveys:
    """When the surveys open, counted in days from the first incentive (R25), and when all close (R26)."""

    open_after_days: tuple[int, ...]
    at_once_from: date | None
    """From this day the first two need only the first incentive, one after the other."""
    third_from: date | None
    """From this day the third needs only the second."""
    close_on: date
    at_once_waves: frozenset[int] = frozenset()
    """The waves for which surveys open sooner."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """One year's dates; each is the last day on which something may be done."""

    balance_until: date
    """Last day on which any balance may be spent (R08)."""
    finish_until: date
    """Last day on which a course may be finished (R39)."""
    link_until: date
    """Last day on which an account may be linked or changed for the last payments (R37)."""
    payout_until: date
    """Last day on which an incentive is paid (R37)."""
    voucher_until: date
    surveys: Surveys
    inferred: tuple[str, ...] = ()
    """The fields that no source gives."""
    transfer_days: int | None = None
    """Calendar days until a transfer arrives (R23); None is the working days of the settings."""


YEAR_2020 = Cohort(
    balance_until=date(2020, 12, 15),
    finish_until=date(2020, 12, 15),
    link_until=date(2021, 3, 4),
    payout_until=date(2021, 3, 5),
    voucher_until=date(2020, 12, 31),
    surveys=Surveys((30, 90, 90), None, None, date(2020, 12, 15)),
    inferred=("voucher_until", "surveys.open_after_days"),
    transfer_days=7,
)
YEAR_2021 = Cohort(
    balance_until=date(2021, 11, 30),
    finish_until=date(2021, 12, 5),
    link_until=date(2022, 3, 4),
    payout_until=date(2022, 3, 5),
    voucher_until=date(2021, 12, 31),
    # The opening at once was announced for waves 19-21; for 18 and 22 it is inferred, since
    # 90 days after a first incentive would otherwise lie beyond the closing day.
    surveys=Surveys(
        (30, 90, 90), date(2021, 10, 20), date(2021, 11, 1), date(2021, 12, 10), frozenset(range(18, 23))
    ),
    inferred=("finish_until", "link_until", "payout_until", "voucher_until"),
)
YEAR_2022 = Cohort(
    balance_until=date(2022, 11, 30),
    finish_until=date(2022, 12, 5),
    link_until=date(2022, 12, 10),
    payout_until=date(2023, 3, 5),
    voucher_until=date(2022, 12, 31),
    surveys=Surveys((30, 90, 90), None, None, date(2022, 12, 10)),
    inferred=("payout_until", "voucher_until", "surveys.open_after_days"),
)


def like_2022(year: int) -> Cohort:
    """The dates of a year of which none is published: those of 2022."""
    return Cohort(
        balance_until=date(year, 11, 30),
        finish_until=date(year, 12, 5),
        link_until=date(year, 12, 10),
        payout_until=date(year + 1, 3, 5),
        voucher_until=date(year, 12, 31),
        surveys=Surveys((30, 90, 90), None, None, date(year, 12, 10)),
        inferred=(
            "balance_until", "finish_until", "link_until", "payout_until", "voucher_until",
            "surveys.open_after_days", "surveys.close_on",
        ),
    )  # fmt: skip


YEAR_2023 = like_2022(2023)
COHORTS = {2020: YEAR_2020, 2021: YEAR_2021, 2022: YEAR_2022, 2023: YEAR_2023}
