"""The waves: when each was announced, until when its balance may be used (programme 3 and 6.1).

A date that no source gives follows the stated inference: announced three days after
registration closed; cohort dates as in the neighbouring year.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from simulator.clock import last_second_of, wib
from simulator.errors import Reason, Rejected
from simulator.schemes import SEMI_BANSOS, Scheme


@dataclass(frozen=True, slots=True)
class Surveys:
    """When the surveys open, counted in days from the first incentive (R25), and when all close (R26)."""

    open_after_days: tuple[int, ...]
    at_once_from: date | None
    """From this day the first two need only the first incentive, one after the other."""
    third_from: date | None
    """From this day the third needs only the second."""
    close_on: date


@dataclass(frozen=True, slots=True)
class Cohort:
    """The dates that all waves of one year share."""

    balance_until: date
    """Last day on which any balance may be spent (R08)."""
    finish_until: date
    """Last day on which a course may be finished (R39)."""
    payout_until: date
    """Last day on which an incentive is paid (R37)."""
    voucher_until: date
    surveys: Surveys


YEAR_2021 = Cohort(
    balance_until=date(2021, 11, 30),
    finish_until=date(2021, 12, 5),
    payout_until=date(2022, 3, 5),
    voucher_until=date(2021, 12, 31),
    # The opening at once was announced for waves 19-21; for 18 and 22 it is inferred, since
    # 90 days after a first incentive would otherwise lie beyond the closing day.
    surveys=Surveys((30, 90, 90), date(2021, 10, 20), date(2021, 11, 1), date(2021, 12, 10)),
)
YEAR_2022 = Cohort(
    balance_until=date(2022, 11, 30),
    finish_until=date(2022, 12, 5),
    payout_until=date(2023, 3, 5),
    voucher_until=date(2022, 12, 31),
    surveys=Surveys((30, 90, 90), None, None, date(2022, 12, 10)),
)


@dataclass(frozen=True, slots=True)
class Wave:
    """One selection round of the programme."""

    number: int
    announced: datetime
    size: int
    cohort: Cohort
    scheme: Scheme = SEMI_BANSOS
    videos: bool = True
    """Whether the induction videos must be watched before the first purchase (R05)."""
    pre_test: bool = True
    """Whether a pre-test is compulsory (R30)."""

    @property
    def buy_first_until(self) -> datetime:
        """The last second for the first purchase: the announcement day is day 1 (R06)."""
        days = self.scheme.first_purchase_days - 1
        return last_second_of(self.announced.date() + timedelta(days=days))

    @property
    def spend_until(self) -> datetime:
        """The last second for any purchase (R08)."""
        return last_second_of(self.cohort.balance_until)

    @property
    def finish_until(self) -> datetime:
        """The last second for finishing a course (R39)."""
        return last_second_of(self.cohort.finish_until)

    @property
    def payout_until(self) -> datetime:
        """The last second for paying an incentive (R37)."""
        return last_second_of(self.cohort.payout_until)

    @property
    def surveys_until(self) -> datetime:
        """The last second for filling in a survey (R26)."""
        return last_second_of(self.cohort.surveys.close_on)

    def survey_opens(self, number: int, first_incentive: datetime) -> datetime:
        """When a survey opens for somebody whose first incentive came then; 1 is the first (R25).

        That the earlier surveys are done is a rule of its own.
        """
        plan = self.cohort.surveys
        opens = first_incentive + timedelta(days=plan.open_after_days[number - 1])
        sooner = plan.third_from if number == 3 else plan.at_once_from
        if sooner is None:
            return opens
        return min(opens, max(first_incentive, wib(sooner.year, sooner.month, sooner.day)))


WAVES = {
    wave.number: wave
    for wave in (
        Wave(12, wib(2021, 3, 3), 600_000, YEAR_2021, videos=False, pre_test=False),
        Wave(13, wib(2021, 3, 10), 600_000, YEAR_2021, videos=False, pre_test=False),
        Wave(14, wib(2021, 3, 17), 600_000, YEAR_2021, videos=False, pre_test=False),
        Wave(15, wib(2021, 3, 24), 600_000, YEAR_2021, pre_test=False),
        Wave(16, wib(2021, 3, 31), 300_000, YEAR_2021, pre_test=False),
        Wave(17, wib(2021, 6, 10), 44_000, YEAR_2021, pre_test=False),
        Wave(18, wib(2021, 8, 24, 15), 800_000, YEAR_2021),
        Wave(19, wib(2021, 9, 1), 800_000, YEAR_2021),
        Wave(20, wib(2021, 9, 16), 800_000, YEAR_2021),
        Wave(21, wib(2021, 9, 22, 20), 754_929, YEAR_2021),
        Wave(22, wib(2021, 11, 1), 46_000, YEAR_2021),
        Wave(23, wib(2022, 3, 9), 500_000, YEAR_2022),
    )
}


def wave(number: int) -> Wave:
    """The wave of that number; raises Rejected for one that is not kept here."""
    if number not in WAVES:
        raise Rejected(Reason.WAVE_UNKNOWN, wave=number, known=f"{min(WAVES)}-{max(WAVES)}")
    return WAVES[number]
