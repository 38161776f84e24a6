"""What was published about the people of waves 12 to 22, and what had to be guessed (programme 6.2, 6.3, 11).

Chances are written as so many in so many people, the way they were counted.
"""

from dataclasses import dataclass

from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.ids import PartyCode

WAVES = tuple(range(12, 23))
COUNTED_AT = wib(2021, 12, 15, 23, 59, 59)
"""The day of the published funnel of the 2021 cohort."""
ENDS = wib(2022, 3, 31)
"""After the last payments of the cohort."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and who says so."""

    of: int
    out_of: int
    source: str = ""

    @property
    def percent(self) -> float:
        """For reading and for comparing with another share, not for money."""
        return 100 * self.of / self.out_of


AWARDED = 5_930_000
REVOKED = Share(86_878, AWARDED, "2021, end of November")
FINISHED = Share(5_830_000, AWARDED, "15 December 2021")
PAID = Share(5_710_000, AWARDED, "15 December 2021")
SPENT_A_BUYER = 499_000
"""Mean rupiah on training, of 2020."""
PAID_A_HEAD = 2_381_786
"""Rp13.6 trillion among 5.71 million, on 15 December 2021."""

# What a person does, one after the other: each chance is among those who came so far.

NEVER_BUYS = REVOKED
AMONG_THE_LAST = Share(REVOKED.of // 2, AWARDED - REVOKED.of)
"""Buys in the last six days: of those who had not by day 24, a third did and the rest never (wave 16)."""
NEVER_FINISHES = Share(AWARDED - REVOKED.of - FINISHED.of, AWARDED - REVOKED.of)
NEVER_LINKS = Share(FINISHED.of - PAID.of, FINISHED.of)
"""Finishes and is not paid; that it is for want of an account is a guess, and the reason most told (F27)."""
BUYS_ANOTHER = Share(50, 100)
FILLS_SURVEYS = Share(73, 100)
"""2.2 of 3 surveys a head were paid for the 2020 cohort."""

MARKETPLACES = tuple(
    PartyCode(code)
    for code in ("tokopedia", "bukalapak", "pijar", "pintaria", "maubelajarapa", "sekolahmu", "kemnaker")
)
"""The seven of 2021, each with an equal share."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course on offer, and how many people of a hundred choose it first."""

    code: str
    institution: PartyCode
    price: int
    of_a_hundred: int = 0


COURSES = (
    Course("barista-dasar", PartyCode("lp-kopi"), 350_000, 30),
    Course("jualan-online", PartyCode("lp-niaga"), 250_000, 30),
    Course("spreadsheet", PartyCode("lp-kantor"), 300_000, 20),
    Course("iklan-digital", PartyCode("lp-niaga"), 600_000, 15),
    Course("bahasa-inggris", PartyCode("lp-bahasa"), 1_000_000, 5),
)
SECOND_COURSE = Course("usaha-kue", PartyCode("lp-kopi"), 240_000)
"""Prices between Rp24.000 and Rp1.000.000, so that a buyer spends the published mean."""
