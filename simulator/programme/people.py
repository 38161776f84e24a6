"""Synthetic Indonesian people, each a function of a seed and a number.

Nothing of them can belong to anybody: the NIK ends in 0000 (real serials begin at 0001), the
phone begins with 0840 (nobody is served there), the e-mail is at example.com.  Names and streets
are Faker's word lists without its random stream; another Faker release may hold other words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, TypeVar

from prakerja_sim.simulator.payout.partners import ALWAYS, PARTNERS, offered
from prakerja_sim.simulator.values.chance import below
from prakerja_sim.simulator.values.ids import Nik, PartyCode, Phone

Sex = Literal["male", "female"]
T = TypeVar("T")

# The first district of a city, as the Ministry of Home Affairs numbers it on identity cards.
DISTRICTS = (
    ("127101", "Medan", "Sumatera Utara"),
    ("137101", "Padang", "Sumatera Barat"),
    ("147101", "Pekanbaru", "Riau"),
    ("167101", "Palembang", "Sumatera Selatan"),
    ("187101", "Bandar Lampung", "Lampung"),
    ("317101", "Jakarta Pusat", "DKI Jakarta"),
    ("317401", "Jakarta Selatan", "DKI Jakarta"),
    ("327101", "Bogor", "Jawa Barat"),
    ("327301", "Bandung", "Jawa Barat"),
    ("327501", "Bekasi", "Jawa Barat"),
    ("337201", "Surakarta", "Jawa Tengah"),
    ("337401", "Semarang", "Jawa Tengah"),
    ("347101", "Yogyakarta", "DI Yogyakarta"),
    ("357301", "Malang", "Jawa Timur"),
    ("357801", "Surabaya", "Jawa Timur"),
    ("367101", "Tangerang", "Banten"),
    ("517101", "Denpasar", "Bali"),
    ("617101", "Pontianak", "Kalimantan Barat"),
    ("647101", "Balikpapan", "Kalimantan Timur"),
    ("737101", "Makassar", "Sulawesi Selatan"),
)
SCHOOLING = (6, 9, 12, 12, 12, 16)
"""Years of education to choose from; most people finished senior high school."""

APOSTROPHES: Mapping[Sex, tuple[str, ...]] = {
    "female": ("Nur'aini", "Sa'adah", "Rif'atul", "Mas'udah", "Qur'ani"),
    "male": ("Ma'ruf", "Mu'min", "As'ad", "Sya'ban", "Rif'an"),
}
"""First names with an apostrophe, which many Indonesian names have."""
ONE_NAME, WITH_APOSTROPHE = 7, 8
"""Whose number ends in it has only one name, as many Indonesians do; or a name with an apostrophe."""

_OLDEST, _YOUNGEST = date(1960, 1, 1), date(2002, 12, 31)  # 61 and 18 years on 1 January 2021
_BIRTHDAYS = (_YOUNGEST - _OLDEST).days + 1
CAPACITY = 2 * len(DISTRICTS) * _BIRTHDAYS
"""How many people there are: as many as there are NIKs with serial 0000, 628,240."""
_SUBSCRIBERS = 100_000_000
_STEP = 61_803_399
"""Shares no factor with CAPACITY and none with _SUBSCRIBERS."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may become a participant."""

    name: str
    sex: Sex
    nik: Nik
    phone: Phone
    email: str
    born: date
    education: int
    street: str
    city: str
    province: str
    partner: PartyCode
    """The bank or e-wallet of this person."""
    account: str

    def paid_by(self, day: date) -> PartyCode:
        """Who pays this person on a day: the own bank or e-wallet, another while that is no partner."""
        return self.partner if self.partner in offered(day) else ALWAYS


def person(seed: bytes, number: int, phone: str | None = None) -> Person:
    """The person of that number, from 0 up to, not including, CAPACITY, with that phone if there is one.

    Equal seed and number give an equal person.  Within a seed no two people share a NIK, a
    phone (that was not given), an e-mail or an account.  Raises ValueError for a number outside the range.
    """
    if not 0 <= number < CAPACITY:
        raise ValueError(f"there is no person {number}; people are numbered from 0 to {CAPACITY - 1}")
    # One whole number holds birthday, district and sex as digits of a mixed radix.  Since
    # different people get different whole numbers, they differ in one of the three.
    rest, is_female = divmod(_scattered(CAPACITY, seed, "birth", number), 2)
    day, at = divmod(rest, len(DISTRICTS))
    born = _OLDEST + timedelta(days=day)
    district, city, province = DISTRICTS[at]
    sex: Sex = "female" if is_female else "male"
    nik = _nik(district, born, sex)
    names = _names(sex, seed, number)
    street = _chosen(_streets(), seed, "street", number)
    subscriber = _scattered(_SUBSCRIBERS, seed, "phone", number)
    return Person(
        name=" ".join(names),
        sex=sex,
        nik=nik,
        phone=Phone(phone or f"0840{subscriber:08}"),
        email=email_of(" ".join(names), number),
        born=born,
        education=_chosen(SCHOOLING, seed, "education", number),
        street=f"Jl. {street} No. {1 + below(150, seed, 'house', number)}",
        city=city,
        province=province,
        partner=PartyCode(_chosen(PARTNERS, seed, "partner", number)),
        account=f"99{subscriber:08}",
    )


def email_of(name: str, number: int) -> str:
    """The e-mail of somebody of that name and number: letters, digits and dots, at example.com."""
    spelt = re.sub(r"[^a-z0-9.]", "", ".".join(name.lower().split())).strip(".")
    return f"{spelt or 'peserta'}.{number}@example.com"


def niks_of(born: date, like: Person) -> Iterator[Nik]:
    """The NIKs of somebody born that day, of a person's sex: first of the same district, then of each other.

    They end in 0000, so nobody has them.
    """
    own = like.nik[:6]
    for district in (own, *(code for code, _, _ in DISTRICTS if code != own)):
        yield _nik(district, born, like.sex)


def _nik(district: str, born: date, sex: Sex) -> Nik:
    return Nik(f"{district}{born.day + (40 if sex == 'female' else 0):02}{born:%m%y}0000")


def _names(sex: Sex, seed: bytes, number: int) -> tuple[str, ...]:
    firsts, lasts = _first_and_last_names()[sex]
    ending = number % 10
    first = _chosen(APOSTROPHES[sex] if ending == WITH_APOSTROPHE else firsts, seed, "first name", number)
    return (first,) if ending == ONE_NAME else (first, _chosen(lasts, seed, "last name", number))


@cache
def _first_and_last_names() -> Mapping[Sex, tuple[tuple[str, ...], tuple[str, ...]]]:
    from faker.providers.person.id_ID import Provider  # noqa: PLC0415  # a start needs nobody's name

    return {
        "female": (Provider.first_names_female, Provider.last_names_female),
        "male": (Provider.first_names_male, Provider.last_names_male),
    }


@cache
def _streets() -> tuple[str, ...]:
    from faker.providers.address.id_ID import Provider  # noqa: PLC0415  # as above

    streets: tuple[str, ...] = Provider.streets
    return streets


def _chosen(among: tuple[T, ...], seed: bytes, what_for: str, number: int) -> T:
    return among[below(len(among), seed, what_for, number)]


def _scattered(limit: int, seed: bytes, what_for: str, number: int) -> int:
    # A step that shares no factor with the limit visits every place once before it comes back.
    return (number * _STEP + below(limit, seed, what_for)) % limit
