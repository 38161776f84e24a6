from datetime import date

import phonenumbers
import pytest
from faker.providers.person.id_ID import Provider as Names
from stdnum.id import nik as nik_numbers

from prakerja_sim.simulator.payout.partners import PARTNERS
from prakerja_sim.simulator.programme.people import APOSTROPHES, CAPACITY, DISTRICTS, SCHOOLING, person
from prakerja_sim.simulator.values.chance import seed_bytes

SEED = seed_bytes(42)


@pytest.fixture(scope="module")
def crowd():
    """Twenty thousand people of one seed."""
    return [person(SEED, number) for number in range(20_000)]


@pytest.mark.parametrize("what", ["nik", "phone", "email", "account"])
def test_no_two_people_share(crowd, what):
    assert len({getattr(one, what) for one in crowd}) == len(crowd)


def test_every_nik_is_well_formed_names_the_birthday_and_belongs_to_nobody(crowd):
    for one in crowd[:2_000]:
        assert nik_numbers.validate(one.nik) == one.nik
        # Two digits tell no century.
        assert f"{nik_numbers.get_birth_date(one.nik):%d%m%y}" == f"{one.born:%d%m%y}"
        assert one.nik.endswith("0000")


def test_a_womans_nik_adds_forty_to_the_day(crowd):
    for one in crowd[:2_000]:
        assert int(one.nik[6:8]) == one.born.day + (40 if one.sex == "female" else 0)


def test_niks_are_all_different_as_far_as_they_are_promised():
    step = CAPACITY // 3_000
    edges = [*range(200), *range(0, CAPACITY, step), *range(CAPACITY - 200, CAPACITY)]
    assert len({person(SEED, number).nik for number in set(edges)}) == len(set(edges))


def test_every_phone_looks_mobile_and_can_reach_nobody(crowd):
    for one in crowd[:500]:
        assert (one.phone[:4], len(one.phone), one.phone.isdigit()) == ("0840", 12, True)
        assert not phonenumbers.is_valid_number(phonenumbers.parse(one.phone, "ID"))


def test_everybody_is_of_working_age_from_2021_on(crowd):
    assert min(one.born for one in crowd) >= date(1960, 1, 1)
    assert max(one.born for one in crowd) <= date(2002, 12, 31)


def test_the_city_is_the_one_in_the_nik(crowd):
    places = {code: (city, province) for code, city, province in DISTRICTS}
    assert all(places[one.nik[:6]] == (one.city, one.province) for one in crowd)
    assert {one.city for one in crowd} == {city for _, city, _ in DISTRICTS}


def test_the_name_fits_the_sex_and_the_address_fits_the_name(crowd):
    names = {
        "male": (set(Names.first_names_male), set(Names.last_names_male)),
        "female": (set(Names.first_names_female), set(Names.last_names_female)),
    }
    for number, one in enumerate(crowd):
        first, *last = one.name.split(" ")
        assert first in (APOSTROPHES[one.sex] if number % 10 == 8 else names[one.sex][0])
        assert set(last) <= names[one.sex][1]
        assert len(last) == (number % 10 != 7)
        plain = ".".join((first, *last)).replace("'", "")
        assert one.email == f"{plain}.{number}@example.com".lower()
        assert one.email.isascii()


def test_people_are_spread_over_sexes_schools_and_partners(crowd):
    assert {one.sex for one in crowd} == {"male", "female"}
    assert {one.education for one in crowd} == set(SCHOOLING)
    assert {one.partner for one in crowd} == set(PARTNERS)
    assert all(one.account.isdigit() for one in crowd)
    assert all(one.street.startswith("Jl. ") for one in crowd)


def test_a_person_stays_the_same_for_ever():
    zero = person(SEED, 0)
    assert (zero.name, zero.nik, zero.phone) == ("Calista Maryati", "1871015208600000", "084008559983")
    assert (zero.born, zero.city, zero.street) == (
        date(1960, 8, 12),
        "Bandar Lampung",
        "Jl. Rumah Sakit No. 37",
    )
    last = person(SEED, CAPACITY - 1)
    assert (last.name, last.nik, last.phone) == ("Atmaja Megantara", "3171012106870000", "084014144344")
    assert (last.partner, last.account, last.education) == ("bni", "9914144344", 16)


def test_another_seed_has_other_people():
    assert person(SEED, 7) == person(SEED, 7) != person(seed_bytes(43), 7)


@pytest.mark.parametrize("number", [-1, CAPACITY])
def test_there_are_only_so_many_people(number):
    with pytest.raises(ValueError, match="numbered from 0 to 628239"):
        person(SEED, number)
