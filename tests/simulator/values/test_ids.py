import pytest

from prakerja_sim.simulator.values.ids import ALPHANUMERIC, UNAMBIGUOUS, is_card_number, masked


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ("9900123456789012", True),
        ("0000000000000000", True),
        ("990012345678901", False),
        ("99001234567890123", False),
        ("9900 1234 5678 9012", False),
        ("990012345678901a", False),
        ("\uff19" * 16, False),
        ("9900123456789012\n", False),
        ("", False),
    ],
)
def test_a_card_number_is_sixteen_ascii_digits(text, well_formed):
    assert is_card_number(text) is well_formed


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("9900123456789012", "************9012"),
        ("1234567", "***4567"),
        ("123456", "******"),
        ("", ""),
    ],
)
def test_a_secret_shows_four_characters_at_most_and_a_short_one_none(secret, shown):
    assert masked(secret) == shown


def test_the_unambiguous_letters_leave_out_those_that_people_misread():
    assert set(ALPHANUMERIC) - set(UNAMBIGUOUS) == set("0O1I")
