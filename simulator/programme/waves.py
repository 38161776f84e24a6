"""The waves: when each was announced, until when its balance may be used (programme 3 and 6.1).

A date that no source gives is inferred: announced three days after registration closed.  A
wave of one's own is added when a process starts, and at no other time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from prakerja_sim.simulator.programme.cohorts import YEAR_2020, YEAR_2021, YEAR_2022, YEAR_2023, Cohort
from prakerja_sim.simulator.programme.schemes import NORMAL, SEMI_BANSOS, Scheme
from prakerja_sim.simulator.values.clock import DAY, last_second_of, midnight, wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses

FIRST_WITH_VIDEOS = 15
"""The first wave for which the induction videos were announced (R05)."""
FIRST_WITH_PRE_TEST = 18
"""The first wave with a compulsory pre-test (R30)."""
ANNOUNCED_AFTER = 3 * DAY
"""From the day on which registration closes to the announcement, as for waves 16, 19 and 21."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One selection round of the programme."""

    number: int
    announced: datetime
    size: int | None
    """Recipients or quota; None where no source gives it. Nobody is refused because of it."""
    cohort: Cohort
    scheme: Scheme = SEMI_BANSOS
    opens: date | None = None
    """First day of registration, None where no source gives it."""
    closes: datetime | None = None
    """End of registration; where only the day is known, its last second."""
    videos: bool = True
    """Whether the induction videos must be watched before the first purchase (R05)."""
    pre_test: bool = True
    """Whether a pre-test is compulsory (R30)."""
    recovers: tuple[int, ...] = ()
    """The waves whose revoked quota this one gives out again (R40)."""
    inferred: tuple[str, ...] = ()
    """The fields that no source gives."""

    @property
    def buy_first_until(self) -> datetime:
        """The last second for the first purchase: the announcement day is day 1 (R06)."""
        days = self.scheme.first_purchase_days - 1
        return last_second_of(self.announced.date() + timedelta(days=days))

    @property
    def spend_until(self) -> datetime:
        """The last second for any purchase (R08)."""
        return last_second_of(self.cohort.balance_until)

    def remainder_until(self, rated_at: datetime) -> datetime:
        """The last second for spending what the first training left, for who rated it then (R08)."""
        days = self.scheme.remainder_days
        if days is None:
            return self.spend_until
        return min(self.spend_until, last_second_of(rated_at.date() + timedelta(days=days - 1)))

    @property
    def finish_until(self) -> datetime:
        """The last second for finishing a course (R39)."""
        return last_second_of(self.cohort.finish_until)

    @property
    def payout_until(self) -> datetime:
        """The last second for paying an incentive (R37)."""
        return last_second_of(self.cohort.payout_until)

    @property
    def link_until(self) -> datetime:
        """The last second for linking or changing an account (R37)."""
        return last_second_of(self.cohort.link_until)

    @property
    def rate_until(self) -> datetime:
        """The last second for rating a training: the day on which linking ends (programme 3.2)."""
        return self.link_until

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
        if sooner is None or self.number not in plan.at_once_waves:
            return opens
        return min(opens, max(first_incentive, midnight(sooner)))


def _wave(
    number: int,
    size: int | None,
    cohort: Cohort,
    opens: date | None = None,
    closes: datetime | None = None,
    announced: datetime | None = None,
    *,
    scheme: Scheme = SEMI_BANSOS,
    recovers: range = range(0),
    inferred: str = "",
) -> Wave:
    """A published wave; if no source gives the announcement, it follows from the end of registration."""
    unknown = tuple(inferred.split())
    if announced is None:
        assert closes is not None, number
        announced, unknown = midnight(closes.date()) + ANNOUNCED_AFTER, (*unknown, "announced")
    videos, pre_test = number >= FIRST_WITH_VIDEOS, number >= FIRST_WITH_PRE_TEST
    return Wave(
        number, announced, size, cohort, scheme, opens, closes, videos, pre_test, tuple(recovers), unknown
    )


def _end(year: int, month: int, day: int) -> datetime:
    return last_second_of(date(year, month, day))


PUBLISHED = {
    wave.number: wave
    for wave in (
        # Announced from 17 to 20 Apr; the deadline counts from the first of these days.
        _wave(1, 168_111, YEAR_2020, date(2020, 4, 11), wib(2020, 4, 16, 16), wib(2020, 4, 17)),
        _wave(2, 288_154, YEAR_2020, date(2020, 4, 20), wib(2020, 4, 23, 16)),
        _wave(3, 224_653, YEAR_2020, date(2020, 4, 27), _end(2020, 4, 30), inferred="size opens closes"),
        _wave(
            4, 800_000, YEAR_2020, date(2020, 8, 8), _end(2020, 8, 12), wib(2020, 8, 16), inferred="opens"
        ),
        _wave(5, 800_000, YEAR_2020, date(2020, 8, 15), _end(2020, 8, 19), inferred="closes"),
        _wave(6, 800_000, YEAR_2020, date(2020, 8, 27), _end(2020, 8, 31)),
        _wave(7, 800_000, YEAR_2020, date(2020, 9, 4), _end(2020, 9, 7), inferred="opens closes"),
        _wave(8, 800_000, YEAR_2020, None, _end(2020, 9, 14)),
        _wave(9, 800_000, YEAR_2020, date(2020, 9, 17), _end(2020, 9, 20), inferred="closes"),
        _wave(10, 116_261, YEAR_2020, date(2020, 9, 26), wib(2020, 9, 28, 12), wib(2020, 10, 2)),
        _wave(11, 382_868, YEAR_2020, date(2020, 11, 2), wib(2020, 11, 4, 12), recovers=range(1, 11)),
        # "2 or 3 March"; the published deadline fits the 3rd.
        _wave(12, 600_000, YEAR_2021, date(2021, 2, 23), wib(2021, 2, 26, 12), wib(2021, 3, 3)),
        _wave(13, 600_000, YEAR_2021, None, None, wib(2021, 3, 10)),
        _wave(14, 600_000, YEAR_2021, None, None, wib(2021, 3, 17)),
        _wave(15, 600_000, YEAR_2021, date(2021, 3, 18), None, wib(2021, 3, 24)),
        _wave(16, 300_000, YEAR_2021, None, _end(2021, 3, 28), wib(2021, 3, 31)),
        _wave(17, 44_000, YEAR_2021, date(2021, 6, 5), _end(2021, 6, 7), recovers=range(12, 17)),
        _wave(18, 800_000, YEAR_2021, None, _end(2021, 8, 19), wib(2021, 8, 24, 15)),
        _wave(19, 800_000, YEAR_2021, None, _end(2021, 8, 29), wib(2021, 9, 1)),
        # A source of the 15th says that it is still to come, so not three days after the 12th.
        _wave(20, 800_000, YEAR_2021, None, _end(2021, 9, 12), wib(2021, 9, 16), inferred="announced"),
        _wave(21, 754_929, YEAR_2021, date(2021, 9, 16), _end(2021, 9, 19), wib(2021, 9, 22, 20)),
        _wave(
            22, 46_000, YEAR_2021, date(2021, 10, 25), _end(2021, 10, 27), wib(2021, 11, 1),
            recovers=range(18, 22),
        ),
        _wave(23, 500_000, YEAR_2022, None, _end(2022, 2, 20), wib(2022, 3, 9)),
        # Of the normal scheme only this announcement is known; 24-47 have no published dates here.
        _wave(51, None, YEAR_2023, None, None, wib(2023, 4, 28), scheme=NORMAL),
    )
}  # fmt: skip
WAVES = dict(PUBLISHED)
"""All waves that this process knows: the published ones and those of one's own."""


def add(own: Wave) -> None:
    """Add a wave of one's own; ValueError if its number means another wave."""
    registered = WAVES.setdefault(own.number, own)
    if registered != own:
        kind = "a published one" if own.number in PUBLISHED else "known with other values"
        raise ValueError(f"wave {own.number} is {kind}; choose another number")


@refuses(Reason.WAVE_UNKNOWN)
def wave(number: int) -> Wave:
    """The wave of that number; raises Rejected if it is not known here."""
    if number not in WAVES:
        raise Rejected(Reason.WAVE_UNKNOWN, wave=number, known=", ".join(map(str, sorted(WAVES))))
    return WAVES[number]


def recovering(number: int) -> Wave | None:
    """The wave that gets the revoked places of that one (R40)."""
    return next((one for one in WAVES.values() if number in one.recovers), None)
